"""No false alarms: the gate cards of every demo call, as somebody read through them."""

from sqlalchemy import Engine

from copilot.calls.desk import Desk
from copilot.calls.live import LiveCalls
from copilot.feeds import read_transcripts
from copilot.store import EventLog
from knowledge.pack import PACKS, Pack

GATES = (
    *(
        "save_rule",
        "offer_gate:",
        "obstruction:",
        "just_cancel",
        "recording_",
        "dispatch_consent_missing",
        "visit_moved",
    ),
    *("resume_capture:", "ai_question", "contact_revoked"),
)
EXPECTED = {
    "demo-01-price-save": {"save_rule"},
    "demo-02-cancel-at-once": {"save_rule", "just_cancel"},  # "I don't want to hear any specials, I just want it off"
    "demo-03-port-out": {"save_rule"},  # "can you go ahead and cancel me for Sunday"
    "demo-21-cancel-california": {"save_rule", "just_cancel"},
    "demo-22-cancel-minnesota": {"save_rule"},
    "demo-23-pausa-temporada-es": {"save_rule"},
    "demo-25-reason-asked-twice": {
        *("save_rule", "just_cancel", "obstruction:reason-again"),
        *("offer_gate:ask_permission_first", "offer_gate:customer_said_no"),
    },
    "demo-26-dispatch-no-charge-said": {"dispatch_consent_missing"},
}


def test_each_demo_call_shows_the_gate_cards_it_should_and_no_other(database: Engine, demo_pack: Pack) -> None:
    live = LiveCalls(EventLog(database), Desk(demo_pack, None))
    shown: dict[str, set[str]] = {}
    for call in read_transcripts(PACKS / "demo" / "calls.jsonl"):
        live.start(call)
        live.add_turns(call.call_id, call.turns)
        cards = [event.body["about"] for event in live.events(call.call_id) if event.type == "card.shown"]
        if gates := {about for about in cards if about.startswith(GATES)}:
            shown[call.call_id] = gates
    assert shown == EXPECTED
