"""What devices show, say and print: plain values, made by `displays` from the picture, drawn by drivers."""

from __future__ import annotations

from dataclasses import dataclass, field

Colour = str  # red green yellow


@dataclass(frozen=True, slots=True)
class StripForm:
    """What a strip can show."""

    columns: int  # a hanzi takes two, an ASCII character one
    charset: str = "gb2312"  # gb2312 gbk, or ascii: numbers and few signs, no words
    scrolls: bool = False  # what is too long runs through, instead of in pages


@dataclass(frozen=True, slots=True)
class StripScreen:
    """A window strip: pages that follow one another, each at most as wide as the strip."""

    pages: tuple[str, ...]
    colour: Colour = "red"
    proof: tuple[str, int, int] | None = None  # (call|pause|closure.., its id, n): what showing this proves
    neutral: str = ""  # the page that a card goes back to by itself when the hub is gone
    lasts: bool = False  # true also without a hub: it stays
    scrolls: bool = False  # the one page is wider than the strip, and runs through it
    replaced: str = ""  # characters that the strip's font has not: others stand in their place


@dataclass(frozen=True, slots=True)
class CitizenScreen:
    screen: str  # idle called serving away rate reasons thanks paused closed
    window: str
    clerk_name: str = ""
    clerk_title: str = ""
    staff_no: str = ""
    photo: str = ""
    number: str = ""
    service: str = ""
    service_en: str = ""
    reason: str = ""
    reason_en: str = ""
    until: int | None = None  # Ms: planned return, or end of the invitation
    token: str = ""
    level: int = 0
    opens: str = ""  # "08:30"


@dataclass(frozen=True, slots=True)
class ClerkScreen:
    """The clerk's side. Never anything about a rating."""

    state: str  # closed open called serving away paused advice_only
    clerk_name: str = ""
    number: str = ""
    service: str = ""
    category: str = ""  # its word
    waiting: int = 0
    next_category: str = ""
    verbs: frozenset[str] = frozenset()  # allowed now
    primary: str = ""
    no_show_at: int | None = None
    undo_verb: str = ""
    undo_until: int | None = None
    outage_number: str = ""  # the visit that was open before an outage: continue or return?
    message: str = ""


@dataclass(frozen=True, slots=True)
class PadScreen:
    version: int  # the window's version: what a key press is held against
    citizen: CitizenScreen
    clerk: ClerkScreen
    proof: tuple[str, int, int] | None = None


@dataclass(frozen=True, slots=True)
class KeypadScreen:
    """What a call keypad's digits tell its clerk."""

    version: int  # the window's version: what a key press is held against
    state: str  # closed open called serving away paused advice_only
    number: str = ""  # of the open visit
    waiting: int = 0
    paused: bool = False


@dataclass(frozen=True, slots=True)
class EvaluatorScreen:
    """A button evaluator: whether it asks for a rating, and which."""

    token: str = ""  # of the invitation; empty: none


@dataclass(frozen=True, slots=True)
class Speech:
    """One announcement: said whole and in order, once."""

    zone: str
    text: str  # hanzi, numbers and letters already spelled for the voice
    caption: str  # what screens show meanwhile
    caption_en: str = ""
    words: tuple[str, ...] = ()  # `text` out of the closed vocabulary, for a voice of clips; "，" is a pause
    english: str = ""  # said after it, numbers spelled; empty: it is not
    times: int = 1  # so often is `text` said
    chime: bool = False
    volume: int = 100  # per cent of the device's own


@dataclass(frozen=True, slots=True)
class SlipLine:
    text: str = ""
    size: int = 1  # 1..8 times
    align: str = "left"  # left centre right
    bold: bool = False
    rule: bool = False  # a line across
    qr: str = ""
    module: int = 6  # dots of a QR code's smallest square
    barcode: str = ""  # CODE128
    height: int = 64  # dots of a barcode
    logo: str = ""  # an image file
    feed: int = 0  # empty lines
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    number: str
    lines: tuple[SlipLine, ...] = field(default_factory=tuple)
