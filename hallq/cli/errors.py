"""What the command line says when something is not as wished: one line, and the exit code that goes with it."""

from __future__ import annotations

import sqlite3

import typer

from hallq.config import ConfigError
from hallq.kernel import Refused
from hallq.store import Locked, StorageError

REFUSALS = {
    "name_taken": "there is a person of this name already; hallq user reset NAME gives them a new password",
    "bad_name": "a name is one line of at most 60 characters",
    "unknown_role": "there is no such role; known: {roles}",
    "unknown_window": 'there is no window "{window}" in the database',
    "unknown_person": 'there is no person "{name}"; see hallq user list',
    "unknown_place": 'there is no "{place}" in the database that fits; '
    "--place: a kiosk's id, a pad's window, a zone for a board or screen, a relay's name",
    "unknown_token": 'there is no live token "{token}"; see hallq token list',
    "several_tokens": 'several tokens are named "{token}"; give its number from hallq token list',
    "not_found": 'there is no {what} "{id}"',
    "stale": "somebody has changed this meanwhile; export again, or import again",
    "item_asked": "an item of the file has an open request (number {number}); settle or withdraw it first",
    "guide_reaches_back": "--from: not before {day}; older versions are kept as they were",
    "weak_password": "too easy a password: at least {at_least} characters, not the name, not one character repeated",
}


class Findings(Exception):
    """Something was found to be wrong and has been printed."""


class Fault(Exception):
    """One line for the person at the terminal, as a usage or settings error."""


def told(error: BaseException) -> tuple[str, int]:
    """One line and the exit code."""
    match error:
        case Refused():
            words = REFUSALS.get(error.code, error.code.replace("_", " "))
            usage = error.code == "unknown_role" or error.detail.get("place") == ""
            return f"hallq: {words.format_map(error.detail)}", 2 if usage else 1
        case StorageError() | sqlite3.Error():
            return f"hallq: the database: {error}", 1
        case Locked() | ConfigError() | Fault():
            return f"hallq: {error}", 2
        case typer.TyperException() if not str(error):  # no command: its help is on the screen
            return "", 2
        case typer.TyperException():
            return f"hallq: {error.format_message()}", error.exit_code
        case OSError():
            return f"hallq: {error.filename or ''}: {error.strerror or error}".replace(" : ", " "), 2
        case KeyboardInterrupt() | typer.Abort():
            return "hallq: stopped", 130
        case _ if _cannot_start(error):
            return f"hallq: {error}", 2
        case _:
            return f"hallq: a fault of the program, {type(error).__name__}: {error} (where: --debug)", 1


def _cannot_start(error: BaseException) -> bool:
    from hallq.hall import ClockWentBack  # here, since both load much that a right command may not need
    from hallq.schema import SchemaError

    return isinstance(error, SchemaError | ClockWentBack)
