"""Embeddings from OpenAI or any server that speaks its protocol."""

from collections.abc import Sequence

import numpy as np
import openai
from numpy.typing import NDArray

from knowledge.embedders import EmbedderSettings
from knowledge.errors import EmbedderError

OFFICIAL_BASE_URL = "https://api.openai.com/v1"
TEXTS_PER_CALL = 128
MAX_RETRIES = 1


class OpenAIEmbedder:
    """Vectors made by a service; the dimension is what its first answer shows."""

    def __init__(self, model_name: str, client: openai.OpenAI) -> None:
        self.name = f"openai:{model_name}"
        self._model_name = model_name
        self._client = client
        self._dimension: int | None = None

    @property
    def dimension(self) -> int:
        """Numbers in a vector; the first use asks the service."""
        if self._dimension is None:
            self._dimension = int(self._call(["dimension"]).shape[1])
        return self._dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector of length 1 for each text, shape (texts, dimension).

        Raises:
            EmbedderError: the service failed, or answered other than one vector for each text.
        """
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        batches = [texts[start : start + TEXTS_PER_CALL] for start in range(0, len(texts), TEXTS_PER_CALL)]
        return np.vstack([self._call(batch) for batch in batches])

    def _call(self, texts: Sequence[str]) -> NDArray[np.float32]:
        try:
            # "float": several compatible servers do not know the SDK's default, base64.
            answer = self._client.embeddings.create(
                model=self._model_name,
                input=[text or " " for text in texts],
                encoding_format="float",
            )
        except openai.OpenAIError as error:
            # The error's own text may hold the request; its kind is what the reader needs.
            kind = type(error).__name__
            raise EmbedderError(f"{self.name} did not answer ({kind}); check base URL and key.") from error
        rows = sorted(answer.data, key=lambda row: row.index)
        lengths = {len(row.embedding) for row in rows}
        if len(rows) != len(texts) or len(lengths) != 1 or 0 in lengths:
            raise EmbedderError(
                f"{self.name} answered {len(rows)} vector(s) of lengths {sorted(lengths)} to {len(texts)} text(s); "
                "one vector of one length for each was expected."
            )
        vectors = np.array([row.embedding for row in rows], dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        normalised: NDArray[np.float32] = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
        return normalised


def build(model_name: str, settings: EmbedderSettings) -> OpenAIEmbedder:
    """An embedder for the model `model_name`.

    Raises:
        EmbedderError: no model or no key was given.
    """
    if not model_name:
        raise EmbedderError("The embedder 'openai' needs a model: openai:NAME, as in openai:text-embedding-3-small.")
    if not settings.api_key:
        raise EmbedderError(f"The embedder 'openai:{model_name}' needs a key: set OPENAI_API_KEY.")
    client = openai.OpenAI(
        api_key=settings.api_key,
        base_url=settings.base_url or OFFICIAL_BASE_URL,
        timeout=settings.timeout_s,
        max_retries=MAX_RETRIES,
    )
    return OpenAIEmbedder(model_name, client)
