"""The outbox: effects are handed over once and settled, slips in order, announcements in their zone's own order
(displays.announcements). None is repeated by itself.

pending -> sending -> done, failed or unknown; overdue -> expired; a call that was taken back is not said; shed: the
rules keep it silent. What waits here is pending still: a hub that is killed and back in time says and prints it then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, cast

import orjson
import structlog
from sqlmodel import bindparam, col, select

from hallq.displays.announcements import Announcements, Turn, Waiting
from hallq.hall import Hall
from hallq.kernel import SECOND, Reads, Tx
from hallq.rows import Effect
from hallq.store import StorageError
from hallq.ticketing import commands
from hallq.ticketing.model import Visit

PENDING = select(Effect).where(Effect.state == "pending").order_by(col(Effect.id))
SENDING = select(Effect).where(Effect.state == "sending")
LAST = (
    select(Effect).where(col(Effect.ref) == bindparam("ref"), col(Effect.target) == bindparam("target"))
    .order_by(col(Effect.id).desc()).limit(1)
)  # fmt: skip
PRINTS = {"pending": "pending", "sending": "pending", "done": "printed", "unknown": "unknown"}  # in a slip's words
RETRY = 1.0  # seconds until a disk that failed is tried again
log = structlog.get_logger("hallq.outbox")

# kind, target, payload, seconds it is still worth -> done failed unknown, and the device that did it ("" for none)
Hand = Callable[[str, str, dict[str, Any], float], Awaitable[tuple[str, str]]]
# zone, sentence, seconds in which it must begin -> the same, or expired or shed
Say = Callable[[str, Turn, float], Awaitable[tuple[str, str]]]


class Zone:
    """What waits to be said in one zone."""

    def __init__(self) -> None:
        self.queue = Announcements()
        self.there = asyncio.Event()

    def add(self, effect: Effect) -> None:
        self.queue.add(Waiting(cast("int", effect.id), orjson.loads(effect.payload), effect.deadline))
        self.there.set()


class Outbox:
    def __init__(self, hall: Hall, hand: Hand, say: Say) -> None:
        self._hall = hall
        self._hand = hand
        self._say = say
        self._zones: dict[str, Zone] = {}
        self._lines: dict[str, asyncio.Queue[Effect]] = {}
        self._waiting: set[int] = set()  # effects that are in a queue here, or on their way
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        await self._hall.do(recover)
        self._hall.effects_waiting.set()
        self._spawn(self._claim())

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _claim(self) -> None:
        while True:
            await self._hall.effects_waiting.wait()
            self._hall.effects_waiting.clear()
            try:
                claimed = await self._hall.do(claim, but=self._waiting)
            except StorageError:  # the store has said why; what waits is claimed when the disk takes it again
                self._hall.effects_waiting.set()
                await asyncio.sleep(RETRY)
                continue
            for effect in claimed:
                self._waiting.add(cast("int", effect.id))
                if effect.kind == "speak":
                    self._zone(effect.target).add(effect)
                else:
                    self._line(f"{effect.kind} {effect.target}").put_nowait(effect)

    # -- announcements: one sentence after the other per zone, none cut off by the next

    def _zone(self, name: str) -> Zone:
        if name not in self._zones:
            self._zones[name] = Zone()
            self._spawn(self._announce(name, self._zones[name]))
        return self._zones[name]

    async def _announce(self, name: str, zone: Zone) -> None:
        while True:
            await zone.there.wait()
            try:
                await self._next_sentence(name, zone)
            except Exception:
                log.exception("announcement not settled", zone=name)
                await asyncio.sleep(RETRY)

    async def _next_sentence(self, name: str, zone: Zone) -> None:
        known = [each.effect for each in zone.queue.waiting]
        wanted = await self._hall.read(those_wanted, effects=known)
        if gone := zone.queue.drop(set(known) - wanted):
            await self._settled(gone, "expired", "")
        if not zone.queue.waiting:
            zone.there.clear()
            return
        turn = zone.queue.take(self._hall.rules)
        await self._begin(turn.effects)
        state, device = await self._said(name, turn)
        await self._settled(turn.effects, state, device)

    async def _said(self, zone: str, turn: Turn) -> tuple[str, str]:
        try:
            return await self._say(zone, turn, (turn.deadline - self._hall.now()) / SECOND)
        except Exception:
            log.exception("announcement failed", zone=zone)
            return "unknown", ""

    # -- everything else

    def _line(self, name: str) -> asyncio.Queue[Effect]:
        """One effect after the other per target."""
        if name not in self._lines:
            self._lines[name] = asyncio.Queue()
            self._spawn(self._work(self._lines[name]))
        return self._lines[name]

    async def _work(self, line: asyncio.Queue[Effect]) -> None:
        while True:
            effect = await line.get()
            try:
                await self._perform(effect)
            except Exception:
                log.exception("effect not settled", kind=effect.kind, target=effect.target)

    async def _perform(self, effect: Effect) -> None:
        number, state, device = cast("int", effect.id), "expired", ""
        if await self._hall.read(is_wanted, effect=number):
            await self._begin([number])
            left = (effect.deadline - self._hall.now()) / SECOND
            state, device = await self._handed(effect, left)
        await self._settled([number], state, device)

    async def _begin(self, effects: Sequence[int]) -> None:
        """Nothing goes out that a hub which is killed meanwhile would send again."""
        while True:
            try:
                return await self._hall.do(begin, effects=effects)
            except StorageError:
                await asyncio.sleep(RETRY)

    async def _settled(self, effects: Sequence[int], state: str, device: str) -> None:
        await self._hall.do(settle, effects=effects, state=state, device=device)
        self._waiting.difference_update(effects)

    async def _handed(self, effect: Effect, left: float) -> tuple[str, str]:
        """A fault on the way leaves no slip on its way for ever: nobody knows how far it came."""
        try:
            return await self._hand(effect.kind, effect.target, orjson.loads(effect.payload), left)
        except Exception:
            log.exception("effect failed", kind=effect.kind, target=effect.target)
            return "unknown", ""


def claim(tx: Tx, *, but: Collection[int] = ()) -> list[Effect]:
    """Pending effects that are in no queue yet. What is overdue is not sent."""
    claimed = []
    for effect in tx.find(PENDING):
        if effect.id in but:
            continue
        if effect.deadline <= tx.now:
            _settle(tx, effect, "expired", "")
        else:
            claimed.append(effect)
    return claimed


def begin(tx: Tx, *, effects: Sequence[int]) -> None:
    """From here on nobody knows whether they happened, until they are settled."""
    for number in effects:
        effect = tx.get(Effect, number)
        if effect is not None and effect.state == "pending":
            tx.update(effect, state="sending")


def is_wanted(db: Reads, *, effect: int) -> bool:
    """Still in time, and the call that it announces was not taken back."""
    row = db.get(Effect, effect)
    if row is None or row.state != "pending" or row.deadline <= db.now:
        return False
    kind, _, rest = row.ref.partition("/")
    if kind != "visit":
        return True
    visit = db.get(Visit, int(rest.partition("/")[0]))
    return visit is not None and visit.end != "undone"


def those_wanted(db: Reads, *, effects: Sequence[int]) -> set[int]:
    return {effect for effect in effects if is_wanted(db, effect=effect)}


def settle(tx: Tx, *, effects: Sequence[int], state: str, device: str) -> None:
    """What one slip or one sentence came to, for each effect that it served."""
    for effect in effects:
        row = tx.get(Effect, effect)
        if row is not None and row.state in ("pending", "sending"):
            _settle(tx, row, state, device)


def _settle(tx: Tx, effect: Effect, state: str, device: str) -> None:
    tx.update(effect, state=state, settled_at=tx.now)
    kind, _, rest = effect.ref.partition("/")
    if kind == "ticket":
        printed = PRINTS.get(state, "failed")
        commands.set_print(tx, ticket=int(rest), state=printed, kiosk=effect.target.partition("/")[2])
    elif kind == "visit" and state == "done":
        visit, _, call = rest.partition("/")
        commands.mark_shown(tx, what="call", ref=int(visit), n=int(call or 1), device=device)


def recover(tx: Tx) -> None:
    """After a start: what was on its way may or may not have happened."""
    for effect in tx.find(SENDING):
        _settle(tx, effect, "unknown", "")


def print_state(db: Reads, *, ref: str, target: str) -> str:
    """What became of the last paper of this kind there: pending printed failed unknown; none was asked for: none."""
    effect = db.first(LAST, ref=ref, target=target)
    return "none" if effect is None else PRINTS.get(effect.state, "failed")
