"""A ticket printer: a buffer, a paper roll with its cut slips as text, real-time status, sensors that can be set.

DLE EOT is answered on arrival, everything else waits in the buffer, which stands still without paper or lid.
"""

from __future__ import annotations

import base64
from collections import deque
from typing import Any

from firmware_protocols import ProtocolError
from firmware_protocols.escpos import (
    Align,
    Barcode,
    Bold,
    BufferedReply,
    BufferedRequest,
    Command,
    Cut,
    Feed,
    HanziStyle,
    Initialise,
    LineFeed,
    Raster,
    Size,
    StatusReply,
    StatusRequest,
    Symbol,
    Text,
)
from hallq.devices.simulators.base import Simulator

CLEAR = Command(b"\x10\x05", b"\x02")
BARCODE_HEIGHT = b"\x1dh"
LINE_S = 0.03
KEPT = 100  # slips
ALIGNS = ("left", "centre", "right")


class SimPrinter(Simulator):
    protocol = "escpos"

    def __init__(self, tempo: float = 1.0, *, columns: int = 48, big: str = "gs") -> None:
        super().__init__(tempo)
        self._columns = columns
        self._big = big  # fs: an older one, whose hanzi know only FS !
        self._faults: set[str] = set()
        self._buffer: deque[Any] = deque()
        self._busy = False
        self._errors = 0
        self._slips: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._printed = 0
        self._lines: list[dict[str, Any]] = []
        self._symbol, self._module, self._bar, self._fed = "", 3, 162, 0
        self._words, self._size, self._align, self._bold, self._double = "", (1, 1), "left", False, False

    def state(self) -> dict[str, Any]:
        return {
            "kind": "printer",
            "columns": self._columns,
            "slips": list(self._slips),
            "printed": self._printed,
            "hanging": list(self._lines),
            "paper": "out" if "paper_out" in self._faults else "low" if "paper_low" in self._faults else "ok",
            "cover": "open" if "cover_open" in self._faults else "closed",
            "wrong_bytes": self._errors,
        }

    def fault(self, name: str, on: bool) -> None:
        if name not in ("paper_low", "paper_out", "cover_open", "cutter"):
            super().fault(name, on)
        (self._faults.add if on else self._faults.discard)(name)
        self._work()

    def heard(self, message: Any) -> None:
        if isinstance(message, StatusRequest):
            if message.n in (1, 2, 3, 4):
                self.say(StatusReply(self._status(message.n)))
        elif message == CLEAR:
            self._buffer.clear()
            self._tear()
        else:
            self._buffer.append(message)
            self._work()

    def misheard(self, error: ProtocolError) -> None:
        self._errors += 1

    # -- sensors

    @property
    def _stopped(self) -> bool:
        return bool(self._faults & {"paper_out", "cover_open", "cutter"})

    def _status(self, n: int) -> int:
        out, low, cover = (name in self._faults for name in ("paper_out", "paper_low", "cover_open"))
        bits = {
            1: 0x08 * self._stopped,
            2: 0x04 * cover | 0x20 * out | 0x40 * ("cutter" in self._faults),
            3: 0x08 * ("cutter" in self._faults),
            4: 0x0C * (low or out) | 0x60 * out,
        }
        return 0x12 | bits[n]

    # -- paper

    def _work(self) -> None:
        """One thing after the other; a line takes its time."""
        while self._buffer and not self._busy and not self._stopped:
            if self._print(self._buffer.popleft()):
                self._busy = True
                self.later(LINE_S, self._on)

    def _on(self) -> None:
        self._busy = False
        self._work()

    def _print(self, message: Any) -> bool:
        """True: it moved the paper."""
        match message:
            case Text():
                self._words += message.text
            case LineFeed():
                self._add(text=self._words)
                self._words = ""
                return True
            case Feed(lines=lines):
                self._fed += lines
                return True
            case Symbol() | Barcode() | Raster():
                return self._draw(message)
            case Command(opcode=code, data=data) if code == BARCODE_HEIGHT:
                self._bar = data[0]
            case Cut():
                self._cut(whole=True)
                return True
            case BufferedRequest():
                self.say(BufferedReply(0x03 if "paper_low" in self._faults else 0))
            case Size():
                self._size = (message.width, message.height)
            case Align(n=n):
                self._align = ALIGNS[n % 48 % 3]
            case Bold(n=n):
                self._bold = bool(n & 1)
            case HanziStyle(n=n):
                self._double = n & 0x0C == 0x0C
            case Initialise():
                self._reset()
        return False

    def _draw(self, message: Symbol | Barcode | Raster) -> bool:
        match message:
            case Symbol(cn=49, fn=67, data=data):
                self._module = data[0]
            case Symbol(cn=49, fn=80):
                self._symbol = message.text or ""
            case Symbol(cn=49, fn=81):
                self._add(qr=self._symbol, module=self._module)
                return True
            case Barcode():
                self._add(barcode=message.text.removeprefix("{B").replace("{{", "{"), dots=self._bar)
                return True
            case Raster(width=width, height=height, data=data):
                dots = base64.b64encode(data).decode()
                self._add(raster=dots, bytes_across=width, rows=height)
                return True
        return False

    def _add(self, **what: Any) -> None:
        """Empty paper counts when something follows it before the cut."""
        look: dict[str, Any] = {"width": self._size[0], "height": self._size[1], "align": self._align}
        if self._big == "fs":
            look["hanzi"] = 2 if self._double else 1
        if self._fed:
            self._lines.append({"feed": self._fed} | look | {"bold": False})
        self._fed = 0
        self._lines.append(what | look | {"bold": self._bold})

    def _cut(self, whole: bool) -> None:
        self._printed += whole
        self._slips.append({"lines": self._lines, "cut": whole})
        self._lines, self._fed = [], 0

    def _tear(self) -> None:
        """What hangs out of a printer that was stopped and cleared is torn off by hand."""
        self._reset()
        if self._lines:
            self._cut(whole=False)

    def _reset(self) -> None:
        self._words, self._size, self._align, self._bold, self._double = "", (1, 1), "left", False, False
