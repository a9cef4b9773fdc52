"""The `hallq` command. Errors are one line on stderr: exit 2 for usage and settings, 1 for findings and refusals.

What writes goes through the running hub, or takes its lock where none runs; what reads looks at the committed rows.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from hallq import logs
from hallq.cli.devices import RELAY_TOML, devices
from hallq.cli.errors import Fault, Findings, told
from hallq.cli.guides import guides
from hallq.cli.parts import HALL_TOML, ConfigFile, look, say
from hallq.cli.record import audit, export
from hallq.cli.voice import voice
from hallq.config import ConfigError, load_settings

app = typer.Typer(
    name="hallq",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="One government service hall. --debug: a traceback with an error.",
)
user = typer.Typer(no_args_is_help=True, help="People who sign in.")
token = typer.Typer(no_args_is_help=True, help="Bearer tokens of clients without a browser.")
for group, name in ((user, "user"), (token, "token"), (audit, "audit"), (export, "export")):
    app.add_typer(group, name=name)
app.add_typer(devices, name="devices")
app.add_typer(guides, name="guides")
app.add_typer(voice, name="voice")



# --- running a hall


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8080,
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
    say(f"{directory}: edit hall.toml, then: hallq serve -c {directory / 'hall.toml'}")


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
def relay(config: Annotated[Path, typer.Option("-c", "--config", metavar="FILE")] = RELAY_TOML) -> None:
    """On another machine: lends its serial ports, USB printer, card reader, keypad and sound card to the hub."""
    from hallq.relay import client, pairing
    from hallq.relay.settings import load_relay

    logs.configure("DEBUG" if "--debug" in sys.argv else "INFO")
    try:
        client.run(load_relay(config), say)
    except pairing.TurnedAway as refused:
        raise Fault(str(refused)) from None


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
    say(f"{name}: added as {role}{note}")


@user.command("list")
def user_list(config: ConfigFile = HALL_TOML) -> None:
    """Everyone, one a line."""
    from hallq.people import looks

    for person in look(load_settings(config), looks.people):
        state = "disabled" if not person["active"] else "one-time" if person["one_time"] else ""
        state = state or ("password" if person["password"] else "no password")
        print("\t".join([person["name"], person["role"], person["window"] or "-", state]))


@user.command("disable")
def user_disable(name: str, config: ConfigFile = HALL_TOML) -> None:
    """No sign-in any more; live sessions end at once."""
    _ask(config, "user_disable", name=name)
    say(f"{name}: disabled")


@user.command("reset")
def user_reset(name: str, config: ConfigFile = HALL_TOML) -> None:
    """A one-time password, printed once. Live sessions end; a disabled person may sign in again."""
    from hallq.people import secrets

    password = secrets.one_time_password()
    _ask(config, "user_reset", name=name, password_hash=secrets.hash_slowly(password))
    print(password)
    say(f"{name}: this password is good for one sign-in, where a new one is chosen")


@token.command("add")
def token_add(
    name: str,
    role: Annotated[str, typer.Option(help="kiosk, pad-citizen, pad-clerk, board, screen, relay or api")],
    place: Annotated[str, typer.Option(help="A kiosk's id, a window's number, a zone, a relay's name.")] = "",
    config: ConfigFile = HALL_TOML,
) -> None:
    """A token, alone on stdout and never shown again."""
    from hallq.people import secrets

    secret = secrets.new_token()
    added = _ask(config, "token_add", name=name, role=role, place=place, token_hash=secrets.fingerprint(secret))
    print(secret)
    say(f"token {added['id']} ({name}): {role} {place}".rstrip())


@token.command("list")
def token_list(config: ConfigFile = HALL_TOML) -> None:
    """Number, name, role, place and state, one a line."""
    from hallq.people import looks

    for row in look(load_settings(config), looks.tokens):
        state = "revoked" if row["revoked_at"] else "live"
        print("\t".join([str(row["id"]), row["name"], row["role"], row["place"] or "-", state]))


@token.command("revoke")
def token_revoke(token: Annotated[str, typer.Argument(metavar="NUMBER|NAME")], config: ConfigFile = HALL_TOML) -> None:
    """The token is worthless at once, and its connections end."""
    _ask(config, "token_revoke", token=token)
    say(f"{token}: revoked")


# --- a copy of all


@app.command()
def backup(file: Path, config: ConfigFile = HALL_TOML) -> None:
    """Database, settings and catalogue in one file, consistent while the hub runs."""
    from hallq.backup import make_backup

    make_backup(load_settings(config), file)
    say(f"{file}: {file.stat().st_size // 1000} kB")


@app.command()
def restore(file: Path, config: ConfigFile = HALL_TOML) -> None:
    """A backup's hall into the empty directory of -c FILE. Today's numbers go on at the next hundred."""
    from hallq.backup import restore_backup

    settings = restore_backup(file, config)
    say(f"{settings.hall.name}: restored; start it with: hallq serve -c {config}")


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


# --- how they all work


def _ask(config: Path, op: str, **args: Any) -> Any:
    from hallq.admin import ask

    return ask(load_settings(config), op, **args)


def _hash_of_stdin(name: str) -> str:
    from hallq.people import secrets

    password = sys.stdin.readline().rstrip("\r\n")
    secrets.check_password(password, name)
    return secrets.hash_slowly(password)




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
            say(" ".join(text.split()))
        sys.exit(code)
