"""Texts with marked personal data: JSON lines of {id, text, spans: [{start, end, label}]}; cases for redaction.

Labels that are no kind of ours (names, streets, companies) are left out, and so precision is not scored: what is not
marked may still be a secret. `do_not_redact` says what must stay.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from copilot.errors import BadInput
from evals.cases import Case
from evals.importing._rows import case_of, files_of, id_of, rows_of, text_of

KIND_OF: Mapping[str, str] = MappingProxyType(
    {
        "CREDIT_CARD": "CARD",
        "CVV": "CVV",
        "SSN": "SSN",
        "US_SSN": "SSN",
        "PIN": "PIN",
        "PASSWORD": "PASSWORD",
        "ROUTING_NUMBER": "ROUTING",
        "BANK_ACCOUNT": "BANK_ACCOUNT",
        "ACCOUNT_NUMBER": "ACCOUNT_NUMBER",
        "PHONE_NUMBER": "PHONE",
        "EMAIL_ADDRESS": "EMAIL",
        "DATE_OF_BIRTH": "DATE_OF_BIRTH",
    }
)
FILES = ("utterances.jsonl", "turns.jsonl", "sentences.jsonl", "synthetic_cases.jsonl", "call_turns.jsonl")


def read(folder: Path) -> Iterator[Case]:
    """A case a text that holds a secret of ours, or nothing marked at all."""
    for path in files_of(folder, FILES):
        for where, row in rows_of(path):
            text = text_of(row, "text", where)
            spans = row.get("spans", [])
            labels = [_label(span, text, where) for span in spans]
            known = [label for label in labels if label]
            if spans and not known:
                continue
            row_id = text_of(row, "id", where)
            yield case_of(
                {
                    "id": id_of("redaction", row_id),
                    "task": "redaction",
                    "cluster": str(row.get("call_id") or row.get("template") or row_id),
                    "tags": ["en", "secret" if known else "harmless", "recall-only"],
                    "input": {"text": text, "policy": "all"},
                    "expect": {
                        "labels": known,
                        "required": [text[each["start"] : each["end"]] for each in row.get("do_not_redact", [])],
                    },
                },
                path,
                where,
            )


def _label(span: Any, text: str, where: str) -> str:
    """The span in our form; empty for a label that is none of ours."""
    try:
        kind, start, end = KIND_OF.get(span["label"], ""), int(span["start"]), int(span["end"])
    except (TypeError, KeyError, ValueError):
        raise BadInput(f"{where}: a span is no object with label, start and end. Correct the line.") from None
    if not 0 <= start < end <= len(text):
        raise BadInput(f"{where}: the span {start}-{end} lies outside its text of {len(text)} characters. Correct it.")
    return f"{kind}:0:{start}-{end}" if kind else ""
