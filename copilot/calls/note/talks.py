"""What passed between agent and customer: verification, and offers with their answers."""

import re
from collections.abc import Sequence

from copilot.calls.note.material import Material
from copilot.calls.note.model import OfferTalk, Verification
from copilot.calls.state import Raised

MAX_OFFERS = 4
# Only a call in which somebody may leave, stay on or take more has offers.
_OFFER_CALLS = frozenset({"cancel_intent", "port_out", "renewal", "upsell_need", "just_cancel", "price", "competitor"})

_OFFER = re.compile(
    r"\b(?:off|free|discount|credit|pause|lock|months?|waive\w*|upgrade|trial|half|less|descuento|gratis|crédito|pausa\w*|"
    r"mes(?:es)?|menos|mitad)\b",
    re.IGNORECASE,
)
_PIN = re.compile(r"\b(?:pin|passcode|clave|password|contrasena)\b")
_CODE = re.compile(r"\b(?:code|codigo)\b")


def verification(material: Material) -> Verification:
    """How the caller was verified: the last result counts, failures are kept in sight of the reader."""
    asked = material.cues("verification_asked")
    results = material.state.verifications
    if not asked and not results:
        return Verification(None, "not_done", material.state.auth_level, ())
    words = " ".join(cue.words for cue in asked)
    method = "pin" if _PIN.search(words) else "one_time_code" if _CODE.search(words) else None
    result = results[-1].result if results else "given" if _was_answered(material, asked) else "asked"
    method = next((verified.method for verified in reversed(results) if verified.method), method)
    turn_ids = dict.fromkeys(
        [cue.turn_id for cue in asked] + [verified.turn_id for verified in results if verified.turn_id]
    )
    return Verification(method, result, material.state.auth_level, tuple(turn_ids))


def _was_answered(material: Material, asked: Sequence[Raised]) -> bool:
    """Whether a PIN or a code was said after it was asked for; whether it was right, nobody said."""
    turns = material.state.turns
    places = list(turns)
    first = places.index(asked[0].turn_id) if asked else len(places)
    return any("[PIN]" in turns[turn_id].text for turn_id in places[first:] if turns[turn_id].speaker != "agent")


def offers(material: Material) -> tuple[OfferTalk, ...]:
    """Each offer as it was put, and what the customer said before the next one came."""
    state = material.state
    if not state.cue_ids & _OFFER_CALLS:
        return ()
    answers = material.cues("offer_accepted", "offer_refused", "just_cancel")
    presented = [
        (cue, sentence)
        for cue in material.cues("offer_presented")
        if (sentence := material.sentence_of(cue)) and _OFFER.search(sentence.text)
    ]
    talks = []
    for place, (cue, sentence) in enumerate(presented):
        begins = state.turn_seq[cue.turn_id]
        ends = state.turn_seq[presented[place + 1][0].turn_id] if place + 1 < len(presented) else state.seq + 1
        answer = next((a for a in answers if begins < state.turn_seq[a.turn_id] < ends), None)
        outcome = "open" if answer is None else "accepted" if answer.cue_id == "offer_accepted" else "refused"
        talks.append(OfferTalk(material.retold(sentence), outcome, material.of_cue(answer) if answer else None))
    return tuple(talks[:MAX_OFFERS])
