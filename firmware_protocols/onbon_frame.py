"""The BX-K wrapper and header: A5 leads, escaped header + data + check, 5A. Every field read is kept.
Length and check count the unescaped bytes; each of A5, A6, 5A, 5B inside is escaped, so no frame has two forms."""

import re
from dataclasses import dataclass

from firmware_protocols.framing import ProtocolError, crc16, shown

MAX_FRAME = 16384  # bytes on the wire, leads included; the cards themselves take about 1024

_ESCAPE = {b"\xa5": b"\xa6\x02", b"\xa6": b"\xa6\x01", b"\x5a": b"\x5b\x02", b"\x5b": b"\x5b\x01"}
_UNESCAPE = {pair: byte for byte, pair in _ESCAPE.items()}


@dataclass(frozen=True, slots=True)
class Header:
    """Addresses FFFE = all with answer, FFFF = all without. check_mode 0 CRC-16, 1 sum, 2 none (`check` keeps what
    stood there). barcode: 16 bytes that follow the header when bit 0 of option is set."""

    destination: int = 1
    source: int = 0x8000
    reserved: bytes = b"\0\0\0"
    option: int = 0
    check_mode: int = 0
    display_mode: int = 0
    device_type: int = 0xFE
    version: int = 2
    barcode: bytes = b""
    check: bytes = b""
    lead: int = 8


def wrap(header: Header, data: bytes) -> bytes:
    body = _packed(header, len(data)) + data
    raw = body + (_check(header.check_mode, body) if header.check_mode < 2 else header.check)
    return b"\xa5" * header.lead + escaped(raw) + b"\x5a"


def escaped(data: bytes) -> bytes:
    return re.sub(rb"[\xa5\xa6\x5a\x5b]", lambda found: _ESCAPE[found[0]], data)


def unwrap(lead: int, wire: bytes) -> tuple[Header, bytes]:
    """The header and the data of what stood between the leads and the end."""
    raw = re.sub(rb"[\xa6\x5b].?", _unescape, wire, flags=re.DOTALL)
    if len(raw) < 14:
        raise ProtocolError(f"header cut off: {shown(raw)}")
    start = 30 if raw[7] & 1 else 14
    end = start + int.from_bytes(raw[12:14], "little")
    check = raw[end:]
    if len(raw) < end or len(check) not in ((0, 2) if raw[8] == 2 else (2,)):
        raise ProtocolError(f"length says {end - start} bytes of data: {shown(raw)}")
    if raw[8] != 2 and _check(raw[8], raw[:end]) != check:
        raise ProtocolError(f"check is {shown(check)}, not {shown(_check(raw[8], raw[:end]))}: {shown(raw)}")
    return _unpacked(raw, start, check, lead), raw[start:end]


def _check(mode: int, body: bytes) -> bytes:
    if mode > 1:
        raise ProtocolError(f"unknown check mode {mode}")
    return (crc16(body) if mode == 0 else sum(body) & 0xFFFF).to_bytes(2, "little")


def _unescape(found: re.Match[bytes]) -> bytes:
    try:
        return _UNESCAPE[found[0]]
    except KeyError:
        raise ProtocolError(f"unknown escape: {shown(found[0])}") from None


def _packed(header: Header, size: int) -> bytes:
    h = header
    addresses = h.destination.to_bytes(2, "little") + h.source.to_bytes(2, "little")
    modes = bytes([h.option, h.check_mode, h.display_mode, h.device_type, h.version])
    return addresses + h.reserved + modes + size.to_bytes(2, "little") + h.barcode


def _unpacked(raw: bytes, start: int, check: bytes, lead: int) -> Header:
    kept = check if raw[8] == 2 else b""
    destination, source = int.from_bytes(raw[0:2], "little"), int.from_bytes(raw[2:4], "little")
    option, mode, display, device, version = raw[7:12]
    modes = (option, mode, display, device, version)
    return Header(destination, source, raw[4:7], *modes, raw[14:start], kept, lead)
