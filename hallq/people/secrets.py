"""Making and checking secrets. argon2 takes a while: call it in a thread, never inside a transaction."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hallq.kernel import Refused

MIN_PASSWORD = 8
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else on paper
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's: a full hall signs in at half past 8


def hash_slowly(secret: str) -> str:
    """For what people choose: passwords and PINs."""
    return _hasher.hash(secret)


def matches(stored: str | None, secret: str) -> bool:
    """Takes as long when nothing is stored, so that the time tells nobody which names exist."""
    try:
        return _hasher.verify(stored or _nobody(), secret) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def fingerprint(secret: str) -> str:
    """For what is random: enough to find it again."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(24)


def one_time_password() -> str:
    """59 bits, in groups that can be read out over the phone."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))


def token_of_pairing(secret: str) -> str:
    """The token that a confirmed browser holds. Derived, so that no row ever has it and no GET has to make it."""
    return fingerprint(f"hallq pairing {secret}")


def check_password(password: str, name: str) -> None:
    """Refuses what a neighbour would guess first."""
    if len(password) < MIN_PASSWORD or password.lower() == name.lower() or len(set(password)) < 3:
        raise Refused("weak_password", at_least=MIN_PASSWORD)


def check_pin(pin: str) -> None:
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8) or len(set(pin)) == 1:
        raise Refused("weak_pin")


@cache
def _nobody() -> str:
    return hash_slowly(new_token())
