"""What each paper beside a ticket's slip may say: the values that its template may name, lists among them.

Whoever owns a paper gives its values in words, in one language at a time; a value that is empty leaves its blocks out.
"""

from __future__ import annotations

from collections.abc import Mapping

# on every paper: the hall, when it was printed, where to complain; `public_url`: what telephones can reach, else empty
COMMON = frozenset({"hall", "time", "complaints", "unresolved", "public_url"})

_OUTCOME = frozenset({  # the five notices of a case
    "no", "number", "service", "department", "case_no", "window", "clerk", "phone", "accepted", "due", "days",
    "clock_from", "reason", "missing", "mail",
})  # fmt: skip

PAPERS: Mapping[str, frozenset[str]] = {
    "referral": frozenset({
        "no", "number", "matter", "department", "person", "tel", "windows", "due", "writer",
    }),
    "guide": frozenset({
        "name", "materials", "steps", "promised", "fee", "fee_basis", "place", "opening", "phone", "supervision",
        "online", "code",
    }),
    "one_time": frozenset({
        "no", "number", "service", "department", "window", "clerk", "case_no", "missing", "complete", "accepted",
        "special", "next", "fee", "return_by", "check_code", "phone_token", "windows", "phone",
    }),
    **dict.fromkeys(("accept", "refuse", "supplement", "giveback", "advice"), _OUTCOME),
    "extension": frozenset({
        "no", "number", "service", "department", "case_no", "window", "clerk", "phone", "from_day", "to_day", "reason",
        "leader",
    }),
    "found": frozenset({"no", "what", "found", "place", "until", "step"}),
    "mail": frozenset({"no", "what", "name", "phone", "carrier", "waybill", "pays", "ask"}),
}  # fmt: skip
