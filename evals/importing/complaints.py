"""Complaints as regulators publish them: `complaints.jsonl` of {id, channel, text, labels}; cases for the reply.

No answer is published, so nothing but the rules of the channel is expected: no invention, no blame, no admission.
"""

from collections.abc import Iterator
from pathlib import Path

from evals.cases import Case
from evals.importing._rows import case_of, files_of, id_of, rows_of, strings, text_of


def read(folder: Path) -> Iterator[Case]:
    """A case a complaint."""
    for path in files_of(folder, ["complaints.jsonl"]):
        for where, row in rows_of(path):
            labels = row.get("labels") or {}
            complaint_id, text = text_of(row, "id", where), text_of(row, "text", where)
            given = {"item_id": complaint_id, "channel": text_of(row, "channel", where), "text": text}
            yield case_of(
                {
                    "id": id_of("reply", complaint_id),
                    "task": "reply",
                    "cluster": complaint_id,
                    "tags": ["en", *strings([labels.get("product"), labels.get("issue")])],
                    "input": given,
                },
                path,
                where,
            )
