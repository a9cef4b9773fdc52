"""Every driver that hall.toml may name. A new kind of device is one line here."""

from hallq.devices.driver import Driver
from hallq.devices.drivers.escpos import TicketPrinter
from hallq.devices.drivers.eval_pad import EvalPad
from hallq.devices.drivers.evdev_keypad import EvdevKeypad
from hallq.devices.drivers.ff68 import Ff68Evaluator, Ff68Keypad
from hallq.devices.drivers.id_card import CardReader
from hallq.devices.drivers.modbus_text import ModbusText
from hallq.devices.drivers.onbon import LedStrip
from hallq.devices.drivers.speaker import Speaker
from hallq.devices.drivers.speech_chip import Syn6288, Syn6658, Xfs5152

__all__ = ["DRIVERS", "Driver"]

DRIVERS: dict[str, type[Driver]] = {
    driver.name: driver
    for driver in (
        TicketPrinter,
        LedStrip,
        ModbusText,
        Speaker,
        Syn6288,
        Syn6658,
        Xfs5152,
        EvalPad,
        CardReader,
        Ff68Keypad,
        EvdevKeypad,
        Ff68Evaluator,
    )
}
