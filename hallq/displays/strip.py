"""What a window's LED strip shows: never blank, no page wider than the strip, in Chinese only, in characters it has.

In the texts "/" begins a page and "|" is where a page may be parted when it is too wide.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hallq.displays import closed, glyphs, numbers
from hallq.displays.hall_state import noon
from hallq.displays.layout import columns, plain, wrap
from hallq.displays.screens import StripForm, StripScreen
from hallq.kernel import Ms
from hallq.texts import ZH, text
from hallq.ticketing.picture import PauseView, Picture, TicketView, WindowView

_MARKS = str.maketrans("/|", "／｜")  # in a name they are only characters
_COLOURS = {"called": "red", "serving": "green", "away": "yellow", "paused": "yellow", "advice_only": "yellow"}


def strip(picture: Picture, no: str, *, form: StripForm, now: Ms, zone: ZoneInfo) -> StripScreen:
    window = picture.windows.get(no)
    if window is None:
        return neutral(no, form)
    colour, words = _now(picture, window, now, zone)
    if form.charset == "ascii":
        pages = _sign(picture, window, form)
        return StripScreen(pages, colour, _shown(picture, window), _neutral(no, form))
    pages = (_line(words, form),) if form.scrolls else _pages(words, form)
    runs = form.scrolls and columns(pages[0]) > form.columns
    stays, missing = picture.mode.emergency is not None, glyphs.missing(words, form.charset)
    return StripScreen(pages, colour, _shown(picture, window), _neutral(no, form), stays, runs, missing)


def neutral(no: str, form: StripForm) -> StripScreen:
    """Only whose strip it is: true also when nobody tells it anything any more."""
    return StripScreen((_neutral(no, form),), neutral=_neutral(no, form), lasts=True)


def roll_call(no: str, form: StripForm) -> StripScreen:
    """The strip's own window, so that a technician sees at a glance which one hangs where it should not."""
    words = text("strip.roll", ZH, win=no)
    fits = form.charset != "ascii" and columns(words) <= form.columns
    return StripScreen((words if fits else _neutral(no, form),), "yellow", neutral=_neutral(no, form))


def _neutral(no: str, form: StripForm) -> str:
    """One page, whatever the strip's width."""
    if form.charset == "ascii":
        return f"-{no}-" if len(no) + 2 <= form.columns else no
    named = _say("neutral", win=no)
    return named if columns(named) <= form.columns else no


def _now(picture: Picture, window: WindowView, now: Ms, zone: ZoneInfo) -> tuple[str, str]:
    """Colour and words."""
    if picture.mode.emergency is not None:
        return "red", text("em.stripHold" if picture.mode.emergency_kind == "hold" else "em.stripFire", ZH)
    called = window.ticket is not None and window.ticket.state == "called"
    colour = _COLOURS.get("called" if called else window.state, "green" if window.clerk else "red")
    return colour, _words(picture, window, now, zone)


def _shown(picture: Picture, window: WindowView) -> tuple[str, int, int] | None:
    return None if picture.mode.emergency is not None else _proof(window)


def _sign(picture: Picture, window: WindowView, form: StripForm) -> tuple[str, ...]:
    """What a display without hanzi can say: the citizen's number, the window's own while it is free, dashes when nobody
    is called here. A number that is too long loses its letters, then it is paged."""
    if window.ticket and picture.mode.emergency is None:
        number = window.ticket.number
        if len(number) > form.columns:
            number = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        return tuple(number[at : at + form.columns] for at in range(0, len(number), form.columns))
    free = window.state == "open" and picture.mode.emergency is None and not window.closed
    return (_neutral(window.no, form),) if free else ("-" * min(4, form.columns),)


def _proof(window: WindowView) -> tuple[str, int, int] | None:
    if window.ticket and window.ticket.state == "called" and window.visit:
        return ("call", window.visit, window.ticket.calls)
    if window.pause:
        return ("pause", window.pause.id, 1)
    return None if window.ticket else closed.proof(window)


