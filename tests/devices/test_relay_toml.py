"""relay.toml is read as strictly as hall.toml, and the page shows what is accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hallq.relay.settings import load_relay
from hallq.toml_file import ConfigError
from tests.hub import write_hall

PAGE = Path(__file__).parents[2] / "docs/devices/relay.md"
GOOD = 'name = "floor2"\n[hub]\nurl = "http://10.0.0.1:8080"\n[[port]]\nname = "paper"\nlink = "serial:usb/lp0"\n'


def test_the_page_shows_files_that_are_accepted(tmp_path: Path) -> None:
    lending, devices = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "relay.toml").write_text(lending, "utf-8")
    assert set(load_relay(tmp_path / "relay.toml").links) == {"printer", "strips", "keys", "sound"}
    devices = devices.replace('"21"', '"1"')
    settings = write_hall(tmp_path, devices=devices)
    assert [device.id for device in settings.device] == ["printer-k2", "strip-21", "voice-2F"]


def test_paths_are_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "relay.toml").write_text(GOOD, "utf-8")
    settings = load_relay(tmp_path / "relay.toml")
    assert settings.links == {"paper": f"serial:{tmp_path}/usb/lp0"}
    assert settings.token_path == tmp_path / "relay.token"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "floor2"', 'name = "floor 2"', "name: 'floor 2' does not fit"),
        ('url = "http://10.0.0.1:8080"', "", "hub.url: missing"),
        ("http://10.0.0.1:8080", "10.0.0.1", "hub.url: write the hub's address"),
        ("serial:usb/lp0", "tcp://10.0.0.9:9100", 'port[1].link: "tcp://10.0.0.9:9100" cannot be lent'),
        ("usb/lp0", "usb/lp0?baud=9600", "port[1].link"),
        ('name = "paper"', 'name = "paper"\nbaud = 9600', "port[1].baud: unknown key; known here: name, link"),
        ("[[port]]", '[[port]]\nname = "paper"\nlink = "alsa:x"\n[[port]]', 'port[2].name: "paper" stands twice'),
        ("[[port]]", 'ca = "none.pem"\n[[port]]', "hub.ca: there is no file"),
    ],
)
def test_faults_name_file_and_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    file = tmp_path / "relay.toml"
    file.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError) as error:
        load_relay(file)
    assert str(error.value).startswith(f"{file}: {words}")
