"""The writer: one commit for many, a savepoint for each, nothing half; what is answered is on the disk."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import SQLModel, select

from hallq import schema
from hallq.audit.verify import verify
from hallq.kernel import Refused, Tx
from hallq.rows import Reader
from hallq.store import Batch, HubState, Job, Locked, StorageError, Store, connect
from hallq.ticketing.model import Category, Department
from hallq.ticketing.rules import Rules
from tests.hub import ManualClock

RULES = Rules(timezone=ZoneInfo("Asia/Shanghai"))
ALL = select(Department)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "hall.db", ManualClock(), RULES)
    schema.prepare(opened.path)
    opened.load()
    yield opened
    opened.close()


def add(tx: Tx, *, code: str) -> str:
    tx.insert(Department, code=code, name=code)
    return code


def add_and_refuse(tx: Tx, *, code: str) -> None:
    add(tx, code=code)
    raise Refused("closed")


def names(store: Store) -> list[str]:
    return [row.code for row in store.reader().find(ALL)]


def went_wrong(store: Store) -> bool:
    return store.failed


def commits(store: Store, jobs: list[Job]) -> list[Any]:
    return [outcome.error or outcome.value for outcome in store._commit(jobs).outcomes]


def test_a_refusal_takes_back_its_own_command_only(store: Store) -> None:
    results = commits(
        store, [Job(add, {"code": "a"}, "t"), Job(add_and_refuse, {"code": "b"}, "t"), Job(add, {"code": "c"}, "t")]
    )
    assert results[0] == "a" and results[2] == "c"
    assert isinstance(results[1], Refused)
    assert names(store) == ["a", "c"]


def test_a_bug_in_one_command_does_not_stop_the_others(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    results = commits(store, [Job(add, {"code": "a"}, "t"), Job(add, {"code": "a"}, "t"), Job(add, {"code": "b"}, "t")])
    assert results[0] == "a" and isinstance(results[1], sqlite3.IntegrityError) and results[2] == "b"
    assert names(store) == ["a", "b"]


def test_a_full_disk_answers_everyone_and_keeps_nothing_of_the_batch(store: Store) -> None:
    store.run(add, code="before")
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    jobs = [Job(add, {"code": f"{number}" * 400}, "t") for number in range(60)]
    assert all(isinstance(result, StorageError) for result in commits(store, jobs))
    assert went_wrong(store) and names(store) == ["before"]
    store._connection.execute("PRAGMA max_page_count = 1000000")
    store.run(add, code="after")
    assert not went_wrong(store) and sorted(names(store)) == ["after", "before"]
    assert verify(store._connection, schema.covered()) is None


def test_the_row_handed_out_is_the_row_stored(store: Store) -> None:
    def change(tx: Tx) -> Any:
        row = tx.insert(Category, code="x", name="一", green=True)
        stale = row
        tx.update(row, name="二")
        return tx.update(stale, ord=3)  # a second update of an old value keeps the first

    after = store.run(change)
    assert (after.name, after.ord) == ("二", 3)
    stored: Any = store.reader().get(Category, "x")
    assert tuple(stored) == tuple(after)
    assert verify(store._connection, schema.covered()) is None


def add_and_delete(tx: Tx, *, code: str) -> None:
    add(tx, code=code)
    tx.delete(tx.get(Department, code))


def test_a_row_that_is_made_and_gone_again_in_one_command_is_no_change(store: Store) -> None:
    """As when a suspension began and ended while the hub was off."""
    assert commits(store, [Job(add_and_delete, {"code": "a"}, "x"), Job(add, {"code": "b"}, "x")]) == [None, "b"]
    assert names(store) == ["b"]


def test_time_never_goes_back(store: Store) -> None:
    store.run(add, code="a")
    first = store.last
    store.clock.at -= 3_600_000  # type: ignore[attr-defined]
    store.run(add, code="b")
    assert store.last == first


def test_many_commands_share_a_commit(tmp_path: Path) -> None:
    async def main() -> None:
        store = Store(tmp_path / "hall.db", ManualClock(), RULES)
        schema.prepare(store.path)
        store.load()
        loop, batches = asyncio.get_running_loop(), []
        done = asyncio.Event()

        def heard(batch: Batch, db: Reader) -> None:
            batches.append(len(batch.outcomes))
            if sum(batches) == 100:
                loop.call_soon_threadsafe(done.set)

        for number in range(100):
            store.submit(Job(add, {"code": str(number)}, "t"))
        store.start(heard)
        await done.wait()
        await loop.run_in_executor(None, store.close)
        assert len(batches) < 5

    asyncio.run(main())


def test_a_second_hub_is_refused_and_told_the_first_ones_process(store: Store) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom hallq.store import Locked, take_lock\n"
        "try:\n    take_lock(Path(sys.argv[1]))\nexcept Locked as held:\n    print(held.pid)"
    )
    found = subprocess.run([sys.executable, "-c", code, str(store.path)], capture_output=True, text=True, check=True)
    import os

    assert found.stdout.strip() == str(os.getpid())
    with pytest.raises(Locked):
        Store(store.path, ManualClock(), RULES)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE department SET name = 'z' WHERE code = 'b'", "department/b was altered"),
        ("DELETE FROM department WHERE code = 'b'", "department/b was removed"),
        ("INSERT INTO department (code, name, name_en, ord) VALUES ('q', 'q', '', 0)", "department/q was inserted"),
        ("UPDATE journal SET actor = 'x' WHERE seq = 2", "journal row 2 (add) was altered"),
        ("UPDATE journal SET facts = '{\"a\":1}' WHERE seq = 1", "journal row 1 (add) was altered"),
        ("DELETE FROM journal WHERE seq = 2", "journal row 2 is missing"),
        ("UPDATE journal SET hash = '0' WHERE seq = 3", "journal row 3 (add) was altered"),
    ],
)
def test_the_audit_names_the_first_wrong_row(store: Store, damage: str, says: str) -> None:
    for code in "abc":
        store.run(add, code=code)
    assert verify(store._connection, schema.covered()) is None
    store._connection.execute(damage)
    verdict = verify(store._connection, schema.covered())
    assert verdict is not None and says in verdict


def test_the_schema_and_the_migrations_agree(tmp_path: Path) -> None:
    """A database made at once and one migrated step by step have the same tables and indexes."""
    from alembic import command

    made, migrated = tmp_path / "made.db", tmp_path / "migrated.db"
    schema.create(made)
    command.upgrade(schema.alembic_config(migrated), "0004")
    schema.migrate(migrated, "0004")
    [copy] = tmp_path.glob("migrated.db.before-*")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600  # nobody else reads what the hall's own file holds

    def shape(path: Path) -> dict[str, Any]:
        connection = connect(path)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        shapes: dict[str, Any] = {
            table: sorted(connection.execute(f'PRAGMA table_info("{table}")').fetchall(), key=lambda column: column[1])
            for table in tables
        }
        shapes["indexes"] = sorted(
            (name, " ".join((sql or "").split()))
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'")
        )
        connection.close()
        return {
            table: [column[1:4] + column[5:] for column in columns] if table != "indexes" else columns
            for table, columns in shapes.items()
        }

    assert shape(made) == shape(migrated)


def test_a_first_start_that_is_cut_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, make_tables = tmp_path / "hall.db", SQLModel.metadata.create_all

    def cut_off(bind: Any) -> None:
        make_tables(bind)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(SQLModel.metadata, "create_all", cut_off)
        schema.create(path)
    connection = connect(path)
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    schema.prepare(path)
    assert schema.look(path) == schema.latest()


def test_a_newer_or_damaged_database_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "hall.db"
    schema.create(path)
    connection = connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(schema.SchemaError, match="newer HallQ"):
        schema.prepare(path)
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 8000)
    with pytest.raises(schema.SchemaError, match="damaged"):
        schema.prepare(path)


def test_a_change_of_nothing_is_nothing(store: Store) -> None:
    """It would be no SQL, and take the commands beside it down with it."""
    from hallq.hall import beat

    store.run(beat)
    store.run(lambda tx: tx.update(tx.get(HubState, "heartbeat")))
    row = store.reader().get(HubState, "heartbeat")
    assert row is not None and int(row.value) == store.clock.wall()


def test_heartbeat_state_is_one_row(store: Store) -> None:
    from hallq.hall import beat

    store.run(beat)
    store.clock.pass_(10)  # type: ignore[attr-defined]
    store.run(beat)
    row = store.reader().get(HubState, "heartbeat")
    assert row is not None and int(row.value) == store.clock.wall()
