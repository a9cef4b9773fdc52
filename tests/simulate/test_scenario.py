"""The scenario's file: what it may say, what it means, and the one line when something is wrong."""

from __future__ import annotations

from statistics import fmean, pstdev

import pytest

from hallq.simulate.day import run
from hallq.simulate.draw import Times
from hallq.simulate.plan import NO_SHOW, PARKED, TRANSFERRED
from hallq.simulate.scenario import load_scenario
from hallq.toml_file import ConfigError
from tests.simulate.conftest import FRIDAY, MINUTE, ONE_ROOM, Write, at

ROOM_B = '[[window]]\ncount = 1\nservices = ["b"]\n'


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("version = 1", "version = 2", "version: "),
        ("version = 1", "", "version: missing; add it"),
        ("version = 1", "version = 1\nspeed = 3", "speed: unknown key; known here: version, name"),
        ('date = "2026-11-20"', 'date = "20/11"', 'day.date: "20/11" is no date; write one such as "2026-11-20"'),
        ('date = "2026-11-20"', "", "day.date: missing; add it"),
        ("walk_s = 0", "walk_s = -1", "day.walk_s"),
        ("walk_s = 0", 'timezone = "Mars/Base"', 'day.timezone: "Mars/Base" is no timezone'),
        ('"bound:5"', '"bound:5", "lottery"', 'policy.compare[2]: "lottery" is no policy; write "bound:5", "strict"'),
        ("per_day = 60", "", "service[1].per_day: missing; add it"),
        ("per_day = 60", "per_day = -3", "service[1].per_day"),
        ("per_day = 60", "per_day = 60\nper_week = 9", "service[1].per_week: unknown key; known here:"),
        ("mean_min = 6", "", 'service "a": mean_min: missing; add it'),
        ("mean_min = 6", 'mean_min = 6\nprofile = "rush"', 'service "a": profile "rush" is not known; correct it'),
        ("mean_min = 6", 'mean_min = 6\ndistribution = "normal"', "service[1].distribution"),
        ("mean_min = 6", "mean_min = 6\ncategories = { pilot = 0.1 }", 'service "a": category "pilot" is not known'),
        ("mean_min = 6", "mean_min = 6\ncategories = { ill = 0.6, infant = 0.6 }", "more than 1 together"),
        ("mean_min = 6", 'mean_min = 6\ntransfer = { share = 0.1, to = "z" }', 'transfer.to "z" is not known'),
        ('services = ["a"]', 'services = ["z"]', 'service "z" is not in the file'),
        ("[[window]]\ncount = 2", "[[windows]]\ncount = 2", "windows: unknown key"),
        ("count = 2", "count = 0", "window[1].count"),
        ("[[window]]", '[[staff]]\nwindows = ["1-3"]\n[[window]]', 'staff[1]: window "3" is not known'),
        ("[[window]]", '[[staff]]\nwindows = ["one two"]\n[[window]]', "staff[1].windows[1]"),
        ("[[window]]", '[[staff]]\nwindows = ["1"]\nshifts = ["9-12"]\n[[window]]', "staff[1].shifts[1]"),
        ("[[window]]", '[[closure]]\nwindow = "1"\nfrom = "10:00"\nuntil = "09:00"\n[[window]]', "is not after 10:00"),
        ("[[window]]", '[[closure]]\nwindow = "7"\nfrom = "10:00"\nuntil = "11:00"\n[[window]]', 'window "7"'),
        ("[[service]]", "[rules]\nkindness = 1\n[[service]]", "rules.kindness: unknown key"),
        ("[[service]]", '[recorded]\ndatabase = "h"\nday = "2026-11-19"\n[[service]]', "a recorded day brings its own"),
        ("[[service]]", '[hours]\nopen = ["12:00-09:00"]\n[[service]]', "ends before it begins"),
    ],
)
def test_faults_name_file_key_and_remedy(write: Write, old: str, new: str, words: str) -> None:
    whole = FRIDAY + ONE_ROOM
    assert old in whole
    with pytest.raises(ConfigError) as fault:
        load_scenario(write.file(whole.replace(old, new, 1)))
    assert str(fault.value).startswith(str(write.folder / "day.toml"))
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_day_off_is_no_scenario(write: Write) -> None:
    """G01, I03: a Sunday, and a holiday on a Thursday."""
    for date in ("2026-11-22", "2026-10-01"):
        with pytest.raises(ConfigError, match=f"day.date: the hall does not work on {date}; choose another"):
            write.day(FRIDAY.replace("2026-11-20", date), ONE_ROOM)


def test_a_hall_that_is_always_open(write: Write) -> None:
    day = write.day(FRIDAY.replace('"2026-11-20"', '"2026-11-22"\nopen = "always"'), ONE_ROOM)
    assert run(day, "bound:5").served == len(day.plan.citizens)


def test_a_recorded_day_has_nothing_of_its_own(write: Write) -> None:
    recorded = '[recorded]\ndatabase = "h.db"\nday = "2026-11-19"\n'
    for key, words in (("[citizen]\nno_show = 0.1\n", "citizen"), ("", "day.date")):
        with pytest.raises(ConfigError, match=f"{words}: a recorded day brings its own; remove it"):
            load_scenario(write.file(FRIDAY, key, recorded))


