"""What the matrix does with each driver: how something is shown, pressed or printed, and how to see that it arrived.

A new driver adds one line to CASES. What it shows: `Shows(driver, the n-th screen, whether the device shows it)`. What
it prints or says: `Performs(driver, the n-th job, how many such the device has made)`. What people press on it:
`Presses(driver, the n-th press, whether an input is what it means)`. `faults` are the device's own, beside its line's;
those that only time tells (a deaf keypad's repeats) are in the driver's own tests.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hallq.devices import inputs
from hallq.devices.fleet import Fleet
from hallq.devices.simulators.card_reader import person
from hallq.devices.simulators.host import SimHost
from hallq.displays.screens import EvaluatorScreen, KeypadScreen, PadScreen, Slip, SlipLine, StripScreen
from tests.devices.rig import pad_screen, speech, until

KEYS = ("recall", "call_next")
SOON_S = 0.3  # for what a fault may keep from coming at all
LONG_S = 20.0


@dataclass
class Bed:
    """One device under one fault."""

    id: str
    host: SimHost
    fleet: Fleet
    inputs: list[inputs.Input]  # what the hall was told by it
    jobs: dict[int, asyncio.Task[str]] = field(default_factory=dict)
    pressed: list[Any] = field(default_factory=list)

    @property
    def device(self) -> Any:
        return self.host.device

    @property
    def patience(self) -> float:
        return SOON_S if self.host.faults else LONG_S

    @property
    def state(self) -> dict[str, Any]:
        return self.host.device.state()


class Case:
    """`n` counts what is shown, done or pressed, from 0."""

    within = 1.0  # seconds of the device's time from the link's opening until the newest stands
    fresh = False  # what was begun under a fault may end with it: what comes after it must arrive

    def __init__(self, driver: str, *, faults: tuple[str, ...] = ()) -> None:
        self.driver = driver
        self.faults = faults

    async def act(self, bed: Bed, n: int) -> None:
        raise NotImplementedError

    def arrived(self, bed: Bed, n: int) -> bool:
        raise NotImplementedError

    def hand(self, bed: Bed) -> None:
        """What a person does at the device meanwhile."""

    def settled(self, bed: Bed) -> bool:
        """Nothing that the device acknowledged to a person is on its way any more, nor lost."""
        return True

    def check(self, bed: Bed) -> None:
        """In the end: nothing happened twice."""


class Shows(Case):
    def __init__(
        self, driver: str, screen: Callable[[int], Any], seen: Callable[[dict[str, Any], int], bool], **more: Any
    ) -> None:
        super().__init__(driver, **more)
        self._screen, self._seen = screen, seen

    async def act(self, bed: Bed, n: int) -> None:
        bed.fleet.show(bed.id, self._screen(n))

    def arrived(self, bed: Bed, n: int) -> bool:
        return self._seen(bed.state, n)


class Pad(Shows):
    """A rating that the pad has thanked for must arrive, whatever happens to the line."""

    def hand(self, bed: Bed) -> None:
        token = bed.state["citizen"].get("token", "")
        if bed.device.rate(4):
            bed.pressed.append(token)

    def settled(self, bed: Bed) -> bool:
        arrived = {what.token for what in bed.inputs if isinstance(what, inputs.Rated)}
        return bed.state["pending"] == 0 and arrived >= set(bed.pressed)


class Presses(Case):
    """`press` is a finger at the device, never twice the same in a row; `means` tells its input in the hall."""

    fresh = True

    def __init__(
        self, driver: str, press: Callable[[Any, int], None], means: Callable[[Any, int], bool],
        show: Callable[[int], Any] | None = None, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(driver, **more)
        self._press, self._means, self._show = press, means, show

    async def act(self, bed: Bed, n: int) -> None:
        if self._show is not None:
            bed.fleet.show(bed.id, self._show(n))
        bed.pressed.append(len(bed.inputs))
        self._press(bed.device, n)

    def arrived(self, bed: Bed, n: int) -> bool:
        return not bed.device.busy and any(self._means(what, n) for what in bed.inputs[bed.pressed[-1] :])

    def settled(self, bed: Bed) -> bool:
        """Frames of FF 68 have no numbers: a press that was given up and made again may count as one."""
        given_up = getattr(bed.device, "given_up", 0)
        return not bed.device.busy and len(bed.inputs) >= bed.device.answered - given_up

    def check(self, bed: Bed) -> None:
        assert len(bed.inputs) <= len(bed.pressed), "a press was counted twice"


class Unheard(Presses):
    """What is pressed while nobody listens is lost: the finger waits for the line for a moment."""

    async def act(self, bed: Bed, n: int) -> None:
        with suppress(TimeoutError):
            await until(lambda: bed.fleet.health()[bed.id].state == "up", bed.patience)
        await super().act(bed, n)


class Performs(Case):
    """A job that is said to be done was done; none is done twice."""

    within = 3.0  # jobs take their time
    fresh = True

    def __init__(
        self, driver: str, job: Callable[[int], Any], made: Callable[[dict[str, Any], int], int], **more: Any
    ) -> None:
        super().__init__(driver, **more)
        self._job, self._made = job, made

    async def act(self, bed: Bed, n: int) -> None:
        bed.jobs[n] = asyncio.create_task(bed.fleet.perform(bed.id, self._job(n), seconds=30))

    def arrived(self, bed: Bed, n: int) -> bool:
        return bed.jobs[n].done() and bed.jobs[n].result() == "done"

    def settled(self, bed: Bed) -> bool:
        return all(job.done() for job in bed.jobs.values())

    def check(self, bed: Bed) -> None:
        for n, job in bed.jobs.items():
            assert self._made(bed.state, n) <= 1, f"job {n} was done twice"
            assert job.result() != "done" or self._made(bed.state, n) == 1, f"job {n} is called done"


class Cards(Case):
    """A card that lies on the reader when its line is well again is read; each once."""

    fresh = True
    within = 5.0  # a look, and a card's own 1.3 KB

    async def act(self, bed: Bed, n: int) -> None:
        """Nobody is quicker than two looks of the hub."""
        bed.device.lift()
        seen = bed.device.looks
        with suppress(TimeoutError):
            await until(lambda: bed.device.looks >= seen + 2, bed.patience)
        bed.device.put(person(f"测{'一二三四五六七八九'[n]}", "19990102", n + 1))

    def arrived(self, bed: Bed, n: int) -> bool:
        return f"测{'一二三四五六七八九'[n]}" in [getattr(what, "name", "") for what in bed.inputs]


def slip(n: int) -> Slip:
    return Slip(f"A00{n}", (SlipLine(f"A00{n}", size=2, bold=True), SlipLine("县政务服务中心")))


def slips(state: dict[str, Any], n: int) -> int:
    return sum(any(line.get("text") == f"A00{n}" for line in each["lines"]) for each in state["slips"])


def sentences(state: dict[str, Any], n: int) -> int:
    said = [each["text"] for each in state["spoken"]] + [state["speaking"]]
    return said.count(words(n))


def words(n: int) -> str:
    return "请" + "一二三四五六七八九"[n]


def invitation(n: int) -> PadScreen:
    return pad_screen(n + 1, "rate", token=f"token-{n}", number=f"A00{n}", until=int(time.time() * 1000) + 600_000)


def page(n: int) -> StripScreen:
    return StripScreen((f"A00{n}",))


CASES = [
    Shows("onbon-bxk", page, lambda state, n: state["pages"] == [f"A00{n}"], faults=("power",)),
    Shows("modbus-text", page, lambda state, n: state["pages"] == [f"A00{n}"], faults=("power",)),
    Pad("eval-pad", invitation, lambda state, n: state["citizen"].get("number") == f"A00{n}"),
    Presses("ff68-keypad", lambda keypad, n: keypad.press(KEYS[n % 2]), lambda key, n: key.verb[:4] == KEYS[n % 2][:4],
            show=lambda n: KeypadScreen(n, "serving", f"A00{n}", n)),
    Presses("ff68-evaluator", lambda evaluator, n: evaluator.press(n % 2), lambda button, n: button.level == 4 + n % 2,
            show=lambda n: EvaluatorScreen("token")),
    Unheard("evdev-keypad", lambda keypad, n: keypad.press(("KPMINUS", "KPPLUS")[n % 2]),
            lambda key, n: key.verb == ("recall", "finish")[n % 2]),
    Performs("escpos", slip, slips, faults=("paper_out", "cover_open", "paper_low")),
    *(Performs(chip, lambda n: speech(words(n)), sentences) for chip in ("syn6288", "syn6658", "xfs5152")),
    Cards("idcard-sam", faults=("garbage",)),
]  # fmt: skip
WITHOUT = {"speaker": "a process, no line: its own faults are in test_speaker.py"}
