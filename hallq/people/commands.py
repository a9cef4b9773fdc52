"""Commands about people, their sessions, tokens and pairings.

Passwords and PINs arrive as ready argon2 hashes. Who is disabled, reset or revoked is out at once: the command
deletes the sessions and returns the actor whose open sockets are to be cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlmodel import bindparam, col, select

from hallq.kernel import MINUTE, Ms, Refused, Tx
from hallq.office.device_marks import MARK_OF
from hallq.people.identity import DEVICE_ROLES, PERSON_ROLES
from hallq.people.looks import CHIEF, PAIRING, PAIRING_OF, PAIRINGS, PERSON, STAFF
from hallq.people.model import Credential, Pairing, Session, Token
from hallq.people.secrets import fingerprint, token_of_pairing
from hallq.ticketing.model import Kiosk, Person, Window, Zone
from hallq.ticketing.windows.shifts import OPEN_SHIFT, end_shift

SESSION: Ms = 14 * 60 * MINUTE  # longer than any working day, shorter than until the next
PLACES: dict[str, tuple[type[Kiosk] | type[Window] | type[Zone], ...]] = {
    "kiosk": (Kiosk,),
    "pad-citizen": (Window,),
    "pad-clerk": (Window,),
    "api": (Kiosk, Window, Zone),
}
RELAY_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}"
MAX_PAIRINGS = 50  # waiting at once

SESSIONS = select(Session).where(Session.person == bindparam("person"))
ENDED_SESSIONS = select(Session).where(col(Session.expires) <= bindparam("now"))
LIVE_TOKENS = select(Token).where(
    Token.role == bindparam("role"), Token.place == bindparam("place"), col(Token.revoked_at).is_(None)
)
OLD_PAIRINGS = select(Pairing).where(col(Pairing.asked_at) <= bindparam("before"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser that asks to pair is told. The secret is its claim to the token."""

    secret: str
    code: str


# --- people


def add_person(
    tx: Tx,
    *,
    name: str,
    role: str,
    window: str | None = None,
    title: str = "",
    staff_no: str | None = None,
    password_hash: str | None = None,
    one_time: bool = False,
) -> int:
    """The new person's id. Without a hash they cannot sign in until a reset."""
    if role not in PERSON_ROLES:
        raise Refused("unknown_role", roles=", ".join(PERSON_ROLES))
    if not name.strip() or not name.isprintable() or len(name) > 60:
        raise Refused("bad_name")
    if tx.first(PERSON, name=name) is not None:
        raise Refused("name_taken", name=name)
    if staff_no is not None and tx.first(STAFF, staff_no=staff_no) is not None:
        raise Refused("staff_no_taken", staff_no=staff_no)
    home = tx.get(Window, window) if window is not None else None
    if window is not None and home is None:
        raise Refused("unknown_window", window=window)
    department = home.department if home else None
    if role == "chief":
        _must_be_one_chief(tx, department)
    person = tx.insert(
        Person, name=name, role=role, window=window, department=department, title=title, staff_no=staff_no
    )
    assert person.id is not None
    if password_hash is not None:
        _set(tx, person.id, password_hash=password_hash, one_time=one_time)
    tx.log(person=person.id, role=role)
    return person.id


def disable(tx: Tx, *, person: int) -> str:
    """No way in any more. A visit that is open is finished at its window's pad; an idle window closes at once."""
    tx.update(_person(tx, person), active=False)
    shift = tx.first(OPEN_SHIFT, person=person)
    window = tx.get(Window, shift.window) if shift is not None else None
    if window is not None and window.ticket is None:
        end_shift(tx, window, "disabled")
    return _out(tx, person)


def let_choose(tx: Tx, *, person: int, allowed: bool) -> None:
    """Whether this person may call and place people out of order, with a reason (A22)."""
    tx.update(_person(tx, person), may_choose=allowed)
    tx.log(person=person, may_choose=allowed)


def give_badge(tx: Tx, *, person: int, badge: str) -> None:
    """What the window shows beside this person's title (H17). Empty: nothing more."""
    tx.update(_person(tx, person), badge=badge or None)
    tx.log(person=person, badge=badge)


def reset(tx: Tx, *, person: int, password_hash: str) -> str:
    """A one-time password for whoever forgot theirs or never had one. A disabled person may come in again."""
    row = _person(tx, person)
    if row.role == "chief" and not row.active:
        _must_be_one_chief(tx, row.department)
    tx.update(row, active=True)
    _set(tx, person, password_hash=password_hash, one_time=True)
    return _out(tx, person)


def set_password(tx: Tx, *, person: int, password_hash: str, session: str | None = None) -> str:
    """One's own new password. The session it was changed in stays; any other ends."""
    _person(tx, person)
    _set(tx, person, password_hash=password_hash, one_time=False)
    return _out(tx, person, keep=fingerprint(session) if session else None)


def set_pin(tx: Tx, *, person: int, pin_hash: str) -> None:
    if _person(tx, person).staff_no is None:
        raise Refused("no_staff_no")  # on a pad a PIN goes with a staff number
    _set(tx, person, pin_hash=pin_hash)
    tx.log(person=person)


def open_session(tx: Tx, *, person: int) -> str:
    """The new session's token, for its cookie."""
    if not _person(tx, person).active:
        raise Refused("unknown_person")
    for old in tx.find(ENDED_SESSIONS, now=tx.now):
        tx.delete(old)
    token = tx.token()
    tx.insert(Session, token_hash=fingerprint(token), person=person, created=tx.now, expires=tx.now + SESSION)
    tx.log(person=person)
    return token


