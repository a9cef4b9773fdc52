"""The queue's settings and its pure choices. Defaults are the regulations' values; docs/rules.md lists every key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hallq.kernel import Ms, Refused
from hallq.ticketing.model import CALLED, CANCELLED, FINISHED, NO_SHOW, PARKED, SERVING, WAITING


@dataclass(frozen=True, slots=True)
class Rules:
    """`[rules]` of hall.toml, and what of `[hall]` and `[calendar]` the queue needs. Durations in seconds."""

    timezone: ZoneInfo
    always_open: bool = False  # [calendar] open = "always"
    undo_s: int = 60
    no_show_calls: int = 2  # calls that were really shown or spoken before a no-show is allowed
    no_show_wait_s: int = 60
    max_calls: int = 5  # a visit's first call and its recalls
    green_bound: int = 5  # no ordinary citizen is overtaken more often by the green channel
    skill_step_s: int = 0  # each rank of skill counts as having come so much later; 0: order of arrival alone (A22)
    elder_age: int = 60  # from this age on, where a service has none of its own
    needs_ahead: int = 3  # a guide is told of someone with needs when so many stand before the ticket
    see_off_s: int = 900  # A13: so long a guide is asked to see a citizen with needs to the door
    policy: str = "bound"  # of ticketing.priority; another one only in a simulation
    find_times: int = 1  # so often a missed number is found again
    found_behind: int = 3  # and then stands behind so many who wait for its service
    postpone_times: int = 1  # so often a citizen may ask for more time on the phone
    postpone_behind: int = 3  # and then stands behind so many who came later
    return_days: int = 5  # working days in which who fetches papers keeps the right to come back
    pingpong_moves: int = 2  # from this transfer of one ticket on the office is told (A18)
    burst_numbers: int = 3  # numbers of one service at one kiosk within `burst_s`; more need a guide
    burst_s: int = 60
    announce_s: int = 40  # an announcement older than this is dropped
    print_s: int = 15  # a slip that has not come out by then is told as failed
    slip_unknown_told: bool = True  # guides are told of slips of which the printer said nothing; of failed ones always
    rate_s: int = 30  # an invitation stays on the pad
    rate_min_s: int = 15  # also when the next citizen is called
    rate_touched_s: int = 60
    rate_change_s: int = 8  # another level replaces the first
    rate_reasons_s: int = 30  # reasons may still join
    rate_thanks_s: int = 5
    rate_forgotten_s: int = 1800  # a visit that nobody ends invites by itself after this and three of its usual lengths
    rate_too_fast_s: int = 2  # a press sooner after the finish is flagged; not with [calendar] open = "always"
    rate_run: int = 3  # so many ratings of one channel at one window within `rate_run_s` are flagged; likewise
    rate_run_s: int = 60
    rate_phone_tickets: int = 3  # one phone for more tickets a day is flagged
    rate_staff_address: bool = True  # a phone's rating from an address where staff are signed in is flagged
    rate_earphones: bool = False  # the pads have earphones: they speak the chosen level; else its clerk would hear it
    board_ratings_s: int = 900  # the wall's figures of ratings move at full steps of this only; 0: at once
    board_guest_s: int = 1800  # the board without names, after a press of its key
    appointment_days: int = 7  # so many working days ahead
    appointment_early_s: int = 1800  # before the slot
    appointment_late_s: int = 900  # after its beginning: from then on an ordinary number, and the slot is free
    appointment_call_s: int = 600  # not called by then: the board says why
    pause_warn_s: int = 600  # a pause turns amber
    pause_limit_s: int = 900  # B02: from then on it is an off-post event, and the clerk is told
    alarm_step_s: int = 180  # and so much later the next rank: the chief representative, then the office
    idle_clerk_s: int = 180  # I19: people wait and this window calls nobody: the clerk is asked,
    idle_chief_s: int = 300  # the chief representative is told,
    idle_office_s: int = 480  # the office is told
    empty_post_s: int = 60  # B03, B30: nobody on post for people who wait
    crowd_per_window: int = 10  # A04: more people than this wait for each open window of a zone
    green_wait_s: int = 900  # A09: the oldest number of the green channel waits longer
    guide_leave_s: int = 600  # G02: a guide's short leave
    device_quiet_s: int = 10  # a device that is back sooner raises no alarm
    sign_in_from: str = "07:00"  # J02: a sign-in or sign-out outside these times stands marked in the list
    sign_in_until: str = "08:30"
    sign_out_from: str = "17:30"
    sign_out_until: str = "19:30"
    sign_out_grace_s: int = 1800  # C07, J02: and so long after the last visit that runs past it
    entry_ahead_days: int = 5  # J04: working days between the filing of an entry and its first day
    exit_ahead_days: int = 15  # J07: and of an exit
    posting_years: int = 1  # J09 (1), J10 (2): how long a posting lasts at least; an earlier exit is warned of
    cover_qualified: bool = True  # J06: a stand-in who is not qualified needs a leader's name
    personal_keep_days: int = 30  # what entry and exit forms say of a person is kept so long after the exit
    closure_ahead_days: int = 1  # B13: working days between the filing of a closure and its start
    closure_min_windows: int = 2  # B09: a department with fewer windows closes none
    closure_small: int = 4  # B12: up to so many windows, one may be closed
    closure_share: int = 5  # B12: of more, one in so many
    closure_load_percent: int = 100  # B10: the busiest hour on the windows that stay; above it a warning
    reserve_days: int = 30  # B16: closed longer than so many days, a window may become a spare one
    reopen_ahead_days: int = 5  # B17, B18
    reopen_grace_s: int = 300  # B15: a reopened window without anybody is told then
    suspension_ahead_days: int = 5  # B19
    suspension_notice_days: int = 4  # B20: so long before, the public knows
    advisers_min: int = 2  # B21: people who stay for advice
    advisers_max: int = 3
    plan_due: str = "03-01"  # B18: the department's window plan of the year
    plan_remind_days: int = 14
    moved_days: int = 30  # so long a window that was moved says where to
    at_noon: str = "carry"  # what the midday break does to a queue: finish, carry or rota (a service may have its own)
    say_noon: bool = True  # announced once per zone
    say_closing_s: int = 900  # so long before numbers stop; 0: not said
    say_closed: bool = True
    emergency_voice: bool = True  # our voice speaks in an emergency; a hall whose fire alarm speaks sets false
    emergency_voice_s: int = 30
    peak_days: int = 2  # working days that a peak plan is filed ahead
    peak_pause_min: int = 10  # a pause during a peak
    settle_calls: int = 3  # calls after which a citizen has given up without further words
    rebook_days: int = 30  # so long a rebooked citizen may come back with priority
    manual_prefix: str = "M"  # letter of the paper numbers for the hours without a system
    forecast_weeks: int = 52  # history that a forecast learns from
    forecast_days: int = 10  # with fewer days of history a forecast is their mean, and says so
    complaint_phones: str = "12345"  # E03: where one can complain, on the slip and at the foot of screens
    unresolved_service: str = "unresolved"  # E02: the service 办不成事: its windows stand beside the telephones
    case_identity_days: int = 180  # E15: so long after a case's end it keeps who complained
    outcome_days: int = 20  # I03: working days of a promise where neither guide nor law of the item names any
    extension_days: int = 10  # I05: working days that a promise may be extended by
    extension_times: int = 1
    permit_case_no: bool = True  # I09: an accepted permit needs its number in the approval system
    referral_days: int = 1  # I17: working days in which a matter that was passed on is answered
    register_days: int = 90  # and the registers whom a found item, a letter or a hand-over note was for
    remark_days: int = 1095  # what people wrote beside a rating, of each other in a case, and in free words
    found_days: int = 183  # K03: from the public notice of a found item until it goes to the police
    found_perishable_days: int = 3  # K04
    mail_carrier: str = "EMS"  # L01: who carries results home
    mail_phone: str = "none"  # L05: where one can ask after mail; on the receipt
    mail_form_s: int = 300  # so long a pad asks its citizen where to send the result
    ones: str = "一"  # how the voice says 1: 一 or 幺
    letters: str = "plain"  # how it says letters: plain, hanzi, or the hall's own words "A=诶 B=必"
    chime: bool = True  # before a call
    call_times: int = 1  # so often is a first call said
    say_english: bool = False  # and then in English
    busy_calls: int = 1  # while more calls wait in a zone: no English, no chime; while one more waits: no repeats
    merge_calls: int = 4  # from so many on two calls share a sentence, from two more three; 0: never
    volume_by_hour: str = "00:00 100"  # per cent of the device's own volume from each time on: "07:00 60, 09:00 100"
    quiet_hours: str = "none"  # "12:00-14:30": only calls and emergencies are said


VERBS: dict[str, dict[str, str]] = {  # verb -> state before -> state after
    "call": {WAITING: CALLED, PARKED: CALLED},
    "recall": {CALLED: CALLED},
    "start": {CALLED: SERVING},
    "finish": {CALLED: FINISHED, SERVING: FINISHED},
    "no_show": {CALLED: NO_SHOW},
    "park": {CALLED: PARKED, SERVING: PARKED},
    "transfer": {CALLED: WAITING, SERVING: WAITING},
    "return": {CALLED: WAITING, SERVING: WAITING},  # after an outage
    "postpone": {WAITING: WAITING, CALLED: WAITING},  # by the citizen: more time
    "restore": {NO_SHOW: WAITING, PARKED: WAITING},
    "cancel": {WAITING: CANCELLED, PARKED: CANCELLED},
}


def after(verb: str, state: str) -> str:
    """The ticket's state after the verb. Raises Refused("wrong_state")."""
    becomes = VERBS[verb].get(state)
    if becomes is None:
        raise Refused("wrong_state", state=state)
    return becomes


