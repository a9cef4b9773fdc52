"""The day as an SVG: how long who took a number when had to wait, per policy and class, and the waits side by side.

Colours are told apart by people who see no colours, too: each policy has its own dashes and its own sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

from hallq import texts
from hallq.simulate.figures import ORDINARY, PRIORITY, Figures
from hallq.simulate.report import policy_name
from hallq.ticketing.opening import hours

WIDTH, LEFT, PANEL, GAP, TOP = 1040, 60, 190, 64, 96
INK, GREY, LINE = "#1f2933", "#52606d", "#d9e2ec"
COLOURS = ("#0b5fa5", "#b3261e", "#8a5a00", "#2e7d32", "#6a3fa0", "#00707a", "#a02a6b", "#444444")
DASHES = ("", "8 4", "2 3", "10 3 2 3", "5 5", "1 5", "12 6", "3 6")
FONT = "'Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif"


def draw(known: Sequence[Figures], title: str, lang: str) -> str:
    first, *more = title.split("\n")
    bars_top = TOP + 2 * (PANEL + GAP)
    height = bars_top + _bars_height(known) + 8
    body = [
        _text(LEFT, 34, first, size=20, weight=600),
        *(_text(LEFT, 56, line, fill=GREY) for line in more),
        *_legend(known, lang),
        *_lines(known, ORDINARY, TOP, lang),
        *_lines(known, PRIORITY, TOP + PANEL + GAP, lang),
        *_bars(known, bars_top, lang),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="{FONT}" font-size="13" fill="{INK}" role="img"><title>{escape(title)}</title>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


# -- parts


def _legend(known: Sequence[Figures], lang: str) -> Iterator[str]:
    step = (WIDTH - LEFT - 20) / len(known)
    for at, figures in enumerate(known):
        x = LEFT + at * step
        yield _path(f"M{x:.0f} 76h28", at)
        yield _text(x + 34, 80, policy_name(figures.policy, lang))


def _lines(known: Sequence[Figures], who: str, top: float, lang: str) -> Iterator[str]:
    """A panel: the day from left to right, minutes of waiting upwards. Both panels have one scale."""
    times = sorted({hours.minute(time) for figures in known for time in figures.half_hours})
    first, last = (times[0], times[-1]) if times else (0, 0)
    highest = _round_up(max((v for f in known for values in f.half_hours.values() for v in values.values()), default=1))
    bottom, right = top + PANEL, WIDTH - 30
    title = texts.text("simulate.by_hour", lang, who=texts.text(f"simulate.{who}", lang))
    yield _text(LEFT, top + 18, title, weight=600)

    def x(minute: int) -> float:
        return LEFT + 16 + (right - LEFT - 16) * (minute - first) / max(1, last - first)

    def y(minutes: float) -> float:
        return bottom - (PANEL - 32) * minutes / highest

    yield from _grid(highest, y, right)
    for minute in range(-(-first // 60) * 60, last + 1, 60):
        yield _text(x(minute), bottom + 18, f"{minute // 60:02}:00", anchor="middle", fill=GREY)
    for number, figures in enumerate(known):
        waits = {hours.minute(time): values[who] for time, values in figures.half_hours.items() if who in values}
        way = ""
        for minute, wait in waits.items():  # a half hour in which nobody came leaves a gap
            place = f"{x(minute):.1f} {y(wait):.1f}"
            way += f"L{place}" if minute - 30 in waits else f"M{place}h0"
        yield _path(way, number)


def _grid(highest: float, y: Callable[[float], float], right: float) -> Iterator[str]:
    for part in range(5):
        minutes = highest * part / 4
        at = y(minutes)
        yield f'<path d="M{LEFT} {at:.1f}H{right}" stroke="{LINE}"/>'
        yield _text(LEFT - 8, at + 4, f"{minutes:g}", anchor="end", fill=GREY)


def _bars(known: Sequence[Figures], top: float, lang: str) -> Iterator[str]:
    """Per class and policy a bar for the mean and a whisker to what nine in ten wait at most."""
    yield _text(LEFT, top + 18, texts.text("simulate.by_class", lang), weight=600)
    label, right = LEFT + 260, WIDTH - 130
    highest = _round_up(max((figures.waits[who].p90 for figures in known for who in (ORDINARY, PRIORITY)), default=1))
    at = top + 34
    for who in (ORDINARY, PRIORITY):
        name = texts.text(f"simulate.{who}", lang)
        for number, figures in enumerate(known):
            waits, colour = figures.waits[who], COLOURS[number % len(COLOURS)]
            mean, nine = ((right - label) * value / highest for value in (waits.mean, waits.p90))
            yield _text(label - 10, at + 14, f"{name} · {policy_name(figures.policy, lang)}", anchor="end")
            yield f'<rect x="{label}" y="{at}" width="{mean:.1f}" height="18" fill="{colour}" fill-opacity="0.8"/>'
            yield f'<path d="M{label + mean:.1f} {at + 9}H{label + nine:.1f}m0 -6v12" stroke="{colour}" fill="none"/>'
            yield _text(label + max(mean, nine) + 8, at + 14, f"{waits.mean:g} · {waits.p90:g}", fill=GREY)
            at += 24
        at += 12


def _bars_height(known: Sequence[Figures]) -> int:
    return 34 + 2 * (24 * len(known) + 12)


# -- strokes


def _path(way: str, number: int) -> str:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    stroke = f'stroke="{colour}" stroke-width="2.2" stroke-linecap="round" stroke-dasharray="{dash or "none"}"'
    return f'<path d="{way}" fill="none" {stroke}/>'


def _text(
    x: float, y: float, words: str, *, size: int = 13, weight: int = 400, anchor: str = "start", fill: str = INK
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{fill}">{escape(words)}</text>'
    )


def _round_up(value: float) -> float:
    """To a scale whose quarters are easy to read."""
    for step in (4, 8, 12, 20, 40, 60, 80, 120, 160, 200, 240, 320, 400, 480, 600):
        if value <= step:
            return step
    return -(-value // 400) * 400