def _words(picture: Picture, window: WindowView, now: Ms, zone: ZoneInfo) -> str:
    if window.ticket:
        return _visit(window, window.ticket)
    if window.closed:
        return closed.strip_words(window)
    if window.pause:
        return _pause(window.pause, now, zone)
    if window.state == "advice_only":
        return _say("advice")
    if window.clerk and window.state != "closed":
        return _free(picture, window, now, zone)
    return _closed(picture, window, now, zone)


def _visit(window: WindowView, ticket: TicketView) -> str:
    long = len(ticket.number) > 4
    no = ticket.number
    if window.state == "away":
        return _say("away", no=no)
    if ticket.state != "called":
        return _say("serving.long" if long else "serving", no=no)
    key = "recall" if ticket.calls > 1 else "called.green" if ticket.green else "called"
    return _say(f"{key}.long" if long else key, no=no)


def _pause(pause: PauseView, now: Ms, zone: ZoneInfo) -> str:
    pages = [_say("paused")]
    if pause.until and pause.until > now:  # a return that has passed is not promised
        pages.append(_say("paused.until", t=_short(numbers.clock(pause.until, zone))))
    return "/".join([*pages, _say("paused.other")])


def _free(picture: Picture, window: WindowView, now: Ms, zone: ZoneInfo) -> str:
    undo = window.undo
    if undo is not None and undo.onward and undo.until > now:  # A24: where the next step is
        return _say("transfer", no=undo.number, win=undo.onward)
    at_noon, back = noon(picture, window)
    if at_noon == "duty":
        return _say("noonDuty", win=window.no)
    if at_noon == "rest":
        return _say("noon", t=_short(numbers.clock(back or now, zone)))
    if picture.hall_open or _break(picture, now, zone) == "early":
        return _say("green" if window.channel else "idle", win=window.no, dept=window.department_name)
    return _say("noonDuty" if _break(picture, now, zone) == "noon" else "extended", win=window.no)


def _closed(picture: Picture, window: WindowView, now: Ms, zone: ZoneInfo) -> str:
    at_noon, back = noon(picture, window)
    if at_noon == "rest":
        return _say("noon", t=_short(numbers.clock(back or now, zone)))
    if picture.hall_open or at_noon == "duty":
        return _say("unstaffed", win=window.no)
    if picture.day_off is not None:
        return text("dayoff.strip", ZH)
    return _say(_break(picture, now, zone), t=_short(picture.opens or ""))


def _break(picture: Picture, now: Ms, zone: ZoneInfo) -> str:
    """Why the hall is closed: `early` in the morning, `noon` before an opening after noon, else `closed` for today."""
    opens, clock = picture.opens, numbers.clock(now, zone)
    if not opens or opens <= clock:
        return "closed"
    return "early" if opens < "12:00" else "noon"


def _short(clock: str) -> str:
    """08:30 -> 8:30"""
    return clock.removeprefix("0")


def _say(key: str, **values: str) -> str:
    return text(f"l.{key}", ZH, **{name: plain(value).translate(_MARKS) for name, value in values.items()})


def _pages(words: str, form: StripForm) -> tuple[str, ...]:
    limit = max(2, form.columns)
    return tuple(page for page in words.split("/") for page in _parted(_drawable(page, form), limit))


def _drawable(words: str, form: StripForm) -> list[str]:
    """The parts of a page, in characters that the strip has."""
    return [glyphs.fitting(part, form.charset) for part in words.split("|")]


def _line(words: str, form: StripForm) -> str:
    """All of it one behind the other, for a strip that scrolls."""
    return "  ".join("".join(_drawable(page, form)) for page in words.split("/"))


def _parted(parts: list[str], limit: int) -> list[str]:
    """One page if it fits, else its parts, as many on a page as fit."""
    pages = [""]
    for part in parts:
        if columns(pages[-1] + part) > limit:
            pages.append("")
        pages[-1] = pages[-1] + part if pages[-1] else part.strip()
    return [line for page in pages for line in wrap(page, limit)]
