"""The state of a simulated device, known from its bytes alone, as the page of the virtual hall draws it. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import barcode
import qrcode

from hallq.demo.cast import PIN

SAID = 6  # announcements
LARGE = 3  # times: only the number is printed so large
CITIZEN = ("clerk_name", "clerk_title", "staff_no", "number", "service", "service_en", "reason", "reason_en", "until",
           "level", "token")  # fmt: skip
CLERK = ("state", "clerk_name", "number", "service", "category", "waiting", "verbs", "primary", "undo_in")
Json = dict[str, Any]


def strip(state: Json) -> Json:
    pages = [{"text": page, "colour": state["colour"]} for page in state["pages"]]
    return {"kind": "led", "pages": pages, "frames": state["frames"], "width": state["width"]}


def digits(state: Json) -> Json:
    """A display of seven segments: its text, as wide as its places."""
    return {"kind": "digits", "text": "".join(state["lines"]), "places": state["width"] // 8, "frames": state["frames"]}


def keypad(state: Json) -> Json:
    """Three digits above, three below; nothing until the hub has said something."""
    return {"kind": "keypad", "waiting": _three(state["waiting"]), "number": _three(state["ticket"]),
            "beeps": state["beeps"], "busy": state["busy"], "given_up": state["given_up"], "pin": PIN}  # fmt: skip


def _three(number: int | None) -> str:
    return "" if number is None else f"{number % 1000:03}"


def evaluator(state: Json, rated: int, values: dict[int, int]) -> Json:
    levels = [{"level": level, "value": values[level]} for level in sorted(values, reverse=True)]
    return {"kind": "evaluator", "asking": state["asked"] > rated, "answered": state["answered"], "busy": state["busy"],
            "levels": levels}  # fmt: skip


def box(state: Json, keys: dict[str, str]) -> Json:
    return {"kind": "box", "pressed": state["pressed"], "keys": keys}


def reader(state: Json, lies: str) -> Json:
    return {"kind": "reader", "card": state["card"], "read": state["read"], "reads": state["reads"], "lies": lies}


def pad(state: Json) -> Json:
    up = state["session"] == "up" and bool(state["citizen"])
    citizen, clerk = state["citizen"], state["clerk"]
    return {
        "kind": "pad",
        "alive": up and state["screen"] != "offline",
        "citizen": {name: citizen[name] for name in CITIZEN} | {"kind": state["screen"]} if up else None,
        "clerk": {name: clerk[name] for name in CLERK} if up else None,
        "reasons": _reasons(state) if state["screen"] == "reasons" else [],
        "words": state["words"],
        "pin": PIN,
    }


def _reasons(state: Json) -> list[Json]:
    """Those that are offered for the level that was pressed: bit n of `value` stands for level n."""
    level = state["citizen"]["level"] or 1
    offered = [item for item in state["lists"].get("reasons", ()) if not item["value"] or item["value"] >> level & 1]
    return [{"code": item["code"], "name": item["label"], "name_en": item["label_en"]} for item in offered]


DRAWN = ("barcode", "feed", "raster", "bytes_across", "rows", "width", "hanzi")  # what not every line has


def printer(state: Json, torn: Json | None) -> Json:
    """The slip that hangs out of it, and the lines of the one that is being printed."""
    slips = state["slips"]
    top = slips[-1] if slips and slips[-1] is not torn else None
    return {
        "kind": "printer",
        "slip": _slip(top["lines"]) if top else None,
        "printing": [_line(line) for line in state["hanging"]],
        "printed": state["printed"],
        "paper": state["paper"],
        "cover": state["cover"],
    }


def _slip(lines: list[Json]) -> Json:
    drawn = [_line(line) for line in lines]
    number = next((line["text"].strip() for line in drawn if line["size"] >= LARGE), "")
    head = next((line for line in drawn if line["size"] > 1 and line["text"]), None)
    title = head["text"].strip() if head is not None and head["size"] < LARGE else ""  # a ticket's head is its number
    return {"number": number, "title": title, "lines": drawn}


def _line(line: Json) -> Json:
    text = line.get("text", "")
    rule = len(text) > 8 and len(set(text)) == 1
    drawn = {name: line[name] for name in DRAWN if name in line}
    return {"text": "" if rule else text, "rule": rule, "size": line["height"], "align": line["align"],
            "bold": line["bold"], "qr": line.get("qr", "")} | drawn | _dots(line)  # fmt: skip


def _dots(line: Json) -> Json:
    """What a reader's eye would see of a code: its modules."""
    if "qr" in line:
        return {"modules": _qr(line["qr"])}
    return {"bars": _bars(line["barcode"])} if "barcode" in line else {}


@lru_cache(64)
def _qr(text: str) -> list[str]:
    """Its rows, a 1 for each dark module."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    return ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]


@lru_cache(64)
def _bars(text: str) -> str:
    return str(barcode.get("code128", text).build()[0])


def voice(state: Json) -> Json:
    said = [one["text"] for one in reversed(state["spoken"])][:SAID]
    return {"kind": "speaker", "saying": state["speaking"] or "", "said": said, "sound": None}
