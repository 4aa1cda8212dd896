"""Whether a sentence may be shown as fact: exact checks first, then how much of it its evidence covers."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from copilot.guard.grounding.affirming import denied_in
from copilot.guard.grounding.contrasts import turned_round, wrong_role
from copilot.guard.grounding.days import wrong_days
from copilot.guard.grounding.deeds import undone_deeds, unrecorded_deeds
from copilot.guard.grounding.figures import known_in, unsupported_values
from copilot.guard.grounding.locality import misplaced_values
from copilot.guard.grounding.model import Evidence, Grounding
from copilot.guard.grounding.names import unsupported_names
from copilot.guard.grounding.negation import opposites, unheard_negations
from copilot.guard.grounding.planned import only_planned
from copilot.guard.grounding.quoting import differing, is_quoted
from copilot.guard.grounding.speakers import wrong_speaker
from copilot.guard.grounding.text import Reading, read_text, sentences_in

# How much each sign counts, in log-odds: a logistic regression (scikit-learn 1.9, C = 1) on one half, by evidence, of
# tests/copilot/guard/retellings.yaml and grounding_cases.jsonl; docs/benchmarks.md has its AUC on the other half.
WEIGHTS = {
    "start": -0.35,
    "best": 0.23,  # share of the meanings in the best single turn
    "all": 0.79,  # share in all evidence: a sentence may join two turns
    "bigrams": 0.42,  # pairs in the same order
    "values": 1.06,  # it holds figures, and all of them are in the evidence
    "failure": -3.87,  # each exact check that failed, at most three
}
MIN_SUPPORT = 0.45  # without figures, about a fifth of the meanings must be in the evidence
MAX_FAILURES = 3

UnsupportedPolicy = Literal["drop", "mark"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence and the ids of the evidence it names."""

    sentence: str
    evidence_ids: tuple[str, ...]


def check_sentence(
    sentence: str,
    evidence: Sequence[Evidence],
    *,
    language: str = "en",
    gazetteer: Iterable[str] = (),
    known_names: Iterable[str] = (),
    min_support: float = MIN_SUPPORT,
    needs_record: bool = False,
) -> Grounding:
    """Check one sentence against the evidence it names.

    Args:
        sentence: one sentence of a note, answer or draft.
        evidence: the turns or passages it rests on; nothing else is looked at.
        language: of the sentence, "en" or "es"; evidence may be in either.
        gazetteer: names of plans, offers and products (`gazetteer_of` a pack).
        known_names: names that need no evidence, such as that of the business.
        min_support: below it, and above 0, a sentence whose figures all hold is still not supported.
        needs_record: the sentence goes out to a customer (an answer, a draft): "I have applied the credit" needs
            evidence of kind "event", or of the speaker "system", that says so. A note retells what was said, so
            that an agent's turn bears it out.

    Returns:
        supported when no exact check failed and `support` reaches `min_support`; reasons in plain words, empty
        exactly when supported. An empty sentence is supported; a sentence without evidence is not.
    """
    known_names = tuple(known_names)
    claim = read_text(sentence, language)
    if not claim.tokens:
        return Grounding(True, 1.0)
    if not any(piece.text.strip() for piece in evidence):
        return Grounding(False, 0.0, ("names no turn or passage it rests on",))
    readings = [read_text(piece.text, language) for piece in evidence]
    turns = [sentences_in(piece.text, language) for piece in evidence]
    sentences = [each for turn in turns for each in turn]
    texts = [piece.text for piece in evidence]
    failures = [
        *unsupported_values(claim.values, known_in(readings)),
        *unsupported_names(sentence, readings, gazetteer, language, known_names=known_names),
        *wrong_speaker(sentence, evidence, language),
        *(unrecorded_deeds(sentence, [piece.text for piece in evidence if piece.is_record]) if needs_record else ()),
    ]
    if not is_quoted(claim, readings):  # what says the same word for word turns nothing round
        is_of_documents = all(piece.speaker is None for piece in evidence)
        failures += [
            *unheard_negations(claim, turns),
            *denied_in(claim, turns),
            *opposites(claim, sentences),
            *misplaced_values(claim, sentences),
            *wrong_days(claim, sentences),
            *(_changed(sentence, sentences, language) or turned_round(claim, sentences)),
            *(wrong_role(claim, readings) if is_of_documents else ()),
            *(undone_deeds(sentence, texts) or only_planned(claim, sentences)),
        ]
    needless = read_text(" ".join(known_names), language).meanings
    support = _support(claim, readings, len(failures), needless)
    if not failures and support < min_support:
        failures = [f"shares too little with its evidence ({support:.2f})"]
    return Grounding(not failures, support, tuple(failures))


