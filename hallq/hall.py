"""The composition root: one hall, its store, its picture, its devices and what they tell each other.

`do` is the only way to write. After each commit the picture is re-taken where rows changed, callers are answered, and
every listener hears which keys have new values.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog

from hallq import schema
from hallq.assessment.cases import registry as cases
from hallq.assessment.ratings import commands as assessment
from hallq.assessment.ratings import taking as invitations
from hallq.assessment.ratings.model import Invitation, Rating, RatingFlag
from hallq.assessment.ratings.picture import InvitationView
from hallq.audit import cover
from hallq.catalog import import_catalog, imported, load_catalog
from hallq.config import Settings
from hallq.duties import DUTIES
from hallq.hooks.events import Hook, follower
from hallq.items.model import GuideVersion
from hallq.kernel import MINUTE, SECOND, Change, Clock, Ms, Reads, SystemClock, Tx
from hallq.limits import Limit
from hallq.outcomes import recorded
from hallq.outcomes.handing import refusals
from hallq.outcomes.model import Outcome
from hallq.outcomes.one_time import watch as one_time_watch
from hallq.people.model import Credential, Session, Token
from hallq.requests import forget
from hallq.rows import Reader
from hallq.store import Batch, HubState, Job, Store
from hallq.texts import EN, ZH, text
from hallq.ticketing import commands as ticketing
from hallq.ticketing.drawing import taking as pictures
from hallq.ticketing.model import Department, Person, Service
from hallq.ticketing.picture import Picture
from hallq.ticketing.tickets import appointments

P = ParamSpec("P")
V = TypeVar("V")
TxT = TypeVar("TxT", bound=Tx)

# run after each command, in its transaction and in this order: a case's promise begins on the day that a notice was met
# (one_time_watch before recorded), and a case that says no makes its record (recorded before refusals)
FOLLOWERS = (assessment.follow, cases.follow, one_time_watch.follow, recorded.follow, refusals.follow)
IDENTITY = (Person, Credential, Session, Token)  # a change here ends what the doors remember
GUIDES = (GuideVersion, Service, Department)  # a change here is one of the items that people look for
MONTHS = (Outcome, Rating, RatingFlag, Invitation)  # what a month gone by is counted from
HEARTBEAT: Ms = 5 * SECOND
OUTAGE: Ms = 30 * SECOND  # a shorter silence (a restart, an update) is no outage
log = structlog.get_logger("hallq.hall")


class ClockWentBack(Exception):
    """The machine's clock stands before the last committed time; the office must agree first."""


def _to_who_came(before: Picture, after: Picture, keys: set[str]) -> set[str]:
    """Notices to a person wait until that person is signed in: then the window's page has to hear of them."""
    changed = [key.removeprefix("window/") for key in keys if key.startswith("window/")]
    windows = [(before.windows.get(no), after.windows.get(no)) for no in changed]
    came = {new.clerk.id for old, new in windows if new and new.clerk and (old is None or old.clerk != new.clerk)}
    return {f"notice/{name}" for name, notice in after.notices.items() if notice.person in came}


