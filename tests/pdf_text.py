"""What is written in a PDF of WeasyPrint's: each glyph back to its letters, by the fonts' own tables. No layout."""

from __future__ import annotations

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)
STREAM = re.compile(rb"^(.*?)stream\n(.*)\nendstream$", re.S)
SHOWN = re.compile(rb"/(\S+) [\d.]+ Tf|<([0-9a-f]+)>(?=[^<]*T[jJ]|[^\]]*\] TJ)|(ET)")
PAIR = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>")
FONT = re.compile(rb"/(\S+) (\d+) 0 R")


def pdf_text(made: bytes) -> str:
    objects, streams = _objects(made)
    maps = {
        name: {glyph: _letters(to) for glyph, to in PAIR.findall(streams[int(cmap[1])])}
        for fonts in re.findall(rb"/Font (\d+) 0 R", b" ".join(objects.values()))
        for name, font in FONT.findall(objects[int(fonts)])
        if (cmap := re.search(rb"/ToUnicode (\d+) 0 R", objects[int(font)]))
    }
    pages = [found for found in streams.values() if b" Tf" in found]
    return "\n".join(_written(page, maps) for page in pages)


def _letters(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")


def _written(page: bytes, maps: dict[bytes, dict[bytes, str]]) -> str:
    """A line per text object."""
    text, font = "", {}  # type: str, dict[bytes, str]
    for name, glyphs, end in SHOWN.findall(page):
        font = maps.get(name, font) if name else font
        text += "\n" if end else "".join(font.get(glyphs[at : at + 4], "") for at in range(0, len(glyphs), 4))
    return text


def _objects(made: bytes) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """Every dictionary, those in object streams too; and what the deflated streams hold."""
    objects: dict[int, bytes] = {}
    streams: dict[int, bytes] = {}
    for number, body in OBJECT.findall(made):
        found = STREAM.match(body)
        objects[int(number)] = found[1] if found else body
        if found and b"FlateDecode" in found[1]:
            streams[int(number)] = zlib.decompress(found[2])
    for number in [number for number, head in objects.items() if b"/ObjStm" in head]:
        first = int(re.search(rb"/First (\d+)", objects[number])[1])  # type: ignore[index]
        index = [int(word) for word in streams[number][:first].split()]
        places = [*index[1::2], len(streams[number]) - first]
        for inner, start, stop in zip(index[::2], places, places[1:], strict=False):
            objects[inner] = streams[number][first + start : first + stop]
    return objects, streams
