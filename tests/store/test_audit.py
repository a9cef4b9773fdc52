"""The journal holds what the assessment rests on; whatever is altered, dropped or put in beside it is found (E16)."""

from __future__ import annotations

import ast
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from hallq import files, journal, schema
from hallq.audit import cover
from hallq.audit.check import link, parsed_head
from hallq.audit.export import export
from hallq.audit.model import RuleInForce
from hallq.audit.verify import verify
from hallq.kernel import Tx
from hallq.rows import Reader, RowType
from hallq.store import Store
from hallq.ticketing.model import Department, Overtake, Shown
from hallq.ticketing.rules import Rules
from tests.hub import ManualClock

RULES = Rules(timezone=ZoneInfo("Asia/Shanghai"))
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "hall.db", ManualClock(), RULES)
    schema.prepare(opened.path)
    opened.load()
    cover.bring_in(opened)
    yield opened
    opened.close()


def verdict(store: Store, **known: str) -> str | None:
    return verify(store._connection, schema.covered(), **known)  # type: ignore[arg-type]


def add(tx: Tx, *, code: str) -> None:
    tx.insert(Department, code=code, name=f"部门{code}")


def fill(tx: Tx) -> None:
    """A row with a value in every column of every covered table."""
    for kind in covered_kinds():
        if kind.name != "attachment":
            tx.insert(kind.model, **{name: _value(kind, name) for name in kind.columns})
    tx.insert(Department, code="second", name="二")
    row = files.keep(tx, name="章.png", media="image/png", content=b"\x89PNG\r\n\x1a\n stamped")
    files.attach(tx, [row.id or 0], "case/1")


def _value(kind: RowType, name: str) -> Any:
    declared = str(kind.table.columns[name].type)
    return {"INTEGER": 7, "BOOLEAN": True, "FLOAT": 2.5}.get(declared, f"甲{name}")


def covered_kinds() -> list[RowType]:
    return [kind for _, kind in sorted(cover.kinds().items()) if kind.covered]


# -- what is covered


def test_every_table_is_covered_or_excused_e16() -> None:
    """A new table decides: `__covered__`, or a reason in audit.cover.OUTSIDE and docs/audit.md."""
    outside = {name for name, kind in cover.kinds().items() if not kind.covered}
    assert outside == set(cover.OUTSIDE)
    told = (ROOT / "docs" / "audit.md").read_text("utf-8")
    assert not [name for name, why in cover.OUTSIDE.items() if f"| `{name}` | {why} |" not in told]
    assert not [kind.name for kind in covered_kinds() if kind.personal - set(kind.columns)]


def test_tables_of_an_older_version_are_taken_in_once_e16(tmp_path: Path) -> None:
    """A hall of 0.2 has overtakes and proofs that its journal does not know."""
    store = Store(tmp_path / "hall.db", ManualClock(), RULES)
    schema.prepare(store.path)
    store.load()
    store.run(add, code="a")
    rows = [(number, "id", number, 1, 1) for number in range(2500)]
    store._connection.execute("BEGIN")
    store._connection.executemany("INSERT INTO overtake (id, service, arrival, ticket, visit) VALUES (?,?,?,?,?)", rows)
    store._connection.execute("COMMIT")
    assert verdict(store) == "row overtake/0 was inserted outside the journal"
    cover.bring_in(store)
    assert verdict(store) is None
    head = store._chain.seq  # type: ignore[union-attr]
    cover.bring_in(store)
    assert store._chain.seq == head  # type: ignore[union-attr]
    store._connection.execute("INSERT INTO overtake (id, service, arrival, ticket, visit) VALUES (9999, 'id', 1, 1, 1)")
    assert verdict(store) == "row overtake/9999 was inserted outside the journal"
    inserted: Any = store.reader().get(Overtake, 9999)
    store.run(cover.adopt, rows=[inserted], covered=["overtake"])  # nobody takes it in a second time
    assert "takes in row overtake/9999" in (verdict(store) or "")
    store.close()


def test_what_is_altered_before_it_is_taken_in_again_is_found(store: Store) -> None:
    store.run(lambda tx: tx.insert(Shown, window="1", what="call", ref=1, device="led", at=1) and None)
    store._connection.execute("UPDATE shown SET device = 'x'")
    row: Any = store.reader().get(Shown, 1)
    store.run(cover.adopt, rows=[row], covered=[])
    assert "takes in row shown/1" in (verdict(store) or "")


# -- what is found


