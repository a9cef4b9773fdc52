"""Whether a journal and the rows under it are whole. Standard library only, Python 3.8 or newer: the hub runs these
very lines, and each audit export carries them as verify.py. docs/audit.md describes what they read.

    python3 verify.py EXPORT.zip [--head SEQ:HASH]

Exit 0: whole. 1: something was altered, dropped or inserted, and the first such row is named. 2: not such a file.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile

ORIGIN = "0" * 64  # what stands before the first entry
ADOPT = "adopt"  # the verb that takes a table's older rows under the chain, once


class Fault(Exception):
    """What is wrong, in one sentence that names the row."""


def parsed_head(words: str) -> tuple[int, str]:
    """`SEQ:HASH`, the entry's number and hash as bulletins and exports print them. Raises ValueError."""
    parts = words.replace(":", " ").lower().split()
    if len(parts) != 2 or not parts[0].isdigit() or len(parts[1]) != 64 or set(parts[1]) - set("0123456789abcdef"):
        raise ValueError("a head is SEQ:HASH, the number and the hash that a bulletin or an export prints")
    return int(parts[0]), parts[1]


def link(seq, at, actor, verb, facts: bytes, rows: bytes, prev: str) -> str:  # type: ignore[no-untyped-def]
    """An entry's hash."""
    named = {"actor": actor, "at": at, "prev": prev, "seq": seq, "verb": verb}
    head = json.dumps(named, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
    return hashlib.sha256(b'{"facts":' + facts + b',"rows":' + rows + b',"head":' + head + b"}").hexdigest()


class Walk:
    """Takes the entries in order, then every covered row, then `end`. Each raises Fault at the first wrong one."""

    def __init__(self, known: str | None = None) -> None:
        """`known`: a head from outside that the journal must hold."""
        self.seq = 0
        self.hash = ORIGIN
        self._known = parsed_head(known) if known else None
        self._latest: dict[str, bytes] = {}  # row -> digest of its content, as the journal last told it
        self._adopted: set[str] = set()

    def entry(self, seq, at, actor, verb, facts, rows, stored) -> None:  # type: ignore[no-untyped-def]
        self.seq += 1
        if seq != self.seq:
            raise Fault(f"journal row {self.seq} is missing")
        told, written = _bytes(facts), _bytes(rows)
        self.hash = link(seq, at, actor, verb, told, written, self.hash)
        if self.hash != stored:
            raise Fault(f"journal row {seq} ({verb}) was altered")
        if self._known and self._known[0] == seq and self._known[1] != stored:
            raise Fault(f"journal row {seq} ({verb}) is not the one whose head is known outside")
        self._keep(seq, json.loads(written), json.loads(told) if verb == ADOPT else None)

    def _keep(self, seq: int, rows: dict[str, str | None], adopting: dict[str, list[str]] | None) -> None:
        for label, digest in rows.items():
            if adopting is not None:
                self._check_adopted(seq, label, digest)
            if digest is None:
                self._latest.pop(label, None)
            else:
                self._latest[label] = bytes.fromhex(digest)
        if adopting is not None:
            self._adopted.update(adopting.get("covered", ()))

    def _check_adopted(self, seq: int, label: str, digest: str | None) -> None:
        """Only once, before its table stood under the chain; and nothing that the chain knows otherwise."""
        known = self._latest.get(label)
        if label.partition("/")[0] in self._adopted or (known is not None and known.hex() != digest):
            raise Fault(f"journal row {seq} ({ADOPT}) takes in row {label}, which was inserted or altered before")

    def ended(self) -> None:
        """All entries have been seen."""
        if self._known and self._known[0] > self.seq:
            raise Fault(f"journal row {self._known[0]} is missing: the end was cut off after row {self.seq}")

    def row(self, label: str, digest: str | None) -> None:
        """A row of a covered table and the digest of its content."""
        expected = self._latest.pop(label, None)
        if expected is None:
            raise Fault(f"row {label} was inserted outside the journal")
        if expected.hex() != digest:
            raise Fault(f"row {label} was altered")

    def end(self) -> None:
        for label in self._latest:
            raise Fault(f"row {label} was removed")


def _bytes(text) -> bytes:  # type: ignore[no-untyped-def]
    return text.encode("utf-8", "replace") if isinstance(text, str) else repr(text).encode()


# -- an export


def check(path: str, known: str | None = None) -> str:
    """The head of a whole export. Raises Fault, and what zipfile raises for what is none."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        walk = Walk(known)
        with archive.open("journal.jsonl") as lines:
            for line in lines:
                walk.entry(*json.loads(line))
        walk.ended()
        for table in manifest["tables"]:
            _check_table(archive, walk, table["name"], table["keys"])
        walk.end()
        head = f"{walk.seq}:{walk.hash}"
        if manifest["head"] != head:
            raise Fault(f"the manifest names another head: {manifest['head']}")
        return head


def _check_table(archive: zipfile.ZipFile, walk: Walk, name: str, keys: list[str]) -> None:
    with archive.open(f"tables/{name}.jsonl") as lines:
        for line in lines:
            content = line.rstrip(b"\n")
            row = json.loads(content)
            label = f"{name}/{'/'.join(str(row.get(key)) for key in keys)}"
            walk.row(label, hashlib.sha256(content).hexdigest())


def main(arguments: list[str]) -> int:
    known = None
    if len(arguments) == 3 and arguments[1] == "--head":
        known = arguments.pop()
        arguments.pop()
    if len(arguments) != 1:
        print("usage: python3 verify.py EXPORT.zip [--head SEQ:HASH]", file=sys.stderr)
        return 2
    try:
        print(f"whole, head {check(arguments[0], known)}")
        return 0
    except Fault as fault:
        print(fault)
        return 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    except Exception as error:  # whatever a damaged file makes of its readers
        print(f"damaged: {error!r}")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
