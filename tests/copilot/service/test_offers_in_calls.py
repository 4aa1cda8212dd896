import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from copilot.errors import NotFound
from copilot.service.hall import Hall
from copilot.service.offer_keeping import outcomes_of
from copilot.store import Decisions, Event, Outcome, Outcomes
from copilot.wiring import Parts

MOMENT = (
    ("customer", "Hi, I want to cancel my internet."),
    ("customer", "It is too expensive for me."),
    ("agent", "Is it okay if I mention one option before I cancel?"),
    ("customer", "Sure, go ahead."),
)
MADE = ("agent", "I can take ten dollars off a month for six months.")
Begin = Callable[..., str]


@pytest.fixture
def begin(client: TestClient) -> Begin:
    """Start a call of a customer with these lines; answers its id."""

    def start(*lines: tuple[str, str], customer_id: str | None = "C-1001", verified: bool = True) -> str:
        call_id = f"call-{uuid4().hex[:8]}"
        told = {"call_id": call_id, "customer_id": customer_id, "language": "en", "started_at": "2026-11-20T09:00:00Z"}
        assert client.post("/v1/calls", json=told).status_code == 201
        if verified:
            client.post(f"/v1/calls/{call_id}/auth", json={"level": "authenticated", "method": "one_time_code"})
        say(client, call_id, *lines)
        return call_id

    return start


def say(client: TestClient, call_id: str, *lines: tuple[str, str]) -> None:
    if lines:
        turns = [{"speaker": who, "text": text} for who, text in lines]
        assert client.post(f"/v1/calls/{call_id}/turns", json={"turns": turns}).status_code == 200


