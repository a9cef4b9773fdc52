"""A slip as the bytes of an ESC/POS printer: hanzi by our own codec, QR and cut by python-escpos' Dummy."""

from __future__ import annotations

import logging
import os
import shutil
from typing import Any

from firmware_protocols import escpos
from hallq.displays.screens import Slip, SlipLine

ALIGN = {"left": 0, "centre": 1, "right": 2}


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


def rendered(slip: Slip, columns: int) -> bytes:
    """The slip as bytes, up to and with the cut. Hanzi in FS & .. FS ., one mode per line."""
    start = escpos.Initialise().encode()
    return start + b"".join(_line(line, columns) for line in slip.lines) + _cut()


def _line(line: SlipLine, columns: int) -> bytes:
    align = escpos.Align(ALIGN[line.align]).encode()
    if line.qr:
        return align + _qr(line.qr)
    look = escpos.Size.of(line.size, line.size).encode() + escpos.Bold(int(line.bold)).encode()
    words, _ = escpos.hanzi_line("-" * columns if line.rule else line.text)
    return align + look + words


def _qr(text: str) -> bytes:
    paper = Dummy()
    paper.qr(text, ec=1, size=6, native=True)  # error correction M
    return bytes(paper.output)


def _cut() -> bytes:
    paper = Dummy()
    paper.cut()
    return bytes(paper.output)
