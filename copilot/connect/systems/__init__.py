"""One file a system; which ones a business has stands in the file that COPILOT_CONNECT names."""

import os
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from copilot.connect.protocol import NOTE, ObjectKind, System
from copilot.errors import ConfigError, NotFound

__all__ = ["Connections", "SystemConfig", "kinds", "load_connections", "parse_config", "secret_of"]

C = TypeVar("C", bound=BaseModel)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


class SystemConfig(BaseModel):
    """What every system's entry may hold; a kind adds its own.

    `fields` says which field of a note goes into which field there: for all objects (`{phone: phone}`), or by kind of
    object (`{customer: {phone: phone}}`). A field that is not named is never proposed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    fields: Mapping[str, str] | Mapping[ObjectKind, Mapping[str, str]] = {}

    @field_validator("fields")
    @classmethod
    def _leaves_the_note_alone(cls, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        named = (
            [*fields.values()]
            if not _is_by_kind(fields)
            else [one for each in fields.values() for one in each.values()]
        )
        if NOTE in named:
            raise ValueError(f"{NOTE!r} is what the note itself is called; it is no field")
        return fields


@dataclass(frozen=True)
class Connections:
    """The systems by name, and for each the `fields` of its entry."""

    systems: Mapping[str, System]
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def get(self, name: str) -> System:
        """A system by name.

        Raises:
            NotFound: there is none of this name.
        """
        if name not in self.systems:
            raise NotFound(
                f"No system {name!r}; COPILOT_CONNECT names: {', '.join(self.systems) or 'none'}. Add it there."
            )
        return self.systems[name]

    def fields_of(self, name: str, kind: ObjectKind) -> Mapping[str, str]:
        """Which field of a note goes into which field of an object of this kind there."""
        fields = self.fields.get(name, {})
        return fields.get(kind, {}) if _is_by_kind(fields) else fields


def _is_by_kind(fields: Mapping[str, Any]) -> bool:
    return any(isinstance(part, Mapping) for part in fields.values())


def kinds() -> list[str]:
    """The kinds of systems there are: the files of this folder."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def load_connections(path: str, data_dir: Path, *, environ: Mapping[str, str] = os.environ) -> Connections:
    """The systems that the YAML file at `path` names; without one, the folder `connect` in the data folder.

    Raises:
        ConfigError: the file cannot be read, an entry is wrong, or a variable it names is not set.
    """
    if not path:
        entries: Any = {"files": {"kind": "files", "folder": str(data_dir / "connect")}}
        return _build(entries, Path.cwd(), environ)
    try:
        raw = yaml.safe_load(Path(path).read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"COPILOT_CONNECT {path!r} cannot be read: {' '.join(str(error).split())[:200]}") from error
    entries = raw.get("systems") if isinstance(raw, dict) else None
    if not isinstance(entries, dict) or not entries:
        raise ConfigError(f"COPILOT_CONNECT {path!r} names no systems. Begin it with `systems:`; see docs/connect.md.")
    return _build(entries, Path(path).parent, environ)


def _build(entries: Mapping[Any, Any], base: Path, environ: Mapping[str, str]) -> Connections:
    systems: dict[str, System] = {}
    fields: dict[str, Mapping[str, Any]] = {}
    for name, entry in entries.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ConfigError(f"COPILOT_CONNECT, system {name!r}: a name is lower-case letters, digits, _ and -.")
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if kind not in kinds():
            raise ConfigError(f"COPILOT_CONNECT, {name}: kind is {kind!r}; there are: {', '.join(kinds())}.")
        build: Callable[..., System] = import_module(f"{__name__}.{kind}").build
        systems[name] = build(name, entry, base=base, environ=environ)
        fields[name] = entry.get("fields") or {}  # its kind has found it to be of its form
    return Connections(systems, fields)


def parse_config(form: type[C], name: str, entry: Mapping[str, Any]) -> C:
    """An entry in the form of its kind.

    Raises:
        ConfigError: it has another form; the message names the system and the place.
    """
    try:
        return form.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"COPILOT_CONNECT, {name}.{where}: {first['msg']}. docs/connect.md shows the form.") from None


def secret_of(variable: str, name: str, environ: Mapping[str, str]) -> str:
    """The secret in an environment variable; files name the variable and never hold the secret.

    Raises:
        ConfigError: it is not set.
    """
    secret = environ.get(variable, "")
    if not secret:
        raise ConfigError(f"COPILOT_CONNECT, {name}: the environment variable {variable} is not set. Set it and retry.")
    return secret
