"""The people of the demo beside the catalogue's clerks, and the tokens that its own browser pages are given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from hallq.hall import Hall
from hallq.kernel import Reads, Tx
from hallq.people import commands, secrets
from hallq.people.looks import PERSON
from hallq.people.model import Credential
from hallq.ticketing.model import Person
from hallq.ticketing.tickets import appointments

MACHINES = ("kiosk", "pad-citizen")  # stand in the hall, their page open, whether a visitor looks at it or not
PIN = "2468"  # of every clerk of the demo: it stands on the page
OTHERS = (  # name, role, title, home window
    ("林静", "office", "大厅管理室主任", None),
    ("周明远", "chief", "社保首席代表", "3"),
    ("方志平", "leader", "分管领导", None),
    ("罗小燕", "guide", "导服人员", None),
    ("何晓丽", "guide", "导服人员", None),
    ("秦正", "auditor", "内审人员", None),
    ("梁工", "admin", "系统管理员", None),
)
BADGES = {"王秀兰": "党员示范岗", "韩卫东": "党员示范岗"}
BY_APPOINTMENT = ("marriage", "passport", "house-transfer")
SLOTS = {"days": "1,2,3,4,5,6,7", "start": "08:30", "until": "17:30", "minutes": 30, "capacity": 2, "outside": True}
EVERYONE = select(Person).order_by(col(Person.id))


def settle(tx: Tx, *, pin_hash: str) -> None:
    """Once per hall: the others are added, and every clerk gets the demo's PIN."""
    for name, role, title, window in OTHERS:
        if tx.first(PERSON, name=name) is None:
            commands.add_person(tx, name=name, role=role, title=title, window=window)
    if not tx.find(appointments.ALL_PLANS):
        for service in BY_APPOINTMENT:
            appointments.save_plan(tx, plan=None, service=service, **SLOTS)
    for person in tx.find(EVERYONE):
        if person.staff_no and person.id is not None and tx.get(Credential, person.id) is None:
            commands.set_pin(tx, person=person.id, pin_hash=pin_hash)
            if person.name in BADGES:
                commands.give_badge(tx, person=person.id, badge=BADGES[person.name])


def everyone(db: Reads) -> list[dict[str, Any]]:
    """Who may be signed in by a button."""
    names = ("id", "name", "title", "role", "window", "staff_no")
    return [{name: getattr(row, name) for name in names} for row in db.find(EVERYONE) if row.active]


@dataclass
class Tokens:
    """One token for each role and place, made when it is first wanted."""

    hall: Hall
    _made: dict[tuple[str, str], str] = field(default_factory=dict)

    async def of(self, role: str, place: str) -> str:
        if (role, place) not in self._made:
            token = secrets.new_token()
            name = f"demo {role} {place}".strip()
            await self.hall.do(
                commands.add_token, name=name, role=role, place=place, token_hash=secrets.fingerprint(token)
            )
            self._made[role, place] = token
            if role in MACHINES:
                page = f"page/{role}/{place}"
                self.hall.set_extra(page, self.hall.extra.get(page, 0) + 1)
        return self._made[role, place]
