"""Utterances with an intent: `utterances.jsonl` of {id, text, intent}; cases for cues, where an intent is one of ours.

CUE_OF holds the intents of public sets that mean what a cue of the demo pack means; a file `cues.json` in the folder,
{"TheirIntent": "our_cue"}, says so for others. Utterances of other intents are left out: it is not wrong to hear a
cue in them.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from copilot.errors import BadInput
from evals.cases import Case
from evals.importing._rows import case_of, files_of, id_of, rows_of, text_of

CUE_OF: Mapping[str, str] = MappingProxyType(
    {
        "CancelPlan": "cancel_intent",
        "CloseAccount": "cancel_intent",
        "CloseBankAccount": "cancel_intent",
        "DisputeCharge": "bill_dispute",
        "ReportBillingIssue": "bill_dispute",
        "PayBill": "payment_make",
        "ChangePlan": "plan_change",
        "ChangeAddress": "move_address",
        "ResetPassword": "account_access",
        "declined_card_payment": "declined_card",
        "request_refund": "refund_request",
        "Refund_not_showing_up": "refund_request",
    }
)
MAPPING = "cues.json"


def read(folder: Path) -> Iterator[Case]:
    """A case an utterance whose intent is known; other cues may be heard besides."""
    cue_of = _mapping(folder)
    for path in files_of(folder, ["utterances.jsonl"]):
        for where, row in rows_of(path):
            intent = str(row.get("intent", ""))
            if intent not in cue_of:
                continue
            yield case_of(
                {
                    "id": id_of("cues", text_of(row, "id", where)),
                    "task": "cues",
                    "cluster": text_of(row, "id", where),
                    "tags": [row.get("language") or "en", intent, "recall-only"],
                    "input": {
                        "language": row.get("language") or "en",
                        "turns": [{"speaker": "customer", "text": text_of(row, "text", where)}],
                    },
                    "expect": {"labels": [cue_of[intent]]},
                },
                path,
                where,
            )


def _mapping(folder: Path) -> Mapping[str, str]:
    path = folder / MAPPING
    if not path.is_file():
        return CUE_OF
    try:
        told = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise BadInput(f'{path} is no JSON ({error}). Write {{"TheirIntent": "our_cue"}}.') from None
    if not isinstance(told, dict) or not all(isinstance(cue, str) for cue in told.values()):
        raise BadInput(f'{path} maps no intents to cues. Write {{"TheirIntent": "our_cue"}}.')
    return {**CUE_OF, **told}
