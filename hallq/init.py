"""`hallq init`: a directory with a hall that `serve` can start at once. No password is a default: one is made here.

The catalogue is an example to edit: the first start reads it.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from hallq.admin import offline
from hallq.config import ConfigError, load_settings
from hallq.people.commands import add_person
from hallq.people.secrets import hash_slowly, one_time_password

ACCOUNT = "office"


def new_hall(directory: Path) -> str:
    """The one-time password of the first office account. It is stored nowhere."""
    if directory.exists() and any(directory.iterdir()):
        raise ConfigError(f"{directory}: not empty; name a new or an empty directory")
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("hall.toml", "catalog.toml"):
        (directory / name).write_bytes((files("hallq") / "example" / name).read_bytes())
    password = one_time_password()
    with offline(load_settings(directory / "hall.toml"), catalog=False) as store:  # it is still to be edited
        store.run(add_person, name=ACCOUNT, role="office", password_hash=hash_slowly(password), one_time=True)
    return password
