"""Account notes: key points, figures, names, groundedness, who said it, codes, next steps, secrets, length."""

from collections.abc import Mapping
from typing import Any

from copilot.guard.grounding import Evidence
from evals.cases import Case
from evals.results import Score
from evals.scorers._figures import invented_numbers, number_recall
from evals.scorers._secrets import no_secret
from evals.scorers._spans import attribution, groundedness, name_consistency, statements_of
from evals.scorers._texts import forbidden, key_points, length_band, must_points, nice_points, rouge_l, share

NEXT = "next-"
"""A key point whose id begins so is a next step: it is looked for among the follow-ups."""
SECRET = "secret:"  # noqa: S105 - a prefix of labels
"""A forbidden phrase that begins so is a secret."""
LEAST, MOST, MOST_SHARE = 12, 400, 0.85
"""A note of fewer words tells nothing, one of more is not read; and it is shorter than the call."""


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores of a note."""
    note, language = output["note"], output["note"]["language"]
    turns = {row["turn_id"]: Evidence(row["turn_id"], row["text"], row["speaker"]) for row in output["turns"]}
    parts = list(statements_of({name: value for name, value in note.items() if name != "text"}))
    said = whole_text(note)
    sources = [piece.text for piece in turns.values()]
    grounds = [*sources, *(case.expect.numbers or ()), *_labels(note)]
    precision, invented = invented_numbers(said, grounds, language)
    secrets = [each.removeprefix(SECRET) for each in case.expect.forbidden if each.startswith(SECRET)]
    plain_case = _without_secrets(case)
    words_of_call = sum(len(text.split()) for text in sources)
    return {
        "key_points": must_points(case, said, but=NEXT),
        "nice_points": nice_points(case, said),
        "next_steps": key_points(
            [each for each in case.expect.key_points if each.id.startswith(NEXT)], _follow_ups(note), "next steps"
        ),
        "number_recall": number_recall(case, said, language),
        "number_precision": precision,
        "invented_number": invented,
        "names": name_consistency(said, output["names"], [*sources, *_labels(note)], language),
        "groundedness": groundedness([one for part, one in parts if part not in _LABELS], turns, language),
        "attribution": attribution(parts, turns),
        "codes": _codes(case, note),
        "secret": no_secret(said, secrets),
        "forbidden": forbidden(plain_case, said),
        "length": length_band(len(note["text"].split()), LEAST, max(LEAST, min(MOST, int(MOST_SHARE * words_of_call)))),
        "rouge_l": rouge_l(note["text"], case.input.get("reference")),
    }


_LABELS = ("red_flags", "disclosures_read", "fields")


def whole_text(note: Mapping[str, Any]) -> str:
    """All that a note says: its text, its statements, its fields."""
    statements = [
        one["text"] for _, one in statements_of({name: each for name, each in note.items() if name != "text"})
    ]
    fields = [f"{each['name']} {each['value']}" for each in note.get("fields", ())]
    return "\n".join([note["text"], *statements, *fields, *note.get("ticket_ids", ())])


def _labels(note: Mapping[str, Any]) -> list[str]:
    """What the note says in words of the pack, not of the call."""
    labels = [note.get("reason_label"), note.get("outcome_label"), note.get("reason_code"), note.get("outcome_code")]
    statements = [one["text"] for part, one in statements_of(note) if part in ("red_flags", "disclosures_read")]
    fields = [f"{each['name']} {each['value']}" for each in note.get("fields", ())]
    return [*filter(None, labels), *statements, *fields, *note.get("ticket_ids", ())]


def _follow_ups(note: Mapping[str, Any]) -> str:
    rows = ((each["promise"]["text"], each.get("due") or "", each.get("due_at") or "") for each in note["follow_ups"])
    return "\n".join(" ".join(row) for row in rows)


def _codes(case: Case, note: Mapping[str, Any]) -> Score:
    told = {**note, "verification": note["verification"]["result"]}
    found = [str(told.get(name)) == value for name, value in case.expect.codes.items()]
    missed = (
        f"{name} is {told.get(name)}, not {value}"
        for (name, value), is_right in zip(case.expect.codes.items(), found, strict=True)
        if not is_right
    )
    return share(found, missed, "codes")


def _without_secrets(case: Case) -> Case:
    plain = tuple(each for each in case.expect.forbidden if not each.startswith(SECRET))
    return case.model_copy(update={"expect": case.expect.model_copy(update={"forbidden": plain})})
