"""What a text says and does not say: key points, phrases, length, likeness; without case, accents and punctuation."""

import re
from collections.abc import Iterable, Sequence
from importlib.util import find_spec

from rapidfuzz.distance import Levenshtein

from evals.cases import Case, KeyPoint
from evals.results import Score
from knowledge.words import fold

_WORD = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W_]+")
SHOWN = 80


def plain(text: str) -> str:
    """The words of a text between spaces: "$80.83, sí" -> " 80.83 si "."""
    return f" {' '.join(word.replace(',', '') for word in _WORD.findall(fold(text)))} "


def says(text: str, phrase: str) -> bool:
    """Whether the words of a phrase stand in a text, in a row; the last may go on: "refund" in "refunded"."""
    return plain(phrase).rstrip() in plain(text)


def shorten(text: str) -> str:
    """A text for a reason."""
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN else f"{flat[:SHOWN]}…"


def share(found: Sequence[bool], missed: Iterable[str], what: str) -> Score:
    """How many of what was expected were found, with what was missed; unscored where nothing was."""
    if not found:
        return Score(None, f"no {what} expected")
    missing = "; ".join(missed)
    reason = f"{sum(found)} of {len(found)} {what}" + (f"; missed: {missing}" if missing else "")
    return Score(round(sum(found) / len(found), 4), reason)


def key_points(points: Sequence[KeyPoint], text: str, what: str = "key points") -> Score:
    """The share of points of which one wording stands in the text."""
    found = [any(says(text, wording) for wording in point.any) for point in points]
    return share(found, (point.id for point, is_there in zip(points, found, strict=True) if not is_there), what)


def must_points(case: Case, text: str, *, but: str = "\0") -> Score:
    """The recall of what has to be said; points whose id begins with `but` are looked for elsewhere."""
    return key_points([each for each in case.expect.key_points if each.must and not each.id.startswith(but)], text)


def nice_points(case: Case, text: str) -> Score:
    """The recall of what had better be said."""
    return key_points([each for each in case.expect.key_points if not each.must], text, "nice points")


def required(case: Case, text: str) -> Score:
    """The share of phrases that have to stand in the text."""
    found = [says(text, phrase) for phrase in case.expect.required]
    return share(
        found,
        (phrase for phrase, is_there in zip(case.expect.required, found, strict=True) if not is_there),
        "required phrases",
    )


def forbidden(case: Case, text: str) -> Score:
    """1 where nothing forbidden is said, 0 where something is; hard."""
    if not case.expect.forbidden:
        return Score(None, "nothing is forbidden")
    said = [phrase for phrase in case.expect.forbidden if says(text, phrase)]
    return Score(float(not said), f"says {shorten('; '.join(said))}" if said else "says nothing forbidden")


def length_band(words: int, least: int, most: int) -> Score:
    """1 within the band, below that by how far it is missed."""
    if least <= words <= most:
        return Score(1.0, f"{words} words")
    missed = words / least if words < least else most / words
    return Score(round(missed, 4), f"{words} words, not {least} to {most}")


def edit_burden(text: str, reference: str | None) -> Score:
    """How little a reviewer had to change: 1 less the share of words changed (Levenshtein, normalised)."""
    if not reference:
        return Score(None, "no approved text")
    likeness = Levenshtein.normalized_similarity(plain(text).split(), plain(reference).split())
    return Score(round(likeness, 4), f"{1 - likeness:.0%} of the words would change")


def rouge_l(text: str, reference: str | None) -> Score:
    """ROUGE-L, a diagnostic; unscored without a reference or the package rouge-score."""
    if not reference:
        return Score(None, "no reference")
    if find_spec("rouge_score") is None:
        return Score(None, "rouge-score is not installed")
    from rouge_score import rouge_scorer  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - optional

    value = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=True).score(reference, text)["rougeL"].fmeasure
    return Score(round(float(value), 4), "ROUGE-L F")
