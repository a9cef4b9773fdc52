"""The checks of a pad that need no hand: sessions, screens, bytes, the link. Sections: specs/eval-pad.md."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from firmware_protocols.conform.bench import Failed
from firmware_protocols.conform.lines import LineLost
from firmware_protocols.conform.pad_bench import BEAT, HELLO, LISTS, RESEND, SILENCE, Check, PadBench, into
from firmware_protocols.eval_pad import (
    VERSION,
    AskChoices,
    CitizenKind,
    CitizenSide,
    HubBeat,
    HubHello,
    PadBeat,
    PadHello,
    Shown,
    Unknown,
)  # fmt: skip
from firmware_protocols.eval_pad_fields import frame

CHECKS: list[Check] = []
check = partial(into, CHECKS)


# -- sessions


@check("4.1", "it greets when it is asked")
def greets(bench: PadBench) -> str:
    begun = time.monotonic()
    try:
        hello = bench.greet()
    except Failed:
        bench.stopped = "the pad does not greet"
        raise
    about = f"{hello.model} {hello.firmware}, serial number {hello.serial}"
    return f"{about}, after {(time.monotonic() - begun) * 1000:.0f} ms"


@check("4.3", "it speaks version 1")
def versions(bench: PadBench) -> str:
    hello = bench.greeting
    assert hello is not None
    if not hello.oldest <= VERSION <= hello.newest:
        raise Failed(f"versions {hello.oldest} to {hello.newest}")
    return f"versions {hello.oldest} to {hello.newest}"


@check("6 (81)", "an answer to another boot id is ignored, and it greets again")
def other_boot_id(bench: PadBench) -> str:
    with bench.holding(PadHello):
        hello = bench.greet()
        bench.say(HubHello(VERSION, hello.boot_id ^ 1, "3", "", "", "zh-CN", bench.lists))
        bench.listen(0.5)  # greetings that crossed it
        at = len(bench.heard)
        if bench.wait(lambda got: isinstance(got, PadHello), bench.within(HELLO * 1.5), at) is None:
            raise Failed("no further PadHello: another pad's answer was taken")
        return "greets on"


@check("5.5", "it asks for lists of a new version")
def asks_for_lists(bench: PadBench) -> str:
    bench.lists = (bench.lists + 1) & 0xFFFF
    at = len(bench.heard)
    bench.greet()
    for which in LISTS:
        if bench.wait(lambda got: got == AskChoices(which), bench.within(RESEND), at) is None:  # noqa: B023
            raise Failed(f"list {which} is not asked for")
    return "levels and reasons"


@check("4.5", "it beats every 5 s")
def beats(bench: PadBench) -> str:
    at = len(bench.heard)
    if bench.wait(lambda got: isinstance(got, PadBeat), bench.within(BEAT * 1.2), at) is None:
        raise Failed(f"no PadBeat within {BEAT:.0f} s")
    beat = bench.wait(lambda got: isinstance(got, PadBeat), bench.within(BEAT * 1.2), len(bench.heard))
    if beat is None:
        raise Failed(f"no second PadBeat within {BEAT:.0f} s")
    return f"up for {beat.uptime} s, {beat.pending} ratings pending"


# -- screens


@check("5.1", "a screen is acknowledged with its version")
def acknowledges(bench: PadBench) -> str:
    bench.show(bench.draw())
    return f"Shown {bench.version}"


@check("5.1", "of three screens in a row the last one stands")
def last_stands(bench: PadBench) -> str:
    at = len(bench.heard)
    for _ in range(3):
        bench.say(bench.draw())
    assert bench.screen is not None
    bench.shown(bench.screen, at)
    beat = bench.wait(lambda got: isinstance(got, PadBeat), bench.within(BEAT * 1.2))
    if beat is None or beat.shown != bench.version:
        raise Failed(f"PadBeat names {beat and beat.shown}, not {bench.version}")
    return f"PadBeat names {bench.version}"


@check("7.2", "every kind of the citizen's side is shown")
def all_kinds(bench: PadBench) -> str:
    for kind in CitizenKind:
        bench.show(bench.draw(CitizenSide(kind, number="A012", service="社会保险", until="10:20")))
    return f"{len(CitizenKind)} kinds"


@check("10.5", "names of the full length are shown")
def full_length(bench: PadBench) -> str:
    long = {"clerk_name": "司" * 16, "service": "业" * 32, "service_en": "w" * 96, "number": "A" * 12}
    citizen = CitizenSide(CitizenKind.SERVING, **long)  # type: ignore[arg-type]
    bench.show(bench.draw(citizen, service="务" * 24, message="请" * 40, message_id=1))
    return f"{len(bench.screen.encode() if bench.screen else b'')} bytes"


@check("3", "numbers that no table lists are borne")
def unknown_numbers(bench: PadBench) -> str:
    bench.show(bench.draw(CitizenSide(200, number="A012"), state=99, verbs=0xFFFF_FFFF, primary=200))
    return "kind 200, state 99"


@check("4.6", "two beats that name another screen make it greet")
def other_screen(bench: PadBench) -> str:
    at = len(bench.heard)
    for _ in range(2):
        bench.say(HubBeat(bench.version + 7))
    if bench.wait(lambda got: isinstance(got, PadHello), bench.within(HELLO), at) is None:
        raise Failed("no PadHello")
    return "greets"


# -- bytes


@check("10.1", "a screen one byte at a time")
def byte_at_a_time(bench: PadBench) -> str:
    screen = bench.draw()
    at = len(bench.heard)
    for byte in screen.encode():
        bench.line.write(bytes([byte]))
    bench.shown(screen, at)
    return f"Shown {screen.version}"


def _bad(bench: PadBench, bytes_: Callable[[bytes], bytes], why: str) -> str:
    """The bad one is dropped without an answer; the next is understood."""
    bench.show(good := bench.draw())
    bad, bench.screen = bench.draw(), good
    bench.line.write(bytes_(bad.encode()))
    if Shown(bad.version) in bench.listen(RESEND):
        raise Failed(f"{why} was shown")
    bench.show(bench.draw())
    return "dropped, and the next is shown"


@check("2", "a wrong CRC is dropped")
def wrong_crc(bench: PadBench) -> str:
    return _bad(bench, lambda raw: raw[:5] + bytes([raw[5] ^ 0x20]) + raw[6:], "a screen with a wrong CRC")


@check("2", "a frame over 1024 bytes is dropped")
def oversize(bench: PadBench) -> str:
    return _bad(bench, lambda raw: raw[:-1] + b"\x55" * 3000 + raw[-1:], "a frame of 3000 bytes")


@check("2", "a frame that is cut short by the next is dropped")
def cut_short(bench: PadBench) -> str:
    return _bad(bench, lambda raw: raw[:20], "half a screen")


@check("2", "an escape of a byte that needs none is dropped")
def wrong_escape(bench: PadBench) -> str:
    return _bad(bench, lambda raw: raw[:3] + b"\x10\x21" + raw[3:], "a frame with a wrong escape")


@check("10.1", "noise around a frame")
def noise(bench: PadBench) -> str:
    screen = bench.draw()
    at = len(bench.heard)
    bench.line.write(b"\x00\xff\x11\x13\x03\x55" + screen.encode() + b"\x7e\x7e")
    bench.shown(screen, at)
    return f"Shown {screen.version}"


@check("3", "an unknown message is skipped")
def unknown_message(bench: PadBench) -> str:
    bench.say(Unknown(0xF0, b"later"))
    bench.show(bench.draw())
    return "type F0"


@check("3", "bytes after the last field are ignored")
def appended(bench: PadBench) -> str:
    screen = bench.draw()
    at = len(bench.heard)
    bench.say(replace(screen, extra=b"later", citizen=replace(screen.citizen, extra=b"more")))
    bench.shown(screen, at)
    return "in the message and in a side"


@check("2", "a message of the wrong direction is dropped")
def wrong_direction(bench: PadBench) -> str:
    bench.line.write(frame(0x07, bytes(60)))
    bench.show(bench.draw())
    return "type 07 from the hub"


# -- the link


@check("4.1", "after a new connection it shows the newest screen")
def reconnects(bench: PadBench) -> str:
    bench.show(bench.draw())
    screen = bench.draw()  # changed while nobody was connected
    bench.drop()
    at = len(bench.heard)
    bench.greet()
    bench.shown(screen, at)
    return f"Shown {screen.version}"


@check("4.5", "after 15 s of silence it greets, and shows the newest screen again")
def silence(bench: PadBench) -> str:
    bench.silent = True
    at = len(bench.heard)
    try:
        if bench.wait(lambda got: isinstance(got, PadHello), bench.within(SILENCE + 2 * HELLO), at) is None:
            raise Failed(f"no PadHello within {SILENCE + HELLO:.0f} s of silence")
    except LineLost:  # a pad closes a silent TCP connection
        bench.drop()
    finally:
        bench.silent = False
    screen, at = bench.screen or bench.draw(), len(bench.heard)
    bench.greet()
    bench.shown(screen, at)
    return "greets, and shows it"
