"""Reading personal data leaves a trace: who looked at what, in the journal, without the data."""

from __future__ import annotations

from hallq.kernel import Tx


def looked(tx: Tx, *, what: str, ref: str) -> None:
    """`what`: the kind of data (`case identity`, `ratings export`), `ref`: whose."""
    tx.log(what=what, ref=ref)
