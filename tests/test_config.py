"""hall.toml and catalog.toml: what is wrong is refused in one line that names file, key and remedy."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from hallq.catalog import CATEGORIES, load_catalog
from hallq.config import ConfigError, Settings, load_settings
from hallq.ticketing.rules import Rules

HALL = '[hall]\nid = "demo"\nname = "政务服务中心"\n'
CATALOG = """
department = [{ code = "sb", name = "社保" }]
service = [{ code = "pension", name = "养老", department = "sb", prefix = "B" }]
window = [{ no = "3", department = "sb", zone = "2F", services = ["pension"] }]
"""


def settings(tmp_path: Path, more: str = "") -> Settings:
    path = tmp_path / "hall.toml"
    path.write_text(HALL + more, "utf-8")
    return load_settings(path)


def refusal(tmp_path: Path, more: str) -> str:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, more)
    text = str(caught.value)
    assert text.startswith(str(tmp_path / "hall.toml")) and "\n" not in text
    return text.removeprefix(f"{tmp_path}/")


def device(driver: str = "onbon-bxk", link: str = "tcp://127.0.0.1:5005", id: str = "led", more: str = "") -> str:
    place = more or 'window = "3"'
    return f'[[device]]\nid = "{id}"\ndriver = "{driver}"\nlink = "{link}"\n{place}\n'


def test_defaults_are_the_contracts(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert (found.server.host, found.server.port, found.hall.timezone) == ("127.0.0.1", 8080, "Asia/Shanghai")
    assert found.database_path == tmp_path / "hall.db"
    assert found.catalog_path == tmp_path / "catalog.toml"
    assert found.rules() == Rules(timezone=found.rules().timezone)


def test_every_rule_is_a_key(tmp_path: Path) -> None:
    names = {field.name for field in dataclasses.fields(Rules)} - {"timezone", "always_open", "policy"}
    assert set(settings(tmp_path).rules_section.model_dump()) == names
    assert settings(tmp_path, "[rules]\nundo_s = 90\n").rules().undo_s == 90
    assert settings(tmp_path, '[calendar]\nopen = "always"\n').rules().always_open


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (device("evdev-keypad", "sim:", more='kiosk = "k1"'), "options.keys: write which key is which service"),
        (
            device("evdev-keypad", "evdev:/dev/input/event3") + 'options = { keys = { KPDOT = "dance" } }\n',
            'options.keys: "dance" is no function; known: call-back, call-next',
        ),
        (device("evdev-keypad", "sim:") + 'options = { keys = { KP = "call-next" } }\n', '"KP" is no key'),
        ("[server]\nprt = 1\n", "server.prt: unknown key; known here: host, port"),
        ('[server]\nport = "8080"\n', "server.port: input should be a valid integer, not '8080'"),
        ("[server]\nport = 70000\n", "server.port: input should be less than or equal to 65535"),
        ('[hall2]\nid = "x"\n', "hall2: unknown key; known here: hall, server"),
        ('timezone = "Mars/Olympus"\n', 'hall.timezone: "Mars/Olympus" is no timezone'),
        ('languages = ["fr"]\n', "hall.languages[1]: input should be 'zh-CN' or 'en'"),
        ("[rules]\nundo = 1\n", "rules.undo: unknown key; known here: undo_s"),
        ("[rules]\nundo_s = -1\n", "rules.undo_s: input should be greater than or equal to 0"),
        ("[rules]\nundo_s = nan\n", "rules.undo_s: "),
        ('[rules]\nquiet_hours = "noon"\n', 'rules.quiet_hours: write spans of time: "12:00-14:30'),
        ('[rules]\nvolume_by_hour = "7:00 60"\n', "rules.volume_by_hour: write times with per cent"),
        ('[rules]\nletters = "loud"\n', 'rules.letters: write "plain", "hanzi"'),
        ("[rules]\ncall_times = 4\n", "rules.call_times: input should be less than or equal to 3"),
        ('[calendar]\nopen = "sometimes"\n', "calendar.open: "),
        ('[database]\nurl = "postgresql://a@b/c"\n', "database.url: PostgreSQL is not in this version"),
        ('[server]\ntls_cert = "c.pem"\n', "server.tls_cert and server.tls_key: give both or none"),
        ('[server]\npublic_url = "hall.example"\n', "server.public_url: write the full address"),
        ('[server]\ntrusted_proxies = ["nonsense"]\n', "server.trusted_proxies[1]: "),
        ("[server\n", "not valid TOML: Expected ']' at the end of a table declaration (at line 4"),
        ('[server]\nhost = "', "not valid TOML: "),
        ("[hall]\n", "not valid TOML: Cannot declare ('hall',) twice (at line 4"),
    ],
)
def test_faults_are_named(tmp_path: Path, more: str, words: str) -> None:
    assert words in refusal(tmp_path, more)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no such file.*hallq init"):
        load_settings(tmp_path / "hall.toml")


def test_notepads_byte_order_mark_is_no_fault_and_gbk_is(tmp_path: Path) -> None:
    (tmp_path / "hall.toml").write_text(HALL, "utf-8-sig")
    assert load_settings(tmp_path / "hall.toml").hall.name == "政务服务中心"
    (tmp_path / "hall.toml").write_text(HALL, "gbk")
    with pytest.raises(ConfigError, match=r"line 3: not UTF-8"):
        load_settings(tmp_path / "hall.toml")


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings(tmp_path).server.port = 1


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (device(driver="onbon"), 'device[1] (led).driver: unknown driver "onbon"; known: '),
        (device(link="tcp://127.0.0.1"), "write tcp://host:port"),
        (device(link="tcp://127.0.0.1:99999"), "a port from 1 to 65535"),
        (device(link="serial:"), "write serial: and what it names"),
        (device(link="wav:out"), 'link: "wav:out" does not fit'),
        (device(more='kiosk = "k1"'), 'onbon-bxk needs exactly one place, window = "..."; given: kiosk'),
        (device(more='window = "3"\nkiosk = "k1"'), "given: window, kiosk"),
        (device(more='window = "3"\noptions = { wdth = 96 }'), "device[1] (led).options.wdth: unknown key"),
        (device(more='window = "3"\noptions = { width = "96" }'), "options.width: "),
        (device(more='window = "3"\ncolour = "red"'), "device[1].colour: unknown key"),
        (device() + device(link="tcp://127.0.0.1:5006"), "id: used twice"),
        (device() + device(id="b"), "options.address: 1 is already used on tcp://127.0.0.1:5005"),
        (
            device("escpos", "serial:/dev/p?baud=9600", "a", 'kiosk = "k1"')
            + device("escpos", "serial:/dev/p?baud=19200", "b", 'kiosk = "k2"'),
            'is already used by "a"',
        ),
        (device("speaker", "alsa:x", "a", 'zone = "1"') + device("speaker", "alsa:x", "b", 'zone = "2"'), "already"),
    ],
)
def test_devices_that_cannot_work_are_named(tmp_path: Path, entry: str, words: str) -> None:
    assert words in refusal(tmp_path, entry)


def test_two_names_of_one_port_are_one_port(tmp_path: Path) -> None:
    (tmp_path / "keys").symlink_to(tmp_path / "event3")
    entries = device("evdev-keypad", "evdev:event3", "a") + device("evdev-keypad", "evdev:keys", "b")
    assert 'is already used by "a"' in refusal(tmp_path, entries)


def test_a_windows_keypad_and_evaluator_may_have_one_address(tmp_path: Path) -> None:
    entries = device("ff68-keypad", "serial:/dev/p", "k") + device("ff68-evaluator", "serial:/dev/p", "e")
    assert [each.id for each in settings(tmp_path, entries).device] == ["k", "e"]
    assert "address: 1 is already used" in refusal(tmp_path, entries + device("ff68-keypad", "serial:/dev/p", "k2"))


def test_a_bus_carries_several_addresses(tmp_path: Path) -> None:
    second = 'window = "4"\noptions = { address = 2 }'
    found = settings(tmp_path, device() + device(id="b", more=second))
    assert [d.place for d in found.device] == [{"window": "3"}, {"window": "4"}]
    assert "write it exactly as" in refusal(
        tmp_path, device(link="serial:/dev/p?baud=9600") + device(id="b", link="serial:/dev/p", more=second)
    )


def test_simulators_share_nothing(tmp_path: Path) -> None:
    assert len(settings(tmp_path, device(link="sim:") + device(id="b", link="sim:")).device) == 2


# --- catalog.toml


def catalog_refusal(tmp_path: Path, text: str) -> str:
    path = tmp_path / "catalog.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_catalog(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_small_catalogue_gets_the_regulations_categories_and_reasons(tmp_path: Path) -> None:
    """A08, A10, A11: the classes of the green channel, big projects and who came far among them."""
    (tmp_path / "catalog.toml").write_text(CATALOG, "utf-8")
    catalog = load_catalog(tmp_path / "catalog.toml")
    codes = ["ordinary", "soldier", "elderly", "disabled", "pregnant", "ill", "infant", "project", "far"]
    assert [c.code for c in catalog.category] == codes
    assert [c.code for c in CATEGORIES if not c.green] == ["ordinary"]  # A08: who came far is priority, too
    assert [r.code for r in catalog.pause_reason] == ["leave", "meal", "swap", "system", "paper"]
    assert [(z.code, z.floor) for z in catalog.zones()] == [("2F", 2)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('services = ["pension"]', 'services = ["pensoin"]', 'window "3": service "pensoin" is not in the file'),
        ('no = "3", department = "sb"', 'no = "3", department = "x"', 'window "3": department "x" is not in the file'),
        (
            'department = "sb", prefix',
            'department = "x", prefix',
            'service "pension": department "x" is not in the file',
        ),
        ('no = "3"', "no = 3", "window[1].no: must be text in quotes, not 3"),
        ('prefix = "B"', 'prefix = "b"', "service[1].prefix: 'b' does not fit the pattern"),
        ('prefix = "B"', 'prefix = "B", color = 1', "service[1].color: unknown key; known here: code, name"),
        ('name = "养老", ', "", "service[1].name: missing"),
        ('["pension"]', '["pension", "pension"]', 'window "3": services: one stands twice'),
    ],
)
def test_a_catalogue_that_does_not_fit_together_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in CATALOG
    assert words in catalog_refusal(tmp_path, CATALOG.replace(old, new))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('[[staff]]\nname = "a"\nwindow = "9"\n', 'staff "a": window "9" is not in the file'),
        ('[[zone]]\ncode = "1F"\nname = "x"\n', 'window "3": zone "2F" is not in the file'),
        ('[[kiosk]]\nid = "k"\nzone = "1F"\n[[kiosk]]\nid = "k"\nzone = "1F"\n', 'kiosk: id "k" stands 2 times'),
        ('[[category]]\ncode = "far"\nname = "x"\n', 'category: "ordinary" with green = false is missing'),
        ('[hours]\nopen = ["12:00-08:00"]\n', 'hours.open: "12:00-08:00" ends before it begins'),
        ('[hours]\nopen = ["8-12"]\n', "hours.open[1]: '8-12' does not fit the pattern"),
    ],
)
def test_what_is_added_must_fit_too(tmp_path: Path, more: str, words: str) -> None:
    assert words in catalog_refusal(tmp_path, CATALOG + more)
