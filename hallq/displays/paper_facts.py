"""What each paper beside a ticket's slip may say: the values that its template may name, lists among them.

Whoever owns a paper gives its values in words, in one language at a time; a value that is empty leaves its blocks out.
"""

from __future__ import annotations

from collections.abc import Mapping

Value = str | tuple[str, ...]  # a line, or lines for a block with `each`

# on every paper: the hall, when it was printed, where to complain; `public_url`: what telephones can reach, else empty
COMMON = frozenset({"hall", "time", "complaints", "unresolved", "public_url"})

PAPERS: Mapping[str, frozenset[str]] = {}
