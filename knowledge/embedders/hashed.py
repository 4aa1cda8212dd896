"""Vectors from hashed words: no model and no files, for tests and for trying things out; knows no synonyms."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.embedders import EmbedderSettings
from knowledge.words import words

DIMENSION = 256


class HashedEmbedder:
    """Each word adds one to a place of the vector that its checksum names; `asked` holds every text it was given."""

    name = "hashed"
    dimension = DIMENSION

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector of length 1 for each text; of length 0 for a text without words."""
        self.asked.extend(texts)
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                vectors[row, zlib.crc32(word.encode()) % DIMENSION] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        normalised: NDArray[np.float32] = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
        return normalised


def build(_model_name: str, _settings: EmbedderSettings) -> HashedEmbedder:
    """A fresh one, that was asked nothing."""
    return HashedEmbedder()
