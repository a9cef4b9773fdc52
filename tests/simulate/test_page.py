"""docs/simulate.md tells of every key, and what it shows is accepted."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from hallq.simulate import scenario
from hallq.simulate.scenario import Scenario
from hallq.toml_file import parse

PAGE = (Path(__file__).parents[2] / "docs" / "simulate.md").read_text("utf-8")
SECTIONS = (
    Scenario, scenario.Day, scenario.Compare, scenario.Profile, scenario.Back, scenario.Transfer,
    scenario.Manners, scenario.Service, scenario.Windows, scenario.Pauses, scenario.Staff, scenario.Closure,
    scenario.Recorded,
)  # fmt: skip


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_key_stands_in_the_page(section: type[BaseModel]) -> None:
    words = set(re.findall(r"[a-z_]+", PAGE))
    keys = {field.alias or name for name, field in section.model_fields.items()}
    assert not keys - words


def test_the_scenario_that_the_page_shows_is_accepted() -> None:
    [block] = [block for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) if block.startswith("version")]
    assert parse(Scenario, tomllib.loads(block), Path("page.toml")).recorded is not None
