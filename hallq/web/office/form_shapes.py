"""A form as JSON: its fields, what stands against it in words, what may follow, and which device has shown it."""

from __future__ import annotations

from typing import Any

import orjson

from hallq import texts
from hallq.hall import Hall
from hallq.kernel import Ms, Reads, iso
from hallq.office import closures, forms, papers, proofs
from hallq.office.forms import Finding
from hallq.people import looks
from hallq.people.identity import Identity

Json = dict[str, Any]
LISTS = ("windows", "services", "lifted")
TIMES = ("since", "until", "made_at", "signed_at", "approved_at", "published_at", "public_at", "began_at", "ended_at")
HIDDEN = ("made_by", "watch", "advised")
OFFICE_ONLY = ("approve", "refuse", "publish", "reserve")
BROWSERS = ("kiosk", "screen")


def form_json(hall: Hall, kind: str, row: Any, who: Identity) -> Json:
    shape: Json = {"form": kind}
    for name in row._fields:
        value = getattr(row, name)
        if name in HIDDEN:
            continue
        if name in LISTS:
            value = closures.split(value)
        elif name in TIMES and value is not None:
            value = iso(value, hall.rules.timezone)
        elif name == "advisers":
            value = orjson.loads(value)
        shape["from" if name == "since" else name] = value
    return shape | {"next": next_steps(hall, kind, row, who)}


def next_steps(hall: Hall, kind: str, row: Any, who: Identity) -> list[str]:
    """What this caller may do with it now."""
    if not who.may("forms"):
        return []
    steps = forms.verbs(papers.KINDS[kind].steps, row.state)
    month = hall.rules.reserve_days * forms.DAY
    spare = kind == "closures" and row.kind == closures.CLOSE and hall.now() - (row.began_at or hall.now()) > month
    return [
        step for step in steps if (who.may("approve") or step not in OFFICE_ONLY) and (step != "reserve" or spare)
    ]  # fmt: skip


def finding_json(finding: Finding, lang: str, *, lifted: bool = False) -> Json:
    if finding.weight == "warn":
        words = texts.text(f"fw.{finding.code}", lang, **finding.detail)
    else:
        words = texts.refusal(finding.code, lang, finding.detail)
    weight = "lifted" if lifted and finding.weight == "lift" else finding.weight
    return {"code": finding.code, "weight": weight, "text": words, "detail": finding.detail}


def proof_json(hall: Hall, db_rows: tuple[dict[str, Ms], list[Json], list[Json]], windows: list[str]) -> list[Json]:
    """Every device and guide that has it to show, and since when each has: None is 未确认."""
    seen, tokens, people = db_rows
    wired = [device for device in hall.settings.device if device.effect == "show"]
    rows = [(device.kind, device.id, device.id, device.place["window"])
            for device in wired if device.place.get("window") in windows]  # fmt: skip
    rows += [(token["role"], f"token:{token['id']}", token["name"], token["place"]) for token in tokens
             if token["role"] in BROWSERS and token["revoked_at"] is None]  # fmt: skip
    rows += [("guide", f"person:{person['id']}", person["name"], "") for person in people
             if person["role"] == "guide" and person["active"]]  # fmt: skip
    zone = hall.rules.timezone
    return [
        {"kind": kind, "id": key, "name": name, "place": place, "at": iso(seen[key], zone) if key in seen else None}
        for kind, key, name, place in rows
    ]


def proof_rows(db: Reads, what: str, ref: int) -> tuple[dict[str, Ms], list[Json], list[Json]]:
    return proofs.shown(db, what, ref), looks.tokens(db), looks.people(db)


def closures_json(hall: Hall, rows: list[tuple[str, Any]], notices: dict[str, Json], lang: str) -> list[Json]:
    """`closures` of GET /hall: what is published or in force."""
    zone = hall.rules.timezone
    return [
        {
            "id": key,
            "kind": key.partition("/")[0],
            "windows": closures.split(row.windows),
            "services": closures.split(getattr(row, "services", "")),
            "from": iso(row.since, zone),
            "until": iso(getattr(row, "until", None), zone),
            "state": row.state,
            "text": notices.get(key, {}).get("text_en" if lang == texts.EN else "text", ""),
        }
        for key, row in rows
    ]
