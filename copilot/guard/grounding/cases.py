"""Labelled sentences to measure grounding with: files of them, and passages of documents, whose sentences hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from copilot.guard.grounding.check import MIN_SUPPORT
from copilot.guard.grounding.gazetteer import house_names_of
from copilot.guard.grounding.model import Evidence
from knowledge.pack import Pack
from knowledge.pack_files import read_records
from knowledge.passages import Passage, passages_of
from knowledge.yaml_text import read_yaml

_MIN_WORDS = 4
_SENTENCE_END = re.compile(r"(?<=[^\W\d_][.!?])\s+(?=[^\W\d_a-záéíóúñ¿¡]|[¿¡])|(?<=[\d)%][.!?])\s+(?=[A-ZÁÉÍÓÚ¿¡])|\n+")


class Case(BaseModel):
    """One labelled sentence; `kind` says what is wrong with it, "" when it is right."""

    id: str = ""
    sentence: str
    evidence: list[Evidence]
    supported: bool
    language: str = "en"
    gazetteer: list[str] = []
    known_names: list[str] = []
    kind: str = ""
    min_support: float = MIN_SUPPORT


class Claim(BaseModel):
    """Sentences about one piece of evidence: turns of a call, a section of a document, or turns as they stand.

    A turn of the speaker "" is a passage.
    """

    turns: list[str] = []
    heading: str = ""
    said: list[dict[str, str]] = []
    holds: list[str] = []
    fails: dict[str, list[str]] = {}


class Retellings(BaseModel):
    """Claims about one call of the pack, one document of it, or what stands with them."""

    call: str = ""
    document: str = ""
    language: str = "en"
    claims: list[Claim]


def read_cases(path: Path, pack: Pack | None = None, gazetteer: Sequence[str] = ()) -> list[Case]:
    """The cases of a file of JSON lines, or of a YAML file of retellings about a pack's calls and documents."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [Case.model_validate_json(line) for line in text.splitlines() if line.strip()]
    groups = [Retellings.model_validate(group) for group in read_yaml(text).content]
    calls = read_records(pack.directory, "calls.jsonl", "call_id", []) if pack else {}
    return [case for group in groups for case in _cases_of(group, calls, pack, list(gazetteer))]


def passage_cases(pack: Pack, gazetteer: Sequence[str] = ()) -> Iterator[Case]:
    """Every sentence of every passage of the pack's documents, as claimed of its passage."""
    for document in pack.documents:
        for passage in passages_of(document):
            for sentence in sentences_of(passage):
                yield Case(
                    id=passage.passage_id,
                    sentence=sentence,
                    evidence=[_as_evidence(passage)],
                    supported=True,
                    language=document.language[:2],
                    gazetteer=list(gazetteer),
                )


def sentences_of(passage: Passage) -> list[str]:
    """The sentences of running text; rows of tables, items of lists and fragments are none."""
    lines = (line for line in _SENTENCE_END.split(passage.text) if not re.match(r"\s*[|#*>\-\d]", line))
    return [line.strip() for line in lines if len(line.split()) >= _MIN_WORDS and line.strip()[-1] in ".!?"]


def _as_evidence(passage: Passage) -> Evidence:
    return Evidence(passage.passage_id, passage.index_text)


def _cases_of(
    group: Retellings, calls: Mapping[str, Mapping[str, Any]], pack: Pack | None, gazetteer: list[str]
) -> Iterator[Case]:
    for claim in group.claims:
        evidence = _evidence(group, claim, calls, pack)
        said = [("", sentence) for sentence in claim.holds]
        said += [(kind, sentence) for kind, sentences in claim.fails.items() for sentence in sentences]
        for kind, sentence in said:
            yield Case(
                id=group.call or group.document,
                sentence=sentence,
                evidence=evidence,
                supported=not kind,
                language=group.language,
                gazetteer=gazetteer,
                known_names=list(house_names_of(pack)) if pack else [],
                kind=kind,
            )


def _evidence(
    group: Retellings, claim: Claim, calls: Mapping[str, Mapping[str, Any]], pack: Pack | None
) -> list[Evidence]:
    if claim.said:
        said = [pair for turn in claim.said for pair in turn.items()]
        return [Evidence(f"t{place}", text, speaker or None) for place, (speaker, text) in enumerate(said, start=1)]
    if group.call:
        turns = {turn["turn_id"]: turn for turn in calls[group.call]["turns"]}
        return [Evidence(each, turns[each]["text"], turns[each]["speaker"]) for each in claim.turns]
    doc_id = group.document.removesuffix(".md")
    documents = [each for each in (pack.documents if pack else ()) if each.doc_id == doc_id]
    passages = [passage for document in documents for passage in passages_of(document)]
    return [_as_evidence(passage) for passage in passages if passage.heading.endswith(claim.heading)]
