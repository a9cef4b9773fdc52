"""遗失物品 (K01-K09): what was found is registered and announced, given back, or handed on when its time is over.

The public hears what it is, the day and the area: whoever claims it tells the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import literal_column
from sqlmodel import bindparam, col, select

from hallq import files
from hallq.kernel import MINUTE, Ms, Reads, Refused, Tx, must_exist
from hallq.office import dates
from hallq.outcomes import numbers
from hallq.registers import mail
from hallq.registers.model import FoundItem, FoundStep
from hallq.ticketing.lookups import of_number
from hallq.ticketing.model import Zone
from hallq.ticketing.opening.calendar import days_after
from hallq.ticketing.tickets.slips import print_paper
from hallq.ticketing.told import hush, tell

KEPT, CLAIMED, MAILED, POLICE, DESTROYED = "kept", "claimed", "mailed", "police", "destroyed"
VALUABLE, PERISHABLE, OLD = "valuable", "perishable", "old"  # why it may not stay
OF_OWNER = ("contact", CLAIMED, MAILED)  # steps that tell of the owner
IS_KEPT = col(FoundItem.state) == literal_column("'kept'")
LAST = select(FoundItem).order_by(col(FoundItem.id).desc()).limit(1)
HERE = select(FoundItem).where(IS_KEPT).order_by(col(FoundItem.due_day), col(FoundItem.id))
DUE = (
    select(FoundItem)
    .where(IS_KEPT, col(FoundItem.due_day) <= bindparam("day"))
    .order_by(col(FoundItem.due_day), col(FoundItem.id))
)
STEPS_OF = select(FoundStep).where(col(FoundStep.item) == bindparam("item")).order_by(col(FoundStep.id))


def public(db: Reads) -> list[dict[str, Any]]:
    """What screens may tell of the items that are kept, the newest first: never a mark that proves whose it is."""
    return [
        {"no": row.no, "name": row.name, "count": row.count, "day": row.day, "zone": row.zone,
         "place": zone.name if zone else "", "place_en": (zone.name_en or zone.name) if zone else ""}
        for row in sorted(db.find(HERE), key=lambda row: -(row.id or 0))
        for zone in [db.get(Zone, row.zone) if row.zone else None]
    ]  # fmt: skip


def register(
    tx: Tx, *, name: str, found_at: Ms, place: str, number: str = "", number_day: str | None = None,
    photos: Sequence[int] = (), **columns: Any,
) -> FoundItem:  # fmt: skip
    """K02. `number`: of a ticket that lay with it (K06), today's unless `number_day` says otherwise.

    Raises Refused: invalid (detail.field), not_found."""
    if found_at > tx.now + MINUTE:
        raise Refused("invalid", field="found_at")
    if columns.get("zone") and tx.get(Zone, columns["zone"]) is None:
        raise Refused("invalid", field="zone")
    days = _days(tx, **columns)
    row = tx.insert(
        FoundItem, no=numbers.following(tx, LAST, digits=4), day=tx.day, due_day=days_after(tx.day, days),
        at=tx.now, by=tx.actor, name=name, found_at=found_at, place=place, salt=tx.token(),
        ticket=of_number(tx, number, number_day).id if number else None, **columns,
    )  # fmt: skip
    files.attach(tx, photos, ref_of(row))
    note(tx, row, "found", place)
    return row


def contact(tx: Tx, *, item: int, words: str) -> FoundItem:
    """K06: the owner was called, or written to."""
    row = _kept(tx, item)
    note(tx, row, "contact", words)
    return row


def claim(
    tx: Tx, *, item: int, claimant: str, id_masked: str, phone: str, checked: bool, signature: int, words: str = ""
) -> FoundItem:
    """K07, K09: given back to who has named its marks, shown a document and signed; off the screens at once."""
    row = _to_owner(tx, item, checked, signature)
    return _close(
        tx, row, CLAIMED, words, claimant=claimant, id_masked=id_masked, phone=phone, signature=signature
    )  # fmt: skip


def send_home(
    tx: Tx, *, item: int, claimant: str, id_masked: str, phone: str, address: str, checked: bool, signature: int
) -> FoundItem:
    """K08: sent to an owner far away, who has sent the signed form and pays; on the mail ledger from now on."""
    row = _to_owner(tx, item, checked, signature)
    sent = mail.register(
        tx, what=f"{row.no} {row.name}", name=claimant, phone=phone, address=address, payer="citizen", state="ready",
        found=row.id,
    )  # fmt: skip
    return _close(
        tx, row, MAILED, sent.no, claimant=claimant, id_masked=id_masked, phone=phone, signature=signature
    )  # fmt: skip


def hand_over(tx: Tx, *, items: Sequence[int], receipt: str, words: str = "") -> list[FoundItem]:
    """To the police, with their receipt: at once what is valuable (K05), the rest after half a year (K03); sooner only
    with the reason."""
    rows = [_kept(tx, item) for item in dict.fromkeys(items)]
    early = [row for row in rows if why_due(row) != VALUABLE and row.due_day > tx.day]
    if early and not words.strip():
        raise Refused("found_early", no=early[0].no, day=early[0].due_day)
    return [_close(tx, row, POLICE, words, receipt=receipt) for row in rows]


def destroy(tx: Tx, *, item: int, words: str, witness: str) -> FoundItem:
    """K04: food and medicine that nobody came for. How, and who was there."""
    row = _kept(tx, item)
    if not row.perishable:
        raise Refused("found_not_perishable")
    return _close(tx, row, DESTROYED, f"{words}（{witness}）")


def print_label(tx: Tx, *, item: int, target: str) -> bool:
    """To stick onto it. False: no printer stands there."""
    return print_paper(tx, "found", find(tx, item).id, target)


# -- by the clock


def watch(tx: Tx) -> None:
    """The guides and the office are told of what may not stay longer: one task for each reason."""
    due = tx.find(DUE, day=tx.day)
    for why in (VALUABLE, PERISHABLE, OLD):
        rows = [row for row in due if why_due(row) == why]
        if not rows:
            hush(tx, f"found/{why}")
            continue
        since = max(max(row.at, dates.begin_of(row.due_day, tx.rules.timezone)) for row in rows)
        detail = {"n": len(rows), "no": rows[0].no, "name": rows[0].name}
        tell(tx, f"found/{why}", f"rg.due_{why}", detail, since=since, kind="alarm", audience="guide", rank=3,
             level="warn")  # fmt: skip


# -- parts


def ref_of(row: FoundItem) -> str:
    return f"found/{row.id}"


def find(db: Reads, item: int) -> FoundItem:
    return must_exist(db.get(FoundItem, item), "found", item)


def why_due(row: FoundItem) -> str:
    return VALUABLE if row.valuable else PERISHABLE if row.perishable else OLD


def note(tx: Tx, row: FoundItem, step: str, words: str = "") -> None:
    salt = tx.token() if step in OF_OWNER else ""
    tx.insert(FoundStep, item=row.id, at=tx.now, by=tx.actor, step=step, note=words.strip(), salt=salt)


def _days(tx: Tx, *, valuable: bool = False, perishable: bool = False, **_: Any) -> int:
    return 0 if valuable else tx.rules.found_perishable_days if perishable else tx.rules.found_days


def _kept(tx: Tx, item: int) -> FoundItem:
    row = find(tx, item)
    if row.state != KEPT:
        raise Refused("found_closed", no=row.no)
    return row


def _to_owner(tx: Tx, item: int, checked: bool, signature: int) -> FoundItem:
    row = _kept(tx, item)
    if not checked:
        raise Refused("found_unchecked")
    files.attach(tx, [signature], ref_of(row))
    return row


def _close(tx: Tx, row: FoundItem, state: str, words: str, **columns: Any) -> FoundItem:
    note(tx, row, state, words)
    tx.log(found=row.no, state=state)
    return tx.update(row, state=state, closed_at=tx.now, closed_by=tx.actor, **columns)
