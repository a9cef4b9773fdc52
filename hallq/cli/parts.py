"""What the `hallq` commands share: where the settings are, what is said beside the result, a look at the rows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from hallq.config import Settings

ConfigFile = Annotated[Path, typer.Option("-c", "--config", help="The hall's settings.", metavar="FILE")]
HALL_TOML = Path("hall.toml")


def look(settings: Settings, see: Any, **args: Any) -> list[Any]:
    from hallq.admin import reading

    with reading(settings) as db:
        found: list[Any] = see(db, **args)
        return found


@contextmanager
def progressing() -> Iterator[Callable[[int, int], None] | None]:
    """So many rows of so many, on a terminal; in a pipe nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    yield lambda done, all_: print(f"\r{100 * done // max(all_, 1)} %", end="", file=sys.stderr, flush=True)
    print("\r", end="", file=sys.stderr)


def say(text: str) -> None:
    print(text, file=sys.stderr)