class Place(NamedTuple):
    """A waiting ticket. Who came first goes first: places are in order of (arrival, id)."""

    arrival: Ms
    id: int
    service: str
    green: bool
    rank: int = 0  # of its service in the calling window's order of skill


def choose(heads: Iterable[Place], overtaken: Callable[[Place], int], bound: int, step: Ms = 0) -> Place | None:
    """Whom a window calls next: the first of the green channel, unless that would overtake someone once too often.

    `heads`: of each service that the window offers, its oldest green and its oldest ordinary ticket. `step`: each rank
    of skill counts as having come so much later, and of equals the lower rank is first; 0: arrival alone. The bound
    looks at true arrivals.
    `overtaken`: how often the green channel went past this place: the rows of `Overtake` of its service that came
    later. A green call writes one for each service of its window whose ordinary head stands before it.

    No citizen waiting at p is overtaken more than `bound` times, whatever windows open, close, gain or lose services:

    1. The rows tell no less than the truth. A call that overtakes p happens at a window that may call p at that
       moment, so the head of p's service there stands at p or before it: before the green ticket. A row is written,
       and it stays whatever becomes of the window.
    2. The head is enough. Let h stand before p in one service: what came after p came after h, so each row that
       counts for p counts for h, and overtaken(h) >= overtaken(p). If p has reached the bound, h has.
    3. A green ticket is called only while each ordinary head before it is below the bound; by 2 so is everyone whom
       the call goes past, and it adds one.
    """
    known = sorted(heads, key=lambda head: (head.arrival + head.rank * step, head.rank if step else 0, head))
    green = next((head for head in known if head.green), None)
    if green is None:
        return known[0] if known else None
    passed = (head for head in known if not head.green and head < green)
    return next((head for head in passed if overtaken(head) >= bound), green)


def sequence(
    green: Sequence[Place], ordinary: Sequence[Place], overtaken: Callable[[Place], int], bound: int, count: int
) -> list[Place]:
    """The next `count` of one queue, both parts of it in order, if nobody else came."""
    called: list[Place] = []

    def so_far(place: Place) -> int:
        return overtaken(place) + sum(1 for other in called if other.green and other > place)

    while len(called) < count:
        chosen = choose([*green[:1], *ordinary[:1]], so_far, bound)
        if chosen is None:
            break
        called.append(chosen)
        green, ordinary = (green[1:], ordinary) if chosen.green else (green, ordinary[1:])
    return called


def cases_of_call(cases: int, done: int, per_call: int | None) -> tuple[int, int]:
    """How many of a ticket's cases one call handles, and how many are left for the next one."""
    handled = min(cases - done, per_call or cases)
    return handled, cases - done - handled


def number(prefix: str, count: int) -> str:
    return f"{prefix}{count:03d}"


class Wait(NamedTuple):
    """Seconds until a ticket is called: in eight of ten cases between `low` and `high`."""

    low: int
    likely: int
    high: int
    over: str = ""  # break: after the midday break; around: before or after it; closing: perhaps after closing