def evaluate(client: TestClient, **body: Any) -> dict[str, Any]:
    answer = client.post("/v1/offers/evaluate", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(client: TestClient, **body: Any) -> str:
    answer = client.post("/v1/offers/evaluate", json=body)
    assert answer.status_code in (404, 422), answer.text
    return str(answer.json()["detail"])


def recorded(client: TestClient, parts: Parts, outcome_id: str) -> Outcome:
    """The outcome, once it stands in the books."""
    hall: Hall = client.app.state.hall  # type: ignore[attr-defined]  # the app of the tests
    keeping = hall.offer_keeping("default")
    assert keeping is not None
    give_up_at = time.monotonic() + 5
    while True:
        keeping.look()
        try:
            return Outcomes(parts.engine).get(outcome_id)
        except NotFound:
            assert time.monotonic() < give_up_at
            time.sleep(0.05)


# -- evaluating by call


def test_a_call_says_what_is_known_of_it(client: TestClient, begin: Begin) -> None:
    call_id = begin(*MOMENT)
    found = evaluate(client, call_id=call_id)
    assert (found["customer_id"], found["reason"], found["on"]) == ("C-1001", "price", "2026-11-20")
    assert (found["best"], found["hidden"]) == ("OF-LOCK-12", False)
    again = client.get(f"/v1/offers/decisions/{found['decision_id']}").json()
    assert again["same"] is True


def test_before_permission_the_law_says_why_not(client: TestClient, begin: Begin) -> None:
    found = evaluate(client, call_id=begin(*MOMENT[:2]))
    assert found["best"] == "NO_OFFER"
    lock = next(each for each in found["decisions"] if each["offer_id"] == "OF-LOCK-12")
    assert "save_attempt_law: ask_permission_first" in lock["reasons"]


def test_below_the_level_nothing_of_the_account_is_told(client: TestClient, begin: Begin) -> None:
    found = evaluate(client, call_id=begin(*MOMENT, verified=False))
    assert (found["hidden"], found["needs"], found["decision_id"], found["best"]) == (True, "authenticated", None, None)
    assert "Verify the caller" in found["why"]
    lock = next(each for each in found["decisions"] if each["offer_id"] == "OF-LOCK-12")
    assert lock["reasons"] == ["verification: level none, needs authenticated"]
    assert not lock.keys() & {"say", "terms", "V0", "C", "dEV", "derivation", "margin_after"}
    assert "85.00" not in str(found)


def test_a_flag_heard_in_the_call_counts(client: TestClient, begin: Begin) -> None:
    found = evaluate(client, call_id=begin(*MOMENT, ("customer", "I lost my job and can't pay for food.")))
    assert found["best"] == "NO_OFFER"


def test_a_customer_of_the_pack_is_asked_for_by_id(client: TestClient) -> None:
    told = {"customer_id": "C-1001", "reason": "price", "on": "2026-11-20"}
    assert evaluate(client, **told, auth_level="authenticated")["best"] == "OF-LOCK-12"
    assert evaluate(client, **told)["hidden"] is True  # nobody said that the caller was verified


def test_what_cannot_be_asked_is_told_in_a_line(client: TestClient, begin: Begin) -> None:
    assert "Give one of customer" in refused(client, reason="price")
    assert "No customer 'C-9'" in refused(client, customer_id="C-9", reason="price")
    assert "Give reason" in refused(client, customer_id="C-1001")
    assert "no reason was heard" in refused(client, call_id=begin())
    assert "names no customer" in refused(client, call_id=begin(*MOMENT, customer_id=None))
    assert "No churn reason 'greed'" in refused(client, call_id=begin(*MOMENT), reason="greed")
    assert "Leave out what the call knows" in refused(client, call_id=begin(*MOMENT), auth_level="password")
    assert "is about 'C-1001', not 'C-1002'" in refused(client, call_id=begin(*MOMENT), customer_id="C-1002")
    assert refused(client, call_id="nowhere")


# -- the books


def test_what_was_shown_in_a_call_can_be_decided_again(client: TestClient, parts: Parts, begin: Begin) -> None:
    call_id = begin(*MOMENT, MADE)
    recorded(client, parts, f"{call_id}/OF-PRICE-10X6")
    shown = Outcomes(parts.engine).get(f"{call_id}/OF-PRICE-10X6")
    assert (shown.status, shown.reason, shown.customer_id, shown.call_id) == ("shown", "price", "C-1001", call_id)
    decisions = [each for each in Decisions(parts.engine).since(shown.shown_at.replace(year=2020)) if each.best]
    ids = {each.decision_id for each in decisions}
    event = _offer_shown(client, call_id)
    assert event["decision_id"] in ids
    assert client.get(f"/v1/offers/decisions/{event['decision_id']}").json()["same"] is True


def test_at_hang_up_the_answer_is_recorded_and_only_once(client: TestClient, parts: Parts, begin: Begin) -> None:
    call_id = begin(*MOMENT, MADE, ("customer", "That is not enough, I already signed with the others."))
    client.post(f"/v1/calls/{call_id}/end")
    recorded(client, parts, f"{call_id}/OF-PRICE-10X6")
    outcome = Outcomes(parts.engine).get(f"{call_id}/OF-PRICE-10X6")
    assert (outcome.status, outcome.refusal_reason) == (
        "refused",
        "That is not enough, I already signed with the others.",
    )
    again = {
        **{name: getattr(outcome, name) for name in ("outcome_id", "customer_id", "offer_id", "reason", "status")},
        "tenure_months": outcome.tenure_months,
    }
    assert client.post("/v1/offers/outcomes", json=again).json() == {"recorded": False}


def test_a_customer_left_alone_is_recorded_as_withheld(client: TestClient, parts: Parts, begin: Begin) -> None:
    call_id = begin(*MOMENT, customer_id="C-1009")
    recorded(client, parts, f"{call_id}/OF-LOCK-12")
    assert Outcomes(parts.engine).get(f"{call_id}/OF-LOCK-12").status == "withheld"


def _offer_shown(client: TestClient, call_id: str) -> dict[str, Any]:
    hall: Hall = client.app.state.hall  # type: ignore[attr-defined]
    events = hall.live("default").events(call_id)
    return dict(next(event.body for event in events if event.type == "offer.shown" and "card_id" in event.body))


def _event(seq: int, event_type: str, **body: Any) -> Event:
    return Event("c", seq, "2026-11-20T09:00:00+00:00", event_type, body)


CARD = _event(
    2,
    "offer.shown",
    offer_id="A",
    card_id="c1",
    decision_id="d",
    churn_reason="price",
    tenure_months=7,
    segment="home",
    options=[{"offer_id": "B"}],
)
STARTED = _event(1, "call.started", customer_id="C")


def test_an_offer_on_a_card_that_nobody_said_was_not_made() -> None:
    assert outcomes_of("c", [STARTED, CARD]) == []


def test_an_option_the_agent_chose_counts_like_the_offer_on_the_card() -> None:
    made = _event(3, "offer.shown", offer_id="B", attempt=1)
    (outcome,) = outcomes_of("c", [STARTED, CARD, made])
    assert (outcome.outcome_id, outcome.offer_id, outcome.status, outcome.tenure_months) == ("c/B", "B", "shown", 7)


def test_until_hang_up_a_yes_is_not_final() -> None:
    made = _event(3, "offer.shown", offer_id="A", attempt=1)
    yes, no = (
        _event(n, "offer.outcome", offer_id="A", attempt=1, outcome=o) for n, o in ((4, "accepted"), (5, "stopped"))
    )
    assert outcomes_of("c", [STARTED, CARD, made, yes])[0].status == "shown"
    ended = _event(6, "call.ended")
    assert outcomes_of("c", [STARTED, CARD, made, yes, ended])[0].status == "accepted"
    assert outcomes_of("c", [STARTED, CARD, made, yes, no, ended])[0].status == "refused"


def test_an_offer_nobody_decided_on_is_not_recorded() -> None:
    assert outcomes_of("c", [STARTED, CARD, _event(3, "offer.shown", offer_id=None, attempt=1)]) == []
