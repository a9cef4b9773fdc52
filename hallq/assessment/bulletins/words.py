"""The words of the documents: official Chinese, from the texts. Imports little: the printing process has it too."""

from __future__ import annotations

from hallq.texts import ZH, text


def say(key: str, **values: object) -> str:
    return text(f"bf.{key}", ZH, **values)


def titles(*keys: str) -> list[str]:
    return [say(f"col.{key}") for key in keys]
