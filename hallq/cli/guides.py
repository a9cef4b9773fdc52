"""`hallq guides`: all guides as a workbook, out and in again. A workbook with a fault changes nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from hallq.cli.errors import Findings
from hallq.cli.parts import HALL_TOML, ConfigFile, say
from hallq.config import load_settings

guides = typer.Typer(no_args_is_help=True, help="The items' guides as a workbook.")
Book = Annotated[Path, typer.Argument(metavar="FILE.xlsx")]


@guides.command("export")
def guides_export(file: Book, config: ConfigFile = HALL_TOML) -> None:
    """Items, materials and steps, as they are in force today, and how to fill them in."""
    from hallq.admin import reading
    from hallq.items import sheet

    with reading(load_settings(config)) as db:
        file.write_bytes(sheet.book(db))
    say(f"{file}: {file.stat().st_size // 1000} kB; after editing: hallq guides import {file} --dry-run")


@guides.command("import")
def guides_import(
    file: Book,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    leader: Annotated[str, typer.Option(help="In whose name.")] = "",
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="In force from this day; else from today.")
    ] = None,
    config: ConfigFile = HALL_TOML,
) -> None:
    """A new version of each item that differs. All is checked first: exit 1 and every fault, one a line."""
    from hallq.admin import ask, reading
    from hallq.items import sheet_import
    from hallq.texts import EN, ZH, text

    settings = load_settings(config)
    book = sheet_import.read(file.read_bytes())
    with reading(settings) as db:
        plan = sheet_import.compare(db, book)
    for fault in plan.faults:
        print(fault.words(EN))
    if plan.faults:
        raise Findings
    for change in plan.changes:
        print("\t".join([change.service, change.name, ", ".join(change.fields)]))
    if plan.changes and not dry_run:
        changes = [[one.service, one.version, one.guide.model_dump(mode="json")] for one in plan.changes]
        day = first.date().isoformat() if first else ""
        reason = text("gx.reason", ZH)
        ask(settings, "guides_import", changes=changes, leader=leader, reason=reason, from_day=day)
    what = "would change" if dry_run else "changed"
    say(f"{file}: {len(plan.changes)} items {what}, {plan.same} as they were")
