from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from copilot.errors import AccessDenied, BadInput, Conflict, NotFound
from copilot.offers.approving import ApprovalDesk
from copilot.store import Approvals
from knowledge.pack import Pack
from knowledge.rules.approvals import ApprovalsFile

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
WHAT = {"customer_id": "C-1", "offer_id": "OF-EXTEND-20"}


@pytest.fixture
def desk(database: Engine, demo_pack: Pack) -> ApprovalDesk:
    ladder = demo_pack.rule_file(ApprovalsFile)
    assert ladder is not None
    return ApprovalDesk(Approvals(database), ladder)


def hours(count: int) -> datetime:
    return NOW + timedelta(hours=count)


def test_an_approval_is_asked_for_granted_and_used_once(desk: ApprovalDesk) -> None:
    asked = desk.request("lead", "agent a1", WHAT, NOW)
    assert desk.store.waiting() == [asked.approval_id]
    granted = desk.decide(asked.approval_id, "supervisor", "supervisor b2", hours(1), grant=True, why="good customer")
    assert granted.state == "granted"
    assert desk.store.waiting() == []
    used = desk.use(asked.approval_id, "agent a1", hours(2))
    assert [step.status for step in used.steps] == ["requested", "granted", "used"]
    with pytest.raises(Conflict):
        desk.use(asked.approval_id, "agent a1", hours(3))


def test_a_role_too_low_may_not_decide(desk: ApprovalDesk) -> None:
    asked = desk.request("finance", "agent a1", WHAT, NOW)
    with pytest.raises(AccessDenied):
        desk.decide(asked.approval_id, "supervisor", "supervisor b2", NOW, grant=True, why="")
    assert desk.decide(asked.approval_id, "admin", "admin c3", NOW, grant=False, why="too dear").state == "refused"


def test_nobody_approves_what_they_asked_for(desk: ApprovalDesk) -> None:
    asked = desk.request("lead", "supervisor b2", WHAT, NOW)
    with pytest.raises(AccessDenied, match="themselves"):
        desk.decide(asked.approval_id, "supervisor", "supervisor b2", NOW, grant=True, why="")


def test_a_request_lapses_and_so_does_a_grant(desk: ApprovalDesk) -> None:
    asked = desk.request("lead", "agent a1", WHAT, NOW)  # 4 hours for the answer
    with pytest.raises(Conflict, match="lapsed"):
        desk.decide(asked.approval_id, "supervisor", "supervisor b2", hours(5), grant=True, why="")
    other = desk.request("lead", "agent a1", WHAT, NOW)
    desk.decide(other.approval_id, "supervisor", "supervisor b2", hours(1), grant=True, why="")
    with pytest.raises(Conflict, match="lapsed"):
        desk.use(other.approval_id, "agent a1", hours(26))  # 24 hours for its use


def test_a_decision_is_final(desk: ApprovalDesk) -> None:
    asked = desk.request("lead", "agent a1", WHAT, NOW)
    desk.decide(asked.approval_id, "supervisor", "supervisor b2", NOW, grant=False, why="")
    with pytest.raises(Conflict):
        desk.decide(asked.approval_id, "admin", "admin c3", NOW, grant=True, why="")


def test_an_unknown_role_or_id_is_refused_by_name(desk: ApprovalDesk) -> None:
    with pytest.raises(BadInput, match="finance"):
        desk.request("king", "agent a1", WHAT, NOW)
    with pytest.raises(NotFound):
        desk.read("ap-none", NOW)
