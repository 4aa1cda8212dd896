"""Packages that only parts of the harness need; the embedded service runs without them."""

from importlib.util import find_spec

from copilot.errors import ConfigError


def need_extra(package: str, *, to: str) -> None:
    """Make sure that a package is there.

    Raises:
        ConfigError: it is not installed; says what it is for and how it comes.
    """
    if find_spec(package) is None:
        raise ConfigError(f"The package {package} is not installed; it is needed to {to}. Install the extra [evals].")
