"""The demo's 40 services stand in full: what H01, H02 and H05 ask for, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import hallq
from hallq.assessment.standards.commands import shipped
from hallq.catalog import load_catalog
from hallq.demo.guides import guides, with_guides
from hallq.items import completeness
from hallq.items.content import Guide
from hallq.toml_file import Section

SERVICES = load_catalog(Path(hallq.__file__).parent / "demo" / "catalog.toml")
GUIDES = guides()
HALF_WIDTH = re.compile(r"[一-鿿][,;?!:()]|[,;?!()][一-鿿]")
HANZI = re.compile(r"[一-鿿]")


def pairs(part: Section) -> Iterator[tuple[object, object]]:
    """Every field that has an English one beside it, at any depth."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if f"{name}_en" in type(part).model_fields:
            yield value, getattr(part, f"{name}_en")
        for each in value if isinstance(value, tuple) else ():
            if isinstance(each, Section):
                yield from pairs(each)


def test_every_service_of_the_demo_has_its_guide_h01() -> None:
    assert set(GUIDES) == {service.code for service in SERVICES.service}
    assert all(service.guide for service in with_guides(SERVICES).service)


@pytest.mark.parametrize("code", GUIDES)
def test_a_guide_is_complete_h02_h05(code: str) -> None:
    guide = GUIDES[code]
    found = completeness.of(guide, {"place": "of its windows", "hours": "of the hall"})
    assert not found["missing"] and not found["fields"] and not found["warnings"]
    assert guide.no_materials or 2 <= len(guide.materials) <= 6
    assert all(material.source and material.how.startswith("请") for material in guide.materials)
    assert 3 <= len(guide.steps) <= 5 and guide.aliases
    assert guide.events and set(guide.events) <= {row["code"] for row in shipped("life_events").content["event"]}


@pytest.mark.parametrize("code", GUIDES)
def test_a_guide_speaks_both_languages(code: str) -> None:
    guide: Guide = GUIDES[code]
    for zh, en in pairs(guide):
        assert bool(zh) == bool(en) and not HANZI.search(str(en))
        assert not isinstance(zh, tuple) or not isinstance(en, tuple) or len(zh) == len(en)
    assert "你" not in guide.model_dump_json() and not HALF_WIDTH.search(repr(guide))
