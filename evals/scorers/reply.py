"""Replies: the rules of the channel, each allegation answered, nothing made up, plain words, little to edit."""

import re
from collections.abc import Mapping
from typing import Any

from evals.cases import Case
from evals.results import Score
from evals.scorers._figures import invented_numbers, number_recall
from evals.scorers._labels import recall
from evals.scorers._rules import rule_scores
from evals.scorers._secrets import no_secret
from evals.scorers._texts import edit_burden, forbidden, must_points, required, rouge_l

PLAIN_EASE = 50.0
"""Reading ease of "fairly difficult" text and better (Flesch 1948; for Spanish Fernández Huerta 1959)."""
_OPEN = re.compile(r"\[[^\]]*\]")
_POINTS = re.compile(r"^\d+(?:, \d+)*\. |\b(?:points?|puntos?) \d+(?:, \d+)*", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+")
_HOUSE = re.compile(r"555-0100 \([^)]*\)|555-0100")
"""The care line of the demo pack with its hours, which the house may always give."""
_VOWELS = re.compile(r"[aeiouyáéíóúü]+", re.IGNORECASE)


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores of a draft; `codes.status` is what should come of the item, `labels` the topics it has to answer."""
    text, language = output["text"], output["language"]
    item = " ".join(str(case.input.get(name) or "") for name in ("title", "text", "body", "desired"))
    quotes = [citation["quote"] for sentence in output["sentences"] for citation in sentence["citations"]]
    facts = [str(value) for value in (case.input.get("facts") or {}).values()]
    house = [*_told_with(case, output), *re.findall(_HOUSE, text)]
    figures, invented = invented_numbers(_without_numbering(text), [item, *quotes, *facts, *house], language)
    reference = case.input.get("reference")
    return {
        **rule_scores(output, item),
        "issue_coverage": recall(output["topics"], case.expect.labels or (), "topics"),
        "key_points": must_points(case, text),
        "required": required(case, text),
        "forbidden": forbidden(case, _QUOTED.sub("“”", text)),  # what others wrote may be quoted
        "number_recall": number_recall(case, text, language),
        "number_precision": figures,
        "invented_number": invented,
        "secret": no_secret(text, ()),
        "status": _status(case, output),
        "readability": _readability(text, language),
        "edit_burden": edit_burden(text, reference),
        "rouge_l": rouge_l(text, reference),
    }


def _status(case: Case, output: Any) -> Score:
    if "status" not in case.expect.codes:
        return Score(None, "not labelled")
    return Score(float(output["status"] == case.expect.codes["status"]), f"is {output['status']}")


def _told_with(case: Case, output: Any) -> list[str]:
    """What came with the item besides its text."""
    given = {"received_at": output["received_at"], **case.input}
    return [str(given.get(name) or "") for name in ("received_at", "complaint_id", "rating")]


def _without_numbering(text: str) -> str:
    """Without the numbers of points, and without what others are asked to fill in."""
    return _POINTS.sub("", _OPEN.sub("", text))


def _readability(text: str, language: str) -> Score:
    """1 from PLAIN_EASE on, below that by how far it falls short; what is quoted of others does not count."""
    own = _QUOTED.sub("", _OPEN.sub("", text))
    words = _WORD.findall(own)
    if len(words) < 5:
        return Score(None, "too short to tell")
    sentences = max(1, len(_SENTENCE.findall(own)))
    syllables = sum(max(1, len(_VOWELS.findall(word))) for word in words)
    per_sentence, per_word = len(words) / sentences, syllables / len(words)
    ease = (
        206.84 - 60 * per_word - 1.02 * per_sentence
        if language == "es"
        else 206.835 - 84.6 * per_word - 1.015 * per_sentence
    )
    return Score(round(min(1.0, max(0.0, ease / PLAIN_EASE)), 4), f"reading ease {ease:.0f}")
