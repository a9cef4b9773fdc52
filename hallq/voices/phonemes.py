"""Pinyin as the phonemes of the Kokoro model: "hao4 dao4" -> "xau↘ tau↘". Tones: 1 → 2 ↗ 3 ↓ 4 ↘, 5 none.

Facts: the transcription of the misaki library's Chinese part; ids of the model's symbols: its config.json.
"""

from __future__ import annotations

import re

# longest first, so that zh is not read as z
INITIALS = {
    "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l",
    "g": "k", "k": "kʰ", "h": "x", "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip
# T is where the tone stands
FINALS = {
    "a": "aT", "ai": "aiT", "an": "aTn", "ang": "aTŋ", "ao": "auT", "e": "ɤT", "ei": "eiT", "en": "əTn", "eng": "əTŋ",
    "er": "ɚT", "i": "iT", "ia": "jaT", "ian": "jɛTn", "iang": "jaTŋ", "iao": "jauT", "ie": "jeT", "in": "iTn",
    "ing": "iTŋ", "iong": "jʊTŋ", "iu": "jouT", "o": "woT", "ong": "ʊTŋ", "ou": "ouT", "u": "uT", "ua": "waT",
    "uai": "waiT", "uan": "waTn", "uang": "waTŋ", "ui": "weiT", "un": "wəTn", "uo": "woT", "v": "yT", "ve": "ɥeT",
    "van": "ɥɛTn", "vn": "yTn",
}  # fmt: skip
ALONE = {  # syllables that begin with y or w, as the finals that they are
    "yi": "i", "ya": "ia", "yan": "ian", "yang": "iang", "yao": "iao", "ye": "ie", "yin": "in", "ying": "ing",
    "yong": "iong", "you": "iu", "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn", "wu": "u", "wa": "ua",
    "wai": "uai", "wan": "uan", "wang": "uang", "wei": "ui", "wen": "un", "wo": "uo",
}  # fmt: skip
TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
LETTERS = {  # English names: A stands for the sound of "day", O for "go", I for "my"
    "A": "ˈA", "B": "bˈi", "C": "sˈi", "D": "dˈi", "E": "ˈi", "F": "ˈɛf", "G": "ʤˈi", "H": "ˈAʧ", "I": "ˈI",
    "J": "ʤˈA", "K": "kˈA", "L": "ˈɛl", "M": "ˈɛm", "N": "ˈɛn", "O": "ˈO", "P": "pˈi", "Q": "kjˈu", "R": "ˈɑɹ",
    "S": "ˈɛs", "T": "tˈi", "U": "jˈu", "V": "vˈi", "W": "dˈʌbᵊljˌu", "X": "ˈɛks", "Y": "wˈI", "Z": "zˈi",
}  # fmt: skip
IDS = {
    " ": 16, "ʤ": 82, "ʦ": 20, "ʨ": 21, "ꭧ": 23, "A": 24, "I": 25, "O": 31, "ᵊ": 42, "a": 43, "b": 44, "d": 46,
    "e": 47, "f": 48, "h": 50, "i": 51, "j": 52, "k": 53, "l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "r": 60,
    "s": 61, "t": 62, "u": 63, "v": 64, "w": 65, "x": 66, "y": 67, "z": 68, "ɑ": 69, "ɔ": 76, "ɕ": 77, "ə": 83,
    "ɚ": 85, "ɛ": 86, "ɥ": 99, "ɨ": 101, "ŋ": 112, "ɤ": 140, "ɹ": 123, "ɻ": 126, "ʂ": 130, "ʊ": 135, "ʌ": 138,
    "ʧ": 133, "ˈ": 156, "ˌ": 157, "ʰ": 162, "↓": 169, "→": 171, "↗": 172, "↘": 173,
}  # fmt: skip
_SYLLABLE = re.compile(r"([a-z]+)([1-5])")


def phonemes(spelled: str) -> str:
    """Of a letter, or of pinyin with tone numbers and a space between syllables. ValueError names what is no pinyin."""
    return LETTERS.get(spelled) or " ".join(_syllable(each) for each in spelled.split())


def ids(spoken: str) -> list[int]:
    """What the model takes; it begins and ends with silence."""
    return [0, *(IDS[symbol] for symbol in spoken), 0]


def _syllable(pinyin: str) -> str:
    found = _SYLLABLE.fullmatch(pinyin)
    if found is None:
        raise ValueError(f'"{pinyin}" is no pinyin; write it like hao4')
    bare, tone = found[1], TONES[found[2]]
    initial = next((each for each in INITIALS if bare.startswith(each)), "")
    final = ALONE.get(bare, bare[len(initial) :])
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    if final not in FINALS:
        raise ValueError(f'"{pinyin}" is no pinyin: nothing ends in "{final}"')
    sound = "ɨT" if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s") else FINALS[final]
    return INITIALS.get(initial, "") + sound.replace("T", tone)
