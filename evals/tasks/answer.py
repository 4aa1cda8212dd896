"""Answers: a question in, sentences with their citations out, or "not in the documents"."""

from typing import Any

from copilot.answers import find_answer, word_answer
from copilot.answers.worded import PROMPT
from copilot.calls.desk import AUDIENCES
from copilot.guard.grounding import house_names_of
from evals.cases import Case
from evals.noise import add_noise
from evals.runner import Task
from evals.tasks._parts import TaskOptions, model_for, parts_of, policy_of
from evals.tasks.retrieval import context_of, day_of


def build(options: TaskOptions) -> Task:
    """The task with these options."""
    return AnswerTask(options)


class AnswerTask:
    """Quotes the documents; worded by the model where there is one, checked against what was quoted."""

    def __init__(self, options: TaskOptions) -> None:
        self._options, self._parts = options, parts_of(options)
        self._model = model_for(options, PROMPT)

    def run(self, case: Case, sample: int) -> Any:
        """`found`, `text`, `sentences` with citations, `sources` with their quotes, `passages` they were taken from."""
        given = case.input
        state, language = given.get("state"), given.get("language", "en")
        finding = find_answer(
            self._parts.retriever,
            add_noise(given["question"], self._options.noise, f"{case.id}:{sample}"),
            context=context_of(case),
            audiences=AUDIENCES,
            on=day_of(case, self._parts.pack.head.as_of),
            language=language,
            jurisdictions=("US", f"US-{state}") if state else ("US",),
        )
        answer = finding.answer
        if self._model is not None and answer.found:
            worded = word_answer(
                self._model,
                finding,
                policy=policy_of(self._parts),
                gazetteer=self._parts.gazetteer,
                known_names=house_names_of(self._parts.pack),
            )
            answer = worded or answer
        passages = {hit.passage.passage_id: hit.passage.index_text for hit in finding.hits}
        cited = {source.passage_id for source in answer.sources}
        return {
            "found": answer.found,
            "text": answer.text,
            "sentences": [{"text": each.text, "citations": list(each.citations)} for each in answer.sentences],
            "sources": [{"doc_id": s.doc_id, "passage_id": s.passage_id, "quote": s.quote} for s in answer.sources],
            "passages": {passage_id: text for passage_id, text in passages.items() if passage_id in cited},
            "conflicts": list(answer.conflicts),
            "language": language,
            "provider": answer.provider,
        }
