"""Where a maker's display takes its text: a register map as data. Shipped maps are in hallq/devices/profiles; a hall
may write its own file. A map that cannot be right is refused with the file's name and the key.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from firmware_protocols.modbus_text import MOST_WRITTEN, WRITE_MANY, Write, WriteMany

SHIPPED = Path(__file__).parent.parent / "profiles"
Register = Annotated[int, Field(ge=0, le=0xFFFF)]


class Profile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str  # the product, and where its map is published
    uncertain: bool = False  # never seen at work
    function: Literal[6, 16] = 16
    packing: Literal["pair", "single", "number"]  # bytes in a register: two, one in the low half; or digits as an int16
    starts: Annotated[tuple[Register, ...], Field(min_length=1)]  # first register of each line
    width: Annotated[int, Field(ge=1, le=2 * MOST_WRITTEN)]  # characters of a line; a hanzi counts two
    pad: Annotated[str, Field(pattern=r"^[\x00-\x7e]$")] = " "
    justify: Literal["left", "right", "centre"] = "left"
    encoding: Literal["ascii", "gb2312", "gbk"] = "ascii"
    readable: bool = True  # it answers function 03

    @model_validator(mode="after")
    def _makes_sense(self) -> Profile:
        if self.packing == "pair" and self.width % 2:
            raise ValueError("width: two characters fill a register: give an even number")
        if self.packing == "single" and self.width > MOST_WRITTEN:
            raise ValueError(f"width: at most {MOST_WRITTEN} registers fit in one frame")
        if self.packing != "pair" and self.encoding != "ascii":
            raise ValueError('packing: hanzi need two bytes in a register, "pair"')
        if self.packing == "number" and self.width > 4:
            raise ValueError("width: an int16 holds four digits")
        return self

    def line(self, unit: int, number: int, text: str) -> list[Write | WriteMany]:
        """What puts the text on a line, in the order of writing. At most `width` columns are sent."""
        data, start = self._packed(text), self.starts[number]
        if self.function == WRITE_MANY:
            return [WriteMany(unit, start, data)]
        words = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
        return [Write(unit, start + at, word) for at, word in enumerate(words)]

    def _packed(self, text: str) -> bytes:
        if self.packing == "number":
            digits = "".join(char for char in text if char in "0123456789")
            return int(digits[-self.width :] or "0").to_bytes(2, "big")
        line = self._placed(text.encode("gbk" if self.encoding != "ascii" else "ascii", "replace")[: self.width])
        return b"".join(bytes([0, byte]) for byte in line) if self.packing == "single" else line

    def _placed(self, line: bytes) -> bytes:
        place = {"left": line.ljust, "right": line.rjust, "centre": line.center}[self.justify]
        return place(self.width, self.pad.encode())


@cache
def load(name: str) -> Profile:
    """A shipped map by its name, or a file ending in .toml. ValueError says what is wrong."""
    path = Path(name) if name.endswith(".toml") else SHIPPED / f"{name}.toml"
    try:
        return Profile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError:
        raise ValueError(f'there is no "{name}"; shipped: {", ".join(shipped())}; or your own .toml file') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not valid TOML: {error}") from None
    except ValidationError as error:
        fault: Any = error.errors(include_url=False)[0]
        key = ".".join(map(str, fault["loc"]))
        raise ValueError(f"{path}: {key + ': ' if key else ''}{fault['msg']}") from None


def shipped() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))
