"""A person's record from the rows: work, times, coverage, levels, what the ledger holds; norms that are set once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select as columns
from sqlmodel import col

from hallq.assessment.cases.model import Case
from hallq.assessment.ledger.model import Entry
from hallq.assessment.ratings import commands as ratings
from hallq.assessment.ratings import late
from hallq.assessment.ratings.model import Rating, RatingFlag
from hallq.assessment.record import commands, comparison, norms, person, statistics, tables
from hallq.assessment.record.model import WorkNorm
from hallq.assessment.standards import commands as standards
from hallq.kernel import Tx
from hallq.office.day_model import DayCorrection, DayFacts
from hallq.office.post_model import GuideLeave, GuidePost
from hallq.ticketing import commands as do
from hallq.ticketing.model import Service, Ticket, Visit
from tests.commands.conftest import Bench

DAY = 24 * 3600


@pytest.fixture
def desk(hall: Bench) -> Bench:
    hall.do(do.sign_in, window="1", person=1)
    return hall


def serve(desk: Bench, seconds: float = 120, cases: int = 1, level: int | None = None) -> str:
    desk.do(do.issue, service="a", cases=cases)
    desk.do(do.call_next, window="1")
    desk.wait(seconds)
    desk.do(do.finish, window="1")
    [token] = [row[0] for row in desk.rows("invitation", "screen <> ''")]
    if level is not None:
        desk.wait(5)
        desk.do(ratings.rate, token=token, window="1", level=level)
    return str(token)


def record(desk: Bench, **wish: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"person": 1, "since": desk.db.day, "until": desk.db.day}
    return person.record(desk.db, **(known | wish))


def test_a_clerks_record_d02(desk: Bench) -> None:
    for level in (5, 5, 1):
        serve(desk, level=level)
    serve(desk)
    desk.do(do.undo, window="1")
    desk.do(do.recover, since=desk.now, until=desk.now + 60_000)
    desk.wait(120)
    desk.do(do.finish, window="1")
    found = record(desk)
    levels = {"1": 1, "2": 0, "3": 0, "4": 0, "5": 2}
    assert (found["served"], found["levels"], found["unrated"], found["invited"]) == (4, levels, 1, 4)
    assert (found["no_shows"], found["transferred"]) == (0, 0)
    assert found["mean_handling_s"] == (3 * 120 + 180) // 4  # the outage is no handling
    assert found["by_day"] == [{"day": desk.db.day, "served": 4, "levels": levels, "unrated": 1}]
    coverage = found["coverage"]
    assert (coverage["due"], coverage["invited"], coverage["rated"]) == (4, 4, 3)
    assert (coverage["invite_rate"], coverage["answer_rate"]) == (1.0, 0.75)
    assert (found["satisfaction"]["raters"], found["satisfaction"]["satisfied"]) == (3, 2)
    assert found["satisfaction"]["rank_value"] is None  # three raters have no place
    assert record(desk, person=2)["served"] == 0


def test_cases_weigh_and_thirty_of_them_ruin_no_average(desk: Bench) -> None:
    weights = [{"code": "*", "weight": 1.0, "norm_s": 0}, {"code": "a", "weight": 2.5, "norm_s": 240}]
    content = {"reference_months": 3, "least_visits": 30, "service": weights}
    desk.do(standards.enact, kind="workload", content=content, from_day=desk.db.day, source="局务会")
    serve(desk, 240)
    serve(desk, 240 * 30, cases=30)
    found = record(desk)
    [row] = found["services"]
    assert (found["served"], found["cases"], found["weighted"]) == (2, 31, 77.5)
    assert (row["handling_s"], row["handling_norm_s"], row["handling_ratio"], row["norm_basis"]) == (
        240, 240, 1.0, ["standard"],
    )  # fmt: skip


def test_an_outage_before_the_start_is_part_of_no_time_i20(desk: Bench) -> None:
    desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    desk.wait(30)
    desk.do(do.recover, since=desk.now, until=desk.now + 600_000)
    desk.wait(600)
    desk.do(do.continue_visit, window="1")
    desk.do(do.start, window="1")
    desk.wait(120)
    desk.do(do.finish, window="1")
    found = record(desk)
    assert found["mean_handling_s"] == 120
    assert found["services"][0]["occupancy_s"] == 150


def test_coverage_tells_why_nobody_rated_d02(desk: Bench) -> None:
    token = serve(desk)
    desk.do(ratings.skip, token=token, window="1")
    serve(desk)
    desk.wait(60)
    desk.do(ratings.close_due)
    serve(desk, level=4)
    coverage = record(desk)["coverage"]
    assert (coverage["skipped"], coverage["time_out"], coverage["rated"]) == (1, 1, 1)
    parts = ("rated", "excluded", "time_out", "skipped", "next_visit", "late", "open")
    assert (coverage["due"], coverage["invited"]) == (3, 3) == (3, sum(coverage[part] for part in parts))


def test_what_is_still_served_and_was_invited_counts_d02(desk: Bench) -> None:
    """A visit that nobody finished invites all the same, and its rating is one of the clerk's."""
    desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    desk.wait(3 * 3600)
    desk.do(late.invite_forgotten)
    coverage = record(desk)["coverage"]
    assert (coverage["due"], coverage["invited"], coverage["open"]) == (1, 1, 1)


