"""A decoded message in a line for people: its name, then what says something. The whole of it is in `to_json`."""

from __future__ import annotations

from typing import Any

FRAMING = frozenset({"message", "header", "reserved", "extra", "lead", "check", "barcode"})


def brief(message: dict[str, Any]) -> str:
    """`Ack error=ok`; zeros and empty fields are left out, and what every frame has."""
    return " ".join([str(message.get("message", "")), *_fields(message)])


def _fields(values: dict[str, Any]) -> list[str]:
    shown = [(name, _value(value)) for name, value in values.items() if name not in FRAMING]
    return [f"{name}={value}" for name, value in shown if value not in ("", "0", "none", "False")]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"({' '.join(_fields(value))})" if _fields(value) else ""
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_value, value)))
    return "" if value is None else str(value)
