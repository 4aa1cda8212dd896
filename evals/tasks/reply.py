"""Replies: a complaint, post, review, e-mail or survey in; the draft of an answer with its checks out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from copilot.errors import ModelUnavailable
from copilot.models import InProcess, Model
from copilot.models.host import Result, Work
from copilot.replies.desk import ReplyDesk
from copilot.replies.policies import Policies
from evals.cases import Case
from evals.runner import Task
from evals.tasks._parts import TaskOptions, model_for, parts_of

NOW = "2026-11-25T12:00:00+00:00"
"""The moment of writing where a case names none: deadlines and policies in force hang on it."""
RECEIVED = "2026-11-24T18:00:00+00:00"
"""When an item came in that does not say so."""
REFERENCE = "reference"
"""Part of a case's input that the task never sees: the text as it was approved, for the burden of editing."""


PROMPTS = ("reply_public", "reply_private", "reply_regulator")


def build(options: TaskOptions) -> Task:
    """The task with these options.

    Raises:
        BadInput: the prompt is none of the replies.
        PromptError: it has no such version.
    """
    if options.prompt is not None:
        name = options.prompt.rpartition("/")[0]
        model_for(options, name if name in PROMPTS else PROMPTS[0])
    return ReplyTask(options)


class ReplyTask:
    """Drafts with the pack's rules and documents; worded by the model where there is one, as far as that holds."""

    def __init__(self, options: TaskOptions) -> None:
        parts = parts_of(options)
        self._options, self._pack = options, parts.pack
        self._desk = ReplyDesk(parts.pack, Policies(parts.retriever))

    def run(self, case: Case, sample: int) -> Any:
        """The draft in the contract's form, with its class, the `topics` it read and the flags `raised`."""
        del sample
        given = {name: value for name, value in case.input.items() if name not in (REFERENCE, "now", "record_of")}
        if "record_of" in case.input:
            record = self._pack.customers[case.input["record_of"]]
            given |= {"record": record, "customer_id": record["customer_id"]}
        now = datetime.fromisoformat(case.input.get("now", NOW))
        given = {"received_at": RECEIVED, **given}
        understood = self._desk.understand(given, now=now, channel=given.get("channel"))
        made = self._desk.draft_of(understood, now=now)
        model = _pinned(self._options, made.draft_class)
        if model is not None:
            host = _Telling(model)
            made = self._desk.worded(made, understood, host, now=now)
            if host.lost is not None:  # the desk goes on without a model; nothing is known of its words then
                raise host.lost
        told: Mapping[str, Any] = made.as_json()
        return {
            **told,
            "draft_class": made.draft_class,
            "topics": [each.topic for each in understood.allegations],
            "received_at": given["received_at"],
            "raised": [each.flag_id for each in understood.flags],
        }


class _Telling(InProcess):
    """A model in this process that remembers when it was not there."""

    lost: ModelUnavailable | None = None

    def run(self, work: Work[Result]) -> Result:
        """What the work makes of the model."""
        try:
            return super().run(work)
        except ModelUnavailable as error:
            self.lost = error
            raise


def _pinned(options: TaskOptions, draft_class: str) -> Model | None:
    """The model for drafts of a class; a prompt like `reply_public/2` is pinned for those of that class alone."""
    prompt = f"reply_{draft_class}"
    is_another = options.prompt is not None and options.prompt.rpartition("/")[0] not in ("", prompt)
    return options.model if is_another else model_for(options, prompt)
