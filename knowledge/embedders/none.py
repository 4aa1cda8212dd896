"""No vectors: search runs on words alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.embedders import EmbedderSettings


class NoEmbedder:
    """An embedder of dimension 0; the retriever then ranks by words alone."""

    name = "none"
    dimension = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """An array of shape (texts, 0)."""
        return np.zeros((len(texts), 0), dtype=np.float32)


def build(_model_name: str, _settings: EmbedderSettings) -> NoEmbedder:
    """The embedder that makes no vectors."""
    return NoEmbedder()
