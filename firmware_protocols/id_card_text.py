"""The 256 bytes of text on a card: UTF-16LE, each field padded with spaces, laid out by the letter at byte 248.
Padding is stripped and put back, nothing else; what is no text of a known layout stays raw."""

from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import ClassVar, Self

TEXT = 256
LETTER = slice(248, 250)
SPACE = " ".encode("utf-16-le")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Card:
    """`sex`: 1 male, 2 female, 0 unknown, 9 unstated. `birth`, `since`: YYYYMMDD; `until`: the same, or 长期."""

    KIND: ClassVar[str]
    SIZES: ClassVar[dict[str, int]]  # bytes of each field, in their order
    sex: str = ""
    number: str
    birth: str
    since: str = ""
    until: str = ""

    @property
    def called(self) -> str:
        """The name to greet this person by: the Chinese one, where there is one."""
        raise NotImplementedError

    @property
    def is_right(self) -> bool:
        """Whether the number's check digit is."""
        return checks(self.number)

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        edges = pairwise(accumulate(cls.SIZES.values(), initial=0))
        texts = (raw[start:end].decode("utf-16-le").rstrip(" ") for start, end in edges)
        return cls(**dict(zip(cls.SIZES, texts, strict=True)))

    def encode(self) -> bytes:
        """ValueError: a field is too long."""
        return b"".join(_padded(getattr(self, name), size) for name, size in self.SIZES.items())


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Citizen(Card):
    KIND = "citizen"
    SIZES: ClassVar = {
        "name": 30, "sex": 2, "nation": 4, "birth": 16, "address": 70, "number": 36, "authority": 30, "since": 16,
        "until": 16, "spare": 36,
    }  # fmt: skip
    name: str
    nation: str = ""
    address: str = ""
    authority: str = ""
    spare: str = ""

    @property
    def called(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Resident(Card):
    """Hong Kong, Macau and Taiwan residents."""

    KIND = "resident"
    SIZES: ClassVar = {
        "name": 30, "sex": 2, "nation": 4, "birth": 16, "address": 70, "number": 36, "authority": 30, "since": 16,
        "until": 16, "pass_number": 18, "issues": 4, "blank": 6, "letter": 2, "spare": 6,
    }  # fmt: skip
    name: str
    nation: str = ""  # blank on these cards
    address: str = ""
    authority: str = ""
    pass_number: str = ""
    issues: str = ""
    blank: str = ""
    letter: str = "J"
    spare: str = ""

    @property
    def called(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Foreigner2017(Card):
    """Foreign permanent residents, cards from 2017; their numbers have 15 characters and another check."""

    KIND = "foreigner"
    SIZES: ClassVar = {
        "english_name": 120, "sex": 2, "number": 30, "country": 6, "name": 30, "since": 16, "until": 16, "birth": 16,
        "version": 4, "authority": 8, "letter": 2, "spare": 6,
    }  # fmt: skip
    english_name: str
    name: str = ""
    country: str = ""
    version: str = ""
    authority: str = ""
    letter: str = "I"
    spare: str = ""

    @property
    def called(self) -> str:
        return self.name or self.english_name

    @property
    def is_right(self) -> bool:
        return len(self.number) == 15 and self.number.isascii() and self.number.isalnum()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Foreigner2023(Card):
    """Foreign permanent residents, cards from 2023. The layout has one source."""

    KIND = "foreigner"
    SIZES: ClassVar = {
        "name": 30, "sex": 2, "changes": 4, "birth": 16, "english_name": 70, "number": 36, "blank": 30, "since": 16,
        "until": 16, "english_rest": 22, "country": 6, "letter": 2, "related": 6,
    }  # fmt: skip
    name: str = ""
    changes: str = ""
    english_name: str = ""
    blank: str = ""
    english_rest: str = ""
    country: str = ""
    letter: str = "Y"
    related: str = ""

    @property
    def called(self) -> str:
        return self.name or self.english_name + self.english_rest


@dataclass(frozen=True, slots=True)
class RawCard:
    """A layout that is not known."""

    KIND: ClassVar[str] = "unknown"
    raw: bytes = field(repr=False)

    def encode(self) -> bytes:
        return self.raw


LAYOUTS: dict[str, type[Card]] = {
    " ": Citizen, "\0": Citizen, "J": Resident, "I": Foreigner2017, "Y": Foreigner2023,
}  # fmt: skip


def decode_text(raw: bytes) -> Card | RawCard:
    try:
        return LAYOUTS[raw[LETTER].decode("utf-16-le")].decode(raw)
    except (KeyError, UnicodeDecodeError):
        return RawCard(raw)


def check_digit(first: str) -> str:
    """ISO 7064 MOD 11-2 over 17 digits."""
    rest = sum(int(digit) << (17 - at) for at, digit in enumerate(first)) % 11
    return "10X98765432"[rest]


def checks(number: str) -> bool:
    body, last = number[:-1], number[-1:]
    return len(body) == 17 and body.isascii() and body.isdecimal() and check_digit(body) == last


def _padded(text: str, size: int) -> bytes:
    raw = text.encode("utf-16-le")
    if len(raw) > size:
        raise ValueError(f"{len(raw)} bytes of text in a field of {size}")
    return raw + SPACE * ((size - len(raw)) // 2)
