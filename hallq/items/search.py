"""Finding an item by hanzi, pinyin, initials or English, in any mixture and without spaces. Pure: no rows, no clock.

All names stand in one long row of characters. A set of places in that row is one large integer, so that a letter typed
moves every possible match on at once: 2,000 items cost a few milliseconds.
"""

from __future__ import annotations

import os
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

SYLLABLE = 6  # letters of the longest: zhuang
INITIALS = ("zh", "ch", "sh")
WORDS = 6  # of a query that are looked for
SENTENCE = 24  # letters of a query that others are like
KEPT = 512  # masks of what was typed lately
ASCII = 128
Places = int  # bit n: the n-th character of the row


class Entry(NamedTuple):
    """An item, and what it is found by."""

    code: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()  # its matter, its department


class Field(NamedTuple):
    begins: int
    ends: int
    rank: int  # how much a match in it is worth: name, alias, matter, department
    owners: list[int]


class Index:
    """`Index(entries).search("sfz")`: codes, the best match first."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._codes: list[str] = []
        self._fields: list[Field] = []
        self._known: dict[tuple[int, str], Field] = {}
        self._at: dict[str, list[int]] = {}  # a character's places
        self._size = 0
        starts: list[int] = []  # where a match may begin: at every hanzi, and at each word in letters
        for entry in entries:
            self._add(entry, starts)
        self._begins = [field.begins for field in self._fields]
        self._starts = self._bits(starts)
        self._firsts = self._bits(self._begins)
        self._whole, self._short = _sounds(self._at)
        self._masks: dict[tuple[str, bool], Places] = {}

    def search(self, query: str) -> list[str]:
        """All of them for an empty query. What was typed as it stands; else what has each of its words."""
        if not query.strip():
            return list(self._codes)
        words = query.split()[:WORDS]
        found = self._found(query)
        if found or len(words) == 1:
            return found
        first, *rest = map(self._found, words)
        return [code for code in first if all(code in codes for codes in rest)]

    def near(self, query: str) -> list[str]:
        """For words that find nothing: what sounds the same (身分证); else what shares most of their hanzi, in pairs
        (怎么补身份证) or singly (社保); else what the beginning finds that is known (shenfemzheng)."""
        letters = "".join(letter for letter, _ in _letters(query))[:SENTENCE]
        spoken = "".join(_spoken(letter) for letter in letters)
        by_sound = self._found(spoken) if spoken != letters else []
        return by_sound or self._sharing(letters, 2) or self._sharing(letters, 1) or self._beginning(letters)

    def _sharing(self, letters: str, size: int) -> list[str]:
        counts: Counter[int] = Counter()
        pieces = {letters[i : i + size] for i in range(len(letters) - size + 1)}
        for piece in sorted(pieces):
            if not piece.isascii():
                hits = self._hit(self._match(piece, self._starts))
                counts.update({owner for field, _ in hits for owner in field.owners})
        least = max(2 / size, max(counts.values(), default=0) / 2)
        owners = sorted(counts, key=lambda owner: (-counts[owner], owner))
        return [self._codes[owner] for owner in owners if counts[owner] >= least]

    def _beginning(self, letters: str) -> list[str]:
        reached = self._reached(letters, self._starts)
        known = max((length for length, places in enumerate(reached) if places), default=0)
        return self._found(letters[:known]) if known > 1 and 3 * known >= len(letters) else []

    def _found(self, query: str) -> list[str]:
        letters = "".join(letter for letter, _ in _letters(query))
        if not letters:  # signs alone
            return []
        best: dict[int, tuple[int, int, int]] = {}
        for starts, later in ((self._firsts, 0), (self._starts, 1)):
            for field, to_its_end in self._hit(self._match(letters, starts)):
                worth = (2 * field.rank + later, int(not to_its_end), field.ends - field.begins)
                for owner in field.owners:
                    best[owner] = min(best.get(owner, worth), worth)
        return [self._codes[owner] for owner in sorted(best, key=lambda owner: (best[owner], owner))]

    def _match(self, letters: str, starts: Places) -> Places:
        """Where a match of all letters ends, one place behind it."""
        return self._reached(letters, starts)[-1]

    def _reached(self, letters: str, starts: Places) -> list[Places]:
        """The same for no letter, the first one, the first two ..."""
        reached = [starts] + [0] * len(letters)
        for i in range(len(letters)):
            here = reached[i]
            for j in range(i + 1, min(len(letters), i + SYLLABLE) + 1) if here else ():
                reached[j] |= (here & self._mask(letters[i:j], j == len(letters))) << 1
        return reached

    def _hit(self, ends: Places) -> Iterator[tuple[Field, bool]]:
        """Each field with a match, once; and whether one reaches to its end."""
        row = bin(ends)[:1:-1]
        place = row.find("1")
        while place >= 0:
            field = self._fields[bisect_right(self._begins, place - 1) - 1]
            yield field, row[field.ends : field.ends + 1] == "1"
            place = row.find("1", field.ends + 1)

    def _mask(self, typed: str, last: bool) -> Places:
        """Characters that this can stand for: itself, a whole syllable, its initial; the last may be unfinished."""
        known = self._masks.get((typed, last))
        if known is None:
            sounds = self._short if last or len(typed) == 1 or typed in INITIALS else self._whole
            characters = {typed} | sounds.get(typed, set())
            known = self._bits(place for one in characters for place in self._at.get(one, ()))
            if len(self._masks) >= KEPT:
                self._masks.clear()
            self._masks[typed, last] = known
        return known

    def _add(self, entry: Entry, starts: list[int]) -> None:
        owner = len(self._codes)
        self._codes.append(entry.code)
        ranked = [(0, name) for name in entry.names] + [(1, name) for name in entry.aliases]
        ranked += [(rank, name) for rank, name in enumerate(entry.groups, 2)]
        for rank, text in ranked:
            field = self._known.get((rank, text)) or self._new(rank, text, starts)
            if owner not in field.owners[-1:]:
                field.owners.append(owner)

    def _new(self, rank: int, text: str, starts: list[int]) -> Field:
        begins = self._size
        for letter, begins_word in _letters(text):
            if begins_word:
                starts.append(self._size)
            self._at.setdefault(letter, []).append(self._size)
            self._size += 1
        field = Field(begins, self._size, rank, [])
        self._size += 1  # a gap that nothing matches across
        if field.ends > field.begins:
            self._fields.append(field)
        self._known[rank, text] = field
        return field

    def _bits(self, places: Iterable[int]) -> Places:
        row = bytearray(self._size // 8 + 1)
        for place in places:
            row[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(row, "little")


def _letters(text: str) -> Iterator[tuple[str, bool]]:
    """Small letters, digits and hanzi, and whether a word begins."""
    inside = False
    for character in text:
        letters = _plain(character)
        for letter in letters:
            yield letter, not (inside and ord(letter) < ASCII)
            inside = ord(letter) < ASCII
        inside = inside and bool(letters)


@lru_cache(8192)
def _plain(character: str) -> str:
    """ü is v, tone marks and signs are dropped."""
    apart = unicodedata.normalize("NFKD", character).lower().replace("u\u0308", "v")
    return "".join(letter for letter in apart if letter.isalnum())


def _sounds(characters: Iterable[str]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """syllable -> hanzi that may be read so, in whole; and the same for every beginning of one."""
    whole: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    for character in characters:
        for sound in _readings(character):
            whole.setdefault(sound, set()).add(character)
            for length in range(1, len(sound) + 1):
                short.setdefault(sound[:length], set()).add(character)
    return whole, short


def _spoken(letter: str) -> str:
    """A hanzi as it is mostly read; anything else as it is."""
    return next(iter(_readings(letter)), letter)


def _readings(character: str) -> list[str]:
    """All ways to read a hanzi, so that 重庆 and 银行 are found; ü as v, and as u by who has no better key."""
    if ord(character) < ASCII:
        return []
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # words are of no use here, and cost 45 MB
    from pypinyin import Style, pinyin

    [known] = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore") or [[]]
    return [sound for one in known for sound in (one, one.replace("v", "u"))]
