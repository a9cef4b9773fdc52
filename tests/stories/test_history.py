"""The demo's past is a real one: its visits are under the journal's chain, each rated once at the most."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from importlib.resources import files
from pathlib import Path

from hallq import schema
from hallq.audit.verify import verify
from hallq.config import load_settings
from hallq.demo.past import history


def test_a_past_is_filled_and_stands_under_the_chain(tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_bytes((files("hallq") / "demo" / "catalog.toml").read_bytes())
    (tmp_path / "hall.toml").write_text('[hall]\nid = "demo"\nname = "x"\n[calendar]\nopen = "always"\n', "utf-8")
    settings = load_settings(tmp_path / "hall.toml")
    made = history.fill(settings, until=date(2026, 11, 2), days=7, each=3)
    with closing(sqlite3.connect(settings.database_path)) as connection:
        assert connection.execute("SELECT count(*) FROM visit").fetchone() == (made,)
        assert connection.execute("SELECT count(DISTINCT day) FROM shift").fetchone() == (5,)
        assert verify(connection, schema.covered()) is None
        for table, least in (("outcome", 250), ("found_item", 3), ("mail", 3), ("referral", 1), ("refusal_record", 1)):
            assert connection.execute(f"SELECT count(*) >= {least} FROM {table}").fetchone() == (1,), table
        states = connection.execute("SELECT state, count(*) FROM one_time_notice GROUP BY state").fetchall()
        assert dict(states) == {"given": 4, "met": 2}
        assert connection.execute("SELECT count(*) FROM handover WHERE taker IS NOT NULL").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM window WHERE shift IS NOT NULL").fetchone() == (0,)
    assert made > 300