def test_a_flagged_rating_counts_nowhere_until_it_is_kept(desk: Bench) -> None:
    serve(desk, level=1)
    rating = desk.db.values(columns(col(Rating.id)))[0][0]

    def flag(tx: Tx) -> RatingFlag:
        return tx.insert(RatingFlag, rating=rating, why="fast", at=tx.now, by="hub")

    row = desk.do(flag)
    found = record(desk)
    assert (found["levels"]["1"], found["coverage"]["excluded"], found["unrated"]) == (0, 1, 0)
    desk.do(lambda tx: tx.update(row, verdict="keep"))
    assert record(desk)["levels"]["1"] == 1


def test_ones_own_ratings_come_by_whole_weeks_that_are_over(desk: Bench) -> None:
    """Monday: not before the next Monday does the clerk see what was pressed, and then never the day."""
    today = desk.db.day
    serve(desk, level=1)
    own = record(desk, own=True)
    assert (own["served"], own["levels"]["1"], own["unrated"], own["by_day"], own["by_week"]) == (1, 0, 0, [], [])
    desk.wait(6 * DAY)  # Sunday
    assert record(desk, own=True, since=today, until=desk.db.day)["levels"]["1"] == 0
    desk.wait(DAY)
    own = record(desk, own=True, since=today, until=today)
    assert (own["levels"]["1"], own["rated_from"], own["rated_to"]) == (1, "2024-05-06", "2024-05-12")
    assert [week["day"] for week in own["by_week"]] == ["2024-05-06"]


def test_praise_enters_the_ledger_and_is_withdrawn_with_a_reason_d18(desk: Bench) -> None:
    row = desk.do(commands.commend, person=1, kind="commendation", reason="耐心帮助老人", source="局发〔2026〕3号")
    [entry] = record(desk)["entries"]
    assert (entry["kind"], entry["clause"]) == ("commendation", "局发〔2026〕3号")
    assert entry["ref"] == f"commendation/{row.id}"
    desk.do(commands.withdraw, commendation=row.id, reason="录错了人")
    desk.do(commands.withdraw, commendation=row.id, reason="again")  # once is enough
    [entry] = record(desk)["entries"]
    assert entry["cancelled"]["note"] == "录错了人"
    assert len(desk.rows(Entry.__tablename__)) == 2
    refused = desk.refused(commands.commend, person=1, kind="commendation", reason="x", day="2999-01-01")
    assert refused.code == "invalid"


# -- norms


def visits(tx: Tx, days: list[str], minutes: int, cases: int = 1) -> None:
    for number, day in enumerate(days):
        ticket = tx.insert(
            Ticket, day=day, number=f"A{number:03d}", service="a", state="finished", cases=cases, arrival=0, issued_at=0
        )
        tx.insert(
            Visit, day=day, ticket=ticket.id, window="1", person=1, service="a", called_at=0, started_at=60_000,
            ended_at=60_000 + minutes * 60_000, end="finished",
        )  # fmt: skip


def test_the_norm_of_a_month_is_measured_before_it_and_stays(desk: Bench) -> None:
    assert desk.do(norms.keep) is None and not desk.rows("work_norm")  # nothing to measure on
    desk.do(visits, days=["2024-04-10"] * 1 + [f"2024-04-{n:02d}" for n in range(1, 30)], minutes=6)
    desk.do(norms.keep)
    row = desk.row(WorkNorm, "2024-05", "a")
    assert (row.visits, row.handling_s, row.occupancy_s, row.since, row.until) == (
        30, 362.5, 422.5, "2024-02-01", "2024-04-30",
    )  # fmt: skip
    desk.do(visits, days=["2024-03-01"], minutes=90)
    desk.do(norms.keep)
    assert desk.row(WorkNorm, "2024-05", "a") == row
    serve(desk, 362)
    [mine] = record(desk)["services"]
    assert (mine["handling_norm_s"], mine["norm_basis"]) == (362, ["hall"])


def test_of_few_visits_no_norm_is_made(desk: Bench) -> None:
    desk.do(visits, days=["2024-04-10"], minutes=90)
    desk.do(norms.keep)
    serve(desk, 240)
    [mine] = record(desk)["services"]
    expected = desk.row(Service, "a").minutes * 60
    assert (mine["handling_norm_s"], mine["norm_basis"]) == (expected, ["catalogue"])


