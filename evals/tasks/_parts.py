"""What tasks run with: the pack, indexed once a process, and the choices of a run."""

import atexit
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from copilot.errors import BadInput
from copilot.guard.masking import policy_for
from copilot.guard.redaction import RedactionPolicy
from copilot.models import Model, load_prompt
from copilot.models.prompts import Prompt
from copilot.settings import DEMO_PACK, Settings
from copilot.store import open_database
from copilot.transcript import SPEAKERS, Speaker, Turn
from copilot.wiring import Parts, open_parts, ready_embedder
from evals.noise import add_noise
from evals.wrapped_model import WrappedModel
from knowledge.documents import read_source
from knowledge.pack_files import read_records
from knowledge.retriever import Retriever
from knowledge.sync import sync
from knowledge.tables import DEFAULT_TENANT

_indexing = Lock()
"""What is opened once a process is opened by one thread."""


@dataclass(frozen=True)
class TaskOptions:
    """The choices of a run.

    Attributes:
        pack: folder of a pack; the demo pack when None.
        model: words what the task can have worded; without one the embedded, deterministic way is measured.
        prompt: version of the task's prompt, as its file is called; the one the settings name, else the newest.
        noise: share of words misheard in what was spoken, 0..0.5.
    """

    pack: Path | None = None
    model: Model | None = None
    prompt: str | None = None
    noise: float = 0.0


def parts_of(options: TaskOptions) -> Parts:
    """The pack of the options with its index, opened once a process.

    Searches go by words alone, so that every machine finds the same; COPILOT_EMBEDDER says otherwise.
    """
    with _indexing:
        return _parts_of(str(options.pack or DEMO_PACK), os.environ.get("COPILOT_EMBEDDER", "none"))


@lru_cache(maxsize=4)
def _parts_of(pack: str, embedder: str) -> Parts:
    folder = TemporaryDirectory(prefix="copilot-evals-")
    settings = Settings(
        pack=pack, data_dir=Path(folder.name), database_url="", chroma_url="", embedder=embedder, model="none"
    )
    parts = open_parts(settings, with_vectors=False)
    atexit.register(_close, parts, folder)
    return parts


def _close(parts: Parts, folder: TemporaryDirectory[str]) -> None:
    parts.close()
    folder.cleanup()


def corpus_retriever(path: str) -> Retriever:
    """The search over a corpus of JSON lines, indexed once a process.

    Raises:
        SourceError: it cannot be read.
    """
    with _indexing:
        return _corpus_retriever(path, os.environ.get("COPILOT_EMBEDDER", "none"))


@lru_cache(maxsize=4)
def _corpus_retriever(path: str, embedder: str) -> Retriever:
    folder = TemporaryDirectory(prefix="copilot-evals-corpus-")
    engine = open_database(f"sqlite:///{folder.name}/corpus.db")
    ready = ready_embedder(Settings(embedder=embedder, data_dir=Path(folder.name)))
    sync(engine, "corpus", list(read_source(Path(path))), embedder=ready.embedder, tenant=DEFAULT_TENANT)
    atexit.register(folder.cleanup)
    return Retriever.open(engine, "corpus", embedder=ready.embedder)


def policy_of(parts: Parts) -> RedactionPolicy:
    """What the pack masks."""
    return policy_for(parts.pack.head.redaction.kinds, parts.pack.head.numbers)


def model_for(options: TaskOptions, prompt: str) -> Model | None:
    """The model of the options, asked with the version of the prompt that they name.

    Raises:
        BadInput: the version is no number.
        PromptError: there is no such version.
    """
    if options.model is None or options.prompt is None:
        return options.model
    name, _, version = options.prompt.removesuffix(".md").rpartition("/")
    if name not in ("", prompt) or not version.isdecimal():
        raise BadInput(
            f"The prompt {options.prompt!r} is no version of {prompt}; allowed are numbers, as in {prompt}/1. Name one."
        )
    load_prompt(prompt, int(version))
    return PinnedPrompt(options.model, prompt, int(version))


class PinnedPrompt(WrappedModel):
    """A model asked with one version of one prompt, whatever the settings say."""

    def __init__(self, model: Model, prompt: str, version: int) -> None:
        super().__init__(model)
        self._prompt, self._version = prompt, version

    def prompt(self, name: str) -> Prompt:
        return load_prompt(name, self._version) if name == self._prompt else super().prompt(name)


def turns_of(given: Mapping[str, Any], parts: Parts, noise: float, seed: str) -> list[Turn]:
    """The turns of a case's input: its own, or those of a call of the pack, changed as the case says.

    `call` names a call of the pack, `swap` holds pairs [from, to] put into its turns, `until` its last turn heard.

    Raises:
        BadInput: the pack has no such call, or a turn is none.
    """
    if "call" in given:
        calls = read_records(parts.pack.directory, "calls.jsonl", "call_id", [])
        if given["call"] not in calls:
            raise BadInput(f"The pack has no call {given['call']!r}; name one of its calls.jsonl, or give `turns`.")
        raw: Sequence[Mapping[str, Any]] = calls[given["call"]]["turns"]
    else:
        raw = given["turns"]
    turns = [_turn(place, each, given) for place, each in enumerate(raw, start=1)]
    places = [place for place, turn in enumerate(turns) if turn.turn_id == given.get("until")]
    turns = turns[: places[0] + 1] if places else turns
    return [Turn(t.turn_id, t.speaker, add_noise(t.text, noise, f"{seed}:{t.turn_id}"), t.t_ms) for t in turns]


def _turn(place: int, raw: Mapping[str, Any], given: Mapping[str, Any]) -> Turn:
    text = str(raw.get("text", ""))
    for before, after in given.get("swap", ()):
        text = text.replace(before, after)
    name = raw.get("speaker", "unknown")
    speaker: Speaker = next((each for each in SPEAKERS if each == name), "unknown")
    return Turn(str(raw.get("turn_id") or f"t{place}"), speaker, text, raw.get("t_ms"))


def transcript_fields(given: Mapping[str, Any], parts: Parts) -> Mapping[str, Any]:
    """Language, customer and start of a case's call: what the case says, else what the pack's call says."""
    call: Mapping[str, Any] = {}
    if "call" in given:
        call = read_records(parts.pack.directory, "calls.jsonl", "call_id", [])[given["call"]]
    return {name: given.get(name, call.get(name)) for name in ("language", "customer_id", "started_at", "channel")}
