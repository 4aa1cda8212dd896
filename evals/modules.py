"""Modules found by the names of their files: a new task or scorer is one file, and no list needs editing."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def names_in(path: Iterable[str]) -> tuple[str, ...]:
    """The names of a package's public modules, sorted."""
    return tuple(sorted(found.name for found in iter_modules(path) if not found.name.startswith("_")))


def module_of(package: str, name: str) -> ModuleType:
    """A module of the package, imported when it is first asked for."""
    return import_module(f"{package}.{name}")
