"""How a passage becomes a vector: its text, with the document's title counted once more."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.embedders import Embedder
from knowledge.passages import Passage

# With the title's own vector added, nDCG@10 rose on each of six sets of questions, by up to 0.06.
TITLE_SHARE = 0.5


def recipe(embedder: Embedder) -> str:
    """Names how vectors were made; only vectors of one recipe may be compared."""
    return f"{embedder.name} + {TITLE_SHARE} title"


def embed_passages(passages: Sequence[Passage], embedder: Embedder) -> dict[str, NDArray[np.float32]]:
    """Vectors of length 1 by passage_id; empty for an embedder that makes none."""
    if embedder.dimension == 0 or not passages:
        return {}
    titles = list(dict.fromkeys(passage.title for passage in passages))
    vectors = embedder.embed([passage.index_text for passage in passages] + titles)
    title_vectors = dict(zip(titles, vectors[len(passages) :], strict=True))
    sums = vectors[: len(passages)] + TITLE_SHARE * np.stack([title_vectors[passage.title] for passage in passages])
    normalised = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return {passage.passage_id: row for passage, row in zip(passages, normalised.astype(np.float32), strict=True)}
