"""Facts and a template's blocks become a paper slip, in columns (a hanzi takes two): nothing is cut, nothing is lost.

A block is left out when a value that it names is empty, when its `when` is empty or when its `unless` is not. A block
with `each` is drawn once for each line of that list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from zoneinfo import ZoneInfo

from hallq.displays.layout import columns, plain, wrap
from hallq.displays.screens import Slip, SlipLine
from hallq.displays.slip_facts import SlipFacts, values
from hallq.texts import LANGUAGES, ZH
from hallq.texts.wording import Value

DOTS = 12  # of one column
GAP = 2  # columns between left and right
BARCODE_FRAME, BARCODE_CHARACTER = 55, 11  # CODE128: start, check, stop and quiet zones; each character; in modules
BARCODE_MODULE = 2  # dots
ITEM, COUNT = "item", "n"  # of a block with `each`: the line, and its number from 1 on
Values = Mapping[str, Mapping[str, Value]]  # language -> name -> value


@dataclass(frozen=True, slots=True)
class Block:
    """One of a template. What a kind does not use keeps its default."""

    kind: str  # text big rule columns qr barcode logo feed cut
    texts: tuple[tuple[str, str], ...] = ()  # (language, words with values in braces), one behind the other
    right: str = ""  # of two columns
    size: int = 1
    align: str = "left"
    bold: bool = False
    when: str = ""  # a value's name
    unless: str = ""
    each: str = ""  # a list's name
    module: int = 6  # dots of a QR code's smallest square
    height: int = 64  # dots of a barcode
    lines: int = 1  # of a feed
    file: str = ""  # of a logo


def slip(facts: SlipFacts, template: Sequence[Block], *, zone: ZoneInfo, width: int = 48) -> Slip:
    """`width` in columns: 48 on 80 mm paper, 32 on 58 mm."""
    return laid(facts.number, {lang: values(facts, lang, zone) for lang in LANGUAGES}, template, width=width)


def laid(number: str, known: Values, template: Sequence[Block], *, width: int = 48) -> Slip:
    """A paper of any kind, of its values in each language."""
    lines: list[SlipLine] = []
    for block in template:
        if _stands(block, known[ZH]):
            drawn = (line for each in _repeated(block, known) for line in _drawn(block, each, width))
            lines += [line for line in drawn if not (line.rule and lines and lines[-1].rule)]
    return Slip(number, tuple(lines))


def names(words: str) -> set[str]:
    """The values that words name in braces. Raises ValueError for anything else in braces, and for a lone brace."""
    found = set()
    for _, name, spec, conversion in Formatter().parse(words):
        if spec or conversion:
            raise ValueError(f"text: write {{{name}}} with nothing behind the name")
        found |= set() if name is None else {name}
    return found


def _stands(block: Block, known: Mapping[str, Value]) -> bool:
    wanted = names(block.right).union(*(names(words) for _, words in block.texts), {block.when, block.each} - {""})
    if block.each:
        wanted -= {ITEM, COUNT}
    return all(known[name] for name in wanted) and not (block.unless and known[block.unless])


def _repeated(block: Block, known: Values) -> Iterator[Values]:
    if not block.each:
        yield known
        return
    lists = {lang: known[lang][block.each] for lang, _ in block.texts}
    for number, _ in enumerate(next(iter(lists.values())), start=1):
        yield {lang: {**known[lang], ITEM: lines[number - 1], COUNT: str(number)} for lang, lines in lists.items()}


def _drawn(block: Block, known: Values, width: int) -> Iterator[SlipLine]:
    each = [plain(words.format_map(known[lang])) for lang, words in block.texts]
    words = "  ".join(each)
    match block.kind:
        case "text":  # two languages stand on one line where they fit
            for part in [words] if columns(words) * block.size <= width else each:
                yield from _lines(block, part, width, block.size)
        case "big":
            yield from _lines(block, words, width, max(1, min(block.size, width // max(1, columns(words)))))
        case "columns":
            yield from _two(block, words, plain(block.right.format_map(known[block.texts[0][0]])), width)
        case "barcode":
            yield from _barcode(block, words, width)
        case "rule":
            yield SlipLine(rule=True)
        case "qr":
            yield SlipLine(qr=words, module=block.module, align=block.align)
        case "logo":
            yield SlipLine(logo=block.file, align=block.align)
        case "feed":
            yield SlipLine(feed=block.lines)
        case "cut":
            yield SlipLine(cut=True)


def _lines(block: Block, words: str, width: int, size: int) -> Iterator[SlipLine]:
    for line in wrap(words, max(2, width // size)):
        yield SlipLine(line, size=size, align=block.align, bold=block.bold)


def _two(block: Block, left: str, right: str, width: int) -> Iterator[SlipLine]:
    """Side by side; a left one that is too long goes on below itself, a right one that is too long stands below."""
    room, taken = width // block.size, columns(right)
    if taken > room // 2 and columns(left) + GAP + taken > room:
        yield from _lines(block, left, width, block.size)
        for line in wrap(right, room):
            yield SlipLine(line, size=block.size, align="right", bold=block.bold)
        return
    first, *rest = wrap(left, room - taken - GAP) or [""]
    padded = first + " " * (room - columns(first) - taken) + right
    for line in (padded, *rest):
        yield SlipLine(line, size=block.size, bold=block.bold)


def _barcode(block: Block, words: str, width: int) -> Iterator[SlipLine]:
    """What CODE128 cannot hold, or the paper is too narrow for, stands there in letters."""
    modules = BARCODE_FRAME + BARCODE_CHARACTER * len(words)
    if words.isascii() and modules * BARCODE_MODULE <= width * DOTS:
        yield SlipLine(barcode=words, height=block.height, align=block.align)
    else:
        yield from _lines(block, words, width, 1)
