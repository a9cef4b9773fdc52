"""What every command needs: the transaction it runs in, the refusal it may raise, the time it is given.

Stdlib only. Times are `Ms`: whole milliseconds since the epoch, UTC. Nothing here touches a clock, a file or a socket.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, TypeVarTuple, overload
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlmodel.sql.expression import SelectOfScalar

    from hallq.ticketing.rules import Rules

Ms = int
M = TypeVar("M")
Ts = TypeVarTuple("Ts")

SECOND: Ms = 1000
MINUTE: Ms = 60 * SECOND


class Refused(Exception):
    """The rules say no. `code` is stable and public; `detail` says what would be allowed. Worded at the edge."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def must_exist(row: M | None, what: str, key: object) -> M:
    """The row that was looked for by `key`. Raises Refused `not_found`."""
    if row is None:
        raise Refused("not_found", what=what, id=key)
    return row


@overload
def iso(at: Ms, zone: ZoneInfo) -> str: ...
@overload
def iso(at: Ms | None, zone: ZoneInfo) -> str | None: ...
def iso(at: Ms | None, zone: ZoneInfo) -> str | None:
    """As people and programs outside read it: ISO 8601 with the hall's offset. None: it has not happened."""
    if at is None:
        return None
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).isoformat(timespec="milliseconds")


class Clock(Protocol):
    def wall(self) -> Ms: ...

    def monotonic(self) -> float:
        """Seconds; for intervals and deadlines."""
        ...


class SystemClock:
    def wall(self) -> Ms:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


class Reads(Protocol):
    """A consistent view of the rows. Rows that it hands out are read-only values with the model's attributes."""

    @property
    def now(self) -> Ms:
        """The time of this look: never before a time that is already committed."""
        ...

    @property
    def day(self) -> str:
        """The working day of `now` in the hall's own timezone, as an ISO date."""
        ...

    @property
    def rules(self) -> Rules: ...

    def get(self, model: type[M], *key: Any) -> M | None:
        """By primary key."""
        ...

    def find(self, query: SelectOfScalar[M], **params: Any) -> list[M]:
        """Whole rows of `select(Model)`; parameters are the query's `bindparam`s."""
        ...

    def first(self, query: SelectOfScalar[M], **params: Any) -> M | None: ...

    def values(self, query: Select[*Ts], **params: Any) -> list[tuple[*Ts]]:
        """Column tuples of `select(Model.a, Model.b)`."""
        ...


class Change(NamedTuple):
    """A row that a command wrote: None before = inserted, None after = deleted."""

    model: type[Any]
    before: Any
    after: Any


class Tx(Reads, Protocol):
    """One command's transaction.

    Rows are written through `insert`, `update` and `delete` only: they note what changed, so that the picture
    of the hall is re-taken exactly there and the journal covers it.
    """

    @property
    def actor(self) -> str:
        """Who gave the command: `person:7`, `token:3`, `device:pad-3`, `hub`."""
        ...

    @property
    def changes(self) -> list[Change]:
        """What this command has written so far."""
        ...

    def insert(self, model: type[M], **values: Any) -> M:
        """A new row. Fields left out take the model's defaults; an integer key left out is numbered."""
        ...

    def update(self, row: M, **changes: Any) -> M:
        """The row as it is after the changes."""
        ...

    def delete(self, row: Any) -> None: ...

    def effect(self, kind: str, target: str, payload: dict[str, Any], *, lasts: Ms, ref: str = "") -> bool:
        """Put an effect (`print`, `speak`) into the outbox: handed over once, worthless after `lasts`. False: nothing
        stands there that could do it."""
        ...

    def log(self, **facts: Any) -> None:
        """Facts for the journal row of this command. Never personal data."""
        ...

    def digits(self, count: int) -> str: ...

    def token(self) -> str:
        """An unguessable name."""
        ...
