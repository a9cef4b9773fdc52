"""Every command of the queue in one place, for who gives them: the pages, the pads, the keypads, the hub itself."""

from hallq.ticketing.days import continue_visit, day_change, recover, return_visit
from hallq.ticketing.opening.emergency import begin as begin_emergency
from hallq.ticketing.opening.emergency import end as end_emergency
from hallq.ticketing.tickets.issue import cancel, issue
from hallq.ticketing.tickets.returns import park, reissue, restore
from hallq.ticketing.tickets.slips import print_at, set_print
from hallq.ticketing.tickets.walk_in import walk_in
from hallq.ticketing.windows.desk import undo
from hallq.ticketing.windows.green import unproved, verified
from hallq.ticketing.windows.pauses import away, back, pause, resume
from hallq.ticketing.windows.shifts import sign_in, sign_out, take_over
from hallq.ticketing.windows.signals import alert, help_call, mark_shown, notice_done
from hallq.ticketing.windows.transfers import transfer
from hallq.ticketing.windows.visits import call, call_next, finish, no_show, recall, start

__all__ = [
    "alert",
    "away",
    "back",
    "begin_emergency",
    "call",
    "call_next",
    "cancel",
    "continue_visit",
    "day_change",
    "end_emergency",
    "finish",
    "help_call",
    "issue",
    "mark_shown",
    "no_show",
    "notice_done",
    "park",
    "pause",
    "print_at",
    "recall",
    "recover",
    "reissue",
    "restore",
    "resume",
    "return_visit",
    "set_print",
    "sign_in",
    "sign_out",
    "start",
    "take_over",
    "transfer",
    "undo",
    "unproved",
    "verified",
    "walk_in",
]
