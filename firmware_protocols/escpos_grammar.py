"""How long each ESC/POS command is: the only thing one must know of a command to find the next one.
Sources of the lengths: specs/escpos.md. What is not listed here is an error, since its end cannot be known."""

from collections.abc import Callable

from firmware_protocols.framing import ProtocolError, shown

MAX_BLOCK = 1 << 20  # bytes of one command: a full-width raster of 14,000 dot lines; more is a lost length field
MAX_NUL_ENDED = 258  # a barcode or a tab list that has no end by then never gets one

DLE, ESC, FS, GS = b"\x10", b"\x1b", b"\x1c", b"\x1d"
PREFIXES = DLE + ESC + FS + GS

# single control characters that mean something: HT, LF, FF, CR, CAN
CONTROLS = b"\t\n\x0c\r\x18"

# opcodes of three bytes begin with one of these
THREE_BYTE = frozenset({b"\x1bc", b"\x1cg", b"\x1dC", b"\x1dg", b"\x1dz", b"\x1dv", b"\x1dQ"})


def _fixed() -> dict[bytes, int]:
    """Opcode -> number of parameter bytes."""
    table = {
        ESC: {0: b"@2LSimv<\x0c", 1: b" !-3%=?AEGJKMRTUVadejlrtu{9CQ+", 2: b"$\\Bf", 3: b"p7", 8: b"W"},
        FS: {0: b"&.", 1: b"!-CW", 2: b"Sp?", 74: b"2"},
        GS: {0: b":c", 1: b"!/BEHITabfhjrwx|", 2: b"$LPW\\", 3: b"^"},
        ESC + b"c": {1: b"012345"},
        FS + b"g": {7: b"2"},
        GS + b"C": {0: b";", 2: b"0", 3: b"2", 6: b"1"},
        GS + b"g": {3: b"02"},
        GS + b"z": {2: b"0"},
    }
    return {
        prefix + bytes([code]): count
        for prefix, counts in table.items()
        for count, codes in counts.items()
        for code in codes
    }


# Each function below answers how long the whole command at the start of the buffer is; IndexError = not known yet.


def _u16(buffer: bytes | bytearray, at: int) -> int:
    return buffer[at] | buffer[at + 1] << 8


def _real_time(buffer: bytearray) -> int:
    """DLE EOT n (ink status carries one byte more), DLE ENQ n, DLE DC4 function + its parameters."""
    if buffer[1] == 0x04:
        return 4 if buffer[2] in (7, 8, 18) else 3
    if buffer[1] == 0x05:
        return 3
    try:
        return {1: 5, 2: 5, 3: 8, 7: 4, 8: 10}[buffer[2]]
    except KeyError:
        raise ProtocolError(f"unknown command: {shown(buffer[:3])}") from None


def _cut(buffer: bytearray) -> int:
    mode = buffer[2]
    if mode in b"\x00\x0101":
        return 3
    if mode in b"ABaghCh":
        return 4
    raise ProtocolError(f"unknown cut: {shown(buffer[:3])}")


def _barcode(buffer: bytearray) -> int:
    system = buffer[2]
    if system <= 6:
        return _nul_ended(buffer, 3)
    if 65 <= system <= 79:
        return 4 + buffer[3]
    raise ProtocolError(f"unknown barcode: {shown(buffer[:3])}")


def _nul_ended(buffer: bytearray, start: int) -> int:
    end = buffer.find(0, start, MAX_NUL_ENDED)
    if end >= 0:
        return end + 1
    if len(buffer) >= MAX_NUL_ENDED:
        raise ProtocolError(f"no end: {shown(buffer[:8])}")
    raise IndexError


def _images(buffer: bytearray) -> int:
    """FS q: n bit images, each with its own size in units of 8 x 8 dots."""
    at = 3
    for _ in range(buffer[2]):
        at = _bounded(buffer, at + 4 + _u16(buffer, at) * _u16(buffer, at + 2) * 8)
    return at


def _characters(buffer: bytearray) -> int:
    """ESC &: glyphs of y bytes per column, each with its own number of columns."""
    at, height = 5, buffer[2]
    for _ in range(buffer[4] - buffer[3] + 1):
        at = _bounded(buffer, at + 1 + buffer[at] * height)
    return at


def _bounded(buffer: bytearray, total: int) -> int:
    """Before all of it is waited for."""
    if total > MAX_BLOCK:
        raise ProtocolError(f"block of {total} bytes: {shown(buffer[:8])}")
    return total


BLOCKS: dict[bytes, Callable[[bytearray], int]] = {
    DLE + b"\x04": _real_time,
    DLE + b"\x05": _real_time,
    DLE + b"\x14": _real_time,
    GS + b"V": _cut,
    GS + b"k": _barcode,
    GS + b"v0": lambda buffer: 8 + _u16(buffer, 4) * _u16(buffer, 6),
    GS + b"Q0": lambda buffer: 8 + _u16(buffer, 4) * _u16(buffer, 6),
    GS + b"(": lambda buffer: 5 + _u16(buffer, 3),
    ESC + b"(": lambda buffer: 5 + _u16(buffer, 3),
    FS + b"(": lambda buffer: 5 + _u16(buffer, 3),
    GS + b"8": lambda buffer: 7 + _u16(buffer, 3) + (_u16(buffer, 5) << 16),
    GS + b"*": lambda buffer: 4 + buffer[2] * buffer[3] * 8,
    ESC + b"*": lambda buffer: 5 + _u16(buffer, 3) * (3 if buffer[2] >= 32 else 1),
    ESC + b"D": lambda buffer: _nul_ended(buffer, 2),
    ESC + b"Z": lambda buffer: 7 + _u16(buffer, 5),
    ESC + b"&": _characters,
    FS + b"q": _images,
    FS + b"g1": lambda buffer: 10 + _u16(buffer, 8),
}

FIXED = _fixed()


def opcode(buffer: bytearray) -> bytes:
    """The opcode that the buffer begins with; IndexError = not known yet."""
    buffer[1]
    short = bytes(buffer[:2])
    if short not in THREE_BYTE:
        return short
    buffer[2]
    return bytes(buffer[:3])


def length(code: bytes, buffer: bytearray) -> int:
    """Bytes of the whole command; IndexError = not known yet, ProtocolError = no such command."""
    if code in FIXED:
        return len(code) + FIXED[code]
    if code not in BLOCKS:
        raise ProtocolError(f"unknown command: {shown(code)}")
    return _bounded(buffer, BLOCKS[code](buffer))
