"""报修: who, when and why is kept; its alarm ends; a window without a usable pad is held against nobody (D02)."""

from __future__ import annotations

from hallq.assessment.ratings import commands as ratings
from hallq.assessment.ratings.coverage import coverage, total
from hallq.assessment.ratings.model import Invitation
from hallq.office import device_marks as marks
from hallq.office import segments
from hallq.office.device_model import PadGap
from hallq.ticketing import model
from tests.commands.conftest import Bench
from tests.commands.test_ratings import desk, serve  # noqa: F401


def test_a_mark_stands_until_somebody_ends_it(hall: Bench) -> None:
    hall.do(marks.mark, subject="led-1", note=" 半边不亮 ", actor="person:1")
    assert hall.refused(marks.mark, subject="led-1", note="又坏了").code == "wrong_state"
    assert hall.refused(marks.mark, subject="led-2", note=" ").code == "invalid"
    assert marks.standing(hall.db)["led-1"]["note"] == "半边不亮"
    hall.do(marks.unmark, subject="led-1")
    assert marks.standing(hall.db) == {}
    assert [row["note"] for row in marks.history(hall.db, subject="led-1")["marks"]] == ["半边不亮"]
    assert hall.refused(marks.unmark, subject="led-1").code == "not_found"


def test_the_alarm_of_a_marked_device_ends_with_that_reason(hall: Bench) -> None:
    down = segments.Down("led-1", "sim:", hall.now)
    hall.do(segments.report, downs=[down], unsure=frozenset())
    hall.do(marks.mark, subject="led-1", note="送修")
    hall.do(segments.report, downs=[], unsure=frozenset())
    assert hall.row(model.Notice, 1).why == "alw.deviceMarked"


def test_visits_without_a_pad_are_counted_apart(desk: Bench) -> None:  # noqa: F811
    desk.do(marks.report_gaps, gaps={"1": desk.now})
    token = serve(desk)
    desk.wait(60)
    desk.do(ratings.close_due)
    assert desk.row(Invitation, token).closed_why == "no_pad"
    desk.do(marks.report_gaps, gaps={})
    assert desk.row(PadGap, 1).ended_at == desk.now
    token = serve(desk)
    desk.wait(60)
    desk.do(ratings.close_due)
    whole = total(list(coverage(desk.db, since="2000-01-01", until="2999-01-01").values()))
    assert (whole.no_pad, whole.timed_out, whole.invited, whole.unrated) == (1, 1, 1, 1)


def test_a_rating_that_came_another_way_counts_as_any_other(desk: Bench) -> None:  # noqa: F811
    desk.do(marks.report_gaps, gaps={"1": desk.now})
    token = serve(desk)
    desk.wait(60)
    desk.do(ratings.close_due)
    desk.do(ratings.rate, token=token, window="1", level=5, channel="phone")
    whole = total(list(coverage(desk.db, since="2000-01-01", until="2999-01-01").values()))
    assert (whole.no_pad, whole.rated, whole.invited) == (0, 1, 1)
