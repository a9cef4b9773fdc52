"""What the doors and the office read about people, tokens and pairings. Hashes leave this room only to be compared."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import literal_column
from sqlmodel import bindparam, col, select

from hallq.kernel import MINUTE, Ms, Reads, Refused
from hallq.people.identity import Identity
from hallq.people.model import Credential, Pairing, Session, Token
from hallq.people.secrets import fingerprint, token_of_pairing
from hallq.ticketing.model import Person
from hallq.ticketing.windows.shifts import in_term

PAIRING: Ms = 10 * MINUTE  # a code on a wall is good for this long, before and after the office's answer

PERSON = select(Person).where(Person.name == bindparam("name"))
STAFF = select(Person).where(Person.staff_no == bindparam("staff_no"))
CHIEF = select(Person).where(
    col(Person.role) == literal_column("'chief'"), col(Person.active), col(Person.department) == bindparam("department")
)
PEOPLE = select(Person).order_by(col(Person.name))
TOKEN = select(Token).where(Token.token_hash == bindparam("token_hash"))
TOKENS = select(Token).order_by(col(Token.id))
PAIRING_OF = select(Pairing).where(Pairing.secret_hash == bindparam("secret_hash"))
PAIRINGS = select(Pairing).where(Pairing.state == "waiting", col(Pairing.asked_at) > bindparam("after"))


class Door(NamedTuple):
    """What a sign-in is checked against. No person, or no hash: nobody gets in."""

    person: int | None
    stored: str | None

    def __repr__(self) -> str:
        return f"Door(person={self.person})"


def password_door(db: Reads, *, name: str) -> Door:
    return _door(db, db.first(PERSON, name=name), "password_hash")


def pin_door(db: Reads, *, staff_no: str) -> Door:
    return _door(db, db.first(STAFF, staff_no=staff_no), "pin_hash")


def _door(db: Reads, person: Person | None, kind: str) -> Door:
    credential = db.get(Credential, person.id) if person and person.active and in_term(person, db.day) else None
    return Door(person.id, getattr(credential, kind)) if person and credential else Door(None, None)


def by_session(db: Reads, *, token: str) -> Identity | None:
    """The person of a session cookie."""
    session = db.get(Session, fingerprint(token))
    return by_person(db, person=session.person) if session and session.expires > db.now else None


def by_person(db: Reads, *, person: int) -> Identity | None:
    row, credential = db.get(Person, person), db.get(Credential, person)
    if row is None or not row.active or not in_term(row, db.day):  # J06
        return None
    must_change = bool(credential and credential.one_time)
    return Identity(
        "person", row.role, row.id, row.name, window=row.window, department=row.department,
        may_choose=bool(row.may_choose), must_change=must_change,
    )  # fmt: skip


def by_token(db: Reads, *, token: str) -> Identity | None:
    """The device or program of a bearer token or of a paired browser's cookie."""
    row = db.first(TOKEN, token_hash=fingerprint(token))
    return Identity("token", row.role, row.id, row.name, row.place) if row and row.revoked_at is None else None


def pairing_state(db: Reads, *, secret: str) -> tuple[dict[str, Any], str | None]:
    """What the asking browser sees, and its token once the office has confirmed."""
    row = db.first(PAIRING_OF, secret_hash=fingerprint(secret))
    if row is None:
        raise Refused("unknown_pairing")
    old = max(row.asked_at, row.decided_at or 0) < db.now - PAIRING
    state = "expired" if old else row.state
    shown = {"id": secret, "state": state, "code": row.code, "role": row.role, "place": row.place}
    return shown, token_of_pairing(secret) if state == "confirmed" else None


def pairings(db: Reads) -> list[dict[str, Any]]:
    """Those that wait for the office."""
    return [
        {"id": row.id, "code": row.code, "role": row.role, "place": row.place, "asked_at": row.asked_at}
        for row in db.find(PAIRINGS, after=db.now - PAIRING)
    ]


def people(db: Reads) -> list[dict[str, Any]]:
    return [_person(db, row) for row in db.find(PEOPLE)]


def _person(db: Reads, row: Person) -> dict[str, Any]:
    names = ("id", "name", "title", "staff_no", "role", "window", "department", "from_day", "until_day")
    credential = db.get(Credential, row.id)
    state = {
        "active": bool(row.active),
        "leaving": bool(row.leaving),
        "may_choose": bool(row.may_choose),
        "badge": row.badge or "",
        "password": bool(credential and credential.password_hash),
        "pin": bool(credential and credential.pin_hash),
        "one_time": bool(credential and credential.one_time),
    }
    return {name: getattr(row, name) for name in names} | state


def tokens(db: Reads) -> list[dict[str, Any]]:
    names = ("id", "name", "role", "place", "created", "revoked_at")
    return [{name: getattr(row, name) for name in names} for row in db.find(TOKENS)]