def close_session(tx: Tx, *, token: str) -> str | None:
    session = tx.get(Session, fingerprint(token))
    if session is None:
        return None
    tx.delete(session)
    tx.log(person=session.person)
    return f"person:{session.person}"


# --- tokens of devices and programs


def add_token(tx: Tx, *, name: str, role: str, place: str, token_hash: str) -> int:
    check_place(tx, role, place)
    token = tx.insert(Token, name=name, token_hash=token_hash, role=role, place=place, created=tx.now)
    assert token.id is not None
    tx.log(token=token.id, role=role, place=place)
    return token.id


def revoke_token(tx: Tx, *, token: int) -> str:
    row = tx.get(Token, token)
    if row is None:
        raise Refused("unknown_token")
    if row.revoked_at is None:
        tx.update(row, revoked_at=tx.now)
    tx.log(token=token)
    return f"token:{token}"


def check_place(tx: Tx, role: str, place: str) -> None:
    """A device stands at a real place. A wall for the whole hall and a program need none."""
    if role not in DEVICE_ROLES:
        raise Refused("unknown_role", roles=", ".join(DEVICE_ROLES))
    if role in ("board", "screen", "api") and not place:
        return
    if role == "relay" and re.fullmatch(RELAY_NAME, place):  # a machine of its own, in no table
        return
    if not any(tx.get(kind, place) for kind in PLACES.get(role, (Zone,))):
        raise Refused("unknown_place", place=place)


# --- pairing


def ask_pairing(tx: Tx, *, role: str, place: str) -> Asked:
    if role not in DEVICE_ROLES or role == "api":
        raise Refused("unknown_role", roles=", ".join(DEVICE_ROLES))
    for old in tx.find(OLD_PAIRINGS, before=tx.now - 2 * PAIRING):
        tx.delete(old)
    waiting = {row.code for row in tx.find(PAIRINGS, after=tx.now - PAIRING)}
    if len(waiting) >= MAX_PAIRINGS:
        raise Refused("too_many_pairings")
    code = tx.digits(6)
    while code in waiting:
        code = tx.digits(6)
    secret = tx.token()
    tx.insert(
        Pairing,
        secret_hash=fingerprint(secret),
        token_hash=fingerprint(token_of_pairing(secret)),
        code=code,
        role=role,
        place=place,
        asked_at=tx.now,
    )
    tx.log(role=role, place=place)
    return Asked(secret, code)


def confirm_pairing(tx: Tx, *, pairing: str, place: str | None = None) -> int:
    """The id of the token that the browser now has. `pairing`: the office's number or the browser's own secret."""
    row = _pairing(tx, pairing)
    place = row.place if place is None else place
    check_place(tx, row.role, place)
    tx.update(row, state="confirmed", place=place, decided_at=tx.now)
    name = f"{row.role} {place}".strip()
    token = tx.insert(Token, name=name, token_hash=row.token_hash, role=row.role, place=place, created=tx.now)
    assert token.id is not None
    tx.log(token=token.id, role=row.role, place=place)
    return token.id


def swap_pairing(tx: Tx, *, pairing: str, place: str | None = None) -> list[str]:
    """The new browser takes the place of those that stand there in the same role, and their fault mark ends. The actors
    whose open sockets are to be cut."""
    row = _pairing(tx, pairing)
    place = row.place if place is None else place
    old = [token for token in tx.find(LIVE_TOKENS, role=row.role, place=place) if token.id is not None]
    confirm_pairing(tx, pairing=pairing, place=place)
    marked = tx.first(MARK_OF, subject=f"{row.role}:{place}")
    if marked is not None:
        tx.update(marked, ended_at=tx.now, ended_by=tx.actor)
    return [revoke_token(tx, token=token.id) for token in old if token.id is not None]


def refuse_pairing(tx: Tx, *, pairing: str) -> None:
    row = _pairing(tx, pairing)
    tx.update(row, state="refused", decided_at=tx.now)
    tx.log(pairing=row.id, role=row.role, place=row.place)


# --- parts


def _person(tx: Tx, person: int) -> Person:
    row = tx.get(Person, person)
    if row is None:
        raise Refused("unknown_person")
    return row


def _must_be_one_chief(tx: Tx, department: str | None) -> None:
    """J11: `standing.name_chief` hands over."""
    known = None if department is None else tx.first(CHIEF, department=department)
    if known is not None:
        raise Refused("chief_exists", name=known.name)


def _set(tx: Tx, person: int, **values: str | bool | None) -> None:
    credential = tx.get(Credential, person)
    if credential is None:
        tx.insert(Credential, person=person, changed_at=tx.now, **values)
    else:
        tx.update(credential, changed_at=tx.now, **values)


def _out(tx: Tx, person: int, keep: str | None = None) -> str:
    """Every session of the person ends; the actor to cut off."""
    for session in tx.find(SESSIONS, person=person):
        if session.token_hash != keep:
            tx.delete(session)
    tx.log(person=person)
    return f"person:{person}"


def _pairing(tx: Tx, pairing: str) -> Pairing:
    row = tx.get(Pairing, int(pairing)) if pairing.isdecimal() and len(pairing) < 10 else None
    row = row or tx.first(PAIRING_OF, secret_hash=fingerprint(pairing))
    if row is None or row.asked_at <= tx.now - PAIRING:
        raise Refused("unknown_pairing")
    if row.state != "waiting":
        raise Refused("wrong_state", state=row.state)
    return row
