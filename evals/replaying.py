"""Transcripts through the live path, at their own pace or faster, and what came of it.

Counted are how long each turn took to its cards and each note to be there; how many customer turns got a card; of the
turns that say which documents belong to them, how many got one of those and how many of the cards were right (coverage
and precision); how good the notes are by what can be judged without labels; which gates were broken; what the language
model used.
"""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copilot.calls.live import LiveCalls
from copilot.calls.note.reworded import reword_note
from copilot.errors import BadInput, ModelFailed
from copilot.feeds import read_transcripts, read_webvtt_file
from copilot.guard.grounding import house_names_of
from copilot.latency import Latency
from copilot.models import Model
from copilot.models.usage import TaskUsage
from copilot.store import EventLog, open_database
from copilot.transcript import Transcript
from copilot.wiring import Parts
from evals.cases import Case
from evals.noise import MOST, add_noise
from evals.scorers import scorer_for
from evals.scorers._secrets import no_secret
from evals.tasks import TaskOptions
from evals.tasks._parts import parts_of

GATES = ("invented_number", "secret")
WITH_DOCUMENTS = ("passage", "script")
"""Cards that name a document, and so can be right or wrong for a turn."""


@dataclass(frozen=True)
class Labelled:
    """A call, and which documents an agent would want at a turn of it (`cards` of its line), where anybody said so."""

    call: Transcript
    documents: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Manner:
    """How calls are played: `pace` times faster than they were, None for as fast as it goes; so many side by side."""

    pace: float | None = None
    at_once: int = 1
    noise: float = 0.0


