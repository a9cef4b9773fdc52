"""`hallq audit` and `hallq export`: the record proved, and handed to other programs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from hallq.cli.errors import Fault, Findings
from hallq.cli.parts import HALL_TOML, ConfigFile, look, progressing, say
from hallq.config import Settings, load_settings

audit = typer.Typer(no_args_is_help=True, help="The journal.")
export = typer.Typer(no_args_is_help=True, help="Tables for other programs.")


@audit.command("verify")
def audit_verify(
    head: Annotated[
        str | None, typer.Option(help="A head from outside, as a bulletin prints it.", metavar="SEQ:HASH")
    ] = None,
    config: ConfigFile = HALL_TOML,
) -> None:
    """Walk the journal's hash chain and the tables it covers; exit 1 and the first wrong row."""
    from hallq.admin import verify

    _check_head(head)
    with progressing() as progress:
        rows, last, fault = verify(load_settings(config), head=head, progress=progress)
    if fault is not None:
        print(fault)
        raise Findings
    print(f"{rows} entries, head {rows}:{last}")


@audit.command("head")
def audit_head(config: ConfigFile = HALL_TOML) -> None:
    """The journal's head as SEQ:HASH, to be kept elsewhere: it proves later that nothing was cut off."""
    from hallq.journal import head

    print(look(load_settings(config), head))


@audit.command("export")
def audit_export(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip")], config: ConfigFile = HALL_TOML
) -> None:
    """Journal and covered rows in one file, personal values as digests only, with verify.py to check it anywhere."""
    from hallq.admin import audit_export as write
    from hallq.audit.check import Fault as Wrong

    try:
        with progressing() as progress:
            head = write(load_settings(config), file, progress)
    except Wrong as wrong:
        print(wrong)
        raise Findings from None
    print(head)
    say(f"{file}: {file.stat().st_size // 1000} kB; to check it: unzip {file} verify.py && python3 verify.py {file}")


def _check_head(head: str | None) -> None:
    from hallq.audit.check import parsed_head

    try:
        parsed_head(head or f"0:{'0' * 64}")
    except ValueError as error:
        raise Fault(f"--head: {error}") from None


def _export(kind: str) -> None:
    @export.command(kind)
    def command(
        output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help=".csv or .xlsx")],
        first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
        last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
        config: ConfigFile = HALL_TOML,
    ) -> None:
        """The rows of these days, both included, with a dictionary of the columns."""
        form = output.suffix.lower().removeprefix(".")
        if form not in ("csv", "xlsx"):
            raise Fault(f"{output}: unknown ending; name a file that ends in .csv or .xlsx")
        since, until = (first or datetime.min).date().isoformat(), (last or datetime.max).date().isoformat()
        say(f"{output}: {_write_export(load_settings(config), kind, form, output, since, until)} {kind}")


def _write_export(settings: Settings, kind: str, form: str, output: Path, since: str, until: str) -> int:
    from hallq import exports
    from hallq.admin import reading
    from hallq.export_tables import REGISTERS, TABLES

    table = (TABLES | REGISTERS)[kind]
    with reading(settings) as db, progressing() as progress:
        if form == "csv":
            beside = output.with_suffix(".dictionary.csv")
            exports.write(db, table, "dictionary.csv", beside, since=since, until=until)
        return exports.write(db, table, form, output, since=since, until=until, tell=progress)


KINDS = (
    "ratings", "tickets", "visits", "staff", "ledger", "spells", "outcomes", "one_time", "referrals", "refusals",
    "handovers", "found", "mail",
)  # fmt: skip
for _kind in KINDS:
    _export(_kind)


@export.command("score")
def export_score(
    month: Annotated[str, typer.Option(help="2026-11", metavar="MONTH")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help=".json")],
    config: ConfigFile = HALL_TOML,
) -> None:
    """A month's scores with all that they rest on: python -m hallq.assessment.score.recompute FILE finds them again."""
    import json

    from hallq.assessment.score import export as scores

    found: Any = look(load_settings(config), scores.month, month=month)
    output.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    say(f"{output}: {len(found['sheets'])} sheets ({found['state']})")
