"""How a platform wants to be told. An adapter makes the request and reads the answer; it does no I/O.

Another package adds its own under the entry-point group `hallq.adapters`: a class without arguments.
"""

from __future__ import annotations

import hashlib
import hmac
from importlib.metadata import entry_points
from typing import Any, Literal, NamedTuple, Protocol

import orjson

from hallq.kernel import SECOND, Ms

Verdict = Literal["done", "again", "refused"]  # refused: sending the same once more would not help


class Outgoing(NamedTuple):
    id: int
    event: str
    body: bytes  # JSON: {event, at, data}


class Post(NamedTuple):
    headers: dict[str, str]
    body: bytes


class Adapter(Protocol):
    def post(self, out: Outgoing, secret: bytes, now: Ms) -> Post | None:
        """The request's headers and body. None: this platform does not want the event."""
        ...

    def judge(self, status: int, body: bytes) -> Verdict: ...


# of the example's platform: 10 evaluator, 20 machine, 30 assisted, 40 telephone
CHANNELS = {"pad": "10", "page": "10", "button": "10", "kiosk": "20", "desk": "30", "phone": "40"}


class SignedJson:
    """The event as it is. `X-HallQ-Signature: t=SECONDS,v1=HEX`, HEX = HMAC-SHA256(secret, "SECONDS." + body)."""

    def post(self, out: Outgoing, secret: bytes, now: Ms) -> Post:
        at = str(now // SECOND)
        signature = hmac.new(secret, f"{at}.".encode() + out.body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json", "X-HallQ-Event": out.event, "X-HallQ-Delivery": str(out.id),
            "X-HallQ-Signature": f"t={at},v1={signature}",
        }  # fmt: skip
        return Post(headers, out.body)

    def judge(self, status: int, body: bytes) -> Verdict:
        return "done" if 200 <= status < 300 else "again"


class ExampleProvince:
    """A worked example of a provincial 好差评 platform: ratings alone, its own field names, one signed envelope.

    No real platform; docs/webhooks.md goes through it line by line."""

    def post(self, out: Outgoing, secret: bytes, now: Ms) -> Post | None:
        if out.event != "rating":
            return None
        data: dict[str, Any] = orjson.loads(out.body)["data"]
        fields = {
            "serialNo": f"HQ{out.id:012d}", "itemCode": data["service"], "itemName": data["service_name"],
            "windowNo": data["window"], "staffNo": data["staff_no"] or "", "satisfaction": str(data["level"]),
            "evalDetail": ",".join(data["reasons"]), "evalChannel": CHANNELS.get(data["channel"], "90"),
            "assessTime": data["rated_at"][:19].replace("T", " "),
        }  # fmt: skip
        body = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
        stamp = str(now // SECOND)
        sign = hashlib.sha256(stamp.encode() + body + secret).hexdigest().upper()
        return Post({"Content-Type": "application/json", "timestamp": stamp, "sign": sign}, body)

    def judge(self, status: int, body: bytes) -> Verdict:
        """It answers 200 to everything and says in `code` what it means: 0 taken, 4xxxx the record is wrong."""
        try:
            code = int(orjson.loads(body)["code"])
        except (ValueError, KeyError, TypeError):
            return "again"
        if status != 200:
            return "again"
        return "done" if code == 0 else "refused" if 40000 <= code < 50000 else "again"


BUILT_IN: dict[str, type[Adapter]] = {"signed-json": SignedJson, "example-province": ExampleProvince}


def find(name: str) -> Adapter | None:
    if name in BUILT_IN:
        return BUILT_IN[name]()
    found = entry_points(group="hallq.adapters", name=name)
    return next((entry.load()() for entry in found), None)
