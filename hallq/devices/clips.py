"""A voice of clips: a folder with one sound per word of the closed vocabulary, joined to sentences in memory.

A sentence is parted into the fewest clips that make it up, so that a folder may also hold whole groups of words; where
a word has no clip this voice does not say the sentence at all.
"""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path

from hallq.devices import sound
from hallq.devices.sound import Sound

PAUSES = dict.fromkeys("，,、：:", 0.22) | dict.fromkeys("。.！!；？", 0.4)  # seconds
BETWEEN = 0.05  # seconds between two clips


class Clips:
    """All clips of a folder, in memory. ValueError names the file that does not fit, and why."""

    def __init__(self, folder: Path) -> None:
        files = sorted(folder.glob("*.wav"))
        if not files:
            raise ValueError(f"{folder}: no clips; make them with `hallq voice build`, or record them")
        clips = {file.stem: _read(file) for file in files}
        self.rate = max(clip.rate for clip in clips.values())
        self._clips = {word: clip.at(self.rate) for word, clip in clips.items()}
        self._longest = max(map(len, self._clips))

    def lacks(self, words: Sequence[str]) -> list[str]:
        """Those of them that cannot be said."""
        return [word for word in words if word not in PAUSES and self._parted(word) is None]

    def join(self, words: Sequence[str]) -> Sound:
        """The sentence. ValueError: a word of it has no clip."""
        parts = self._parted("".join(words))
        if not parts:
            raise ValueError(f"no clip for {'、'.join(self.lacks(words))}")
        pieces = [sound.silence(PAUSES[part], self.rate) if part in PAUSES else self._clips[part] for part in parts]
        return sound.join(pieces, BETWEEN)

    def _parted(self, text: str) -> list[str] | None:
        """The fewest clips: `best[n]` is how the first n characters are said."""
        best: list[list[str] | None] = [[]]
        for end in range(1, len(text) + 1):
            found: list[str] | None = None
            for start in range(max(0, end - self._longest), end):
                before, word = best[start], text[start:end]
                if before is None or not (word in self._clips or word in PAUSES):
                    continue
                if found is None or len(before) + 1 < len(found):
                    found = [*before, word]
            best.append(found)
        return best[-1]


def _read(file: Path) -> Sound:
    try:
        return sound.read(file)
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{file}: no wav file; {error or 'it ends too early'}") from None
