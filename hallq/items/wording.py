"""A guide in words, in one language: the same lines for slip, A4 page and voice. Pure, over `guides.shape`."""

from __future__ import annotations

from typing import Any

from hallq.texts import EN, text

Json = dict[str, Any]
Lines = tuple[str, ...]
SAID = {"promised": "time", "fee": "fee", "place": "place", "opening": "hours", "phone": "phone"}  # words of the slip


def words(shape: Json, lang: str) -> dict[str, str | Lines]:
    """What is not known is said to be asked at the window, never left blank: the six elements stand on every paper."""

    def pick(name: str) -> str:
        return _pick(shape, name, lang)

    unknown = text("qy.unknown", lang)
    return {
        "name": pick("name"),
        "department": pick("department_name"),
        "summary": pick("summary"),
        "conditions": tuple(shape["conditions_en"] if lang == EN and shape["conditions_en"] else shape["conditions"]),
        "materials": materials(shape, lang),
        "steps": tuple(_step(step, lang) for step in shape["steps"]),
        "promised": promised(shape, lang) or unknown,
        "fee": pick("fee") or unknown,
        "fee_basis": shape["fee_basis"],
        "place": pick("place") or unknown,
        "opening": pick("hours") or unknown,
        "phone": shape["phone"],
        "supervision": shape["supervision_phone"],
        "result": pick("result"),
        "special": pick("special"),
        "online": pick("online"),
        "basis": tuple(shape["basis"]),
    }


def materials(shape: Json, lang: str) -> Lines:
    if shape["materials"]:
        return tuple(_material(one, lang) for one in shape["materials"])
    return (text("qy.noMaterials" if shape["no_materials"] else "qy.unknownMaterials", lang),)


def promised(shape: Json, lang: str) -> str:
    """`5 个工作日（法定时限 20 个工作日）`; empty: nobody has promised anything."""
    legal = "" if shape["legal_days"] is None else text("qy.legal", lang, time=span(shape["legal_days"], lang))
    if shape["promised_days"] is None:
        return legal
    return span(shape["promised_days"], lang) + (_bracketed(legal, lang) if legal else "")


def span(days: int, lang: str) -> str:
    return text("qy.atOnce" if days == 0 else "qy.days1" if days == 1 else "qy.days", lang, n=days)


def aloud(shape: Json, lang: str) -> str:
    """What a voice reads: the name, what to bring, how long, how much, where, when, whom to ask."""
    known = words(shape, lang)
    names = [_pick(one, "name", lang) for one in shape["materials"]]
    spoken = [text("qy.sayHead", lang, svc=known["name"])]
    if names:
        spoken.append(text("qy.sayMaterials", lang, n=len(names), list=(", " if lang == EN else "，").join(names)))
    else:
        spoken.append(f"{known['materials'][0]}{'. ' if lang == EN else '。'}")
    for name in ("promised", "fee", "place", "opening", "phone"):
        if known[name]:
            spoken.append(text(f"qyp.{SAID[name]}", lang, **{name: known[name]}) + (". " if lang == EN else "。"))
    return "".join(spoken)


def _material(one: Json, lang: str) -> str:
    """`居民身份证（原件 1 份）`, and when it is needed."""
    kind = text("qy.copies", lang, form=text(f"qy.form_{one['form']}", lang), n=one["copies"])
    when = _pick(one, "when", lang)
    more = [kind, *([text("qy.when", lang, when=when)] if when else [])]
    return _pick(one, "name", lang) + _bracketed(("; " if lang == EN else "，").join(more), lang)


def _step(step: Json, lang: str) -> str:
    note = _pick(step, "note", lang)
    return _pick(step, "name", lang) + ((": " if lang == EN else "：") + note if note else "")


def _bracketed(words: str, lang: str) -> str:
    return f" ({words})" if lang == EN else f"（{words}）"


def _pick(record: Json, name: str, lang: str) -> str:
    other = record.get(f"{name}_en") if lang == EN else ""
    return str(other or record.get(name) or "")
