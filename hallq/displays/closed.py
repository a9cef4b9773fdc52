"""A window that a form keeps closed, or that gives advice only: its words, and what showing them proves (B07, B14)."""

from __future__ import annotations

from hallq.texts import text
from hallq.ticketing.picture import WindowView


def strip_words(window: WindowView) -> str:
    return text(f"l.{_key(window)}", "zh-CN", to=window.closed_to)


def pad_words(window: WindowView, lang: str) -> str:
    """Empty where no form closes it."""
    return text(f"cd.{_key(window)}", lang, to=window.closed_to) if window.closed else ""


def proof(window: WindowView) -> tuple[str, int, int] | None:
    if window.form is None:
        return None
    if window.closed:
        return ("change" if window.closed == "moved" else "closure", window.form, 1)
    return ("suspension", window.form, 1) if window.state == "advice_only" else None


def _key(window: WindowView) -> str:
    if window.closed in ("reserve", "moved"):
        return window.closed
    return "tempClosed" if window.closed_to else "tempClosed.other"
