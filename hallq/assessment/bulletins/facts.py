"""What goes into a bulletin: kinds of facts by their names in the standard, gathered section by section."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from hallq.assessment.bulletins import content, facts_posts, facts_ratings, facts_record, facts_service
from hallq.assessment.bulletins.content import Facts, Json
from hallq.assessment.bulletins.kinds import Kind, kinds
from hallq.assessment.bulletins.model import Bulletin
from hallq.assessment.bulletins.period import Period
from hallq.assessment.bulletins.words import say
from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads

Told = Callable[[int], None]  # hears how many percent are done


class Known(NamedTuple):
    look: Callable[[Reads, Period], Facts]
    figures: tuple[str, ...] = ()  # rows of the standard `figures` that its numbers go by
    words: tuple[str, ...] = ()  # definitions that stand there under no name


KNOWN: dict[str, Known] = {
    "off_post": Known(facts_posts.off_post, ("off_post_s",)),
    "spells": Known(facts_posts.spells, (), ("def.spells",)),
    "attendance": Known(facts_posts.attendance, (), ("def.attendance",)),
    "missed_steps": Known(facts_posts.missed_steps),
    "closures": Known(facts_posts.closures),
    "volume": Known(facts_service.volume, ("served",), ("def.missed",)),
    "waits": Known(facts_service.waits, (), ("def.waits",)),
    "comparison": Known(facts_service.comparison, ("cases", "weighted", "mean_case_s", "pace", "interval", "rank")),
    "crowds": Known(facts_service.crowds, (), ("def.crowds",)),
    "extended": Known(facts_service.extended),
    "outages": Known(facts_service.outages),
    "out_of_order": Known(facts_service.out_of_order),
    "ratings": Known(facts_ratings.ratings, ("satisfied_share", "answer_rate", "unrated")),
    "bad_ratings": Known(facts_ratings.bad_ratings, ("bad",)),
    "cases": Known(facts_ratings.cases, (), ("def.rates",)),
    "praise": Known(facts_ratings.praise),
    "findings": Known(facts_record.findings, (), ("def.findings",)),
    "ledger": Known(facts_record.ledger),
    "scores": Known(facts_record.scores),
    "ranking": Known(facts_record.ranking, (), ("def.ranking",)),
}


def gather(db: Reads, *, number: int, told: Told = lambda percent: None) -> Json | None:
    """The facts of a bulletin as they stand now; None: there is no such draft."""
    row = db.get(Bulletin, number)
    if row is None:
        return None
    kind = kinds(standards.version(db, "bulletins", row.standard).content)[row.kind]
    period = Period(row.since, row.until, row.department, kind.names)
    return collected(db, kind, period, told)


def collected(db: Reads, kind: Kind, period: Period, told: Told = lambda percent: None) -> Json:
    names = [name for section in kind.sections for name in section.facts]
    found: dict[str, Facts] = {}
    for done, name in enumerate(names):
        told(100 * done // len(names))
        found[name] = KNOWN[name].look(db, period)
    sections = [
        content.section(each.code, each.zh, each.written, [found[name] for name in each.facts])
        for each in kind.sections
    ]
    return {
        "sections": sections,
        "interviews": [one for each in found.values() for one in each.interviews],
        "definitions": list(_definitions(db, period.until, names)),
    }


def _definitions(db: Reads, day: str, names: list[str]) -> Iterator[str]:
    """指标口径, as they were in force: each figure once, in the order in which the bulletin has them."""
    rows = {row["key"]: row for row in standards.current(db, "figures", day).content["figure"]}
    wanted = dict.fromkeys(key for name in names for key in KNOWN[name].figures)
    yield from (_definition(rows[key]) for key in wanted if key in rows)
    yield from (say(key) for key in dict.fromkeys(key for name in names for key in KNOWN[name].words))


def _definition(row: dict[str, Any]) -> str:
    """满意率：…。分子：…；分母：…。不含：…"""
    parts = [say("def.means", name=row["zh"], means=row["means_zh"])]
    if row["bottom_zh"]:
        parts.append(say("def.share", top=row["top_zh"], bottom=row["bottom_zh"]))
    if row["without_zh"]:
        parts.append(say("def.without", without=row["without_zh"]))
    return "".join(parts)