def test_a_catalogue_may_stand_beside_it(write: Write) -> None:
    (write.folder / "catalog.toml").write_text(
        """
        department = [{ code = "d", name = "部门" }]
        service = [{ code = "a", name = "事项", department = "d", prefix = "Q", minutes = 9 }]
        window = [{ no = "12", department = "d", zone = "2F", services = ["a"] }]
        """,
        "utf-8",
    )
    head = 'catalog = "catalog.toml"\n' + FRIDAY
    day = write.day(head, '[[service]]\ncode = "a"\nper_day = 2000\ndistribution = "fixed"')
    assert {duty.window for duty in day.plan.duties} == {"12"}
    assert {citizen.steps[0].handling for citizen in day.plan.citizens} == {9 * MINUTE}
    with pytest.raises(ConfigError, match="stands in the catalogue; remove it here, or remove catalog"):
        write.day(head, ONE_ROOM)
    with pytest.raises(ConfigError, match='service "a": stands 2 times; keep one'):
        write.day(head, '[[service]]\ncode = "a"\nper_day = 9\n' * 2)


def test_people_come_by_the_profile(write: Write) -> None:
    """A thousand a day, by half hours of weights 1, 3 and 0; nobody else at all."""
    profile = '[profile.p]\nfrom = "09:00"\nweights = [1, 3, 0]\n'
    day = write.day(FRIDAY, profile, ONE_ROOM.replace("per_day = 60", 'per_day = 1000\nprofile = "p"'))
    came = [citizen.at for citizen in day.plan.citizens]
    assert came == sorted(came)
    assert at("09:00") <= min(came) <= max(came) < at("10:00")
    assert len(came) == pytest.approx(1000, abs=100)
    assert sum(moment < at("09:30") for moment in came) / len(came) == pytest.approx(0.25, abs=0.04)


def test_without_a_profile_they_come_evenly_in_the_hours(write: Write) -> None:
    came = [c.at for c in write.day(FRIDAY, ONE_ROOM.replace("= 60", "= 1000")).plan.citizens]
    assert not [moment for moment in came if at("12:00") <= moment < at("14:30")]
    assert sum(moment < at("12:00") for moment in came) / len(came) == pytest.approx(3.5 / 6.5, abs=0.05)


@pytest.mark.parametrize(
    ("kind", "cv", "expected"),
    [("fixed", 1, 0), ("exponential", 1, 1), ("gamma", 0.5, 0.5), ("lognormal", 0.8, 0.8)],
)
def test_handling_times_have_their_mean_and_spread(write: Write, kind: str, cv: float, expected: float) -> None:
    room = ONE_ROOM.replace("mean_min = 6", f'mean_min = 6\ndistribution = "{kind}"\ncv = {cv}')
    scenario = load_scenario(write.file(FRIDAY, room))
    times = Times(scenario, scenario.service[0])
    drawn = [times.draw(1) / MINUTE for _ in range(20_000)]
    assert fmean(drawn) == pytest.approx(6, rel=0.03)
    assert pstdev(drawn) / fmean(drawn) == pytest.approx(expected, abs=0.05)


def test_shares_are_what_they_say(write: Write) -> None:
    manners = """
    [citizen]
    categories = { elderly = 0.3 }
    people = [0.5, 0.5]
    no_show = 0.1
    found = { share = 0.5, minutes = 10 }
    park = { share = 0.2, minutes = 30 }
    """
    room = ONE_ROOM.replace("per_day = 60", 'per_day = 3000\ntransfer = { share = 0.5, to = "b" }')
    other = '[[service]]\ncode = "b"\nper_day = 0\nmean_min = 3\n'
    citizens = write.day(FRIDAY, manners, room, other, ROOM_B).plan.citizens

    def share(which: list[bool]) -> float:
        return sum(which) / len(which)

    assert share([c.category == "elderly" for c in citizens]) == pytest.approx(0.3, abs=0.03)
    assert share([c.people == 2 for c in citizens]) == pytest.approx(0.5, abs=0.03)
    assert share([c.steps[0].end == NO_SHOW for c in citizens]) == pytest.approx(0.1, abs=0.02)
    assert share([c.steps[0].end == PARKED for c in citizens]) == pytest.approx(0.18, abs=0.03)
    assert share([c.steps[0].end == TRANSFERRED for c in citizens]) == pytest.approx(0.36, abs=0.03)
    missed = [c for c in citizens if c.steps[0].end == NO_SHOW]
    assert share([len(c.steps) == 2 for c in missed]) == pytest.approx(0.5, abs=0.1)


def test_shifts_and_pauses(write: Write) -> None:
    staff = """
    [[staff]]
    windows = ["1"]
    shifts = ["08:30-12:00"]
    [[staff]]
    windows = ["2"]
    pauses = { per_shift = 1, minutes = 8 }
    """
    plan = write.day(FRIDAY, ONE_ROOM, staff).plan
    assert [(d.window, d.since, d.until, d.stays) for d in plan.duties] == [
        ("1", at("08:30"), at("12:00"), ""),
        ("2", at("08:30"), at("12:00"), ""),
        ("2", at("14:30"), at("17:30"), "house"),
    ]
    assert [rest.window for rest in plan.rests] == ["2", "2"]
    assert all(rest.reason == "leave" for rest in plan.rests)