@dataclass
class Tally:
    """What was counted over the calls."""

    turn_s: list[float] = field(default_factory=list)
    note_s: list[float] = field(default_factory=list)
    lag_s: list[float] = field(default_factory=list)
    customer_turns: int = 0
    turns_with_card: int = 0
    cards: Counter[str] = field(default_factory=Counter)
    quotes: int = 0
    quotes_in_document: int = 0
    labelled_turns: int = 0
    labelled_turns_right: int = 0
    judged_cards: int = 0
    judged_cards_right: int = 0
    metrics: dict[str, list[float]] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    usage: Mapping[str, TaskUsage] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Add what was counted elsewhere."""
        for name, value in vars(other).items():
            if isinstance(value, list):
                getattr(self, name).extend(value)
            elif isinstance(value, int):
                setattr(self, name, getattr(self, name) + value)
        self.cards.update(other.cards)
        for name, values in other.metrics.items():
            self.metrics.setdefault(name, []).extend(values)

    def as_record(self) -> dict[str, Any]:
        """The report in JSON types."""
        return {
            "calls": len(self.note_s),
            "failed": self.failed,
            "turns": len(self.turn_s),
            "turn_to_cards": asdict(Latency.of(self.turn_s)),
            "note": asdict(Latency.of(self.note_s)),
            "lag_behind_speech": asdict(Latency.of(self.lag_s)) if self.lag_s else None,
            "cards": dict(sorted(self.cards.items())),
            "turns_with_card": _share(self.turns_with_card, self.customer_turns),
            "quotes_in_document": _share(self.quotes_in_document, self.quotes),
            "coverage": _share(self.labelled_turns_right, self.labelled_turns),
            "precision": _share(self.judged_cards_right, self.judged_cards),
            "note_quality": {name: round(sum(v) / len(v), 4) for name, v in sorted(self.metrics.items())},
            "gate_violations": self.violations,
            "model": {
                task: {name: value if isinstance(value, int) else str(value) for name, value in asdict(used).items()}
                for task, used in self.usage.items()
            },
        }


def read_folder(folder: Path) -> list[Labelled]:
    """The calls of every .jsonl and .vtt file of a folder, or of one file; ids that stand twice are told apart.

    Raises:
        BadInput: there is none, or one cannot be read.
    """
    paths = [folder] if folder.is_file() else sorted([*folder.glob("*.jsonl"), *folder.glob("*.vtt")])
    if not paths:
        raise BadInput(f"{folder} holds no .jsonl or .vtt file. Give a folder of transcripts, or one file.")
    seen: Counter[str] = Counter()
    found = []
    for path in paths:
        labels = {} if path.suffix == ".vtt" else _labels_of(path)
        for call in [read_webvtt_file(path, {})] if path.suffix == ".vtt" else read_transcripts(path):
            seen[call.call_id] += 1
            call_id = call.call_id if seen[call.call_id] == 1 else f"{call.call_id}.{seen[call.call_id]}"
            found.append(Labelled(replace(call, call_id=call_id), labels.get(call.call_id, {})))
    return found


def pace_of(speed: str) -> float | None:
    """How many times faster than it was spoken; None for as fast as it goes.

    Raises:
        BadInput: it is neither `max` nor a number above 0.
    """
    try:
        pace = None if speed == "max" else float(speed)
    except ValueError:
        pace = 0.0
    if pace is not None and not 0 < pace < float("inf"):
        raise BadInput(f"--speed {speed!r} is not allowed; give `max` or a number above 0, as in 1 or 10.")
    return pace


def replay(calls: Sequence[Labelled], options: TaskOptions, manner: Manner) -> Tally:
    """Play the calls over a database of their own; what goes wrong with one is told and is not the end of the others.

    Raises:
        BadInput: the share of misheard words is out of range.
    """
    if not 0 <= manner.noise <= MOST:
        raise BadInput(f"--noise is {manner.noise:g}; allowed is 0 to {MOST:g}. Try 0.15.")
    parts, total = parts_of(options), Tally()
    with TemporaryDirectory(prefix="copilot-pipeline-") as folder:
        database = open_database(f"sqlite:///{folder}/calls.db")
        player = _Player(LiveCalls(EventLog(database), parts.desk), parts, manner, options.model)
        with ThreadPoolExecutor(manner.at_once) as pool:
            for played in pool.map(player.play, calls):
                total.add(played)
        database.dispose()
    total.usage = options.model.usage() if options.model else {}
    return total


@dataclass(frozen=True)
class _Player:
    live: LiveCalls
    parts: Parts
    manner: Manner
    model: Model | None

    def play(self, labelled: Labelled) -> Tally:
        """One call from its first turn to its note."""
        tally, call_id = Tally(), labelled.call.call_id
        try:
            self._speak(labelled.call, tally)
            started = time.perf_counter()
            note = self.live.end(call_id)
            tally.note_s.append(time.perf_counter() - started)
            self._count_cards(labelled, tally)
            self._judge(call_id, self._worded(call_id, note), tally)
        except Exception as error:  # a call that breaks the path is a finding of the replay
            tally.failed.append(f"{call_id}: {type(error).__name__}: {error}")
        return tally

    def _speak(self, call: Transcript, tally: Tally) -> None:
        pace, noise = self.manner.pace, self.manner.noise
        self.live.start(call)
        began = time.perf_counter()
        for turn in call.turns:
            due = None if pace is None or turn.t_ms is None else began + turn.t_ms / 1000 / pace
            time.sleep(max(0.0, (due or 0.0) - time.perf_counter()))
            heard = replace(turn, text=add_noise(turn.text, noise, f"{call.call_id}:{turn.turn_id}"))
            started = time.perf_counter()
            self.live.add_turns(call.call_id, [heard])
            tally.turn_s.append(time.perf_counter() - started)
            if due is not None:
                tally.lag_s.append(time.perf_counter() - due)

    def _worded(self, call_id: str, note: Mapping[str, Any]) -> Mapping[str, Any]:
        call = self.live.snapshot(call_id)
        if self.model is None or not call.may_ask or call.note is None:
            return note
        try:
            worded = reword_note(
                self.model,
                call,
                policy=self.live.policy,
                max_characters=self.parts.pack.head.note.max_chars,
                gazetteer=self.parts.gazetteer,
                known_names=house_names_of(self.parts.pack),
            )
        except ModelFailed:  # the model's own usage counts it; the note stands
            return note
        return note if worded is None else worded.note

    def _count_cards(self, labelled: Labelled, tally: Tally) -> None:
        texts = {document.doc_id: " ".join(document.text.split()) for document in self.parts.pack.documents}
        shown = [event.body for event in self.live.events(labelled.call.call_id) if event.type == "card.shown"]
        named = {turn_id for card in shown for turn_id in card["turn_ids"]}
        tally.cards.update(card["kind"] for card in shown)
        quotes = [citation for card in shown for citation in card["citations"]]
        tally.quotes += len(quotes)
        tally.quotes_in_document += sum(_stands(each, texts) for each in quotes)
        customers = {turn.turn_id for turn in labelled.call.turns if turn.speaker in ("customer", "unknown")}
        tally.customer_turns += len(customers)
        tally.turns_with_card += len(customers & named)
        _judge_cards(labelled.documents, shown, tally)

    def _judge(self, call_id: str, note: Mapping[str, Any], tally: Tally) -> None:
        turns = [{"turn_id": t.turn_id, "speaker": t.speaker, "text": t.text} for t in self.live.turns(call_id)]
        output = {"note": note, "turns": turns, "names": self.parts.gazetteer}
        scores = scorer_for("note")(Case(id="note", task="note", cluster="note", input={}), output)
        for name, score in scores.items():
            if score.value is not None:
                tally.metrics.setdefault(name, []).append(score.value)
        broken = [gate for gate in GATES if scores[gate].value == 0]
        tally.violations += [f"{call_id}: {gate}: {scores[gate].reason}" for gate in broken]
        for event in self.live.events(call_id):
            if no_secret(json.dumps(event.body, ensure_ascii=False), ()).value == 0:
                tally.violations.append(f"{call_id}: a secret in event {event.seq} ({event.type})")


def _stands(citation: Mapping[str, Any], texts: Mapping[str, str]) -> bool:
    return " ".join(citation["quote"].split()) in texts.get(citation["doc_id"], "")


def _judge_cards(documents: Mapping[str, frozenset[str]], shown: Sequence[Mapping[str, Any]], tally: Tally) -> None:
    """Coverage and precision over the turns that are labelled; others say nothing."""
    right = set()
    for card in shown:
        turn_id = next((each for each in reversed(card["turn_ids"]) if each in documents), None)
        if card["kind"] not in WITH_DOCUMENTS or turn_id is None:
            continue
        tally.judged_cards += 1
        if {citation["doc_id"] for citation in card["citations"]} & documents[turn_id]:
            tally.judged_cards_right += 1
            right.add(turn_id)
    tally.labelled_turns += len(documents)
    tally.labelled_turns_right += len(right)


def _labels_of(path: Path) -> dict[str, dict[str, frozenset[str]]]:
    """`cards` of each call's line: {turn_id: [doc_id, ...]}.

    Raises:
        BadInput: it is of another form; names file and line.
    """
    found: dict[str, dict[str, frozenset[str]]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        row = json.loads(line) if line.strip() else {}
        cards = row.get("cards", {})
        if not isinstance(cards, dict) or not all(isinstance(each, list) for each in cards.values()):
            raise BadInput(f"{path}:{number}: cards are no object of lists. Write {{turn_id: [doc_id, …]}}.")
        if cards:
            found[str(row.get("call_id"))] = {turn_id: frozenset(ids) for turn_id, ids in cards.items()}
    return found


def _share(count: int, of: int) -> dict[str, float | int | None]:
    return {"count": count, "of": of, "share": round(count / of, 4) if of else None}
