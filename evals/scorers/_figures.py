"""Figures of a text, by type and normalised: money, percentages, dates, durations, times, numbers read out.

"seventy dollars and eighty-three cents" and "$70.83" are one figure: values are read and compared as the grounding
check reads them (copilot.guard.grounding).
"""

from collections.abc import Iterable, Sequence

from copilot.guard.grounding.figures import known_in, unsupported_values
from copilot.guard.grounding.text import read_text
from evals.cases import Case
from evals.results import Score
from evals.scorers._texts import share, shorten


def number_recall(case: Case, text: str, language: str) -> Score:
    """The share of the case's figures that the text holds."""
    figures = case.expect.numbers or ()
    held = holds(figures, [text], language)
    missed = (figure for figure, is_held in zip(figures, held, strict=True) if not is_held)
    return share(held, missed, "figures")


def invented_numbers(text: str, sources: Sequence[str], language: str) -> tuple[Score, Score]:
    """Precision (the share of the text's figures that a source holds) and the hard rule (none is invented).

    Unscored where the text has no figure.
    """
    claims = [value for value in read_text(text, language).values if value.shown]
    if not claims:
        return Score(None, "no figure"), Score(1.0, "no figure")
    unknown = unsupported_values(claims, known_in([read_text(source, language) for source in sources]))
    told = shorten("; ".join(unknown))
    precision = Score(
        round(1 - len(unknown) / len(claims), 4), f"{len(claims) - len(unknown)} of {len(claims)}; {told}"
    )
    return precision, Score(float(not unknown), told or "every figure has a source")


def holds(figures: Iterable[str], texts: Sequence[str], language: str) -> list[bool]:
    """Whether the texts hold each of these figures, all of its parts."""
    known = known_in([read_text(text, language) for text in texts])
    return [not unsupported_values(read_text(figure, language).values, known) for figure in figures]
