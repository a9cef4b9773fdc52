"""Which simulated device stands in for which driver's."""

from __future__ import annotations

from hallq.devices.drivers import modbus_profile
from hallq.devices.entry import Entry
from hallq.devices.simulators.base import Simulator
from hallq.devices.simulators.card_reader import SimCardReader
from hallq.devices.simulators.ff68 import SimEvaluator, SimKeypad
from hallq.devices.simulators.modbus import SimModbus
from hallq.devices.simulators.pad import SimPad
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.speech import SimSpeechChip
from hallq.devices.simulators.strip import SimStrip
from hallq.devices.simulators.usb_keypad import SimUsbKeypad


def simulator(entry: Entry, tempo: float = 1.0) -> Simulator:
    """As the entry's options describe it."""
    options = entry.options.model_dump()
    match entry.driver:
        case "escpos":
            return SimPrinter(tempo, columns=options["columns"], big=options["big"])
        case "modbus-text":
            return SimModbus(tempo, profile=modbus_profile.load(options["profile"]), unit=options["address"])
        case "onbon-bxk":
            return SimStrip(tempo, width=options["width"], address=options["address"])
        case "eval-pad":
            return SimPad(tempo, serial=entry.id)
        case "idcard-sam":
            return SimCardReader(tempo)
        case "evdev-keypad":
            return SimUsbKeypad(tempo)
        case "ff68-keypad":
            return SimKeypad(tempo, address=options["address"])
        case "ff68-evaluator":
            return SimEvaluator(tempo, address=options["address"])
        case chip:
            return SimSpeechChip(chip, tempo)
