"""`python -m firmware_protocols decode PROTOCOL --from host HEX` and `... check VECTORS.json`, for a technician.
Exit 0 good, 1 the bytes are wrong, 2 the call is wrong."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from firmware_protocols import PROTOCOLS, Codec, ProtocolError, to_json


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line that says what is wrong, without the usage in front of it."""
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    parser = _Parser(prog="python -m firmware_protocols")
    commands = parser.add_subparsers(required=True, metavar="{decode,check,conform}")
    decode_ = commands.add_parser("decode", help="one JSON line per message in the bytes")
    decode_.add_argument("protocol", type=_protocol, metavar="PROTOCOL", help=", ".join(PROTOCOLS))
    decode_.add_argument("--from", dest="sender", choices=("host", "device"), required=True, help="who sent the bytes")
    decode_.add_argument("hex", type=_hex, nargs="+", metavar="HEX", help="bytes as hex, with or without spaces")
    decode_.set_defaults(run=lambda given: decode(given.protocol, given.sender, b"".join(given.hex)))
    check_ = commands.add_parser("check", help="decode each vector, encode the result again, compare byte for byte")
    check_.add_argument("vectors", type=_vectors, metavar="VECTORS.json")
    check_.set_defaults(run=lambda given: check(given.vectors))
    conform_ = commands.add_parser("conform", help="act as the hub towards a real device and test it against its page")
    conform_.add_argument("protocol", choices=("eval-pad",))
    conform_.add_argument("link", metavar="LINK", help="serial:/dev/ttyUSB0?baud=115200 or tcp://host:port")
    conform_.add_argument("--auto", action="store_true", help="nobody stands there to press: skip what needs a hand")
    conform_.add_argument("--tempo", type=float, default=1.0, help="scales all times, for a simulator that hurries")
    conform_.set_defaults(run=lambda given: conform(given.protocol, given.link, given.auto, given.tempo))
    given = parser.parse_args(arguments)
    return int(given.run(given))


def decode(protocol: Codec, sender: str, data: bytes) -> int:
    failed = False
    for item in _items(protocol, sender, data):
        if isinstance(item, ProtocolError):
            failed = True
            print(item, file=sys.stderr)
        else:
            print(json.dumps(to_json(item), ensure_ascii=False))
    return int(failed)


def check(vectors: list[dict[str, Any]]) -> int:
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for vector in vectors:
        result, reason = _checked(vector)
        counts[result] += 1
        if reason:
            print(f"{result} {vector.get('id', '?')}: {reason}")
    print(", ".join(f"{count} {result}" for result, count in counts.items()))
    return int(counts["failed"] > 0)


def conform(protocol: str, link: str, auto: bool, tempo: float) -> int:
    from firmware_protocols import conform as benches  # here: decoding needs none of it

    try:
        connect = benches.opener(link)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return benches.conform(protocol, connect, auto=auto, tempo=tempo)


def _checked(vector: dict[str, Any]) -> tuple[str, str]:
    """The result and, unless it passed, why."""
    try:
        name, sender, data = vector["protocol"], vector["from"], bytes.fromhex(vector["hex"])
    except (KeyError, TypeError, ValueError) as error:
        return "failed", f"not a vector: {error!r}"
    if name not in PROTOCOLS:
        return "skipped", f"protocol {name} is not built"
    if sender not in ("host", "device"):
        return "failed", f'"from" is {sender!r}, not host or device'
    reason = _round_trip(PROTOCOLS[name], sender, data, bool(vector.get("partial")))
    return ("failed", reason) if reason else ("passed", "")


def _round_trip(protocol: Codec, sender: str, data: bytes, partial: bool) -> str:
    """Why these bytes do not come back from decode and encode; empty if they do."""
    try:
        items = [protocol.part(data)] if partial and protocol.part else _items(protocol, sender, data)
    except ProtocolError as error:
        return str(error)
    errors = [item for item in items if isinstance(item, ProtocolError)]
    if errors:
        return str(errors[0])
    again = b"".join(item.encode() for item in items)
    return "" if again == data else f"encoded again: {again.hex(' ').upper()}"


def _items(protocol: Codec, sender: str, data: bytes) -> list[Any]:
    decoder = protocol.Device() if sender == "host" else protocol.Host()
    return [*decoder.feed(data), *decoder.end()]


def _protocol(name: str) -> Codec:
    if name not in PROTOCOLS:
        raise argparse.ArgumentTypeError(f"unknown protocol {name}; known: {', '.join(PROTOCOLS)}")
    return PROTOCOLS[name]


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not hex: {text}") from None


def _vectors(path: str) -> list[dict[str, Any]]:
    try:
        content = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{path}: {error}") from None
    vectors = content.get("vectors") if isinstance(content, dict) else content
    if not isinstance(vectors, list) or not all(isinstance(vector, dict) for vector in vectors):
        raise argparse.ArgumentTypeError(f'{path}: no list of vectors under "vectors"')
    return vectors


if __name__ == "__main__":
    sys.exit(main())
