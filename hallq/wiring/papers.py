"""Papers beside a ticket's slip: an effect `print` with `{"paper": NAME, "id": KEY}` says which, its owner says what
stands on it, its template (slips/NAME.toml) how it looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from hallq.config import Device
from hallq.displays import slip as slips
from hallq.displays.screens import Slip
from hallq.hall import Hall
from hallq.items import paper
from hallq.kernel import SECOND, Reads
from hallq.outcomes import paper as outcome_paper
from hallq.outcomes.handing import referral_paper
from hallq.outcomes.one_time import paper as one_time_paper
from hallq.registers import slips as register_slips
from hallq.slips import template
from hallq.texts import LANGUAGES
from hallq.texts.wording import Value
from hallq.wiring.printing import columns_of


class Owner(Protocol):
    """What stands on one paper, in one language. `key`: as the effect has it."""

    def __call__(self, db: Reads, *, key: Any, lang: str) -> Mapping[str, Value]: ...


OWNERS: Mapping[str, Owner] = {
    "referral": referral_paper.values,
    "guide": paper.values,
    "one_time": one_time_paper.values,
    **dict.fromkeys(("accept", "refuse", "supplement", "giveback", "advice"), outcome_paper.values),
    "extension": outcome_paper.extension,
    "found": register_slips.found_values,
    "mail": register_slips.mail_values,
}  # by the names of displays.paper_facts.PAPERS


async def slip(hall: Hall, printer: Device, name: str, key: Any) -> Slip:
    known = await hall.read(_known, name=name, key=key, common=_common(hall))
    return slips.laid("", known, template(hall.settings.slips, name), width=columns_of(printer))


def _known(db: Reads, *, name: str, key: Any, common: Mapping[str, Value]) -> dict[str, dict[str, Value]]:
    made = datetime.fromtimestamp(db.now / SECOND, db.rules.timezone).strftime("%Y-%m-%d %H:%M")
    return {lang: {**common, "time": made, **OWNERS[name](db, key=key, lang=lang)} for lang in LANGUAGES}


def _common(hall: Hall) -> dict[str, Value]:
    unresolved = hall.picture.services.get(hall.rules.unresolved_service)
    return {
        "hall": hall.settings.hall.name,
        "complaints": hall.rules.complaint_phones,
        "unresolved": "、".join(unresolved.windows) if unresolved else "",
        "public_url": hall.settings.server.public_url or "",
    }