def cells(store: Store) -> Iterator[tuple[str, str, int, Any]]:
    for name in [kind.name for kind in covered_kinds()] + ["journal"]:
        found = store._connection.execute(f'SELECT rowid, * FROM "{name}" LIMIT 1')
        names = [column[0] for column in found.description][1:]
        for rowid, *values in found.fetchall():
            yield from ((name, column, rowid, value) for column, value in zip(names, values, strict=True))


def altered(value: Any) -> Any:
    """One bit in one byte of it, as it lies on the disk."""
    if isinstance(value, str):
        raw = bytearray(value.encode())
        raw[len(raw) // 2] ^= 1
        return bytes(raw)
    return value ^ 1 if isinstance(value, int) else value + 2**-40


def test_any_byte_of_any_covered_row_or_entry_e16(store: Store) -> None:
    """Every column of every covered table and of the journal, one after the other."""
    store.run(fill)
    assert verdict(store) is None
    tried = 0
    for table, column, rowid, value in list(cells(store)):
        if value is None or value == "":
            continue
        store._connection.execute("SAVEPOINT one")
        cast = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
        store._connection.execute(f'UPDATE "{table}" SET "{column}" = {cast} WHERE rowid = {rowid}', (altered(value),))
        found = verdict(store)
        assert (f"{table} row" if table == "journal" else f"row {table}/") in (found or ""), (table, column)
        store._connection.execute("ROLLBACK TO one")
        store._connection.execute("RELEASE one")
        tried += 1
    assert tried > 250 and verdict(store) is None


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE file_content SET content = content || x'00'", "the content of row attachment/1 was altered"),
        ("DELETE FROM file_content", "the content of row attachment/1 was removed"),
        ("INSERT INTO file_content VALUES (99, x'00')", "row file_content/99 was inserted"),
        ("DELETE FROM rating", "row rating/7 was removed"),
        ("UPDATE rating SET comment = NULL, salt = NULL", "row rating/7 was altered"),
        ("UPDATE rating SET comment = x'ff00'", "row rating/7 was altered"),
    ],
)
def test_files_and_personal_values_are_held_too(store: Store, damage: str, says: str) -> None:
    store.run(fill)
    store._connection.execute("PRAGMA writable_schema = ON")
    store._connection.execute("UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') WHERE name = 'rating'")
    store._connection.execute("PRAGMA writable_schema = RESET")
    store._connection.execute(damage)
    assert says in (verdict(store) or "")


def test_a_cut_off_end_is_found_with_a_head_from_outside(store: Store) -> None:
    for code in "abc":
        store.run(add, code=code)
    head = store.look(journal.head)
    assert verdict(store, head=head) is None
    store._connection.execute("DELETE FROM department WHERE code = 'c'")
    store._connection.execute("DELETE FROM journal WHERE seq = 4")
    assert verdict(store) is None  # nothing inside tells it
    assert verdict(store, head=head) == "journal row 4 is missing: the end was cut off after row 3"
    assert "is not the one whose head is known" in (verdict(store, head=f"3:{'a' * 64}") or "")


def test_a_history_written_anew_is_found_with_a_head_from_outside(store: Store) -> None:
    store.run(add, code="a")
    head = store.look(journal.head)
    store._connection.execute("UPDATE journal SET actor = 'hub2' WHERE seq = 2")
    _, at, actor, verb, facts, rows, _ = store._connection.execute("SELECT * FROM journal WHERE seq = 2").fetchone()
    [prev] = store._connection.execute("SELECT hash FROM journal WHERE seq = 1").fetchone()
    forged = link(2, at, actor, verb, facts.encode(), rows.encode(), prev)
    store._connection.execute("UPDATE journal SET hash = ? WHERE seq = 2", (forged,))
    assert verdict(store) is None and "is not the one" in (verdict(store, head=head) or "")


# -- rules, version, clock


def test_changed_rules_stand_in_the_journal_at_the_start(store: Store) -> None:
    def facts() -> Any:
        return orjson.loads(store._connection.execute("SELECT facts FROM journal ORDER BY seq DESC").fetchone()[0])

    store.run(cover.started)
    assert set(facts()) == {"version"}
    store.rules = replace(RULES, green_bound=9)
    store.run(cover.started, behind=125_000)
    assert facts()["rules"] == {"green_bound": ["5", "9"]} and facts()["clock_back_s"] == 125
    row: Any = store.reader().get(RuleInForce, "green_bound")
    assert row.value == "9" and verdict(store) is None
    store._connection.execute("UPDATE rule_in_force SET value = '5' WHERE key = 'green_bound'")
    assert verdict(store) == "row rule_in_force/green_bound was altered"


