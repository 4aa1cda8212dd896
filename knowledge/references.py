"""Names in one file of a pack that another file should know and does not."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel

from knowledge.document_lines import DocumentLines
from knowledge.documents import Document
from knowledge.problem import Problem
from knowledge.rules.across import check_across
from knowledge.yaml_text import read_yaml


def wrong_references(
    directory: Path,
    documents: Sequence[Document],
    rules: Mapping[str, BaseModel],
    cue_ids: Collection[str] | None,
) -> list[Problem]:
    """Every such name, with its line.

    Args:
        directory: the pack's folder.
        documents: all of the pack's documents.
        rules: the valid rule files by name without ".yaml".
        cue_ids: ids of the pack's and the house's cues; None when they could not be read and are not checked.
    """
    return [*_between_rules(directory, rules, cue_ids), *_from_documents(directory, documents, cue_ids)]


def _between_rules(directory: Path, rules: Mapping[str, BaseModel], cue_ids: Collection[str] | None) -> list[Problem]:
    problems = []
    for misfit in check_across(rules, cue_ids=cue_ids):
        file = next((directory / "rules").glob(f"{misfit.stem}.y*ml"))
        line = read_yaml(file.read_text("utf-8-sig")).line_of(misfit.loc)
        where = ".".join(str(part) for part in misfit.loc)
        problems.append(Problem(f"rules/{file.name}", line, f"{where}: {misfit.problem}"))
    return problems


def _from_documents(directory: Path, documents: Sequence[Document], cue_ids: Collection[str] | None) -> list[Problem]:
    lines, doc_ids = DocumentLines(directory), {document.doc_id for document in documents}
    problems = []
    for document in documents:
        for name in document.triggers:
            if cue_ids is not None and name not in cue_ids:
                advice = f"trigger {name!r} is no cue; see rules/cues.yaml. Correct it here or declare it there"
                problems.append(Problem(*lines.of_key(document, "triggers"), advice))
        if document.supersedes is not None and document.supersedes not in doc_ids - {document.doc_id}:
            what = "itself" if document.supersedes == document.doc_id else f"{document.supersedes!r}, no document here"
            advice = f"supersedes {what}. Write the path of the older one below documents/, without suffix"
            problems.append(Problem(*lines.of_key(document, "supersedes"), advice))
    return problems
