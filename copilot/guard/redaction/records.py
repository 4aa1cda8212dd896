"""Redaction of one record of a file: `{id, text}` or `{id, turns: [{speaker, text}]}`, the form of `copilot redact`."""

from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.errors import BadInput
from copilot.guard.redaction.kinds import Redacted, RedactionPolicy, Span
from copilot.guard.redaction.redactor import Redactor
from copilot.transcript import SPEAKERS, Speaker, Turn


class _TurnRecord(BaseModel):
    model_config = ConfigDict(extra="allow")

    text: str
    speaker: str = "unknown"


class _Record(BaseModel):
    model_config = ConfigDict(extra="allow")

    text: str | None = None
    turns: list[_TurnRecord] | None = None


def redact_record(record: Mapping[str, object], policy: RedactionPolicy | None = None) -> dict[str, object]:
    """The record in the same shape with its text masked, other fields as they were, and `spans`.

    Args:
        record: `text`, or `turns` of objects with `text` and, if known, `speaker`; the turns are one call.
        policy: the kinds to mask; the default is every kind of secret.

    Returns:
        the masked record; `spans` is a list of {turn?, start, end, kind}: `turn` counts from 0 and is there when the
        record has turns, `start` and `end` are places in the text as it came in.

    Raises:
        BadInput: the record has neither a `text` nor `turns`, or they are not of the form above.
    """
    try:
        parsed = _Record.model_validate(record)
    except ValidationError as error:
        fields = ", ".join(".".join(str(part) for part in each["loc"]) for each in error.errors())
        raise BadInput(
            f"The record cannot be read at: {fields}. Give `text`, or `turns` with `speaker` and `text`."
        ) from None
    redactor = Redactor(policy)
    if parsed.turns is not None:
        return _with_turns(record, parsed.turns, redactor)
    if parsed.text is None:
        raise BadInput(f"The record has {', '.join(map(str, record)) or 'no fields'}; it needs `text` or `turns`.")
    redacted = redactor.redact(Turn("0", "unknown", parsed.text))
    return {**record, "text": redacted.text, "spans": [_written(span) for span in redacted.spans]}


def _with_turns(record: Mapping[str, object], turns: list[_TurnRecord], redactor: Redactor) -> dict[str, object]:
    results: list[Redacted] = []
    for place, turn in enumerate(turns):
        result = redactor.redact(Turn(str(place), _speaker(turn.speaker), turn.text))
        results.append(result)
        for amendment in result.amends:
            results[int(amendment.turn_id)] = Redacted(amendment.text, amendment.spans)
    given = cast(list[Mapping[str, object]], record["turns"])
    return {
        **record,
        "turns": [{**turn, "text": result.text} for turn, result in zip(given, results, strict=True)],
        "spans": [{"turn": place, **_written(span)} for place, each in enumerate(results) for span in each.spans],
    }


def _speaker(name: str) -> Speaker:
    return next((speaker for speaker in SPEAKERS if speaker == name.strip().lower()), "unknown")


def _written(span: Span) -> dict[str, object]:
    return {"start": span.start, "end": span.end, "kind": span.kind}
