"""The `hallq` command. Errors are one line on stderr: exit 2 for usage and settings, 1 for findings and refusals.

What writes goes through the running hub, or takes its lock where none runs; what reads looks at the committed rows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from hallq import logs
from hallq.cli_errors import Fault, Findings, told
from hallq.config import ConfigError, Settings, load_settings

app = typer.Typer(
    name="hallq",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="One government service hall. --debug: a traceback with an error.",
)
user = typer.Typer(no_args_is_help=True, help="People who sign in.")
token = typer.Typer(no_args_is_help=True, help="Bearer tokens of clients without a browser.")
audit = typer.Typer(no_args_is_help=True, help="The journal.")
export = typer.Typer(no_args_is_help=True, help="Tables for other programs.")
for group, name in ((user, "user"), (token, "token"), (audit, "audit"), (export, "export")):
    app.add_typer(group, name=name)

ConfigFile = Annotated[Path, typer.Option("-c", "--config", help="The hall's settings.", metavar="FILE")]
HALL_TOML = Path("hall.toml")


# --- running a hall


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8080,
    data: Annotated[Path | None, typer.Option(help="Keep the hall here.", metavar="DIR")] = None,
    speed: Annotated[float, typer.Option(min=0.1, max=60)] = 1.0,
) -> None:
    """A whole virtual hall with simulated devices. Loopback only."""
    from hallq import demo as virtual

    virtual.run(port=port, data=data, speed=speed)


@app.command()
def init(directory: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """A new hall: settings, an example catalogue, the database and the first office account."""
    from hallq.init import new_hall

    password = new_hall(directory)
    print("sign in at /office as: office")
    print(f"one-time password: {password}")
    _note(f"{directory}: edit hall.toml, then: hallq serve -c {directory / 'hall.toml'}")


@app.command()
def serve(
    config: ConfigFile = HALL_TOML,
    accept_clock: Annotated[
        bool, typer.Option("--accept-clock", help="The clock is right although the last entry is later.")
    ] = False,
) -> None:
    """The hub."""
    settings = load_settings(config)
    for path in settings.tls or ():
        if not path.is_file():
            raise ConfigError(f"{config}: server.tls_cert and server.tls_key: there is no file {path}")
    from hallq.backup import last_backup
    from hallq.schema import SchemaError
    from hallq.web import server

    logs.configure("DEBUG" if "--debug" in sys.argv else "INFO")
    try:
        server.run(settings, accept_clock=accept_clock)
    except SchemaError as error:
        raise Fault(f"{error}; the newest backup: {last_backup(settings) or 'none'}") from error


@app.command()
def check(config: ConfigFile = HALL_TOML) -> None:
    """Settings, catalogue, fonts, voice, disk and every device; exit 1 on any fault."""
    settings = load_settings(config)
    from hallq.check import check as findings

    bad = 0
    for finding in findings(settings):
        bad += not finding.ok
        print(f"{'ok   ' if finding.ok else 'FAULT'}  {finding.what}: {finding.text}", flush=True)
    if bad:
        raise Findings


# --- people and tokens


@user.command("add")
def user_add(
    name: str,
    role: Annotated[str, typer.Option(help="clerk, guide, chief, office, leader, auditor or admin")],
    window: Annotated[str | None, typer.Option(help="The home window; others of its department are allowed.")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="The first line of stdin.")] = False,
    config: ConfigFile = HALL_TOML,
) -> None:
    """A person. Without a password they cannot sign in until `hallq user reset NAME`."""
    password_hash = _hash_of_stdin(name) if password_stdin else None
    _ask(config, "user_add", name=name, role=role, window=window, password_hash=password_hash)
    note = "" if password_stdin else f"; cannot sign in before: hallq user reset {name}"
    _note(f"{name}: added as {role}{note}")


@user.command("list")
def user_list(config: ConfigFile = HALL_TOML) -> None:
    """Everyone, one a line."""
    from hallq.people import looks

    for person in _look(load_settings(config), looks.people):
        state = "disabled" if not person["active"] else "one-time" if person["one_time"] else ""
        state = state or ("password" if person["password"] else "no password")
        print("\t".join([person["name"], person["role"], person["window"] or "-", state]))


@user.command("disable")
def user_disable(name: str, config: ConfigFile = HALL_TOML) -> None:
    """No sign-in any more; live sessions end at once."""
    _ask(config, "user_disable", name=name)
    _note(f"{name}: disabled")


@user.command("reset")
def user_reset(name: str, config: ConfigFile = HALL_TOML) -> None:
    """A one-time password, printed once. Live sessions end; a disabled person may sign in again."""
    from hallq.people import secrets

    password = secrets.one_time_password()
    _ask(config, "user_reset", name=name, password_hash=secrets.hash_slowly(password))
    print(password)
    _note(f"{name}: this password is good for one sign-in, where a new one is chosen")


@token.command("add")
def token_add(
    name: str,
    role: Annotated[str, typer.Option(help="kiosk, pad-citizen, pad-clerk, board, screen or api")],
    place: Annotated[str, typer.Option(help="A kiosk's id, a window's number or a zone.")] = "",
    config: ConfigFile = HALL_TOML,
) -> None:
    """A token, alone on stdout and never shown again."""
    from hallq.people import secrets

    secret = secrets.new_token()
    added = _ask(config, "token_add", name=name, role=role, place=place, token_hash=secrets.fingerprint(secret))
    print(secret)
    _note(f"token {added['id']} ({name}): {role} {place}".rstrip())


@token.command("list")
def token_list(config: ConfigFile = HALL_TOML) -> None:
    """Number, name, role, place and state, one a line."""
    from hallq.people import looks

    for row in _look(load_settings(config), looks.tokens):
        state = "revoked" if row["revoked_at"] else "live"
        print("\t".join([str(row["id"]), row["name"], row["role"], row["place"] or "-", state]))


@token.command("revoke")
def token_revoke(token: Annotated[str, typer.Argument(metavar="NUMBER|NAME")], config: ConfigFile = HALL_TOML) -> None:
    """The token is worthless at once, and its connections end."""
    _ask(config, "token_revoke", token=token)
    _note(f"{token}: revoked")


# --- the record


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
    with _progress() as progress:
        rows, last, fault = verify(load_settings(config), head=head, progress=progress)
    if fault is not None:
        print(fault)
        raise Findings
    print(f"{rows} entries, head {rows}:{last}")


@audit.command("head")
def audit_head(config: ConfigFile = HALL_TOML) -> None:
    """The journal's head as SEQ:HASH, to be kept elsewhere: it proves later that nothing was cut off."""
    from hallq.journal import head

    print(_look(load_settings(config), head))


