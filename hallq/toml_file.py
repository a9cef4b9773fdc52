"""The hall's two TOML files are read strictly: a fault is one line that names file, key path and what to do."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

S = TypeVar("S", bound="Section")
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]


class ConfigError(Exception):
    """One line: file, key path, what is wrong and what to do."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def read_toml(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
        return tomllib.loads(data.decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; name another (-c hall.toml), or: hallq init DIR") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}: line {line}: not UTF-8; save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        last = data.count(b"\n") + 1
        what = str(error).replace("at end of document", f"at line {last}, the end of the file")
        raise ConfigError(f"{path}: not valid TOML: {what}") from None


def parse(model: type[S], raw: dict[str, Any], path: Path) -> S:
    try:
        return model.model_validate_json(json.dumps(raw, default=str))  # as JSON: strict, but lists may be tuples
    except ValidationError as error:
        raise ConfigError(f"{path}: {explain(model, error)}") from None


def explain(model: type[BaseModel], error: ValidationError, prefix: tuple[str | int, ...] = ()) -> str:
    """The first fault as `key.path: what is wrong`."""
    fault = error.errors(include_url=False)[0]
    where = key_path((*prefix, *fault["loc"]))
    match fault["type"]:
        case "extra_forbidden":
            return f"{where}: unknown key; known here: {', '.join(_known(model, fault['loc'][:-1]))}"
        case "missing":
            return f"{where}: missing; add it"
        case "value_error":
            return f"{where}: {fault['ctx']['error']}"
        case "string_pattern_mismatch":
            return f"{where}: {fault['input']!r} does not fit the pattern {fault['ctx']['pattern']}"
        case "string_type":
            return f"{where}: must be text in quotes, not {fault['input']!r}"
        case _:
            return f"{where}: {fault['msg'][0].lower()}{fault['msg'][1:]}, not {fault['input']!r}"


def key_path(loc: Sequence[str | int]) -> str:
    """("device", 0, "link") -> device[1].link: entries are counted as people do."""
    named = [part for part in loc if part != "[key]"]  # pydantic's word for "the key itself"
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in named).lstrip(".")


def _known(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    for part in loc:
        if isinstance(part, str):
            field = next(f for name, f in model.model_fields.items() if part in (name, f.alias))
            model = next(t for t in (field.annotation, *get_args(field.annotation)) if hasattr(t, "model_fields"))
    return [field.alias or name for name, field in model.model_fields.items()]
