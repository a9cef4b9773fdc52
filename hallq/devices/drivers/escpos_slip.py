"""A slip as the bytes of an ESC/POS printer: hanzi and barcodes by our own codec, QR and cut by python-escpos."""

from __future__ import annotations

import logging
import os
import shutil
from typing import Any

from firmware_protocols import escpos
from hallq.devices.drivers import escpos_raster
from hallq.displays.screens import Slip, SlipLine

ALIGN = {"left": 0, "centre": 1, "right": 2}
CODE128 = 73
QUIET = 4  # modules around a QR code
FOUR_FOLD = 0x0C  # FS !: double width and height, the only other size that older firmware has for hanzi
# bytes that a QR code of version 1, 2 .. holds with error correction M
QR_HOLDS = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666, 711, 779)


def _library() -> Any:
    """python-escpos sets up the root logger and leaves a temporary folder when it is imported: both are undone."""
    before = list(logging.root.handlers)
    from escpos import capabilities, printer

    for handler in set(logging.root.handlers) - set(before):
        logging.root.removeHandler(handler)
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return printer.Dummy


Dummy = _library()


def rendered(slip: Slip, columns: int, big: str = "gs") -> bytes:
    """The slip as bytes, up to and with the cut. `big`: gs where GS ! enlarges hanzi too, fs where FS ! must."""
    lines = slip.lines if slip.lines and slip.lines[-1].cut else (*slip.lines, SlipLine(cut=True))
    return escpos.Initialise().encode() + b"".join(_line(line, columns, big) for line in lines)


def _line(line: SlipLine, columns: int, big: str) -> bytes:
    if line.cut:
        return _by_library("cut")
    if line.feed:
        return escpos.Feed(line.feed).encode()
    align = escpos.Align(ALIGN[line.align]).encode()
    if line.logo:
        return escpos.Align(0).encode() + _logo(line, columns)
    if line.qr:
        module = module_of(line.qr, line.module, columns)
        code = _by_library("qr", line.qr, ec=1, size=module, native=True)  # error correction M
        return align + _apart(code, QUIET * module)
    if line.barcode:
        return align + _apart(_barcode(line), escpos_raster.ROW // 2)
    return align + _text(line, columns, big)


def has_dots(slip: Slip) -> bool:
    return any(line.logo or escpos_raster.is_rare(line.text) for line in slip.lines)


def module_of(text: str, wanted: int, columns: int) -> int:
    """Dots of the smallest square: as wanted, or fewer where the code would be wider than the paper."""
    size = len(text.encode())
    version = next((n for n, holds in enumerate(QR_HOLDS, 1) if size <= holds), 40)
    return max(1, min(wanted, columns * escpos_raster.COLUMN // (17 + 4 * version + 8)))


def _barcode(line: SlipLine) -> bytes:
    """Ours: the library tells the terminal of each."""
    look = [(b"\x1dh", line.height), (b"\x1dw", 2), (b"\x1dH", 2)]  # height, dots of a module, its text below
    data = b"{B" + line.barcode.replace("{", "{{").encode("ascii")
    return b"".join(code + bytes([value]) for code, value in look) + escpos.Barcode(CODE128, data).encode()


def _logo(line: SlipLine, columns: int) -> bytes:
    """A slip without its logo is better than none."""
    try:
        return escpos_raster.logo(line.logo, line.align, columns)
    except OSError:
        return b""


def _apart(code: bytes, dots: int) -> bytes:
    """With white above and below: printers leave none, and readers need it."""
    white = escpos.Command(b"\x1bJ", bytes([dots])).encode()
    return white + code + white


def _text(line: SlipLine, columns: int, big: str) -> bytes:
    if escpos_raster.is_rare(line.text):
        drawn = escpos_raster.line(line.text, size=line.size, align=line.align, bold=line.bold, columns=columns)
        return escpos.Align(0).encode() + drawn
    look = escpos.Size.of(line.size, line.size).encode() + escpos.Bold(int(line.bold)).encode()
    if big == "fs":
        look += escpos.HanziStyle(FOUR_FOLD if line.size > 1 else 0).encode()
    words, _ = escpos.hanzi_line("-" * columns if line.rule else line.text)
    return look + words


def _by_library(method: str, *args: Any, **options: Any) -> bytes:
    paper = Dummy()
    getattr(paper, method)(*args, **options)
    return bytes(paper.output)
