"""Calls for help, alarms, and the proofs that a device really showed something."""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import SECOND, Ms, Refused, Tx, must_exist
from hallq.ticketing.model import Kiosk, Notice, Pause, Shown, Visit, Window

FORMS = ("closure", "suspension", "change")  # what a window shows by a form
OPEN_HELP = select(Notice).where(
    col(Notice.done_at).is_(None),
    col(Notice.kind) == "help",
    col(Notice.window).is_not_distinct_from(bindparam("window")),
    col(Notice.kiosk).is_not_distinct_from(bindparam("kiosk")),
)
KNOWN_PROOF = select(Shown).where(
    col(Shown.ref) == bindparam("ref"),
    col(Shown.what) == bindparam("what"),
    col(Shown.n) == bindparam("n"),
    col(Shown.device) == bindparam("device"),
)
CHIEF, OFFICE = 2, 3  # ranks of a notice
BY_HAND = ("help", "alert", "info", "escort")  # an alarm wants a reason; the others end with what they tell of
DOUBLE_PRESS: Ms = 3 * SECOND


def help_call(
    tx: Tx, *, window: str | None = None, kiosk: str | None = None, text: str = "", text_en: str = ""
) -> Notice:
    """Someone is asked to come. From a window first the chief representative; a second press, no double press, calls
    the office (B31)."""
    place = tx.get(Window, window) if window is not None else tx.get(Kiosk, kiosk)
    if place is None:
        raise Refused("not_found", what="kiosk" if window is None else "window", id=kiosk if window is None else window)
    known = tx.first(OPEN_HELP, window=window, kiosk=kiosk)
    if known is not None:
        urgent = known.rank == CHIEF and tx.now - known.at >= DOUBLE_PRESS
        return tx.update(known, rank=OFFICE, level="alarm") if urgent else known
    return tx.insert(
        Notice, kind="help", text=text, text_en=text_en, level="warn", window=window, kiosk=kiosk, zone=place.zone,
        at=tx.now, rank=None if window is None else CHIEF,
    )  # fmt: skip


def alert(tx: Tx, *, text: str, text_en: str = "", level: str = "alarm", zone: str | None = None) -> Notice:
    return tx.insert(Notice, kind="alert", text=text, text_en=text_en, level=level, zone=zone, at=tx.now)


def notice_done(tx: Tx, *, notice: int) -> Notice:
    row = must_exist(tx.get(Notice, notice), "notice", notice)
    if row.kind == "emergency":  # it ends as a whole, not on a list
        raise Refused("emergency")
    if row.kind not in BY_HAND:
        raise Refused("not_found", what="notice", id=notice)
    return row if row.done_at is not None else tx.update(row, done_at=tx.now, done_by=tx.actor)


def mark_shown(
    tx: Tx, *, what: str, ref: int, n: int = 1, device: str, window: str | None = None
) -> Shown | None:  # fmt: skip
    """A device proves that it showed or spoke a visit's n-th call, or a pause; or a form's closure at its `window`.
    None: there is no such call."""
    visit = tx.get(Visit, ref) if what == "call" else None
    shown = tx.get(Pause, ref) if what == "pause" else visit
    at = shown.window if shown is not None else window if what in FORMS else None
    if at is None or (visit is not None and n > visit.calls):
        return None
    known = tx.first(KNOWN_PROOF, ref=ref, what=what, n=n, device=device)
    if known is not None:
        return known
    return tx.insert(Shown, window=at, what=what, ref=ref, n=n, device=device, at=tx.now)