@audit.command("export")
def audit_export(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip")], config: ConfigFile = HALL_TOML
) -> None:
    """Journal and covered rows in one file, personal values as digests only, with verify.py to check it anywhere."""
    from hallq.admin import audit_export as write
    from hallq.audit.check import Fault as Wrong

    try:
        with _progress() as progress:
            head = write(load_settings(config), file, progress)
    except Wrong as wrong:
        print(wrong)
        raise Findings from None
    print(head)
    _note(f"{file}: {file.stat().st_size // 1000} kB; to check it: unzip {file} verify.py && python3 verify.py {file}")


def _check_head(head: str | None) -> None:
    from hallq.audit.check import parsed_head

    try:
        parsed_head(head or f"0:{'0' * 64}")
    except ValueError as error:
        raise Fault(f"--head: {error}") from None


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """So many rows of so many, on a terminal; in a pipe nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    yield lambda done, all_: print(f"\r{100 * done // max(all_, 1)} %", end="", file=sys.stderr, flush=True)
    print("\r", end="", file=sys.stderr)


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
        _note(f"{output}: {_write_export(load_settings(config), kind, form, output, since, until)} {kind}")


def _write_export(settings: Settings, kind: str, form: str, output: Path, since: str, until: str) -> int:
    from hallq import exports
    from hallq.admin import reading
    from hallq.export_tables import TABLES

    table = TABLES[kind]
    with reading(settings) as db, _progress() as progress:
        if form == "csv":
            beside = output.with_suffix(".dictionary.csv")
            exports.write(db, table, "dictionary.csv", beside, since=since, until=until)
        return exports.write(db, table, form, output, since=since, until=until, tell=progress)


for _kind in ("ratings", "tickets", "visits", "staff", "ledger", "spells"):
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

    found: Any = _look(load_settings(config), scores.month, month=month)
    output.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    _note(f"{output}: {len(found['sheets'])} sheets ({found['state']})")


@app.command()
def backup(file: Path, config: ConfigFile = HALL_TOML) -> None:
    """Database, settings and catalogue in one file, consistent while the hub runs."""
    from hallq.backup import make_backup

    make_backup(load_settings(config), file)
    _note(f"{file}: {file.stat().st_size // 1000} kB")


@app.command()
def restore(file: Path, config: ConfigFile = HALL_TOML) -> None:
    """A backup's hall into the empty directory of -c FILE. Today's numbers go on at the next hundred."""
    from hallq.backup import restore_backup

    settings = restore_backup(file, config)
    _note(f"{settings.hall.name}: restored; start it with: hallq serve -c {config}")


# --- a day in seconds


@app.command()
def simulate(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO.toml", help="Or county, peak: those that come along.")],
    picture: Annotated[Path | None, typer.Option("-o", "--output", help="A picture.", metavar="FILE.svg")] = None,
    json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
    policy: Annotated[list[str] | None, typer.Option(help="bound:5, strict, ratio:3 or fifo; may stand again.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another day of the same kind.")] = None,
    lang: Annotated[str | None, typer.Option(help="zh or en; else the terminal's.")] = None,
) -> None:
    """A day on the real rules: waits, bound, refusals and windows' use, per policy (docs/simulate.md)."""
    from hallq.simulate.run import language, simulate

    if picture is not None and picture.suffix.lower() != ".svg":
        raise Fault(f"{picture}: unknown ending; name a file that ends in .svg")
    words = language(lang)
    if not simulate(scenario, json=json, picture=picture, lang=words, seed=seed, policies=policy or ()):
        raise Findings


