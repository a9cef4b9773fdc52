"""Driver x fault x transport: a device finds back to the newest screen, loses nothing that it acknowledged to a person,
and makes no other device wait. All faults of a driver at once, each on a device of its own; cases: matrix_cases.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from hallq.devices import inputs
from hallq.devices.catalogue import DRIVERS
from hallq.devices.drivers import ff68
from hallq.devices.fleet import Port
from hallq.devices.links import Line
from hallq.devices.simulators.host import LINE_FAULTS
from tests.devices.matrix_cases import CASES, WITHOUT, Bed, Case
from tests.devices.rig import TEMPO, Rig, now, until

TRANSPORTS = ["pty", "tcp", "relay"]
BUSY_S = 2.5  # of this machine, for other work: no device's time
OPENED: dict[str, float] = {}  # link -> when it was last opened


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The matrix never presses the same twice in a row: a machine that stalls must not make two presses of one."""
    for name in ("KEY_AGAIN_S", "BUTTON_AGAIN_S"):
        monkeypatch.setattr(ff68, name, 100.0)


@pytest.fixture(autouse=True)
async def _openings(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    opening = Port._open

    async def opened(port: Port) -> Line:
        line = await opening(port)
        OPENED[port._driver.entry.link] = now()
        return line

    monkeypatch.setattr(Port, "_open", opened)
    yield
    OPENED.clear()


def test_every_driver_has_its_case() -> None:
    assert {case.driver for case in CASES} | set(WITHOUT) == set(DRIVERS), "add yours in matrix_cases.py"


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.driver)
async def test_it_converges(rig: Rig, case: Case, transport: str) -> None:
    faults = ["", *LINE_FAULTS, *case.faults]
    for fault in faults:
        rig.device(case.driver, transport, id=f"{case.driver}-{fault or 'well'}")
    told: dict[str, list[inputs.Input]] = {entry.id: [] for entry in rig.entries}
    rig.events.told = told
    with capture_logs() as logs:
        fleet = await rig.start()
        beds = [Bed(entry.id, host, fleet, told[entry.id]) for entry, host in zip(rig.entries, rig.hosts, strict=True)]
        works = [_endures(rig, case, bed, fault) for bed, fault in zip(beds, faults, strict=True)]
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    assert not [line for line in logs if line.get("exc_info")]


async def _endures(rig: Rig, case: Case, bed: Bed, fault: str) -> None:
    try:
        await (_through(rig, case, bed, fault) if fault else _undisturbed(rig, case, bed))
        await until(lambda: case.settled(bed))
        case.check(bed)
    except Exception as error:
        error.add_note(f"{bed.id}: {bed.state}, {bed.fleet.health()[bed.id]}")
        raise


async def _through(rig: Rig, case: Case, bed: Bed, fault: str) -> None:
    await _stands(rig, case, bed, 0)
    bed.host.fault(fault, True)
    case.hand(bed)
    for n in (1, 2, 3):
        await case.act(bed, n)
        await asyncio.sleep(TEMPO)
    if fault == "unplug":
        await rig.state(bed.id, "down")
    bed.host.fault(fault, False)
    since = now()
    newest = 3
    link = next(entry.link for entry in rig.entries if entry.id == bed.id)
    if case.fresh:
        newest = 4
        await case.act(bed, newest)
    await until(lambda: case.arrived(bed, newest))
    opened = OPENED[link]
    took = now() - max(since, opened)
    unanswered = 0 if opened > since else 2.0  # a question under way when the fault ended has its own time
    assert took < (case.within + unanswered) * TEMPO + BUSY_S, f"{took:.2f} s"
    case.hand(bed)


async def _undisturbed(rig: Rig, case: Case, bed: Bed) -> None:
    """Beside all the others' faults."""
    await _stands(rig, case, bed, 0)
    for n in (1, 2, 3, 4):
        begun = now()
        await case.act(bed, n)
        await until(lambda: case.arrived(bed, n))  # noqa: B023  awaited here
        assert now() - begun < case.within * TEMPO + BUSY_S
        case.hand(bed)


async def _stands(rig: Rig, case: Case, bed: Bed, n: int) -> None:
    await rig.up(bed.id)
    await case.act(bed, n)
    await until(lambda: case.arrived(bed, n))
    case.hand(bed)
