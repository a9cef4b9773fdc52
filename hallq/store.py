"""The store: one writer thread per hall, many commands to a commit, each in a savepoint of its own; a read pool.

Callers are answered only after COMMIT, which in WAL mode with synchronous=FULL is an fdatasync of the log. SQL that
only one database engine knows stands here and nowhere else.
"""

from __future__ import annotations

import fcntl
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, cast

import structlog
from sqlmodel import Field, SQLModel

from hallq import journal
from hallq.kernel import Change, Clock, Ms, Refused
from hallq.rows import Reader, RowType, Transaction

if TYPE_CHECKING:
    from hallq.ticketing.rules import Rules

V = TypeVar("V")
Command = Callable[..., Any]

BATCH = 256  # commands to a commit, at the most
log = structlog.get_logger("hallq.store")


class Locked(Exception):
    """Another hub holds this hall's database."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"another hub is running here (process {pid}); stop it first")
        self.pid = pid


class StorageError(Exception):
    """The disk did not take it: nothing of the batch was stored."""


class Request(SQLModel, table=True):
    """A creating request that succeeded: the same `request_id` gets the same answer."""

    caller: str = Field(primary_key=True)
    route: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True)
    body: str
    result: str
    day: str = Field(index=True)


class HubState(SQLModel, table=True):
    """Small facts of the hub itself: heartbeat, day, markers."""

    __tablename__: ClassVar[str] = "hub_state"
    key: str = Field(primary_key=True)
    value: str


@dataclass(slots=True)
class Job:
    """A command on its way: what to run, and who hears of it (on the writer's thread; must not block)."""

    command: Command
    kwargs: dict[str, Any]
    actor: str
    done: Any = None  # whatever the listener needs to answer the caller


@dataclass(slots=True)
class Outcome:
    job: Job
    value: Any = None
    error: Exception | None = None


@dataclass(slots=True)
class Batch:
    """What one commit held."""

    now: Ms
    outcomes: list[Outcome] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    effects: int = 0


class Listener(Protocol):
    """Hears of each batch, on the writer's thread, after its commit and before the next batch begins."""

    def __call__(self, batch: Batch, db: Reader) -> None: ...


class Store:
    """The database of one hall. `open` takes the lock; `start` begins to take commands."""

    def __init__(self, path: Path, clock: Clock, rules: Rules, followers: Sequence[Callable[[Any], None]] = ()) -> None:
        self.path = path
        self.clock = clock
        self.rules = rules
        self.followers = list(followers)
        self._lock = take_lock(path)
        self._connection: sqlite3.Connection = None  # type: ignore[assignment]  # from `load` on
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._readers = threading.local()
        self._open_readers: list[sqlite3.Connection] = []
        self._chain: journal.Chain | None = None
        self.last: Ms = 0  # the last committed time
        self._since = clock.monotonic()  # when that was
        self.beat: Ms | None = None  # the last heartbeat found at the start: where an outage began
        self.served: frozenset[tuple[str, str]] = frozenset()  # (effect kind, target) with a device behind it
        self.failed = False  # the last commit did not go through

    def load(self) -> None:
        """Read the journal's head and the last committed time; the schema must be in place."""
        self._connection = connect(self.path)
        self._chain = journal.Chain.load(self._connection)
        beat = self._connection.execute("SELECT value FROM hub_state WHERE key = 'heartbeat'").fetchone()
        self.beat = int(beat[0]) if beat else None
        self.last = max(self._chain.at, self.beat or 0)

    def start(self, listener: Listener) -> None:
        self._thread = threading.Thread(target=self._write, args=(listener,), name="hallq-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        self._jobs.put(job)

    def close(self) -> None:
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None
        for reader in self._open_readers:
            reader.close()
        self._open_readers.clear()
        if self._connection is not None:
            self._connection.close()
        os.close(self._lock)

    def now(self) -> Ms:
        """The wall clock's time; where that went back, the hall's own goes on from the last commit."""
        passed = max(0.0, self.clock.monotonic() - self._since)
        return max(self.clock.wall(), self.last + int(passed * 1000))

    def reader(self) -> Reader:
        """For this thread: a look at what is committed."""
        connection: sqlite3.Connection | None = getattr(self._readers, "connection", None)
        if connection is None:
            connection = self._readers.connection = connect(self.path, query_only=True)
            self._open_readers.append(connection)
        return Reader(connection, self.now(), self.rules)

    def look(self, look: Callable[..., V], *args: Any, **kwargs: Any) -> V:
        """A function over one snapshot of what is committed, on this thread."""
        reader = self.reader()
        reader.begin()
        try:
            return look(reader, *args, **kwargs)
        finally:
            reader.end()

    def run(self, command: Command, *, actor: str = "hub", **kwargs: Any) -> Any:
        """Run one command at once, where no writer thread is running (start-up, the command line)."""
        batch = self._commit([Job(command, kwargs, actor)])
        [outcome] = batch.outcomes
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    def _write(self, listener: Listener) -> None:
        while (first := self._jobs.get()) is not None:
            jobs, stop = _drain(self._jobs, first)
            batch = self._commit(jobs)
            try:
                listener(batch, Reader(self._connection, batch.now, self.rules))
            except Exception:
                log.exception("listener failed")
            if stop:
                return

    def _commit(self, jobs: list[Job]) -> Batch:
        batch = Batch(self.now())
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            entries = [self._perform(job, batch) for job in jobs]
            self._seal(batch, [entry for entry in entries if entry is not None])
        except Exception as error:
            self._give_up(jobs, batch, error)
        return batch

    def _perform(self, job: Job, batch: Batch) -> journal.Entry | None:
        tx = Transaction(self._connection, batch.now, self.rules, job.actor, self.served)
        execute = self._connection.execute
        execute("SAVEPOINT command")
        try:
            value = job.command(tx, **job.kwargs)
            for follow in self.followers:
                follow(tx)
            changes = tx.net()
            entry = _entry(job, tx, changes)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.IntegrityError):
                raise  # the disk, not the command: nothing of the batch can stand
            self._take_back(job, batch, error)
            return None
        execute("RELEASE command")
        batch.outcomes.append(Outcome(job, value))
        batch.changes += changes
        batch.effects += tx.effects
        return entry

    def _take_back(self, job: Job, batch: Batch, error: Exception) -> None:
        self._connection.execute("ROLLBACK TO command")
        self._connection.execute("RELEASE command")
        if not isinstance(error, Refused):
            log.error("command failed", command=job.command.__name__, exc_info=error)
        batch.outcomes.append(Outcome(job, error=error))

    def _seal(self, batch: Batch, entries: list[journal.Entry]) -> None:
        if not batch.changes and not entries:
            self._connection.execute("ROLLBACK")
            return
        chain = cast("journal.Chain", self._chain)
        sealed = chain.append(self._connection, entries, batch.now)
        self._connection.execute("COMMIT")
        self._chain = sealed
        self.failed = False
        self._since, self.last = self.clock.monotonic(), batch.now

    def _give_up(self, jobs: list[Job], batch: Batch, error: Exception) -> None:
        """Nothing of the batch stands and every caller hears it; the journal's head in memory is the committed one."""
        self.failed = True
        log.error("commit failed", error=str(error), commands=len(jobs))
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        batch.changes.clear()
        batch.effects = 0
        batch.outcomes = [Outcome(job, error=StorageError(str(error))) for job in jobs]


def _drain(jobs: queue.SimpleQueue[Job | None], first: Job) -> tuple[list[Job], bool]:
    taken = [first]
    while len(taken) < BATCH:
        try:
            job = jobs.get_nowait()
        except queue.Empty:
            break
        if job is None:
            return taken, True
        taken.append(job)
    return taken, False


def _entry(job: Job, tx: Transaction, changes: list[Change]) -> journal.Entry | None:
    rows = {}
    for change in changes:
        kind = RowType.of(change.model)
        if kind.covered:
            row = change.after if change.after is not None else change.before
            rows[kind.label(row)] = journal.digest(kind.columns, kind.personal, change.after)
    if not rows and not tx.facts:
        return None
    return journal.Entry(job.actor, job.command.__name__, tx.facts, rows)


def connect(path: Path, *, query_only: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512, timeout=10)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -16384")
    if query_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


def take_lock(path: Path) -> int:
    """An advisory lock on a file beside the database, which names its holder's process."""
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        pid = os.read(descriptor, 32).strip()
        os.close(descriptor)
        raise Locked(int(pid or 0)) from None
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor
