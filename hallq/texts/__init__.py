"""Every word that people see, from the *.toml files here: key "k.title" is `title` in table `[k]`, in each language.

A missing key or value is a KeyError at once: a hall never shows a placeholder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

ZH, EN = "zh-CN", "en"
LANGUAGES: Mapping[str, str] = {ZH: "zh", EN: "en"}  # a language's tag, and its name in the files


def text(key: str, lang: str, **values: object) -> str:
    return _texts()[lang][key].format_map(values)


def refusal(code: str, lang: str, detail: Mapping[str, object]) -> str:
    """A refusal in words; without the words of its code, or a value they need, the general ones."""
    known = _texts()[lang]
    key = f"refusal.{code}"
    if code == "too_early" and not (detail.get("calls") and detail.get("seconds")):
        key = "early.calls" if detail.get("calls") else "early.wait"
    elif detail.get("reason") == "unstaffed":
        key = f"{code}.unstaffed"
    elif code == "case_step":
        detail = {**detail, "steps": _listed([f"cs.step.{step}" for step in _codes(detail["allowed"])], lang)}
    try:
        return known[key].format_map(detail)
    except KeyError:
        return known["refusal.internal"]


def _codes(value: object) -> list[str]:
    return [str(code) for code in value] if isinstance(value, list) else []


def _listed(keys: list[str], lang: str) -> str:
    return ("、" if lang == ZH else ", ").join(_texts()[lang][key] for key in keys) or "—"


def group(prefixes: Iterable[str]) -> dict[str, dict[str, str]]:
    """{language: {key: text}} of whole tables, for the pages that name them."""
    wanted = set(prefixes)
    missing = wanted - {_table(key) for key in _texts()[ZH]}
    if missing:
        raise KeyError(f"no texts in {sorted(missing)}")
    return {lang: {k: t for k, t in texts.items() if _table(k) in wanted} for lang, texts in _texts().items()}


def _table(key: str) -> str:
    return key.partition(".")[0]


@cache
def _texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {lang: {} for lang in LANGUAGES}
    for file in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for table, entries in tomllib.loads(file.read_text("utf-8")).items():
            for name, words in entries.items():
                _add(texts, f"{table}.{name}", words, file.name)
    return texts


def _add(texts: dict[str, dict[str, str]], key: str, words: Mapping[str, str], file: str) -> None:
    if key in texts[ZH]:
        raise KeyError(f"{file}: {key} stands in two files")
    if set(words) != set(LANGUAGES.values()):
        raise KeyError(f"{file}: {key} needs exactly {' and '.join(LANGUAGES.values())}")
    for lang, name in LANGUAGES.items():
        texts[lang][key] = words[name]
