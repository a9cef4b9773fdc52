"""What a page speaks for who does not see it: a closed set of sentences, made once each by the host's voice, offline;
and service guides, of which the last few are kept.

Where no voice is installed, `there` is False and the pages hide their key (听读).
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from hallq.devices.speech_child import right_voice
from hallq.texts import EN, ZH, text

PROGRAM = "espeak-ng"
RATE = 150  # words a minute, as over the hall's loudspeakers
PATIENCE = 20
GUIDES = 6  # kept: a few megabytes each
# name in the address -> its text
SENTENCES = {
    "invite": "rt.sayInvite", "how": "rt.sayHow", "chosen": "rt.sayChosen", "sent": "rt.saySent", "why": "rt.sayWhy",
    "skipped": "rt.saySkipped", "bye": "rt.sayBye", **{f"level{level}": f"rt.say{level}" for level in range(1, 6)},
}  # fmt: skip


@cache
def there() -> bool:
    return shutil.which(PROGRAM) is not None


class Speech:
    """Made at the first wish, one at a time, beside the event loop; then kept: some five megabytes in all."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], bytes] = {}
        self._aloud: dict[tuple[str, str], bytes] = {}
        self._one = asyncio.Lock()

    async def wav(self, name: str, lang: str) -> bytes | None:
        """None: no such sentence, or no voice."""
        if name not in SENTENCES or lang not in (ZH, EN) or not there():
            return None
        async with self._one:
            if (name, lang) not in self._made:
                self._made[name, lang] = await asyncio.to_thread(_make, text(SENTENCES[name], lang), lang)
        return self._made[name, lang] or None


    async def aloud(self, words: str, lang: str) -> bytes | None:
        """Any words of the hall's own. None: no voice."""
        if not there():
            return None
        async with self._one:
            if (words, lang) not in self._aloud:
                made = await asyncio.to_thread(_make, words, lang)
                self._aloud = dict(list(self._aloud.items())[1 - GUIDES :]) | {(words, lang): made}
        return self._aloud[words, lang] or None


def _make(words: str, lang: str) -> bytes:
    """Empty where the voice fails: it is not asked again."""
    voice = _voice() if lang == ZH else "en"
    with tempfile.TemporaryDirectory(prefix="hallq-speech-") as folder:
        file = Path(folder) / "said.wav"
        order = [PROGRAM, "-v", voice, "-s", str(RATE), "-w", str(file), words]
        try:
            subprocess.run(order, check=True, timeout=PATIENCE, capture_output=True)
            return file.read_bytes()
        except (OSError, subprocess.SubprocessError):
            return b""


@cache
def _voice() -> str:
    return right_voice()
