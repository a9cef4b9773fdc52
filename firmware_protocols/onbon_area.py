"""Text areas, the payload of A3 06: where a text stands on the strip, how it moves, whether it is spoken.
An area of another form is kept raw, so that no frame of a newer card is lost."""

import struct
from dataclasses import dataclass
from typing import ClassVar

_FIXED = struct.Struct("<B4H3BHB")  # type, x, y, w, h, id, line spacing, run mode, timeout, sound mode
_LOOK = struct.Struct("<7BI")  # align .. stay, text length


@dataclass(frozen=True, slots=True)
class Sound:
    """Speaking: person in the low four bits and repeats in the high ones, volume and speed 0..10.
    data: a text of its own (mode 2), None = the text that is shown (mode 1)."""

    person: int = 0
    volume: int = 5
    speed: int = 5
    data: bytes | None = None
    SHOWN: ClassVar = ("text",)

    @property
    def text(self) -> str | None:
        return None if self.data is None else readable(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextArea:
    """Lengths in pixels (cards of the 5K series: x and width in bytes unless bit 15 is set). run_mode 0 loop, 1 stay on
    the last page, 2 until timeout, 3 until timeout and then the last page (the logo). timeout: seconds.
    align: bits 0-1 left 0, right 1, centre 2; bits 2-3 top 0, bottom 1, middle 2.
    new_line 1 by marks, 2 by width. display: 1 static, 2 at once, 3 left, 4 right, 5 up, 6 down. stay: 0.5 s."""

    kind: int = 0
    x: int = 0
    y: int = 0
    width: int
    height: int
    id: int = 0
    line_spacing: int = 0
    run_mode: int = 0
    timeout: int = 0
    sound: Sound | None = None
    extension: bytes = b""
    align: int = 0
    single_line: int = 1
    new_line: int = 1
    display: int = 1
    exit_mode: int = 0
    speed: int = 4
    stay: int = 6
    data: bytes
    SHOWN: ClassVar = ("text",)

    @property
    def text(self) -> str:
        return readable(self.data)

    def encode(self) -> bytes:
        head = (self.kind, self.x, self.y, self.width, self.height, self.id, self.line_spacing, self.run_mode)
        look = (self.align, self.single_line, self.new_line, self.display, self.exit_mode, self.speed, self.stay)
        spoken = _encode_sound(self.sound)
        extension = bytes([len(self.extension)]) + self.extension
        fixed = _FIXED.pack(*head, self.timeout, spoken[0])
        return fixed + spoken[1:] + extension + _LOOK.pack(*look, len(self.data)) + self.data


@dataclass(frozen=True, slots=True)
class RawArea:
    data: bytes

    def encode(self) -> bytes:
        return self.data


def encode_areas(areas: tuple[TextArea | RawArea, ...]) -> bytes:
    encoded = [area.encode() for area in areas]
    return bytes([len(areas)]) + b"".join(len(area).to_bytes(2, "little") + area for area in encoded)


def decode_areas(data: bytes) -> tuple[TextArea | RawArea, ...] | None:
    """None where the areas do not fill the data exactly."""
    areas: list[TextArea | RawArea] = []
    at = 1
    for _ in range(data[0] if data else 0):
        size = int.from_bytes(data[at : at + 2], "little")
        areas.append(_decode_area(data[at + 2 : at + 2 + size]))
        at += 2 + size
    return tuple(areas) if at == len(data) else None


def readable(data: bytes) -> str:
    """The text with its marks; bytes that are no GBK are shown as �."""
    return data.decode("gbk", "replace")


def _encode_sound(sound: Sound | None) -> bytes:
    if sound is None:
        return b"\0"
    voice = bytes([sound.person, sound.volume, sound.speed])
    if sound.data is None:
        return b"\1" + voice
    return b"\2" + voice + len(sound.data).to_bytes(4, "little") + sound.data


def _decode_area(data: bytes) -> TextArea | RawArea:
    try:
        area = _parsed(data)
    except (struct.error, IndexError, ValueError):
        return RawArea(data)
    return area if area.encode() == data else RawArea(data)


def _parsed(data: bytes) -> TextArea:
    *head, timeout, sound_mode = _FIXED.unpack_from(data)
    sound, at = _decode_sound(sound_mode, data, _FIXED.size)
    extension = data[at + 1 : at + 1 + data[at]]
    at += 1 + len(extension)
    *look, _ = _LOOK.unpack_from(data, at)
    kind, x, y, width, height, number, spacing, run = head
    align, single, new_line, display, exit_mode, speed, stay = look
    return TextArea(
        kind=kind, x=x, y=y, width=width, height=height, id=number, line_spacing=spacing, run_mode=run,
        timeout=timeout, sound=sound, extension=extension, align=align, single_line=single, new_line=new_line,
        display=display, exit_mode=exit_mode, speed=speed, stay=stay, data=data[at + _LOOK.size :],
    )  # fmt: skip


def _decode_sound(mode: int, data: bytes, at: int) -> tuple[Sound | None, int]:
    if mode == 0:
        return None, at
    person, volume, speed = data[at : at + 3]
    if mode == 1:
        return Sound(person, volume, speed), at + 3
    size = int.from_bytes(data[at + 3 : at + 7], "little")
    return Sound(person, volume, speed, data[at + 7 : at + 7 + size]), at + 7 + size
