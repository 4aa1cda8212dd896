"""The line of the best offer in a model's words; without a model, the pack's own line."""

from dataclasses import asdict
from typing import Any

from copilot.guard.grounding import house_names_of
from copilot.offers.worded import PROMPT, word_offer
from evals.cases import Case
from evals.runner import Task
from evals.tasks._parts import TaskOptions, model_for, parts_of, policy_of
from evals.tasks.offers import OffersTask


def build(options: TaskOptions) -> Task:
    """The task with these options."""
    return OfferWordingTask(options)


class OfferWordingTask:
    """Decides as the task `offers` does, and words the offer that comes first, or the one the case names."""

    def __init__(self, options: TaskOptions) -> None:
        self._parts, self._model = parts_of(options), model_for(options, PROMPT)
        self._offers = OffersTask(options)

    def run(self, case: Case, sample: int) -> Any:
        """`say` as it would be read out, `worded` whether it is the model's, the pack's `line` and `terms`."""
        del sample
        given = {name: value for name, value in case.input.items() if name != "offer"}
        asked, found = self._offers.decided(given)
        named = case.input.get("offer", found.best.offer_id)
        decision = next((each for each in found.ranked if each.offer_id == named), found.best)
        output: dict[str, Any] = {"offer_id": decision.offer_id, "line": decision.say, "terms": decision.terms}
        output |= {"asked": self._model is not None}
        output |= {
            "say": decision.say,
            "worded": None,
            "language": asked.words_in,
            "names": list(self._parts.gazetteer),
        }
        if self._model is None:
            return output
        made = word_offer(
            self._model,
            decision,
            reason=found.reason,
            language=asked.words_in,
            policy=policy_of(self._parts),
            gazetteer=self._parts.gazetteer,
            known_names=house_names_of(self._parts.pack),
        )
        return output if made is None else {**output, "say": made.say, "worded": asdict(made)}
