"""ESC/POS ticket printers: a stream of commands without frames one way, status bytes the other (specs/escpos.md).
What each command and reply is stands in escpos_commands and escpos_status; users import it from here."""

import re

from firmware_protocols.escpos_commands import (
    Align,
    AutoStatus,
    Barcode,
    Beep,
    Bold,
    BufferedRequest,
    Command,
    Cut,
    Feed,
    Graphics,
    HanziOff,
    HanziOn,
    HanziStyle,
    Identify,
    Initialise,
    LineFeed,
    Pulse,
    Raster,
    Size,
    StatusRequest,
    Style,
    Symbol,
    Text,
    command,
)
from firmware_protocols.escpos_grammar import BLOCKS, CONTROLS, PREFIXES, length, opcode
from firmware_protocols.escpos_status import (
    BufferedReply,
    FlowControl,
    Host,
    InfoBlock,
    Reply,
    Status,
    StatusBlock,
    StatusReply,
    status,
)
from firmware_protocols.framing import Message, ProtocolError, Stream, shown

__all__ = [
    "Align", "AutoStatus", "Barcode", "Beep", "Bold", "BufferedReply", "BufferedRequest", "Command", "Cut", "Device",
    "Feed", "FlowControl", "Graphics", "HanziOff", "HanziOn", "HanziStyle", "Host", "Identify", "InfoBlock",
    "Initialise", "LineFeed", "Pulse", "Raster", "Reply", "Size", "Status", "StatusBlock", "StatusReply",
    "StatusRequest", "Style", "Symbol", "Text", "hanzi_line", "qr", "status",
]  # fmt: skip

MAX_TEXT = 4096  # longer text without any control byte comes out in pieces of this size
GETA = "〓".encode("gb18030")  # printed in place of a character that no two-byte font holds

_INSIDE = re.compile(rb"\x10\x04([\x01-\x04])")
_CONTROL = re.compile(rb"[\x00-\x1f]")


class Device(Stream[Message]):
    """Decodes what the host sends. A status request inside a block comes out on arrival; the block stays whole."""

    def __init__(self) -> None:
        super().__init__(self._take)
        self._searched = 0

    def end(self) -> list[Message | ProtocolError]:
        """Text needs no end of line to be text. Behind a broken command there is nothing to resynchronise on."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        self._searched, self._lost = 0, False
        if not rest:
            return []
        return [Text(rest) if rest[0] >= 0x20 else ProtocolError(f"incomplete: {shown(rest)}")]

    def _take(self, buffer: bytearray) -> tuple[int, Message | ProtocolError | None] | None:
        if buffer[0] >= 0x20:
            return _take_text(buffer)
        if buffer[0] not in PREFIXES:
            return _take_control(buffer)
        try:
            code = opcode(buffer)
            return self._take_command(code, length(code, buffer))
        except IndexError:
            return None
        except ProtocolError as error:
            return 2, error

    def _take_command(self, code: bytes, total: int) -> tuple[int, Message] | None:
        if code in BLOCKS and (request := self._overheard(total)):
            return 0, request
        if len(self._buffer) < total:
            return None
        self._searched = 0
        return total, command(code, bytes(self._buffer[:total]))

    def _overheard(self, total: int) -> StatusRequest | None:
        """The next status request in the part of a block that has arrived (its opcode and length are not searched)."""
        here = min(total, len(self._buffer))
        found = _INSIDE.search(self._buffer, max(self._searched, 5), here)
        self._searched = found.end() if found else max(self._searched, here - 2)
        return StatusRequest(found[1][0], inside=True) if found else None


def _take_text(buffer: bytearray) -> tuple[int, Message] | None:
    found = _CONTROL.search(buffer, 0, MAX_TEXT)
    if not found and len(buffer) < MAX_TEXT:
        return None
    end = found.start() if found else MAX_TEXT
    return end, Text(bytes(buffer[:end]))


def _take_control(buffer: bytearray) -> tuple[int, Message | None]:
    if buffer[0] not in CONTROLS:
        return 1, None
    return 1, LineFeed() if buffer[0] == 0x0A else Command(bytes(buffer[:1]), b"")


def hanzi_line(text: str) -> tuple[bytes, str]:
    """One line in hanzi mode, and the characters that the printer's font cannot hold (printed as 〓)."""
    out, replaced = bytearray(), ""
    for character in text:
        data = character.encode("gb18030", "replace")
        if len(data) > 2 or data[0] < 0x20:
            data, replaced = GETA, replaced + character
        out += data
    return HanziOn().encode() + bytes(out) + b"\n" + HanziOff().encode(), replaced


def qr(text: str, module: int = 6, level: str = "M") -> list[Symbol]:
    """Model 2, module size 1..16 dots, level L, M, Q or H."""
    correction = 48 + "LMQH".index(level)
    settings = [(65, b"2\0"), (67, bytes([module])), (69, bytes([correction]))]
    return [Symbol(49, fn, data) for fn, data in [*settings, (80, b"0" + text.encode()), (81, b"0")]]
