"""The guides of the demo's services. They join the catalogue in memory: a data folder keeps the short catalog.toml.

A service of another code keeps what its own catalogue says of it.
"""

from __future__ import annotations

from importlib.resources import as_file, files

from hallq.catalog import Catalog
from hallq.items.content import Guide
from hallq.toml_file import parse, read_toml

PARTS = ("people", "homes", "business")


def guides() -> dict[str, Guide]:
    """By the code of the service. Read strictly: a wrong key is an error."""
    found: dict[str, Guide] = {}
    for part in PARTS:
        with as_file(files("hallq") / "demo" / f"guides-{part}.toml") as path:
            found |= {code: parse(Guide, raw, path) for code, raw in read_toml(path).items()}
    return found


def with_guides(catalog: Catalog) -> Catalog:
    known = guides()
    services = [
        service.model_copy(update={"guide": service.guide or known.get(service.code)}) for service in catalog.service
    ]
    return catalog.model_copy(update={"service": tuple(services)})