def _later(parent: typer.Typer, name: str) -> None:
    """Known from the documentation, not here yet: refused in one line whatever follows it."""

    @parent.command(name, hidden=True, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
    def refuse(context: typer.Context) -> None:
        raise Fault(f"{context.command_path}: not in this version")


for parent, verbs in ((app, ("relay", "devices", "voice")),):
    for verb in verbs:
        _later(parent, verb)


# --- how they all work


def _ask(config: Path, op: str, **args: Any) -> Any:
    from hallq.admin import ask

    return ask(load_settings(config), op, **args)


def _look(settings: Settings, look: Any, **args: Any) -> list[Any]:
    from hallq.admin import reading

    with reading(settings) as db:
        found: list[Any] = look(db, **args)
        return found


def _hash_of_stdin(name: str) -> str:
    from hallq.people import secrets

    password = sys.stdin.readline().rstrip("\r\n")
    secrets.check_password(password, name)
    return secrets.hash_slowly(password)


def _note(text: str) -> None:
    print(text, file=sys.stderr)


# --- errors


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    logs.configure("DEBUG" if "--debug" in sys.argv else "CRITICAL")
    try:
        sys.exit(get_command(app).main(arguments, prog_name="hallq", standalone_mode=False))
    except Findings:
        sys.exit(1)
    except (Exception, KeyboardInterrupt) as error:
        if "--debug" in sys.argv:
            raise
        text, code = told(error)
        if text:
            _note(" ".join(text.split()))
        sys.exit(code)
