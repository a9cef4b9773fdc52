"""A kind of device is a codec with its page and vectors, a driver, a simulated device and a line in the catalogue."""

from pathlib import Path

import pytest
from pydantic import ValidationError

import firmware_protocols
from firmware_protocols import PROTOCOLS
from hallq.devices.catalogue import DRIVERS
from hallq.devices.simulators.kinds import simulator
from tests.devices.rig import Rig

HERE = Path(firmware_protocols.__file__).parent
WIRED = sorted(set(DRIVERS) - {"speaker"})  # the loudspeaker has no wire
PLACES = {
    "escpos": {"kiosk", "window"}, "onbon-bxk": {"window"}, "modbus-text": {"window"}, "eval-pad": {"window"},
    "evdev-keypad": {"window", "kiosk"}, "ff68-keypad": {"window"}, "ff68-evaluator": {"window"},
    "idcard-sam": {"kiosk"}, "speaker": {"zone"}, "syn6288": {"zone"}, "syn6658": {"zone"}, "xfs5152": {"zone"},
}  # fmt: skip
DEFAULTS = {
    "evdev-keypad": {"keys": {}},
    "ff68-keypad": {"address": 1},
    "ff68-evaluator": {"address": 1, "levels": {"0": 4, "1": 5, "2": 2, "3": 1}},
    "escpos": {"columns": 48, "status": True, "near_end": True, "big": "gs"},
    "onbon-bxk": {
        "width": 96, "height": 16, "address": 1, "charset": "gb2312", "overflow": "page", "lease_s": 60,
    },
    "modbus-text": {"profile": "led-485", "address": 1},
    "eval-pad": {},
    "idcard-sam": {},
}  # fmt: skip


def protocol(driver: str) -> str:
    return DRIVERS[driver].protocol


def test_the_catalogue_is_what_halls_may_name() -> None:
    assert {name: set(driver.places) for name, driver in DRIVERS.items()} == PLACES
    assert {protocol(name) for name in WIRED} == set(PROTOCOLS)


@pytest.mark.parametrize("name", WIRED)
async def test_nothing_of_the_four_is_missing(rig: Rig, name: str) -> None:
    assert (HERE / "specs" / f"{protocol(name)}.md").stat().st_size > 1000
    assert (HERE / "vectors" / f"{protocol(name)}.json").stat().st_size > 1000
    device = simulator(rig.entry(name))
    assert device.protocol == protocol(name)
    assert isinstance(device.state(), dict)
    device.stop()
    driver = DRIVERS[name]
    assert driver.shows is None or driver.performs is None
    assert driver.shows or driver.performs or driver.listens


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_the_options_that_are_promised(name: str) -> None:
    assert DRIVERS[name].Options().model_dump() == DEFAULTS[name]


@pytest.mark.parametrize("name", sorted(DRIVERS))
def test_an_unknown_option_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        DRIVERS[name].Options.model_validate({"colour": "red"})
