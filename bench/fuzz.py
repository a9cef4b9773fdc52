"""`python -m bench.fuzz`: hostile bytes into every decoder. All end in a message or a ProtocolError, memory is bounded.

Plain: good frames mutated, spliced and cut at random, and rubbish. `--coverage` adds atheris, where it is installed:
inputs that reach new branches are kept and mutated further. What raises anything else is printed in hex, for replay.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import firmware_protocols
from firmware_protocols import PROTOCOLS, ProtocolError, to_json

VECTORS = Path(firmware_protocols.__file__).parent / "vectors"
STREAM = 32_768  # bytes of one connection
MOST_KEPT = 1 << 20  # bytes that a decoder may hold back; an ESC/POS bitmap block is the largest
SENDERS = ("host", "device")
ROW = "{:14} {:8} {:>11} {:>10} {:>10} {:>9} {:>8}"


@dataclass
class Count:
    fed: int = 0  # bytes
    messages: int = 0
    errors: int = 0
    kept: int = 0  # the most that a decoder held back
    seconds: float = 0.0

    def take(self, items: list[Any]) -> None:
        for item in items:
            if isinstance(item, ProtocolError):
                self.errors += 1
                str(item)
            else:
                self.messages += 1
                item.encode()
                json.dumps(to_json(item), ensure_ascii=False).encode()

    def feed(self, decoder: Any, data: bytes) -> None:
        self.fed += len(data)
        self.take(decoder.feed(data))
        self.kept = max(self.kept, len(getattr(decoder, "_buffer", b"")))
        assert self.kept <= MOST_KEPT, f"{self.kept} bytes held back"


def frames(name: str, sender: str) -> list[bytes]:
    """What the other side might really send; both roles' where this one has none of its own."""
    vectors = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["vectors"]
    good = [(vector["from"], bytes.fromhex(vector["hex"])) for vector in vectors]
    return [data for who, data in good if who == sender and data] or [data for _, data in good if data]


def decoder(name: str, sender: str) -> Any:
    return PROTOCOLS[name].Device() if sender == "host" else PROTOCOLS[name].Host()


# -- plain


def mutated(rng: random.Random, good: list[bytes]) -> bytes:
    kind = rng.random()
    if kind < 0.1:
        return rng.randbytes(rng.randrange(1, 200))
    data = bytearray(rng.choice(good)[:4096])
    if kind < 0.25:  # the head of one frame, the tail of another
        other = rng.choice(good)[:4096]
        data = data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]
    for _ in range(rng.choice((0, 1, 1, 2, 4, 16))):
        _change(rng, data)
    return bytes(data)


def _change(rng: random.Random, data: bytearray) -> None:
    at = rng.randrange(len(data) + 1)
    match rng.randrange(5):
        case 0:
            data[at:at] = rng.randbytes(rng.randrange(1, 5))
        case 1:
            del data[at : at + rng.randrange(1, 5)]
        case 2:
            data[at : at + 1] = bytes([rng.choice((0x00, 0x01, 0x7F, 0x80, 0xFF))])
        case 3:
            data[at : at + 1] = bytes([data[at] ^ 1 << rng.randrange(8)]) if at < len(data) else b""
        case _:
            data[at:at] = data[at : at + rng.randrange(1, 40)]


def plain(name: str, sender: str, wanted: int, seed: int) -> Count:
    rng, good, count = random.Random(f"{seed}/{name}/{sender}"), frames(name, sender), Count()
    begun = time.perf_counter()
    while count.fed < wanted:
        stream, connection = decoder(name, sender), bytearray()
        try:
            while len(connection) < STREAM:
                data = mutated(rng, good) or b"\0"
                step = rng.choice((1, 3, 64, 4096))
                connection += data
                for at in range(0, len(data), step):
                    count.feed(stream, data[at : at + step])
            count.take(stream.end())
        except Exception:
            print(f"{name} from {sender}, seed {seed}: {connection.hex()}", file=sys.stderr)
            raise
    count.seconds = time.perf_counter() - begun
    return count


# -- coverage-guided


def covered(name: str, sender: str, wanted: int, seed: int) -> Count:
    """In a process of its own, since libFuzzer takes the whole one. Good frames are what it begins with."""
    with tempfile.TemporaryDirectory() as corpus:
        for n, data in enumerate(frames(name, sender)):
            Path(corpus, str(n)).write_bytes(b"\0" + data)
        asked = [name, "--sender", sender, "--bytes", str(wanted), "--seed", str(seed), "--inside", corpus]
        command = [sys.executable, "-m", "bench.fuzz", *asked]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr[-4000:], file=sys.stderr)
        raise SystemExit(1)
    return Count(**json.loads(done.stdout.splitlines()[-1]))


def inside(name: str, sender: str, wanted: int, seed: int, corpus: str) -> None:
    atheris: Any = importlib.import_module("atheris")
    for module in [each for each in sys.modules if each.startswith("firmware_protocols.")]:
        _instrument(atheris, sys.modules[module])
    count, begun = Count(), time.perf_counter()

    def one(data: bytes) -> None:
        if not data:
            return
        stream, rest = decoder(name, sender), data[1:]
        step = data[0] or len(rest) or 1
        for at in range(0, len(rest), step):
            count.feed(stream, rest[at : at + step])
        count.take(stream.end())
        if count.fed >= wanted:
            count.seconds = time.perf_counter() - begun
            print(json.dumps(count.__dict__), flush=True)
            os._exit(0)  # libFuzzer gives no way back

    atheris.Setup([sys.argv[0], f"-seed={seed}", "-max_len=4096", "-verbosity=0", corpus], one)
    atheris.Fuzz()


def _instrument(atheris: Any, module: Any) -> None:
    for thing in list(vars(module).values()):
        if callable(thing) and getattr(thing, "__module__", "") == module.__name__ and hasattr(thing, "__code__"):
            atheris.instrument_func(thing)
        elif isinstance(thing, type) and thing.__module__ == module.__name__:
            for method in vars(thing).values():
                if hasattr(method, "__code__"):
                    atheris.instrument_func(method)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("protocols", nargs="*", metavar="PROTOCOL", help=", ".join(PROTOCOLS))
    parser.add_argument("--bytes", type=int, default=10_000_000, help="per protocol, half of them for each role")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--coverage", action="store_true", help="also coverage-guided; needs atheris")
    parser.add_argument("--sender", choices=SENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--inside", metavar="CORPUS", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.inside:
        inside(given.protocols[0], given.sender, given.bytes, given.seed, given.inside)
    if given.coverage:
        importlib.import_module("atheris")  # says what is missing before anything runs
    ways: list[tuple[str, Callable[[str, str, int, int], Count]]] = [("plain", plain)]
    ways += [("coverage", covered)] if given.coverage else []
    print(ROW.format("protocol", "way", "bytes", "messages", "errors", "kept", "MB/s"))
    for name in given.protocols or PROTOCOLS:
        for way, run in ways:
            both = [run(name, sender, given.bytes // 2, given.seed) for sender in SENDERS]
            print(_row(name, way, both), flush=True)
    return 0


def _row(name: str, way: str, both: list[Count]) -> str:
    total = Count(*(sum(getattr(each, field) for each in both) for field in ("fed", "messages", "errors")))
    kept, seconds = max(each.kept for each in both), sum(each.seconds for each in both)
    figures = (f"{total.fed:,}", f"{total.messages:,}", f"{total.errors:,}", f"{kept:,}")
    return ROW.format(name, way, *figures, f"{total.fed / 1e6 / seconds:.2f}")


if __name__ == "__main__":
    sys.exit(main())
