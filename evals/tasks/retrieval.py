"""Search: a question, with the turns before it, in; the documents that answer it out, best first."""

from datetime import date
from typing import Any

from copilot.calls.desk import AUDIENCES
from evals.cases import Case
from evals.noise import add_noise
from evals.runner import Task
from evals.tasks._parts import TaskOptions, corpus_retriever, parts_of
from knowledge.retriever import ContextTurn, Filters

DEPTH = 10


def build(options: TaskOptions) -> Task:
    """The task with these options."""
    return RetrievalTask(options)


class RetrievalTask:
    """Searches the documents an agent may read, on the day of the case."""

    def __init__(self, options: TaskOptions) -> None:
        self._options, self._parts = options, parts_of(options)

    def run(self, case: Case, sample: int) -> Any:
        """`ranked`: up to ten of {doc_id, score}."""
        given = case.input
        language, state = given.get("language", "en"), given.get("state")
        filters = Filters(
            day_of(case, self._parts.pack.head.as_of),
            AUDIENCES,
            (language,),
            (),
            ("US", f"US-{state}") if state else ("US",),
        )
        corpus = given.get("corpus")
        if corpus is not None:
            filters = Filters()
        hits = (corpus_retriever(corpus) if corpus else self._parts.retriever).search_documents(
            add_noise(given["question"], self._options.noise, f"{case.id}:{sample}"),
            context=context_of(case),
            filters=filters,
            k=DEPTH,
        )
        return {"ranked": [{"doc_id": hit.document.doc_id, "score": round(hit.score, 6)} for hit in hits]}


def day_of(case: Case, as_of: date) -> date:
    """The day on which a case asks: its own, else that of the pack."""
    return date.fromisoformat(case.input["on"]) if "on" in case.input else as_of


def context_of(case: Case) -> list[ContextTurn]:
    """The turns before the question."""
    return [ContextTurn(turn["text"], turn.get("speaker", "customer")) for turn in case.context]
