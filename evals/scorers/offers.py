"""Save offers: none that may not be made, the best one among those accepted, and how far from the best it is."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from evals.cases import Case
from evals.results import Score
from evals.scorers._labels import recall

ZERO = Decimal(0)


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores; a case names the `eligible` and `ineligible` offers it is sure of, and the `best`, all of them right.

    `ineligible` is hard: 1 where none of them is proposed. `regret` is 1 less the value lost against the best accepted
    one, as a share of that value.
    """
    proposed = [row["offer_id"] for row in output["ranked"]]
    offers = case.expect.offers
    return {
        "ineligible": _ineligible(proposed, offers.get("ineligible")),
        "eligible_recall": recall(proposed, offers.get("eligible", []), "eligible offers"),
        "top1": _top1(proposed, offers.get("best")),
        "regret": _regret(output, offers.get("best")),
        "gate": _gate(case, output),
    }


def _ineligible(proposed: list[str], barred: list[str] | None) -> Score:
    if barred is None:
        return Score(None, "no ineligible offer is named")
    wrong = sorted(set(proposed) & set(barred))
    return Score(float(not wrong), f"proposes {', '.join(wrong)}" if wrong else f"none of {len(barred)} barred")


def _top1(proposed: list[str], best: list[str] | None) -> Score:
    if not best:
        return Score(None, "no best offer is named")
    return Score(
        float(proposed[:1] != [] and proposed[0] in best), f"first is {proposed[0] if proposed else 'nothing'}"
    )


def _regret(output: Any, best: list[str] | None) -> Score:
    if not best:
        return Score(None, "no best offer is named")
    gains = {row["offer_id"]: Decimal(row["gain"]) for row in (*output["ranked"], *output["refused"])}
    top = gains[output["ranked"][0]["offer_id"]]
    wanted = max((gains[each] for each in best if each in gains), default=top)
    lost = max(ZERO, wanted - top)
    is_accepted = output["ranked"][0]["offer_id"] in best
    value = Decimal(1) if is_accepted or wanted <= 0 else max(ZERO, 1 - lost / wanted)
    return Score(round(float(value), 4), f"{lost} of {wanted} lost" if not is_accepted else "nothing is lost")


def _gate(case: Case, output: Any) -> Score:
    if "instead" not in case.expect.codes:
        return Score(None, "no gate is expected")
    told = output["instead"] or "none"
    return Score(float(told == case.expect.codes["instead"]), f"goes {told}")
