"""A hub as a pad should meet it, for the bench: it greets, beats, answers, and holds back what a check wants held."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from firmware_protocols import ProtocolError
from firmware_protocols.conform.bench import Bench, Failed
from firmware_protocols.conform.lines import Line
from firmware_protocols.eval_pad import (
    VERSION,
    AskChoices,
    AskHello,
    Choice,
    CitizenKind,
    CitizenSide,
    ClerkSide,
    Code,
    Host,
    HubBeat,
    HubHello,
    Key,
    KeyResult,
    ListId,
    PadHello,
    Rating,
    RatingStored,
    Screen,
    Shown,
    SignIn,
    Stored,
    WindowState,
    choices,
)  # fmt: skip

HELLO, BEAT, SILENCE, RESEND, KEY_AGAIN, KEY_LIFE = 2.0, 5.0, 15.0, 2.0, 1.0, 10.0  # section 9, in seconds
LISTS = {
    ListId.LEVELS: tuple(Choice(str(n), f"{n}") for n in (5, 4, 3, 2, 1)),
    ListId.REASONS: (Choice("eff.wait", "等候时间长", "Long wait", 0b110),),
}
Check = tuple[str, str, Callable[["PadBench"], str]]  # section, what, and how; the answer: what was seen


def into(checks: list[Check], section: str, name: str) -> Callable[[Callable[["PadBench"], str]], None]:
    def add(run: Callable[["PadBench"], str]) -> None:
        checks.append((section, name, run))

    return add


class PadBench(Bench):
    """A hub that answers as it should, but for what a check holds back."""

    def __init__(self, connect: Callable[[], Line]) -> None:
        super().__init__(connect)
        self._decoder = Host()
        self._beat_at = 0.0
        self.version = int(time.time()) & 0x7FFF_FFFF
        self.lists = self.version & 0xFFFF
        self.screen: Screen | None = None
        self.greeting: PadHello | None = None
        self.held: tuple[type[Any], ...] = ()  # messages that are not answered for now
        self.silent = False

    @contextmanager
    def holding(self, *kinds: type[Any]) -> Iterator[None]:
        """Messages of these kinds get no answer meanwhile."""
        self.held = kinds
        try:
            yield
        finally:
            self.held = ()

    def opened(self) -> None:
        self._decoder = Host()

    def decode(self, data: bytes) -> list[Any]:
        return self._decoder.feed(data)

    def say(self, message: Any) -> None:
        self.line.write(message.encode())

    def beat(self, now: float) -> None:
        if not self.silent and self.greeting is not None and now - self._beat_at >= BEAT * self.tempo:
            self._beat_at = now
            self.say(HubBeat(self.screen.version if self.screen else 0))

    def answer(self, message: Any) -> None:
        if self.silent or isinstance(message, self.held):
            return
        match message:
            case PadHello():
                self.welcome(message)
            case Key() | SignIn():
                self.say(KeyResult(message.key_id, Code.OK))
            case Rating():
                self.say(RatingStored(message.rating_id, Stored.STORED))
            case AskChoices(which=which) if which in LISTS:
                for part in choices(ListId(which), self.lists, LISTS[ListId(which)]):
                    self.say(part)

    def welcome(self, hello: PadHello) -> None:
        self.greeting = hello
        self.say(HubHello(VERSION, hello.boot_id, "3", "测试大厅", "Test hall", "zh-CN,en", self.lists))
        if self.screen is not None:
            self.say(self.screen)

    def draw(self, citizen: CitizenSide | None = None, **clerk: Any) -> Screen:
        """The next screen, not yet sent."""
        self.version += 1
        side = ClerkSide(self.version + 1000, clerk.pop("state", WindowState.OPEN), "王芳", waiting=4, **clerk)
        self.screen = Screen(self.version, citizen or CitizenSide(CitizenKind.IDLE, clerk_name="王芳"), side)
        return self.screen

    def show(self, screen: Screen) -> None:
        """Sends it and waits for its proof."""
        at = len(self.heard)
        self.say(screen)
        self.shown(screen, at)

    def shown(self, screen: Screen, since: int) -> None:
        if self.wait(lambda got: got == Shown(screen.version), self.within(RESEND), since) is None:
            raise Failed(f"no Shown for version {screen.version}; heard {names(self.heard[since:])}")

    def greet(self) -> PadHello:
        """A session, from wherever the pad is."""
        at = len(self.heard)
        self.say(AskHello())
        hello = self.wait(lambda got: isinstance(got, PadHello), self.within(HELLO), at)
        if hello is None:
            raise Failed(f"no PadHello within {HELLO:.0f} s of AskHello; heard {names(self.heard[at:])}")
        assert isinstance(hello, PadHello)
        return hello


def names(heard: list[tuple[float, Any]]) -> str:
    """Names alone: a frame may hold a PIN or a rating."""
    found = [
        f"bad bytes ({got})" if isinstance(got, ProtocolError) else type(got).__name__
        for _, got in heard
    ]  # fmt: skip
    return ", ".join(dict.fromkeys(found)) or "nothing"
