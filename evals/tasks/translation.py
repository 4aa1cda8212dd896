"""Translations by a model, with the product's own checks of what was lost or made up."""

from typing import Any

from copilot.errors import BadInput, InvalidAnswer
from copilot.translation.translating import PROMPT, translate
from evals.cases import Case
from evals.runner import Task
from evals.tasks._parts import TaskOptions, model_for, parts_of, policy_of


def build(options: TaskOptions) -> Task:
    """The task with these options.

    Raises:
        BadInput: there is no model.
    """
    return TranslationTask(options)


class TranslationTask:
    """Translates the text of each case."""

    def __init__(self, options: TaskOptions) -> None:
        model = model_for(options, PROMPT)
        if model is None:
            raise BadInput("The task 'translation' has no model; it measures a model's words. Set COPILOT_MODEL.")
        self._model, self._parts = model, parts_of(options)

    def run(self, case: Case, sample: int) -> Any:
        """`text` in the language `to`, empty where the product refused what the model wrote, and why (`refused`)."""
        text, to = case.input["text"], case.input["to"]
        try:
            made = translate(self._model, text, to=to, policy=policy_of(self._parts), names=self._parts.gazetteer)
        except InvalidAnswer as error:
            return {"text": "", "refused": str(error), "to": to}
        return {"text": made.text, "refused": "", "to": to}