def ground(
    sentences: Iterable[Claim],
    evidence_by_id: Mapping[str, Evidence],
    *,
    language: str = "en",
    gazetteer: Iterable[str] = (),
    known_names: Iterable[str] = (),
    needs_record: bool = False,
) -> list[Grounding]:
    """`check_sentence` for each sentence; an id that is not there counts as no evidence."""
    terms, names = tuple(gazetteer), tuple(known_names)
    return [
        check_sentence(
            claim.sentence,
            [evidence_by_id[each] for each in claim.evidence_ids if each in evidence_by_id],
            language=language,
            gazetteer=terms,
            known_names=names,
            needs_record=needs_record,
        )
        for claim in sentences
    ]


def ground_notes(
    sentences: Iterable[Claim],
    evidence_by_id: Mapping[str, Evidence],
    *,
    unsupported: UnsupportedPolicy = "drop",
    mark: str = "[unverified] ",
    language: str = "en",
    gazetteer: Iterable[str] = (),
    known_names: Iterable[str] = (),
    needs_record: bool = False,
) -> list[Claim]:
    """The sentences that may stand in a note: what is not supported is dropped, or stands with `mark` in front."""
    claims = list(sentences)
    results = ground(
        claims,
        evidence_by_id,
        language=language,
        gazetteer=gazetteer,
        known_names=known_names,
        needs_record=needs_record,
    )
    kept = zip(claims, results, strict=True)
    if unsupported == "drop":
        return [claim for claim, result in kept if result.supported]
    return [claim if result.supported else Claim(mark + claim.sentence, claim.evidence_ids) for claim, result in kept]


def _changed(sentence: str, sentences: Sequence[Reading], language: str) -> list[str]:
    """What a near quotation changes; statements joined by ";" are looked at one by one."""
    return [reason for part in sentence.split(";") for reason in differing(read_text(part, language), sentences)][:1]


def says_something(text: str, language: str = "en") -> bool:
    """Whether a text holds a figure or a word with a meaning of its own, rather than empty words alone."""
    reading = read_text(text, language)
    return bool(reading.meanings or reading.values)


def _support(claim: Reading, evidence: Sequence[Reading], failures: int, needless: frozenset[str]) -> float:
    """The logistic of the weighted signs, 0..1; meanings that need no evidence do not count."""
    # A sentence of empty words alone ("all is well") must find those words: it says something, if only by tone.
    meant = claim.meanings - needless
    told = [reading.meanings if meant else reading.words for reading in evidence]
    wanted = meant or claim.words
    covers = [_share(wanted, each) for each in told]
    together = frozenset().union(*told)
    pairs = frozenset().union(*(reading.bigrams for reading in evidence))
    log_odds = (
        WEIGHTS["start"]
        + WEIGHTS["best"] * max(covers)
        + WEIGHTS["all"] * _share(wanted, together)
        + WEIGHTS["bigrams"] * (_share(claim.bigrams, pairs) if claim.bigrams else 0.5)
        + WEIGHTS["values"] * (not failures and any(value.shown for value in claim.values))
        + WEIGHTS["failure"] * min(failures, MAX_FAILURES)
    )
    return 1 / (1 + math.exp(-log_odds))


def _share(wanted: frozenset[Any], there: frozenset[Any]) -> float:
    """How much of what is wanted is there; 1 where nothing is wanted."""
    return len(wanted & there) / len(wanted) if wanted else 1.0
