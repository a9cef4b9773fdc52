"""The numbers that stand for words on the pad's wire, and the times that both ends keep.

A number that is not in these tables is kept as it came: later specifications add, they never change one.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag

HEARTBEAT_MS = 5_000  # both ways
SILENCE_MS = 15_000  # nothing heard: the link is down, the pad shows `offline`
HELLO_MS = 2_000  # the pad greets again until it is answered
SCREEN_RESEND_MS = 2_000
KEY_RESEND_MS = 1_000
KEY_LIFE_MS = 10_000  # an unanswered key is dropped by the pad; an older one is refused by the hub
RATING_RESEND_MS = 2_000
WELCOME_MS = 4_000


class CitizenKind(IntEnum):
    """What the citizen's side shows. The pad itself draws `welcome` and `offline`."""

    IDLE = 1
    CALLED = 2
    SERVING = 3
    AWAY = 4
    RATE = 5
    REASONS = 6
    THANKS = 7
    PAUSED = 8
    CLOSED = 9


class WindowState(IntEnum):
    CLOSED = 0
    OPEN = 1
    CALLED = 2
    SERVING = 3
    AWAY = 4
    PAUSED = 5
    ADVICE_ONLY = 6


class Verb(IntEnum):
    """What a key means. The number is also its bit in ClerkSide.verbs."""

    NONE = 0
    CALL_NEXT = 1
    CALL = 2  # argument: a parked ticket
    RECALL = 3
    START = 4
    FINISH = 5  # argument: outcome, or empty
    FINISH_AND_NEXT = 6  # argument: outcome, or empty
    NO_SHOW = 7
    PARK = 8  # argument: kind
    TRANSFER = 9  # argument: service, or empty; window; position
    PAUSE = 10  # argument: reason; minutes
    RESUME = 11
    AWAY = 12  # argument: reason; minutes
    BACK = 13
    UNDO = 14
    SIGN_OUT = 15
    HELP = 16
    CONTINUE = 17  # after an outage: the open visit goes on
    RETURN = 18  # after an outage: its ticket goes back to the queue
    SIGN_IN = 19  # never in a Key: SignIn carries it


class Position(IntEnum):
    ARRIVAL = 0
    FRONT = 1
    END = 2


class Code(IntEnum):
    """The answer to a key. The lower-case names are the hub's refusal codes."""

    OK = 0
    NOBODY_WAITING = 1
    STALE = 2
    CLOSED = 3
    QUOTA_REACHED = 4
    ALREADY_WAITING = 5
    TICKET_OPEN = 6
    WRONG_STATE = 7
    TOO_EARLY = 8
    UNDO_EXPIRED = 9
    NOT_SIGNED_IN = 10
    WINDOW_TAKEN = 11
    SIGNED_IN_ELSEWHERE = 12
    PAUSED = 13
    RATING_CLOSED = 14
    REQUEST_ID_REUSED = 15
    WRONG_PIN = 16
    UNAVAILABLE = 17  # the hub cannot take it now (storage, starting): the same press later may succeed
    TOO_OFTEN = 18
    FORBIDDEN = 19
    NOT_FOUND = 20
    OTHER = 255  # a refusal younger than this table: the text says which

    @classmethod
    def of(cls, refusal: str) -> Code:
        return cls.__members__.get(refusal.upper(), cls.OTHER)


class ListId(IntEnum):
    LEVELS = 1
    REASONS = 2  # value: bit n set = offered for level n
    SERVICES = 3
    WINDOWS = 4
    PAUSE_REASONS = 5  # value: usual minutes, 0 = not said; also for away
    PARKED = 6
    PARK_KINDS = 7


class Stored(IntEnum):
    """What became of a rating. Each is final: the pad forgets its copy."""

    STORED = 0
    REPLACED = 1
    JOINED = 2
    ALREADY = 3
    UNKNOWN_TOKEN = 4
    OTHER_WINDOW = 5
    DAY_OVER = 6
    INVALID = 7


class Feature(IntFlag):
    CLERK_SIDE = 1
    VOICE = 2
    PHOTOS = 4
    COMMENTS = 8


class RatingFlag(IntFlag):
    TOUCHED = 1  # the invitation had been touched before the press
    RESTARTED = 2  # the pad was without power since the press: the true age is at least the one given


class Refusal(IntEnum):
    VERSION = 1
    NOT_EXPECTED = 2  # no such pad is set up on this line
