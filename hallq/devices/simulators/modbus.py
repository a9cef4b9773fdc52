"""A Modbus display: holds registers, and shows what they hold of the places where its profile has the text."""

from __future__ import annotations

from typing import Any

from firmware_protocols.modbus_text import BROADCAST, Read, Refused, Registers, Write, WriteMany, Written
from hallq.devices.drivers.modbus_profile import Profile
from hallq.devices.simulators.base import Simulator

COLUMN = 8  # dots, as the LED strips count
NO_FUNCTION, NO_ADDRESS = 1, 2


class SimModbus(Simulator):
    """Faults: refuse (it knows no such register), power (dark and silent; it comes back empty)."""

    protocol = "modbus-text"

    def __init__(self, tempo: float = 1.0, *, profile: Profile, unit: int = 1) -> None:
        super().__init__(tempo)
        self._profile, self._unit = profile, unit
        self._registers: dict[int, bytes] = {}
        self._faults: set[str] = set()
        self.frames = 0  # writes obeyed

    def state(self) -> dict[str, Any]:
        lines = [self._line(start) for start in self._profile.starts] if self._registers else []
        return {
            "kind": "strip", "pages": [" ".join(filter(None, lines))] if lines else [], "lines": lines, "page_s": 0,
            "scrolls": False, "colour": "red", "width": self._profile.width * COLUMN, "address": self._unit,
            "frames": self.frames,
        }  # fmt: skip

    def fault(self, name: str, on: bool) -> None:
        if name not in ("refuse", "power"):
            super().fault(name, on)
        (self._faults.add if on else self._faults.discard)(name)
        if name == "power":
            self._registers = {}

    def heard(self, message: Any) -> None:
        if message.unit not in (self._unit, BROADCAST) or "power" in self._faults:
            return
        answer = self._obey(message)
        if message.unit != BROADCAST:
            self.say(answer)

    def _obey(self, message: Any) -> Any:
        match message:
            case Read(unit, start, count) if self._profile.readable:
                words = (self._registers.get(register, b"\0\0") for register in range(start, start + count))
                return Registers(unit, b"".join(words))
            case Read(unit, _, _):
                return Refused(unit, 3, NO_FUNCTION)
            case Write() if "refuse" in self._faults:
                return Refused(message.unit, 6, NO_ADDRESS)
            case WriteMany() if "refuse" in self._faults:
                return Refused(message.unit, 16, NO_ADDRESS)
            case Write(_, register, value):
                return self._keep(register, value.to_bytes(2, "big"), message)
            case _:
                return self._keep(message.start, message.data, self._written(message))

    def _keep(self, start: int, data: bytes, answer: Any) -> Any:
        self.frames += 1
        for at in range(0, len(data), 2):
            self._registers[start + at // 2] = data[at : at + 2]
        return answer

    def _written(self, message: WriteMany) -> Written:
        return Written(message.unit, message.start, len(message.data) // 2)

    def _line(self, start: int) -> str:
        profile = self._profile
        if profile.packing == "number":
            return str(int.from_bytes(self._registers.get(start, b"\0\0"), "big", signed=True))
        size = profile.width if profile.packing == "single" else profile.width // 2
        words = [self._registers.get(start + at, b"\0\0") for at in range(size)]
        data = b"".join(word[1:] if profile.packing == "single" else word for word in words)
        return data.replace(b"\0", b" ").decode("gbk", "replace").strip()
