"""What the hub does by itself as time goes on: each a command that writes only where something is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hallq import files, privacy
from hallq.assessment.bulletins import due as bulletins
from hallq.assessment.cases import watch as cases
from hallq.assessment.patrols import answers as patrols
from hallq.assessment.ratings import flags, late
from hallq.assessment.record import norms
from hallq.assessment.score import derive
from hallq.hooks import commands as hooks
from hallq.items import requests as items
from hallq.kernel import Tx
from hallq.office import alarms, day_book, due, forecast, foreseen, guides, peaks, posts, settle
from hallq.outcomes import progress
from hallq.outcomes.handing import referrals
from hallq.outcomes.one_time import watch as one_time_watch
from hallq.people import postings
from hallq.registers import found, mail
from hallq.ticketing.opening import calendar_edits, emergency, noon
from hallq.ticketing.tickets import appointments
from hallq.ticketing.waiting import needs
from hallq.ticketing.windows import transfers

# run every few seconds, each in a transaction of its own (hall.tick)
DUTIES: tuple[Callable[[Tx], Any], ...] = (
    appointments.watch_appointments,
    transfers.settle_addressed,
    needs.watch,
    emergency.speak_due,
    noon.say_hours,
    calendar_edits.remind,
    alarms.watch,
    posts.evening,
    guides.evening,
    due.apply_due,
    items.apply_due,
    foreseen.foresee,
    peaks.keep,
    forecast.remember,
    settle.open_sheet,
    settle.keep_extended,
    day_book.keep,
    postings.watch,
    derive.daily,
    patrols.keep,
    bulletins.keep,
    files.forget_unused,
    late.invite_forgotten,
    flags.forget_phones,
    cases.watch,
    privacy.forget,
    norms.keep,
    one_time_watch.keep,
    progress.watch,
    referrals.watch,
    hooks.forget_old,
    found.watch,
    mail.watch,
)
