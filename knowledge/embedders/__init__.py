"""Embedders: one file per provider, found by its name and imported when it is first asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol

from knowledge.errors import EmbedderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Embedder", "EmbedderSettings", "embedders", "load_embedder"]

_INSTALL = "install the extras [minilm] or [models] of retention-copilot, or choose the embedder 'none'."


class Embedder(Protocol):
    """Turns texts into vectors of one length; vectors of equal `name` may be compared with each other."""

    @property
    def name(self) -> str:
        """What made the vectors: provider, model and, where it changes the numbers, the precision."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers in a vector; 0 when this embedder makes none."""
        ...

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One row for each text, of length 1, shape (texts, dimension); safe to call from several threads.

        Raises:
            EmbedderError: the provider failed or answered something else than vectors.
        """
        ...


@dataclass(frozen=True, slots=True)
class EmbedderSettings:
    """What a provider may need: a folder for built files, and how to reach a service."""

    cache_dir: Path
    api_key: str | None = None
    base_url: str | None = None
    timeout_s: float = 10.0


def embedders() -> list[str]:
    """The providers there are: the file names in this folder without "_"."""
    return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))


def load_embedder(
    spec: str,
    cache_dir: Path,
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    timeout_s: float = 10.0,
) -> Embedder:
    """Build the embedder `spec` names: "openai:NAME" is what knowledge/embedders/openai.py makes of "NAME".

    Args:
        spec: provider, or provider and model with ":" between.
        cache_dir: where a provider may keep what it builds once.
        api_key: for a provider that asks for one.
        base_url: any compatible server; the provider's own address when None.
        timeout_s: for one call to a service.

    Raises:
        EmbedderError: the provider is unknown, or what it needs is missing.
    """
    provider, _, model_name = spec.partition(":")
    if provider not in embedders():
        raise EmbedderError(f"No embedder {provider!r} in {spec!r}; there are: {', '.join(embedders())}.")
    settings = EmbedderSettings(cache_dir, api_key, base_url, timeout_s)
    try:
        embedder: Embedder = import_module(f"{__name__}.{provider}").build(model_name, settings)
    except ImportError as error:
        raise EmbedderError(f"The embedder {provider!r} needs the package {error.name}: {_INSTALL}") from error
    return embedder
