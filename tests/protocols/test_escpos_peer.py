"""What another library prints with, decoded here: a second opinion on the length of every command it knows."""

from collections.abc import Callable
from typing import Any

import pytest
from escpos.printer import Dummy
from PIL import Image

from firmware_protocols import ProtocolError, escpos


def picture() -> Image.Image:
    image = Image.new("1", (48, 30), 1)
    for at in range(30):
        image.putpixel((at, at), 0)
    return image


PRINTS: list[Callable[[Any], None]] = [
    lambda p: p.set(align="center", font="b", bold=True, underline=2, width=4, height=4, custom_size=True),
    lambda p: p.set(double_height=True, double_width=True, invert=True, flip=True, density=3, smooth=True),
    lambda p: p.set_with_default(),
    lambda p: p.text("A001 caf\u00e9\n"),
    lambda p: p.image(picture(), impl="bitImageRaster"),
    lambda p: p.image(picture(), impl="graphics"),
    lambda p: p.image(picture(), impl="bitImageColumn"),
    lambda p: p.qr("https://example.gov.cn/t/A001", native=True, size=6),
    lambda p: p.barcode("{BA001", "CODE128", function_type="B"),
    lambda p: p.barcode("4006381333931", "EAN13", function_type="A", height=80, width=2),
    lambda p: p.cut(),
    lambda p: p.cut(mode="PART", feed=False),
    lambda p: p.buzzer(2, 3),
    lambda p: p.cashdraw(2),
    lambda p: p.cashdraw([27, 112, 0, 25, 250]),
    lambda p: p.line_spacing(30),
    lambda p: p.line_spacing(),
    lambda p: p.print_and_feed(3),
    lambda p: p.panel_buttons(False),
    lambda p: p.control("HT"),
    lambda p: p.hw("INIT"),
]


@pytest.mark.parametrize("number", range(len(PRINTS)))
def test_every_print_is_understood(number: int) -> None:
    printer = Dummy(profile="TM-T88V")
    PRINTS[number](printer)
    data = bytes(printer.output)
    device = escpos.Device()
    items = device.feed(data) + device.end()
    assert not [item for item in items if isinstance(item, ProtocolError)], data.hex(" ")
    assert b"".join(item.encode() for item in items) == data  # type: ignore[union-attr]
    assert data
