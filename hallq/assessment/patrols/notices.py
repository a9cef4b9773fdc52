"""Who hears of findings: the chief representative, the office, the leaders (F06, F07). One notice per cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import literal_column
from sqlmodel import col, select

from hallq.assessment.patrols.model import Finding
from hallq.kernel import Tx
from hallq.office.dates import begin_of
from hallq.ticketing.model import Department
from hallq.ticketing.told import hush, tell

TOLD = select(Finding).where(col(Finding.state) == literal_column("'told'"))
OBJECTED = select(Finding).where(col(Finding.state) == literal_column("'objected'"))


def escalate(tx: Tx, row: Finding, its: Mapping[str, Any]) -> None:
    """F06: repeats and serious ones are reported to the leaders at once. `its`: the code's row of the checklist."""
    if row.nth < 2 and row.severity != "serious":
        return
    unit = None if row.department is None else tx.get(Department, row.department)
    detail = {"what": its["zh"], "what_en": its["en"], "n": row.nth, "win": row.window or "", "finding": row.id,
              "dept": unit.name if unit else "", "dept_en": (unit.name_en or unit.name) if unit else ""}  # fmt: skip
    words = "pn.repeat" if row.nth > 1 else "pn.serious"
    tell(tx, f"finding/{row.id}", words, detail, kind="alarm", level="alarm", rank=3, audience="office")


def tell_chief(tx: Tx, department: str | None) -> None:
    """The chief representative hears of what may be objected to, the office of what is."""
    unit = None if department is None else tx.get(Department, department)
    rows = [] if unit is None else [row for row in tx.find(TOLD) if row.department == department]
    if unit is not None and rows:
        detail = {"dept": unit.name, "dept_en": unit.name_en or unit.name, "n": len(rows), "code": unit.code,
                  "day": min(row.object_until for row in rows)}  # fmt: skip
        tell(tx, f"findings/{unit.code}", "pn.told", detail, kind="alert", audience="office", level="warn")
    elif unit is not None:
        hush(tx, f"findings/{unit.code}")
    count(tx, "objections", "pn.objected", len(tx.find(OBJECTED)))


def count(tx: Tx, key: str, words: str, n: int) -> None:
    """Cleared by hand, it is told again the next day."""
    if n:
        since = begin_of(tx.day, tx.rules.timezone)
        tell(tx, key, words, {"n": n}, since=since, kind="alert", audience="office", level="warn")
    else:
        hush(tx, key)