# -- elsewhere


def elsewhere(file: Path, folder: Path, *more: str) -> tuple[int, str]:
    """verify.py out of the export, in an empty folder, with nothing but Python."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(file) as archive:
        (folder / "verify.py").write_bytes(archive.read("verify.py"))
    command = [sys.executable, "-I", "-S", "verify.py", str(file), *more]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=200, check=False)
    return done.returncode, done.stdout.strip() + done.stderr


def rewritten(file: Path, target: Path, name: str, change: Any) -> Path:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == name else content)
    return target


def test_an_export_proves_itself_on_another_machine_e16(store: Store, tmp_path: Path) -> None:
    store.run(fill)
    file, folder = tmp_path / "audit.zip", tmp_path / "empty"
    head = export(store._connection, schema.covered(), file, hall="x")
    assert elsewhere(file, folder) == (0, f"whole, head {head}")
    assert elsewhere(file, folder, "--head", head)[0] == 0
    assert elsewhere(file, folder, "--head", f"9{head[head.index(':') :]}")[0] == 1
    with zipfile.ZipFile(file) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert "甲comment".encode() not in everything and "甲token_hash".encode() not in everything  # digests only
    for name, old, new, says in (
        ("tables/ticket.jsonl", "甲number", "乙number", "row ticket/7 was altered"),
        ("tables/ticket.jsonl", "甲number", "", "row ticket/7 was altered"),
        ("journal.jsonl", '"hub"', '"hug"', "journal row 1 (adopt) was altered"),
        ("manifest.json", head[:-1], f"{head[:-1]}?", "the manifest names another head"),
    ):
        wrong = [old.encode(), new.encode()]
        changed = rewritten(file, tmp_path / "x.zip", name, lambda raw, wrong=wrong: raw.replace(*wrong))
        code, said = elsewhere(changed, folder)
        assert code == 1 and says in said
    assert elsewhere(rewritten(file, tmp_path / "x.zip", "tables/rating.jsonl", lambda raw: b""), folder)[0] == 1


def test_a_damaged_export_is_said_to_be_damaged(store: Store, tmp_path: Path) -> None:
    file, folder = tmp_path / "audit.zip", tmp_path / "empty"
    export(store._connection, schema.covered(), file, hall="x")
    (tmp_path / "y.zip").write_bytes(file.read_bytes()[:-40])
    with zipfile.ZipFile(file) as archive:
        folder.mkdir()
        (folder / "verify.py").write_bytes(archive.read("verify.py"))
    command = [sys.executable, "-I", "-S", "verify.py", str(tmp_path / "y.zip")]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 1 and done.stdout.startswith("damaged: ") and not done.stderr


def test_the_verifier_is_plain_enough_for_old_machines() -> None:
    source = (ROOT / "hallq" / "audit" / "check.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 8))
    assert parsed_head("12:" + "a" * 64) == parsed_head(f" 12 {'A' * 64}") == (12, "a" * 64)
    for wrong in ("", "12", f"x:{'a' * 64}", f"12:{'g' * 64}", f"12:{'a' * 63}"):
        with pytest.raises(ValueError, match="a head is"):
            parsed_head(wrong)


def test_both_hash_alike() -> None:
    """The writer's fast code and the verifier's plain one."""
    chain = journal.Chain(0, journal.ORIGIN, 0)
    facts: dict[str, Any] = {"text": '引号" \\ \n\t\x01\x7f é 🙂 /', "n": [1, 2.5, None, True], "小": {}}
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE journal (seq, at, actor, verb, facts, rows, hash)")
    last = chain.append(connection, [journal.Entry("person:七\x02", "verb", facts, {"a/甲": "00", "b/1": None})], 17)
    seq, at, actor, verb, told, rows, stored = connection.execute("SELECT * FROM journal").fetchone()
    assert stored == last.hash == link(seq, at, actor, verb, told.encode(), rows.encode(), journal.ORIGIN)


def test_the_reader_gives_no_head_before_the_first_entry(tmp_path: Path) -> None:
    opened = Store(tmp_path / "hall.db", ManualClock(), RULES)
    schema.prepare(opened.path)
    opened.load()
    db: Reader = opened.reader()
    assert journal.head(db) == f"0:{journal.ORIGIN}"
    opened.close()