@pytest.mark.parametrize(
    "rows",
    [
        [{"code": "a", "weight": 1.0, "norm_s": 0}],
        [{"code": "*", "weight": 1.0, "norm_s": 0}] * 2,
        [{"code": "*", "weight": -1.0, "norm_s": 0}],
    ],
)
def test_a_workload_needs_a_row_for_all_and_no_service_twice(desk: Bench, rows: list[dict[str, Any]]) -> None:
    content = {"reference_months": 3, "least_visits": 30, "service": rows}
    wish = {"kind": "workload", "content": content, "from_day": desk.db.day, "source": "x"}
    assert desk.refused(standards.enact, **wish).code == "invalid"


def test_a_guides_days_d12(desk: Bench) -> None:
    assert record(desk, person=4)["guide"] is None

    def guide(tx: Tx) -> None:
        tx.insert(GuidePost, day=tx.day, person=4, kind="desk", since=tx.now - 7_200_000, ended_at=tx.now)
        tx.insert(GuideLeave, day=tx.day, person=4, since=tx.now - 600_000, ended_at=tx.now)

    desk.do(guide)
    desk.do(visits, days=[desk.db.day], minutes=5)
    desk.do(lambda tx: tx.update(tx.get(Ticket, 1), helper=4))
    assert record(desk, person=4)["guide"] == {
        "days": 1, "on_post_s": 7200, "leaves": 1, "leave_s": 600, "escorts": 1,
    }  # fmt: skip


def test_who_is_out_of_the_years_awards_d17(desk: Bench) -> None:
    serve(desk)

    def bar(tx: Tx) -> None:
        tx.insert(
            Case, no="2024-0001", day="2024-02-01", at=tx.now, by="test", kind="serious", channel="visit", person=1,
            window="1", department="social", state="archived", no_award="both",
        )  # fmt: skip

    desk.do(bar)
    today = desk.db.day
    assert record(desk)["no_award"] == ["2024-0001"]
    assert record(desk, own=True)["cases_about"] == []  # never heard in it
    found = comparison.compare(desk.db, by="department", since=today, until=today)
    assert [(row["department"], row["no_award"]) for row in found["items"]] == [("social", ["2024-0001"])]
    [row] = comparison.compare(desk.db, by="window", since=today, until=today)["items"]
    assert (row["quiet_days"], row["complaints"]) == (95, 0)


@pytest.mark.parametrize(
    ("rated", "complaints", "stars"),
    [
        ({"1": (30, 30), "2": (300, 299)}, {}, ["2"]),  # more raters make it surer
        ({"1": (29, 29), "2": (30, 20)}, {}, ["2"]),  # too few raters for a star
        ({"1": (40, 40), "2": (40, 40)}, {}, ["1", "2"]),
        ({"1": (40, 40), "2": (40, 30)}, {"1": 1}, ["2"]),
        ({"1": (3, 3)}, {}, []),
    ],
)
def test_the_star_window_of_a_period_d18(
    rated: dict[str, tuple[int, int]], complaints: dict[str, int], stars: list[str]
) -> None:
    rule = standards.shipped("figures").content
    rows = {
        no: {
            "satisfaction": statistics.satisfaction({5: good, 1: raters - good}, least=30, z=1.96),
            "complaints": complaints.get(no, 0),
        }
        for no, (raters, good) in rated.items()
    }
    assert comparison.star(rows, rule)["windows"] == stars


@pytest.mark.parametrize("wrong", [{"z": 0}, {"rank_least": 0}, {"star_complaints_most": -1}, {"figure": 2}])
def test_a_figure_means_one_thing_and_a_place_needs_raters(desk: Bench, wrong: dict[str, Any]) -> None:
    known = dict(standards.shipped("figures").content)
    content = known | ({"figure": known["figure"] * 2} if "figure" in wrong else wrong)
    wish = {"kind": "figures", "content": content, "from_day": desk.db.day, "source": "x"}
    assert desk.refused(standards.enact, **wish).code == "invalid"


def test_what_the_office_has_set_right_stands_beside_the_day(desk: Bench) -> None:
    def keep(tx: Tx) -> None:
        tx.insert(DayFacts, day=tx.day, person=1, marks="late,early")
        tx.insert(DayCorrection, day=tx.day, person=1, mark="late", reason="公交停运", at=tx.now, by="主任")

    desk.do(keep)
    [day] = record(desk)["days"]
    assert (day["marks"], day["corrected"]) == ("late,early", {"late": "公交停运"})
    assert tables.marks(day["marks"], day["corrected"], "zh-CN") == "早退; 迟到不计：公交停运"
