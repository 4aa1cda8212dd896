"""What a decision makes of a draft, and which decisions may not be taken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from copilot.errors import BadInput, Conflict
from copilot.store import Decision, ReviewItem, TextVersion
from copilot.store.reviews import OPEN, Outcome
from knowledge.rules.scorecard import ScorecardFile

Action = Literal["approve", "edit", "reject", "escalate", "withdraw", "comment"]
ACTIONS: tuple[Action, ...] = get_args(Action)
Recheck = Callable[[str], Sequence[Mapping[str, Any]]]
"""The checks of a text, with the item as it stands now; each `{id, passed, severity, detail}`."""
_LEGAL_ROLES = frozenset({"supervisor", "admin"})


@dataclass(frozen=True)
class Asked:
    """A decision somebody wants to take.

    Attributes:
        text: the new text of an edit.
        reasons: codes of the scorecard's corrections; an edit and a rejection need one.
        comment: for the others, masked.
        to: where an escalation goes.
        adapter: how an approved draft goes out.
        address: who it goes to, where the adapter needs it.
    """

    action: Action
    by: str
    role: str
    at: datetime
    text: str = ""
    reasons: Sequence[str] = ()
    comment: str = ""
    to: str = "legal"
    adapter: str = "file"
    address: str = ""


def judge(item: ReviewItem, asked: Asked, scorecard: ScorecardFile | None, recheck: Recheck) -> Outcome:
    """What becomes of the draft.

    Raises:
        BadInput: a reason is missing or unknown, or an edit has no text.
        Conflict: the draft is decided, held by somebody else, blocked by a check, or this person may not decide it.
    """
    row = item.row
    if row.status not in OPEN:
        raise Conflict(f"Draft {row.draft_id} is {row.status}; it is decided. Draft the item anew.")
    if asked.action == "comment":
        return _commented(item, asked)
    if row.claimed_by not in (None, asked.by) and (row.claimed_until or asked.at) > asked.at:
        raise Conflict(f"Draft {row.draft_id} is held by {row.claimed_by}. Wait, or take another one.")
    match asked.action:
        case "approve":
            return _approved(item, asked, recheck)
        case "edit":
            return _edited(item, asked, scorecard, recheck)
        case "reject":
            _check_reasons(asked, scorecard, rejects=True)
            return Outcome("rejected")
        case "escalate":
            return Outcome("escalated")
        case "withdraw":
            return Outcome("withdrawn")
    raise BadInput(f"action is {asked.action!r}; allowed are: {', '.join(ACTIONS)}. Choose one.")


def _commented(item: ReviewItem, asked: Asked) -> Outcome:
    if not asked.comment.strip():
        raise BadInput("A comment needs its words. Give them as `comment`.")
    return Outcome(item.row.status)


def _approved(item: ReviewItem, asked: Asked, recheck: Recheck) -> Outcome:
    row = item.row
    blocking = [check for check in recheck(item.text) if not check["passed"] and check["severity"] == "blocking"]
    if blocking or not item.text:
        first = f"{blocking[0]['id']}: {blocking[0]['detail']}" if blocking else "there is no text"
        raise Conflict(f"Draft {row.draft_id} may not be approved: {first}. Edit it, or reject it.")
    needs_legal = row.legal or any(one.action == "escalate" for one in item.decisions)
    given = [one.by for one in item.decisions if one.action == "approve" and one.version == row.version]
    if asked.by in given:
        raise Conflict(
            f"{asked.by} has approved draft {row.draft_id} already; the second approval is another person's."
        )
    wrote = {version.by for version in item.versions[1:]}
    if row.approvals_needed > 1 and asked.by in wrote:
        raise Conflict(f"{asked.by} wrote in draft {row.draft_id}; with the two-person rule only others approve it.")
    enough = len(given) + 1 >= row.approvals_needed
    has_legal = asked.role in _LEGAL_ROLES or any(_was_legal(one) for one in item.decisions if one.by in given)
    if enough and needs_legal and not has_legal:
        raise Conflict(f"Draft {row.draft_id} needs a supervisor's approval: it has a legal side. Escalate it.")
    if not enough:
        return Outcome("approved_once")
    return Outcome("approved", message=_message(item, asked), adapter=asked.adapter)


def _was_legal(decision: Decision) -> bool:
    return decision.body.get("role") in _LEGAL_ROLES


def _edited(item: ReviewItem, asked: Asked, scorecard: ScorecardFile | None, recheck: Recheck) -> Outcome:
    if not asked.text.strip():
        raise BadInput("An edit needs the new text; allowed is the whole text of the reply. Give it as `text`.")
    if asked.text == item.text:
        raise BadInput("The edit changes nothing. Approve the draft, or change the text.")
    _check_reasons(asked, scorecard, rejects=False)
    checks = [dict(check) for check in recheck(asked.text)]
    version = TextVersion(item.row.version + 1, asked.text, asked.by, asked.at, tuple(asked.reasons), checks)
    return Outcome("escalated" if item.row.status == "escalated" else "waiting", edited=version)


def _check_reasons(asked: Asked, scorecard: ScorecardFile | None, *, rejects: bool) -> None:
    if scorecard is None:
        return
    allowed = [each.code for each in scorecard.corrections if each.rejects or not rejects]
    if not asked.reasons or any(reason not in allowed for reason in asked.reasons):
        raise BadInput(f"reasons is {list(asked.reasons)}; allowed are: {', '.join(allowed)}. Give at least one.")


def _message(item: ReviewItem, asked: Asked) -> dict[str, Any]:
    given = item.given
    return {
        "text": item.text,
        "channel": item.row.channel,
        "item_id": item.row.item_id,
        "draft_id": item.row.draft_id,
        "reference": given.get("reference"),
        "in_reply_to": item.row.item_id,
        "subject": f"Re: {given.get('title') or given.get('reference') or item.row.item_id}",
        "to": asked.address,
        "approved_by": asked.by,
        "approved_at": asked.at.isoformat(),
    }
