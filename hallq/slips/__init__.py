"""Templates of paper slips: TOML files of blocks, here and in a hall's own `slips` folder, whose files stand instead.

They are read strictly: an unknown block, field, value or text is refused with its file and key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from hallq.displays.paper_facts import COMMON, PAPERS
from hallq.displays.slip import COUNT, ITEM, Block, names
from hallq.displays.slip_facts import VALUES
from hallq.texts import EN, ZH, group
from hallq.toml_file import ConfigError, Section, explain, parse, read_toml

OURS = Path(__file__).parent
NAMES = ("ticket", "return", "test", *PAPERS)
FOLDER = "slips"  # beside hall.toml
Templates = Mapping[str, tuple[Block, ...]]
Align = Literal["left", "centre", "right"]
LANGS = {"zh": (ZH,), "en": (EN,), "both": (ZH, EN)}
WORDS = frozenset({"text", "say", "left", "lang"})


class Template(Section):
    block: Annotated[tuple[dict[str, Any], ...], Field(min_length=1)]


class Part(Section):
    kind: str
    when: str = ""  # left out while this value is empty
    unless: str = ""  # left out while it is not


class Words(Part):
    """Either `text`, with values in braces, or `say`, a key of the catalogue of texts."""

    text: str = ""
    say: str = ""
    lang: Literal["zh", "en", "both"] = "zh"
    size: Annotated[int, Field(ge=1, le=8)] = 1
    align: Align = "left"
    bold: bool = False
    each: str = ""  # a list: the block once for each of its lines, as {item}, counted by {n}


class Big(Words):
    size: Annotated[int, Field(ge=1, le=8)] = 6  # at most: as large as the paper is wide


class Columns(Part):
    left: str
    right: str
    lang: Literal["zh", "en"] = "zh"
    size: Annotated[int, Field(ge=1, le=2)] = 1
    bold: bool = False


class Qr(Part):
    text: str
    module: Annotated[int, Field(ge=2, le=16)] = 6
    align: Align = "centre"


class Barcode(Part):
    text: str
    height: Annotated[int, Field(ge=24, le=255)] = 64
    align: Align = "centre"


class Logo(Part):
    file: Annotated[str, Field(min_length=1)]  # beside the template
    align: Align = "centre"


class Feed(Part):
    lines: Annotated[int, Field(ge=1, le=20)] = 1


KINDS: Mapping[str, type[Part]] = {
    "text": Words, "big": Big, "rule": Part, "columns": Columns, "qr": Qr, "barcode": Barcode, "logo": Logo,
    "feed": Feed, "cut": Part,
}  # fmt: skip


def load(hall: Path) -> Templates:
    """The hall's own templates, from `hall`/slips. Raises ConfigError."""
    own = {path.stem: path for path in sorted((hall / FOLDER).glob("*.toml"))}
    for name, path in own.items():
        if name not in NAMES:
            raise ConfigError(f"{path}: no such slip; known: {', '.join(f'{known}.toml' for known in NAMES)}")
    return {name: read(path) for name, path in own.items()}


def template(own: Templates, name: str) -> tuple[Block, ...]:
    """The hall's own, else ours."""
    return own[name] if name in own else _ours(name)


@cache
def _ours(name: str) -> tuple[Block, ...]:
    return read(OURS / f"{name}.toml")


def read(path: Path) -> tuple[Block, ...]:
    blocks = parse(Template, read_toml(path), path).block
    return tuple(_block(path, number, raw) for number, raw in enumerate(blocks))


def values_of(name: str) -> frozenset[str]:
    """What the template of this name may say."""
    return PAPERS[name] | COMMON if name in PAPERS else VALUES


def _block(path: Path, number: int, raw: dict[str, Any]) -> Block:
    kind = raw.get("kind")
    where = f"{path}: block[{number + 1}]"
    if not isinstance(kind, str) or kind not in KINDS:
        raise ConfigError(f"{where}.kind: unknown block {kind!r}; known: {', '.join(KINDS)}")
    try:
        part = KINDS[kind].model_validate_json(json.dumps(raw, default=str))
        return _made(part, path)
    except ValidationError as error:
        raise ConfigError(f"{path}: {explain(KINDS[kind], error, ('block', number))}") from None
    except ValueError as error:
        raise ConfigError(f"{where}.{error}") from None


def _made(part: Part, path: Path) -> Block:
    looks = part.model_dump(exclude=set(WORDS))
    if isinstance(part, Logo):
        looks["file"] = str(_file(path.parent / part.file))
    block = Block(texts=tuple(_texts(part)), **looks)
    _check_values(block, values_of(path.stem))
    return block


def _texts(part: Part) -> Iterator[tuple[str, str]]:
    """(language, words with values in braces)."""
    langs = LANGS[getattr(part, "lang", "zh")]
    if not isinstance(part, Words):
        words = getattr(part, "text", getattr(part, "left", None))
        if words is not None:
            yield langs[0], words
    elif bool(part.text) == bool(part.say):
        raise ValueError("text: give either text or say")
    elif part.text:
        yield langs[0], part.text
    else:
        yield from ((lang, _catalogue(part.say, lang)) for lang in langs)


def _catalogue(key: str, lang: str) -> str:
    try:
        return _table(key.partition(".")[0])[lang][key]
    except KeyError:
        raise ValueError(f'say: there is no text "{key}"') from None


@cache
def _table(name: str) -> Mapping[str, Mapping[str, str]]:
    return group({name})


def _file(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"file: there is no {path}")
    from PIL import Image  # here, since few halls have a logo and many commands load the settings

    try:
        with Image.open(path) as opened:
            opened.load()
    except OSError:
        raise ValueError(f"file: {path} is no image that can be read") from None
    return path


def _check_values(block: Block, known: frozenset[str]) -> None:
    own = {ITEM, COUNT} if block.each else set()
    for words in (*(words for _, words in block.texts), block.right):
        if unknown := names(words) - known - own:
            raise ValueError(f"text: unknown value {{{min(unknown)}}}; known: {', '.join(sorted(known | own))}")
    for field, name in (("when", block.when), ("unless", block.unless), ("each", block.each)):
        if name and name not in known:
            raise ValueError(f"{field}: unknown value {name}; known: {', '.join(sorted(known))}")
