"""The demo's catalogue is a believable county hall, and a citizen finds every service in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import hallq
from hallq.catalog import Catalog, load_catalog


@pytest.fixture(scope="module")
def hall() -> Catalog:
    return load_catalog(Path(hallq.__file__).parent / "demo" / "catalog.toml")


def test_its_size(hall: Catalog) -> None:
    assert [zone.floor for zone in hall.zones()] == [1, 2, 3]
    assert [window.no for window in hall.window] == [str(no) for no in range(1, 37)]
    assert (len(hall.service), len(hall.department)) == (40, 13)
    assert [(kiosk.id, kiosk.zone) for kiosk in hall.kiosk] == [("k1", "1F"), ("k2", "2F"), ("k3", "3F"), ("q1", "1F")]


def test_every_service_has_a_window_of_its_department(hall: Catalog) -> None:
    at = Counter(service for window in hall.window for service in window.services)
    assert set(at) == {service.code for service in hall.service}
    departments = {service.code: service.department for service in hall.service}
    for window in hall.window:
        assert {departments[service] for service in window.services} == {window.department}


def test_every_window_has_its_people(hall: Catalog) -> None:
    assert {person.window for person in hall.staff} == {window.no for window in hall.window}
    assert all(person.title and person.staff_no for person in hall.staff)


def test_one_prefix_per_department_and_none_that_reads_like_a_digit(hall: Catalog) -> None:
    prefixes = {(service.department, service.prefix) for service in hall.service}
    assert len(prefixes) == len(hall.department) == len({prefix for _, prefix in prefixes})
    assert not {prefix for _, prefix in prefixes} & {"I", "O"}


def test_the_kiosks_first_page_and_its_matters(hall: Catalog) -> None:
    assert sum(service.common for service in hall.service) == 8
    assert max(Counter(service.matter for service in hall.service).values()) <= 8
    assert len({(service.matter, service.matter_en) for service in hall.service}) == len(
        {service.matter for service in hall.service}
    )


def test_everything_has_a_name_in_both_languages(hall: Catalog) -> None:
    for named in (hall.department, hall.zones(), hall.service, hall.category):
        assert all(entry.name and entry.name_en for entry in named)
    assert all(reason.public and reason.public_en for reason in hall.pause_reason)


def test_the_contracts_categories(hall: Catalog) -> None:
    codes = "ordinary soldier elderly disabled pregnant ill infant project far"
    assert {category.code for category in hall.category} == set(codes.split())