class Hall:
    def __init__(self, settings: Settings, clock: Clock, store: Store) -> None:
        self.settings = settings
        self.clock = clock
        self.store = store
        self.rules = store.rules
        self.epoch = secrets.token_hex(8)
        self.seq = 1
        self.picture = Picture()
        self.invitations: dict[str, InvitationView] = {}
        self.extra: dict[str, Any] = {}  # keys that are no rows: devices, captions, figures
        self.listeners: list[Callable[[set[str]], None]] = []
        self.effects_waiting = asyncio.Event()
        self.pin_limit = Limit(clock, most=10, seconds=60)
        self._loop = asyncio.get_running_loop()
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="hallq-read")
        self._taken = (Picture(), {})  # type: tuple[Picture, dict[str, InvitationView]]
        self._minute = 0
        self._due: Ms | None = None
        self._beat: Ms = 0
        self._ahead = 0.0  # wall clock minus monotonic clock, in seconds: a jump shows here

    # -- writing and reading

    async def do(
        self,
        command: Callable[Concatenate[TxT, P], V],
        actor: str = "hub",
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> V:
        """Run a command in the writer; its value once it is committed and published. Raises what it raises.

        `actor` is who gives it (kernel.Tx.actor); the command's own arguments follow by name."""
        assert not args, "commands take keywords"
        answer: asyncio.Future[V] = self._loop.create_future()
        self.store.submit(Job(command, kwargs, actor, answer))
        return await answer

    async def read(self, look: Callable[Concatenate[Reads, P], V], /, *args: P.args, **kwargs: P.kwargs) -> V:
        """Run a function over the committed rows, beside the writer."""
        return await self._loop.run_in_executor(self._pool, lambda: self.store.look(look, *args, **kwargs))

    def now(self) -> Ms:
        return self.store.now()

    def set_extra(self, key: str, value: Any | None) -> None:
        """A live value that is no row (a device's health, a caption): None removes it."""
        if self.extra.get(key) == value:
            return
        if value is None:
            del self.extra[key]
        else:
            self.extra[key] = value
        self._tell({key})

    def extras(self, kind: str) -> list[Any]:
        """Of one kind (device, relay), in the order of their keys."""
        return [value for key, value in sorted(self.extra.items()) if key.startswith(f"{kind}/")]

    def serves(self, kind: str, target: str) -> bool:
        """Whether a device stands behind an effect's target."""
        return (kind, target) in self.store.served

    def proves(self, no: str) -> bool:
        """Whether a window's calls are shown or spoken by a device that says so; else the press itself counts."""
        window = self.picture.windows[no]
        return self.serves("show", f"window/{no}") or self.serves("speak", window.zone)

    # -- after a commit

    def _after_commit(self, batch: Batch, db: Reader) -> None:
        """On the writer's thread: re-take what changed, then hand over to the event loop."""
        try:
            keys = self._retake(batch, db)
        except Exception:
            log.exception("the picture could not be kept up and is taken anew")
            keys = self._take_anew(db)
        self._loop.call_soon_threadsafe(self._publish, batch, *self._taken, keys)

    def _retake(self, batch: Batch, db: Reader) -> set[str]:
        """The live keys that have new values."""
        picture, open_invitations = self._taken
        keys: set[str] = set()
        if batch.changes:
            before = picture
            picture, keys = pictures.retake(db, picture, batch.changes)
            keys |= _to_who_came(before, picture, keys)
            open_invitations, moved = invitations.retake(db, open_invitations, batch.changes)
            keys |= {f"pad/{window}" for window in moved}
            if any(change.model in IDENTITY for change in batch.changes):
                keys.add("identity")
            if any(change.model in GUIDES for change in batch.changes):
                keys.add("guides")
            if any(change.model in MONTHS and _day(change) < db.day[:7] for change in batch.changes):
                keys.add("months")
        if batch.now // MINUTE != self._minute:
            self._minute = batch.now // MINUTE
            picture, retimed = pictures.retime(db, picture)
            keys |= retimed
        if batch.changes:
            self._due = invitations.due(db)
        self._taken = picture, open_invitations
        return keys

    def _take_anew(self, db: Reader) -> set[str]:
        before, _ = self._taken
        try:
            self._taken = pictures.take(db), invitations.take(db)
        except Exception:
            log.exception("the picture stays as it was")
        now = self._taken[0]
        anew = {"identity", "guides", "months"} | {f"pad/{no}" for no in now.windows}
        return pictures.differences(before, now) | anew

    def _publish(
        self, batch: Batch, picture: Picture, open_invitations: dict[str, InvitationView], keys: set[str]
    ) -> None:
        self.picture = picture
        self.invitations = open_invitations
        keys |= {f"pad/{key[7:]}" for key in keys if key.startswith("window/")}
        if batch.changes:
            self.seq += 1
        for outcome in batch.outcomes:
            answer = outcome.job.done
            if answer is None or answer.done():
                continue
            if outcome.error is not None:
                answer.set_exception(outcome.error)
            else:
                answer.set_result(outcome.value)
        if batch.changes or keys:
            self._hear(keys)
        if batch.effects:
            self.effects_waiting.set()

    def _tell(self, keys: set[str]) -> None:
        self.seq += 1
        self._hear(keys)

    def _hear(self, keys: set[str]) -> None:
        for listener in self.listeners:
            try:
                listener(keys)
            except Exception:
                log.exception("a listener failed")

    # -- time

    async def tick(self) -> None:
        """What is due by time. Called a few times a second; does nothing most times."""
        now = self.now()
        self._watch_clock()
        if self._due is not None and self._due <= now:
            self._due = None
            await self.do(assessment.close_due)
        if now - self._beat >= HEARTBEAT:
            self._beat = now
            await self.do(beat)
            for duty in DUTIES:
                await self._perform(duty)

    async def _perform(self, duty: Callable[[Tx], Any]) -> None:
        try:
            await self.do(duty)
        except Exception:  # one that fails must not keep the others from theirs; the store has logged it
            log.warning("duty failed", duty=duty.__name__)

    def _watch_clock(self) -> None:
        ahead = self.clock.wall() / 1000 - self.clock.monotonic()
        jump, self._ahead = ahead - self._ahead, ahead
        if abs(jump) > 60:
            log.warning("the clock jumped", seconds=round(jump))
            self.store.submit(Job(clock_jumped, {"seconds": round(jump)}, "hub"))

    # -- life

    @classmethod
    @asynccontextmanager
    async def open(
        cls, settings: Settings, *, clock: Clock | None = None, accept_clock: bool = False
    ) -> AsyncIterator[Hall]:
        """Take the lock, check the database, bring the day up to date, and run until the block ends.

        Raises store.Locked, schema.SchemaError, ClockWentBack, catalog and config errors."""
        clock = clock or SystemClock()
        hooks = follower(Hook(hook.name, frozenset(hook.events)) for hook in settings.webhook)
        store = Store(settings.database_path, clock, settings.rules(), [*FOLLOWERS, hooks])
        try:
            store.served = frozenset(served(settings))
            start(store, settings, accept_clock=accept_clock)
            hall = cls(settings, clock, store)
            hall._begin()
        except BaseException:
            store.close()
            raise
        try:
            yield hall
        finally:
            try:
                await hall.do(beat)
            finally:  # also with a full disk the log is folded in and the lock given back
                await hall._loop.run_in_executor(None, hall._pool.shutdown)
                await hall._loop.run_in_executor(None, store.close)

    def _begin(self) -> None:
        db = self.store.reader()
        self._taken = pictures.take(db), invitations.take(db)
        self.picture, self.invitations = self._taken
        self._due = invitations.due(db)
        self._ahead = self.clock.wall() / 1000 - self.clock.monotonic()
        self._minute = self.now() // MINUTE
        self.store.start(self._after_commit)


def _day(change: Change) -> str:
    """Of the row that was written; of no day is of any."""
    return getattr(change.after or change.before, "day", "")


def served(settings: Settings) -> Iterator[tuple[str, str]]:
    for device in settings.device:
        [(kind, place)] = device.place.items()
        if device.effect:
            yield device.effect, place if device.effect == "speak" else f"{kind}/{place}"


def start(store: Store, settings: Settings, *, accept_clock: bool) -> None:
    """Everything that must be right before the first command: schema, clock, outage, day, effects."""
    schema.prepare(store.path)
    store.load()
    cover.bring_in(store)
    behind = store.last - store.clock.wall()
    if behind > MINUTE and not accept_clock:
        raise ClockWentBack(
            f"the clock stands {behind // MINUTE} minutes before the last entry of {store.path.name}; "
            "set it right, or start once with --accept-clock if it is right now"
        )
    if not imported(store.reader()):
        store.run(import_catalog, catalog=load_catalog(settings.catalog_path))
    elif store.beat is not None and store.now() - store.beat > OUTAGE:
        store.run(ticketing.recover, since=store.beat, until=store.now())
    store.run(cover.started, behind=max(0, behind) if behind > MINUTE else 0)
    store.run(beat)


def beat(tx: Tx) -> None:
    """The heartbeat: where an outage begins is the last one. Also turns the day when it has changed."""
    day = _state(tx, "day", tx.day)
    if day != tx.day:
        ticketing.day_change(tx)
        forget(tx)
        appointments.forget_people(tx)
        _state(tx, "day", tx.day, keep=False)
    _state(tx, "heartbeat", str(tx.now), keep=False)


def clock_jumped(tx: Tx, *, seconds: int) -> None:
    tx.log(seconds=seconds)
    ticketing.alert(tx, text=text("n.clock", ZH, seconds=seconds), text_en=text("n.clock", EN, seconds=seconds))


def _state(tx: Tx, key: str, value: str, *, keep: bool = True) -> str:
    """A fact of the hub: set when absent, or (not `keep`) always; what it is now."""
    row = tx.get(HubState, key)
    if row is None:
        tx.insert(HubState, key=key, value=value)
        return value
    if not keep and row.value != value:
        tx.update(row, value=value)
        return value
    return row.value
