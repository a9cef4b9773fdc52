"""Pictures of slips, from what the simulated printer read of their bytes: python -m tests.displays.draw_slips"""

from __future__ import annotations

import asyncio
import base64
import itertools
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import barcode
import qrcode
from PIL import Image, ImageOps

from firmware_protocols import escpos
from hallq.devices.drivers import escpos_raster
from hallq.devices.drivers.escpos_slip import rendered
from hallq.devices.simulators.printer import SimPrinter
from hallq.displays import slip as slips
from hallq.displays.slip import Block
from hallq.slips import OURS, read
from hallq.texts import EN, ZH, group
from tests.displays.scene import ZONE
from tests.displays.test_slip import FACTS

FOLDER = Path(__file__).parents[2] / "docs" / "devices" / "pictures"
MARGIN = 24  # dots
FULL = replace(FACTS, complaints="12345、7218686", unresolved=("12",))
GREEN = replace(
    FULL, category="老年人", people=2, cases=3, stops=("社保卡",), phone_url="https://hall.example.gov.cn/t/4fK2mQ"
)
RARE = replace(FULL, hall="㵲阳县政务服务中心", service="𠮷林镇老年人优待证")
ENGLISH = replace(
    FULL, service="外国人居留证件", service_en="Residence permits for foreigners", zone_en="Zone B",
    phone_url="https://hall.example.gov.cn/t/4fK2mQ",
)  # fmt: skip


def two_languages() -> tuple[Block, ...]:
    """What a hall's own template might hold."""

    def say(key: str, **look: Any) -> Block:
        return Block("text", tuple((lang, group({"s"})[lang][key]) for lang in (ZH, EN)), **look)

    head = Block("text", ((ZH, "{hall}"),), align="centre", bold=True)
    number, rule = Block("big", ((ZH, "{number}"),), align="centre", bold=True, size=6), Block("rule")
    body = [say(f"s.{key}") for key in ("svc", "where", "wins", "ahead", "when")]
    foot = Block("columns", ((ZH, "核对码 {check_code}"),), "{time}", bold=True)
    codes = [Block("qr", ((ZH, "{phone_url}"),), align="centre"), Block("barcode", ((ZH, "{number}"),), align="centre")]
    return head, rule, number, rule, *body, rule, foot, *codes


def pictures() -> Iterator[tuple[str, bytes, int]]:
    """(name, what the printer gets, columns)."""
    ticket, test = read(OURS / "ticket.toml"), read(OURS / "test.toml")
    for name, facts, template, columns in (
        ("slip-80", FULL, ticket, 48),
        ("slip-58", FULL, ticket, 32),
        ("slip-green", GREEN, ticket, 48),
        ("slip-reprint", replace(FULL, reprint=True, check_code="7316"), ticket, 48),
        ("slip-rare", RARE, ticket, 48),
        ("slip-two-languages", ENGLISH, two_languages(), 48),
        ("slip-test", replace(FULL, device="printer-k1"), test, 48),
    ):
        yield name, rendered(slips.slip(facts, template, zone=ZONE, width=columns), columns), columns


async def printed(data: bytes, columns: int) -> list[dict[str, Any]]:
    """The lines of the slip that a printer makes of these bytes."""
    printer = SimPrinter(0.0, columns=columns)
    printer.take(data)
    while not printer.state()["slips"]:
        await asyncio.sleep(0)
    assert printer.state()["wrong_bytes"] == 0
    lines: list[dict[str, Any]] = printer.state()["slips"][0]["lines"]
    printer.stop()
    return lines


def drawn(lines: list[dict[str, Any]], columns: int) -> Image.Image:
    width = columns * escpos_raster.COLUMN
    parts = [part for line in lines for part in _parts(line, columns)]
    page = Image.new("1", (width, sum(part.height for part in parts)), 1)
    tops = itertools.accumulate((part.height for part in parts), initial=0)
    for part, top in zip(parts, tops, strict=False):
        page.paste(part, ((width - part.width) // 2, top))
    return ImageOps.expand(page, MARGIN, 1)


def _parts(line: dict[str, Any], columns: int) -> Iterator[Image.Image]:
    if "raster" in line:
        size = (line["bytes_across"] * 8, line["rows"])
        yield ImageOps.invert(Image.frombytes("1", size, base64.b64decode(line["raster"])).convert("L")).convert("1")
    elif "qr" in line:
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=line["module"], border=4)
        code.add_data(line["qr"])
        yield code.make_image().get_image().convert("1")
    elif "barcode" in line:
        yield _bars(barcode.get("code128", line["barcode"]).build()[0], line["dots"])
        yield from _text(line | {"text": line["barcode"], "width": 1, "height": 1, "align": "centre"}, columns)
    else:
        yield from _text(line, columns)


def _bars(modules: str, height: int) -> Image.Image:
    bars = Image.new("1", (len(modules), 1))
    bars.putdata([module == "0" for module in modules])
    return bars.resize((len(modules) * 2, height))


def _text(line: dict[str, Any], columns: int) -> Iterator[Image.Image]:
    look = {"size": line["height"], "align": line["align"], "bold": line["bold"]}
    data = escpos_raster.line(line.get("text", ""), columns=columns, **look)
    for band in escpos.Device().feed(data):
        assert isinstance(band, escpos.Raster)
        dots = base64.b64encode(band.data)
        yield from _parts({"raster": dots, "bytes_across": band.width, "rows": band.height}, columns)


async def draw_all(folder: Path, of: Iterator[tuple[str, bytes, int]] | None = None) -> list[Path]:
    """`of`: other pictures than the slips' own."""
    made = []
    for name, data, columns in of or pictures():
        made.append(folder / f"{name}.png")
        drawn(await printed(data, columns), columns).save(made[-1], optimize=True)
    return made


if __name__ == "__main__":
    for path in asyncio.run(draw_all(FOLDER)):
        sys.stdout.write(f"{path}\n")
