"""The `hallq` command as a person at a terminal sees it: answers on stdout, one line on stderr, exit codes."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest
import structlog

from hallq import admin, backup
from hallq.cli.main import main
from hallq.config import load_settings
from hallq.ticketing.model import Counter, Window

ROOT = Path(__file__).parent.parent


class Ran(NamedTuple):
    code: int
    out: str
    note: str


def hallq(*arguments: str, cwd: Path, stdin: str = "") -> Ran:
    """The command in this process: a fresh one for each line would take longer than all it does."""
    out, note = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(note),
        mock.patch.object(sys, "argv", ["hallq", *arguments]),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return Ran(int(ended.value.code or 0), out.getvalue().strip(), note.getvalue().strip())


def started(*arguments: str, cwd: Path) -> Ran:
    """The command as a program of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "hallq", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=200, check=False)
    return Ran(done.returncode, done.stdout.strip(), done.stderr.strip())


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """The command sets up logging for its process, which here is that of all tests."""
    root, before = logging.getLogger(), structlog.get_config()
    level, handlers = root.level, list(root.handlers)
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hall as `init` makes it; tests that change it take a copy."""
    base = tmp_path_factory.mktemp("init")
    ran = started("init", "hall", cwd=base)
    assert ran.code == 0, ran.note
    assert "one-time password: " in ran.out
    assert ran.out.rpartition(" ")[2] not in "".join(path.read_text("latin-1") for path in (base / "hall").iterdir())
    return base / "hall"


@pytest.fixture
def hall(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "hall")


def people(hall: Path) -> dict[str, list[str]]:
    lines = hallq("user", "list", cwd=hall).out.splitlines()
    return {line.split("\t")[0]: line.split("\t")[1:] for line in lines}


def test_init_makes_a_hall_that_is_right_and_touches_no_other(made: Path) -> None:
    settings = load_settings(made / "hall.toml")
    assert settings.device == ()
    with admin.reading(settings) as db:
        rows = db.get(Counter, "A", db.day)
    assert rows is None
    assert people(made)["office"] == ["office", "-", "one-time"]
    again = hallq("init", ".", cwd=made)
    assert (again.code, again.out, again.note) == (2, "", "hallq: .: not empty; name a new or an empty directory")
    assert (made / "hall.db").stat().st_mode & 0o777 == 0o600


def test_the_catalogue_is_read_at_the_first_start_that_succeeds(hall: Path) -> None:
    settings, catalog = load_settings(hall / "hall.toml"), hall / "catalog.toml"
    right = catalog.read_text().replace('no = "6"', 'no = "66"').replace('window = "6"', 'window = "66"')
    catalog.write_text(right.replace('department = "zonghe"', 'department = "nowhere"'))
    assert hallq("user", "add", "zhou", "--role", "clerk", "--window", "66", cwd=hall).code == 2
    catalog.write_text(right)
    assert hallq("user", "add", "zhou", "--role", "clerk", "--window", "66", cwd=hall).code == 0
    with admin.reading(settings) as db:
        assert db.get(Window, "66") and not db.get(Window, "6")


def test_people_come_and_go(hall: Path) -> None:
    assert hallq("user", "add", "李明", "--role", "clerk", "--window", "3", cwd=hall).code == 0
    with_password = hallq(
        "user", "add", "sun", "--role", "admin", "--password-stdin", cwd=hall, stdin="old pond frog\n"
    )
    assert with_password.code == 0
    assert people(hall)["李明"] == ["clerk", "3", "no password"]
    assert people(hall)["sun"] == ["admin", "-", "password"]
    reset = hallq("user", "reset", "李明", cwd=hall)
    assert len(reset.out) == 14 and "one sign-in" in reset.note
    assert hallq("user", "disable", "sun", cwd=hall).code == 0
    assert people(hall)["李明"] == ["clerk", "3", "one-time"]
    assert people(hall)["sun"] == ["admin", "-", "disabled"]


def test_a_token_stands_alone_on_stdout(hall: Path) -> None:
    added = hallq("token", "add", "lobby", "--role", "kiosk", "--place", "k1", cwd=hall)
    assert added.code == 0 and len(added.out) == 32 and added.out not in added.note
    assert hallq("token", "list", cwd=hall).out == "1\tlobby\tkiosk\tk1\tlive"
    assert hallq("token", "revoke", "lobby", cwd=hall).code == 0
    assert hallq("token", "list", cwd=hall).out == "1\tlobby\tkiosk\tk1\trevoked"
    assert hallq("token", "revoke", "lobby", cwd=hall).code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("user add x --role boss", 2, "there is no such role; known: clerk, guide"),
        ("user add x --role clerk --window 99", 1, 'there is no window "99"'),
        ("user add x", 2, "Missing option '--role'"),
        ("user disable nobody", 1, 'there is no person "nobody"'),
        ("token add t --role kiosk --place k9", 1, 'there is no "k9" in the database that fits'),
        ("export ratings -o ratings.pdf", 2, "name a file that ends in .csv or .xlsx"),
        ("export ratings -o r.csv --from yesterday", 2, "'--from'"),
        ("export tickets --from 2026-01-01 -o t.pdf", 2, "name a file that ends in .csv or .xlsx"),
        ("relay -c relay.toml", 2, "relay.toml: there is no such file"),
        ("dance", 2, "No such command"),
        ("check -c nowhere.toml", 2, "nowhere.toml: there is no such file"),
        ("restore nothing.zip -c new/hall.toml", 2, "nothing.zip"),
    ],
)
def test_errors_are_one_line(made: Path, arguments: str, code: int, words: str) -> None:
    ran = hallq(*arguments.split(), cwd=made)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.note and ran.note.startswith("hallq: ") and "\n" not in ran.note


def test_debug_shows_where(made: Path) -> None:
    ran = started("check", "-c", "nowhere.toml", "--debug", cwd=made)
    assert ran.code == 1 and "Traceback" in ran.note and "read_toml" in ran.note


def test_check_finds_what_will_be_wrong_tomorrow(hall: Path) -> None:
    with (hall / "hall.toml").open("a") as file:
        file.write('[[device]]\nid = "led-9"\ndriver = "onbon-bxk"\nlink = "tcp://127.0.0.1:9"\nwindow = "9"\n')
        file.write('[[device]]\nid = "keys"\ndriver = "evdev-keypad"\nlink = "sim:"\nkiosk = "k1"\n')
        file.write('options = { keys = { KP1 = "gone" } }\n')
    (hall / "hall.db").unlink()
    ran = hallq("check", cwd=hall)
    assert ran.code == 1
    assert 'FAULT  device keys: key KP1: there is no service "gone"' in ran.out
    assert 'FAULT  device led-9: there is no window "9" in the catalogue' in ran.out
    with admin.offline(load_settings(hall / "hall.toml")):
        assert f"process {os.getpid()}" in hallq("check", cwd=hall).note  # the ports are not this command's now
    assert 'FAULT  device led-9: there is no window "9" in the database' in hallq("check", cwd=hall).out
    assert "ok     catalogue: 8 services, 6 windows" in ran.out


def test_the_lock_names_the_process(hall: Path) -> None:
    with admin.offline(load_settings(hall / "hall.toml")):
        ran = hallq("user", "disable", "office", cwd=hall)
    assert ran.code == 2 and f"process {os.getpid()}" in ran.note


def test_audit_verify_names_the_first_wrong_row(hall: Path) -> None:
    assert hallq("audit", "verify", cwd=hall).code == 0
    with sqlite3.connect(hall / "hall.db") as rows:
        rows.execute("UPDATE person SET role = 'admin' WHERE name = 'office'")
    rows.close()
    ran = hallq("audit", "verify", cwd=hall)
    assert ran.code == 1 and ran.out.startswith("row person/") and ran.out.endswith("was altered")


def test_a_head_from_outside_and_an_export_that_proves_itself(hall: Path) -> None:
    head = hallq("audit", "head", cwd=hall).out
    assert hallq("audit", "verify", "--head", head, cwd=hall).code == 0
    assert hallq("audit", "verify", "--head", f"9999{head[head.index(':') :]}", cwd=hall).code == 1
    assert hallq("audit", "verify", "--head", "nonsense", cwd=hall).code == 2
    ran = hallq("audit", "export", "a.zip", cwd=hall)
    assert ran.code == 0 and ran.out == head and "python3 verify.py a.zip" in ran.note


def test_exports_bring_their_dictionary(hall: Path) -> None:
    ran = hallq("export", "tickets", "--from", "2026-01-01", "-o", "t.csv", cwd=hall)
    assert ran.code == 0 and ran.note == "t.csv: 0 tickets"
    assert "取号时间" in (hall / "t.dictionary.csv").read_text("utf-8-sig")


def test_a_damaged_database_stops_the_hub_and_names_the_newest_backup(hall: Path) -> None:
    (hall / "backups").mkdir()
    (hall / "backups" / "hall-2026-01-02.zip").touch()
    with (hall / "hall.db").open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(8192))
    ran = hallq("serve", cwd=hall)
    assert ran.code == 2 and ran.note.startswith("hallq: ") and "\n" not in ran.note
    assert "is damaged" in ran.note and ran.note.endswith("backups/hall-2026-01-02.zip")


def test_a_second_hub_is_refused(hall: Path) -> None:
    with admin.offline(load_settings(hall / "hall.toml")):
        ran = hallq("serve", cwd=hall)
    assert ran.code == 2 and f"process {os.getpid()}" in ran.note


# --- backup and restore


def test_a_backup_comes_back_without_giving_a_number_twice(hall: Path, tmp_path: Path) -> None:
    settings = load_settings(hall / "hall.toml")
    with admin.offline(settings) as store:  # a writer is there, and one more process reads
        store.run(lambda tx: tx.insert(Counter, prefix="A", day=tx.day, last=142))
        assert hallq("backup", str(tmp_path / "copy.zip"), cwd=hall).code == 0
    assert sorted(zipfile.ZipFile(tmp_path / "copy.zip").namelist()) == ["catalog.toml", "hall.db", "hall.toml"]
    occupied = hallq("restore", str(tmp_path / "copy.zip"), cwd=hall)
    assert occupied.code == 2 and "not empty" in occupied.note
    restored = hallq("restore", "copy.zip", "-c", "new/hall.toml", cwd=tmp_path)
    assert restored.code == 0, restored.note
    with admin.reading(load_settings(tmp_path / "new" / "hall.toml")) as db:
        numbers = {prefix: db.get(Counter, prefix, db.day) for prefix in "ABCDE"}
    assert {prefix: row and row.last for prefix, row in numbers.items()} == {
        "A": 200, "B": 100, "C": 100, "D": 100, "E": 100,
    }  # fmt: skip
    assert hallq("audit", "verify", cwd=tmp_path / "new").code == 0


def test_a_file_that_is_no_backup_is_refused(made: Path, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"nothing")
    ran = hallq("restore", "x.zip", cwd=tmp_path)
    assert ran.code == 2 and "not a backup of HallQ" in ran.note


async def test_fourteen_nights_are_kept(hall: Path) -> None:
    settings = load_settings(hall / "hall.toml")
    settings.backup_dir.mkdir()
    for day in range(1, 20):
        (settings.backup_dir / f"hall-2020-01-{day:02}.zip").touch()
    (settings.backup_dir / "of-my-own.zip").touch()

    class Night:
        def __init__(self) -> None:
            self.settings = settings

        def now(self) -> int:
            return 1_790_000_000_000

    newest = await backup.nightly(Night())
    assert newest is not None and await backup.nightly(Night()) is None  # one a day
    kept = sorted(path.name for path in settings.backup_dir.iterdir())
    assert newest.name == "hall-2026-09-21.zip" and backup.last_backup(settings) == newest
    assert len(kept) == 15 and kept[0] == "hall-2020-01-07.zip" and "of-my-own.zip" in kept
    assert newest.stat().st_mode & 0o777 == 0o600


def test_a_months_scores_are_recomputed_without_a_hub(hall: Path) -> None:
    ran = hallq("export", "score", "--month", "2026-10", "-o", "scores.json", cwd=hall)
    assert (ran.code, ran.out) == (0, "") and "sheets (draft)" in ran.note
    command = [sys.executable, "-m", "hallq.assessment.score.recompute", "scores.json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=hall, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0 and "all equal" in done.stdout, done.stderr
    assert hallq("export", "score", "--month", "2026-13", "-o", "s.json", cwd=hall).code == 1
