"""The coaching page of an agent, in JSON types, from what was read of two weeks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from copilot.cases.missed import Missed
from copilot.insight.coaching import Missing, Turns, Work, moments, policy_changes, strengths
from copilot.insight.kpi import Kpi
from copilot.insight.window import Window
from copilot.insight_desk.board import kpis_of, missed_of
from copilot.insight_desk.reading import Read, score_of
from copilot.store import CallRow, CoachingNote, Evaluation
from knowledge.pack import Pack
from knowledge.rules.flags import FlagsFile
from knowledge.rules.scorecard import ScorecardFile


def coaching_page(
    agent: str,
    read: Read,
    before: Read,
    window: Window,
    *,
    pack: Pack,
    turns: Turns,
    notes: Sequence[CoachingNote],
    now: datetime,
    language: str,
) -> dict[str, Any]:
    """The page: figures beside those of the time before, strengths, moments, concerns, policy changes, what was said.

    Args:
        agent: whose.
        read: of the window, of this agent.
        before: of the time before, of this agent.
        window: the time.
        pack: scorecard, flags, documents.
        turns: of a call.
        notes: what was said about earlier pages.
        now: the present.
        language: of the scorecard's questions.
    """
    card, work = pack.rule_file(ScorecardFile), [_work(each) for each in read.scores]
    items = [item for each in card.sections for item in each.items] if card else []
    missed = [each for each in missed_of(read, pack.rule_file(FlagsFile)) if each.reports_to == agent]
    missing = [_missing(each, read.rows[each.call_id]) for each in missed]
    critical = frozenset(item.id for item in items if item.critical)
    documents = [each for each in pack.documents if each.audience != "internal"]
    changes = policy_changes(documents, window.begin, window.end)
    return {
        "agent": agent,
        "from": window.begin.isoformat(),
        "to": window.end.isoformat(),
        "contacts": len(read.contacts),
        "metrics": _beside(kpis_of(read, now), kpis_of(before, now)),
        "strengths": [asdict(each) for each in strengths(work, read.contacts)],
        "moments": [asdict(each) for each in moments(work, read.contacts, missing, turns, critical=critical)],
        "concerns": [*_contested(read.scores), *_open_concerns(notes)],
        "policy_changes": [{**asdict(each), "on": each.on.isoformat()} for each in changes],
        "notes": [{**asdict(each), "at": each.at.isoformat()} for each in notes],
        "questions": {item.id: item.question.in_language(language) for item in items},
    }


def _beside(kpis: Sequence[Kpi], before: Sequence[Kpi]) -> list[dict[str, Any]]:
    """Figures, each with what it was before, None where nothing was counted then."""
    earlier: Mapping[str, Any] = {each.kpi_id: each.as_json()["value"] for each in before}
    return [{**each.as_json(), "before": earlier.get(each.kpi_id)} for each in kpis]


def _work(each: Evaluation) -> Work:
    place = each.evaluation_id, each.subject, each.subject_id, each.status
    return Work(*place, score_of(each), each.marks, each.comment)


def _missing(each: Missed, row: CallRow) -> Missing:
    """Where it could have been taken: the turns at which the offer card was shown."""
    shown = [event["body"] for event in row.events if event["type"] == "offer.shown"]
    turns = [str(body["turn_id"]) for body in shown if body.get("turn_id")]
    return Missing(each.call_id, each.type, each.value, tuple(dict.fromkeys(turns)))


def _contested(scores: Sequence[Evaluation]) -> Iterator[dict[str, Any]]:
    for each in scores:
        if each.status == "contested":
            about = {"evaluation_id": each.evaluation_id, "subject_id": each.subject_id, "score": each.score}
            yield {"kind": "contested", "text": each.comment, "at": each.at.isoformat(), "by": each.agent, **about}


def _open_concerns(notes: Sequence[CoachingNote]) -> Iterator[dict[str, Any]]:
    """Concerns nobody has replied to, however old they are; one's own reply is none."""
    replied = {(each.re, each.by) for each in notes if each.kind in ("reply", "agreed") and each.re}
    for each in notes:
        if each.kind == "concern" and not any(re == each.note_id and by != each.by for re, by in replied):
            told = {"note_id": each.note_id, "text": each.text, "at": each.at.isoformat(), "by": each.by}
            yield {"kind": "concern", **told}
