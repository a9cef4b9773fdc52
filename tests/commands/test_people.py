"""People, sessions, tokens and pairing on a real database file through the real writer's code."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hallq import schema
from hallq.catalog import Catalog, import_catalog, parse_catalog
from hallq.kernel import MINUTE, Ms, Refused
from hallq.people import commands, looks, secrets
from hallq.people.identity import ANONYMOUS, DEVICE_ROLES, PERMISSIONS, PERSON_ROLES, Identity
from hallq.people.model import Credential, Pairing, Session, Token
from hallq.rows import Reader
from hallq.store import Store
from hallq.ticketing.model import PauseReason, Person, Service, Window, WindowService, Zone
from hallq.ticketing.rules import Rules
from hallq.ticketing.windows.shifts import sign_in

RULES = Rules(timezone=ZoneInfo("Asia/Shanghai"))
CATALOG = {
    "department": [{"code": "sb", "name": "社保"}, {"code": "hz", "name": "户政"}],
    "service": [{"code": "pension", "name": "养老", "department": "sb", "prefix": "B"}],
    "window": [
        {"no": "3", "department": "sb", "zone": "1F", "services": ["pension"]},
        {"no": "4", "department": "hz", "zone": "2F"},
    ],
    "kiosk": [{"id": "k1", "zone": "1F"}],
    "staff": [{"name": "张丽", "title": "专员", "window": "3", "staff_no": "2001"}],
}
HASH = "$argon2id$stands-for-a-hash"


class MovedClock:
    def __init__(self) -> None:
        self.at: Ms = 1_790_000_000_000

    def wall(self) -> Ms:
        return self.at

    def monotonic(self) -> float:
        return self.at / 1000


class Place:
    """A store with its clock: `do` runs a command, `look` reads."""

    def __init__(self, path: Path) -> None:
        self.clock = MovedClock()
        self.store = Store(path, self.clock, RULES)
        schema.prepare(path)
        self.store.load()

    def do(self, command: Any, **kwargs: Any) -> Any:
        return self.store.run(command, actor="test", **kwargs)

    def look(self, look: Any, **kwargs: Any) -> Any:
        return look(self.db, **kwargs)

    @property
    def db(self) -> Reader:
        return self.store.reader()

    def refused(self, command: Any, **kwargs: Any) -> str:
        with pytest.raises(Refused) as caught:
            self.do(command, **kwargs)
        return caught.value.code


def catalog() -> Catalog:
    return parse_catalog(CATALOG, Path("catalog.toml"))


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "hall.db")
    try:
        place.do(import_catalog, catalog=catalog())
        yield place
    finally:
        place.store.close()


@pytest.fixture
def ming(hall: Place) -> int:
    found: int = hall.do(commands.add_person, name="李明", role="clerk", window="4", staff_no="77", password_hash=HASH)
    return found


# --- the catalogue


def test_the_catalogue_is_imported_once(hall: Place) -> None:
    assert hall.refused(import_catalog, catalog=catalog()) == "catalog_exists"
    service = hall.db.get(Service, "pension")
    assert service is not None and (service.department, service.prefix, service.issue_from) == ("sb", "B", "")
    assert hall.db.get(WindowService, "3", "pension") is not None
    reason = hall.db.get(PauseReason, "leave")
    assert reason is not None and (reason.name, reason.public) == ("短时离岗", "工作人员暂时离开")
    zone = hall.db.get(Zone, "2F")
    assert zone is not None and zone.floor == 2
    [staff] = hall.look(looks.people)
    assert (staff["name"], staff["department"], staff["password"]) == ("张丽", "sb", False)


# --- people


def test_a_person_belongs_to_the_windows_department(hall: Place, ming: int) -> None:
    assert hall.look(looks.by_person, person=ming) == Identity(
        "person", "clerk", ming, "李明", window="4", department="hz"
    )


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "李明", "role": "clerk"}, "name_taken"),
        ({"name": "b", "role": "kiosk"}, "unknown_role"),
        ({"name": "b", "role": "clerk", "window": "9"}, "unknown_window"),
        ({"name": "b", "role": "clerk", "staff_no": "77"}, "staff_no_taken"),
    ],
)
def test_a_wrong_person_is_refused(hall: Place, ming: int, values: dict[str, str], code: str) -> None:
    before = len(hall.look(looks.people))
    assert hall.refused(commands.add_person, **values) == code
    assert len(hall.look(looks.people)) == before


def test_nobody_gets_in_without_a_password_of_their_own(hall: Place, ming: int) -> None:
    assert hall.look(looks.password_door, name="李明") == (ming, HASH)
    assert hall.look(looks.password_door, name="nobody") == (None, None)
    assert hall.look(looks.password_door, name="张丽") == (None, None)  # staff of the catalogue: no password at all
    assert not secrets.matches(None, "")


def test_disabled_is_out_at_once(hall: Place, ming: int) -> None:
    cookie = hall.do(commands.open_session, person=ming)
    assert hall.look(looks.by_session, token=cookie).actor == f"person:{ming}"
    assert hall.do(commands.disable, person=ming) == f"person:{ming}"
    assert hall.look(looks.by_session, token=cookie) is None
    assert hall.look(looks.password_door, name="李明") == (None, None)
    assert hall.refused(commands.open_session, person=ming) == "unknown_person"


def test_the_window_of_a_disabled_clerk_closes(hall: Place, ming: int) -> None:
    hall.do(sign_in, window="4", person=ming)
    hall.do(commands.disable, person=ming)
    window = hall.db.get(Window, "4")
    assert window is not None and window.shift is None
    assert hall.refused(sign_in, window="4", person=ming) == "forbidden"


def test_a_reset_opens_again_only_to_choose_a_password(hall: Place, ming: int) -> None:
    cookie = hall.do(commands.open_session, person=ming)
    hall.do(commands.disable, person=ming)
    assert hall.do(commands.reset, person=ming, password_hash="h2") == f"person:{ming}"
    assert hall.look(looks.by_session, token=cookie) is None
    cookie = hall.do(commands.open_session, person=ming)
    identity = hall.look(looks.by_session, token=cookie)
    assert identity.must_change and not identity.may("verbs")
    other = hall.do(commands.open_session, person=ming)
    hall.do(commands.set_password, person=ming, password_hash="h3", session=cookie)
    assert hall.look(looks.by_session, token=cookie).may("verbs")
    assert hall.look(looks.by_session, token=other) is None


def test_a_session_ends_by_itself_and_leaves_no_row(hall: Place, ming: int) -> None:
    cookie = hall.do(commands.open_session, person=ming)
    hall.clock.at += commands.SESSION
    assert hall.look(looks.by_session, token=cookie) is None
    later = hall.do(commands.open_session, person=ming)
    assert hall.db.get(Session, secrets.fingerprint(cookie)) is None
    assert hall.do(commands.close_session, token=later) == f"person:{ming}"
    assert hall.do(commands.close_session, token=later) is None


def test_a_pin_goes_with_a_staff_number(hall: Place, ming: int) -> None:
    hall.do(commands.set_pin, person=ming, pin_hash="p")
    assert hall.look(looks.pin_door, staff_no="77") == (ming, "p")
    assert hall.look(looks.password_door, name="李明").stored == HASH
    nobody = hall.do(commands.add_person, name="b", role="office")
    assert hall.refused(commands.set_pin, person=nobody, pin_hash="p") == "no_staff_no"
    assert hall.look(looks.pin_door, staff_no="78") == (None, None)


# --- tokens and pairing


@pytest.mark.parametrize(
    ("role", "place", "code"),
    [
        ("kiosk", "k1", None),
        ("kiosk", "k2", "unknown_place"),
        ("kiosk", "", "unknown_place"),
        ("pad-clerk", "3", None),
        ("pad-citizen", "k1", "unknown_place"),
        ("screen", "1F", None),
        ("screen", "", None),
        ("board", "", None),
        ("screen", "9F", "unknown_place"),
        ("clerk", "3", "unknown_role"),
    ],
)
def test_a_device_stands_at_a_real_place(hall: Place, role: str, place: str, code: str | None) -> None:
    values = {"name": "t", "role": role, "place": place, "token_hash": secrets.fingerprint("secret")}
    if code is not None:
        assert hall.refused(commands.add_token, **values) == code
        return
    number = hall.do(commands.add_token, **values)
    assert hall.look(looks.by_token, token="secret") == Identity("token", role, number, "t", place)
    assert hall.do(commands.revoke_token, token=number) == f"token:{number}"
    assert hall.look(looks.by_token, token="secret") is None


def test_pairing_gives_the_token_to_the_asking_browser_alone(hall: Place) -> None:
    asked = hall.do(commands.ask_pairing, role="kiosk", place="k9")
    shown, token = hall.look(looks.pairing_state, secret=asked.secret)
    assert (shown["state"], shown["code"], token) == ("waiting", asked.code, None)
    [waiting] = hall.look(looks.pairings)
    assert waiting["code"] == asked.code and asked.secret not in str(waiting)
    number = str(waiting["id"])
    assert hall.refused(commands.confirm_pairing, pairing=number) == "unknown_place"
    hall.do(commands.confirm_pairing, pairing=number, place="k1")
    shown, token = hall.look(looks.pairing_state, secret=asked.secret)
    assert shown["state"] == "confirmed" and token is not None
    identity = hall.look(looks.by_token, token=token)
    assert (identity.role, identity.place) == ("kiosk", "k1")
    with pytest.raises(Refused, match="unknown_pairing"):
        hall.look(looks.pairing_state, secret=number)  # the number is no claim
    assert hall.refused(commands.confirm_pairing, pairing=number) == "wrong_state"
    hall.clock.at += looks.PAIRING + 1
    assert hall.look(looks.pairing_state, secret=asked.secret) == (shown | {"state": "expired"}, None)
    assert hall.look(looks.by_token, token=token) is not None


def test_a_refused_or_forgotten_pairing_gives_nothing(hall: Place) -> None:
    asked = hall.do(commands.ask_pairing, role="board", place="")
    hall.do(commands.refuse_pairing, pairing=asked.secret)
    assert hall.look(looks.pairing_state, secret=asked.secret)[0]["state"] == "refused"
    late = hall.do(commands.ask_pairing, role="board", place="")
    hall.clock.at += looks.PAIRING
    assert hall.refused(commands.confirm_pairing, pairing=late.secret) == "unknown_pairing"
    assert hall.refused(commands.ask_pairing, role="api", place="") == "unknown_role"


def test_pairings_are_bounded(hall: Place) -> None:
    codes = {hall.do(commands.ask_pairing, role="screen", place="").code for _ in range(commands.MAX_PAIRINGS)}
    assert len(codes) == commands.MAX_PAIRINGS
    assert hall.refused(commands.ask_pairing, role="screen", place="") == "too_many_pairings"
    hall.clock.at += 3 * looks.PAIRING
    hall.do(commands.ask_pairing, role="screen", place="")
    assert len(hall.db.find(looks.PAIRINGS, after=0)) == 1


# --- secrets


def test_no_secret_is_in_rows_or_journal(hall: Place, ming: int, tmp_path: Path) -> None:
    cookie = hall.do(commands.open_session, person=ming)
    asked = hall.do(commands.ask_pairing, role="kiosk", place="k1")
    hall.do(commands.confirm_pairing, pairing=asked.secret)
    token = hall.look(looks.pairing_state, secret=asked.secret)[1]
    with sqlite3.connect(tmp_path / "hall.db") as rows:
        dump = "\n".join(rows.iterdump())
        journal = str(rows.execute("SELECT * FROM journal").fetchall())
    rows.close()
    assert not [secret for secret in (cookie, asked.secret, token) if secret in dump]
    assert HASH in dump and HASH not in journal
    for model in (Session, Pairing):
        assert not hasattr(model, "__covered__")
    for covered in (Token, Credential):
        hashes = {name for name in covered.model_fields if name.endswith("_hash")}
        assert hashes and hashes == covered.__personal__, "hashes enter the chain as digests only"
    assert HASH not in repr(hall.look(looks.password_door, name="李明"))
    assert Person.__covered__


def test_passwords_and_pins() -> None:
    stored = secrets.hash_slowly("correct horse")
    assert secrets.matches(stored, "correct horse") and not secrets.matches(stored, "correct horses")
    assert not secrets.matches("not a hash", "x")
    assert len(secrets.one_time_password()) == 14
    assert len({secrets.one_time_password() for _ in range(50)}) == 50
    for weak in ("short", "aaaaaaaaaa", "Zhang.Li"):
        with pytest.raises(Refused, match="weak_password"):
            secrets.check_password(weak, "zhang.li")
    for pin in ("123", "１２３４", "1111", "123456789", "12a4"):
        with pytest.raises(Refused, match="weak_pin"):
            secrets.check_pin(pin)
    secrets.check_pin("4071")


def test_roles_are_exactly_those_of_the_doors() -> None:
    assert set(PERMISSIONS) == {"anonymous", *PERSON_ROLES, *DEVICE_ROLES}
    assert not PERMISSIONS["anonymous"] and ANONYMOUS.actor == "anonymous"
    allowed = {
        name: {role for role, may in PERMISSIONS.items() if name in may} for name in ("people", "tokens", "rate")
    }
    assert allowed == {"people": {"office", "admin"}, "tokens": {"admin"}, "rate": {"pad-citizen"}}
    changes = {"verbs", "tickets.take", "people", "pairing", "devices", "catalogue", "tokens", "backup", "rate"}
    assert not changes & (PERMISSIONS["auditor"] | PERMISSIONS["leader"] | PERMISSIONS["board"])
    assert "personal" not in PERMISSIONS["leader"]
    assert MINUTE < commands.SESSION
