"""`hallq simulate`: reads the scenario, runs the day under each policy, prints the table and draws the picture."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hallq import texts
from hallq.kernel import MINUTE, Ms
from hallq.simulate.day import Day, Tell, day_of, run
from hallq.simulate.picture import draw
from hallq.simulate.policy import policy_name
from hallq.simulate.report import as_json, table
from hallq.simulate.scenario import Scenario, load_scenario
from hallq.ticketing.opening import hours
from hallq.toml_file import ConfigError

CLEAR = "\x1b[K"  # the rest of a terminal's line
SHIPPED = Path(__file__).parent / "scenarios"


def simulate(
    file: Path, *, json: bool, picture: Path | None, lang: str, seed: int | None, policies: Sequence[str]
) -> bool:
    """False when a bound was broken."""
    scenario = load_scenario(_found(file))
    if seed is not None:
        scenario = scenario.with_seed(seed)
    day = day_of(scenario)
    known = [run(day, policy, _progress(day)) for policy in _chosen(policies) or scenario.policy.compare]
    if sys.stderr.isatty():
        print(CLEAR, end="\r", file=sys.stderr)
    head = _head(scenario, day)
    title = _title(scenario, head, lang)
    print(as_json(head, known) if json else f"{title}\n\n{table(known, lang)}")
    if picture is not None:
        picture.write_text(draw(known, title, lang), "utf-8")
        print(f"{picture}", file=sys.stderr)
    return all(figures.holds for figures in known)


def language(asked: str | None) -> str:
    """As asked, or the terminal's."""
    if asked not in (None, "zh", "en"):
        raise ConfigError(f'--lang: "{asked}" is not known; write zh or en')
    spoken = asked or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return texts.ZH if spoken.lower().startswith("zh") else texts.EN


def shipped() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def _found(file: Path) -> Path:
    """A file, or one of the shipped scenarios by its name."""
    if file.exists():
        return file
    known = shipped()
    if str(file) in known:
        return SHIPPED / f"{file}.toml"
    raise ConfigError(f"{file}: there is no such file; name another, or one that comes along: {', '.join(known)}")


def _chosen(policies: Sequence[str]) -> list[str]:
    try:
        return [policy_name(policy) for policy in policies]
    except ValueError as error:
        raise ConfigError(f"--policy: {error}") from None


def _head(scenario: Scenario, day: Day) -> dict[str, object]:
    return {
        "version": scenario.version, "scenario": scenario.name, "date": scenario.date, "seed": scenario.day.seed,
        "recorded": scenario.recorded is not None, "citizens": len(day.plan.citizens),
        "windows": len({duty.window for duty in day.plan.duties}),
    }  # fmt: skip


def _title(scenario: Scenario, head: dict[str, object], lang: str) -> str:
    name = scenario.name_en if lang == texts.EN and scenario.name_en else scenario.name
    key = "simulate.recorded" if scenario.recorded is not None else "simulate.title"
    title = texts.text(key, lang, name=name, date=head["date"], seed=head["seed"])
    return f"{title}\n{texts.text('simulate.size', lang, visits=head['citizens'], windows=head['windows'])}"


def _progress(day: Day) -> Tell:
    """On a terminal, the hour that the day has reached."""
    if not sys.stderr.isatty():
        return lambda policy, now: None

    def tell(policy: str, now: Ms) -> None:
        if now // MINUTE % 15 == 0:
            print(f"{policy} {hours.clock(now, day.rules.timezone)}{CLEAR}", end="\r", file=sys.stderr, flush=True)

    return tell
