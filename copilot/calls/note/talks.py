"""What passed between agent and customer: verification, and offers with their answers."""

import re
from collections.abc import Sequence

from copilot.calls.note.actions import amounts_in
from copilot.calls.note.material import Material
from copilot.calls.note.model import OfferTalk, Statement, Verification
from copilot.calls.offer_words import named_offer
from copilot.calls.offering import known_offers
from copilot.calls.sentences import Sentence, has_mask
from copilot.calls.state import CallState, Raised
from copilot.spoken import written_form

MAX_OFFERS = 4
# Only a call in which somebody may leave, stay on or take more has offers.
_OFFER_CALLS = frozenset({"cancel_intent", "port_out", "renewal", "upsell_need", "just_cancel", "price", "competitor"})

_OFFER = re.compile(
    r"\b(?:off|free|discount|credit|pause|lock|months?|waive\w*|upgrade|trial|half|less|descuento|gratis|crédito|pausa\w*|"
    r"mes(?:es)?|menos|mitad)\b",
    re.IGNORECASE,
)
# Why somebody says no: a price, a term, a need, a decision; "no thanks" alone is no reason.
_WHY_NOT = re.compile(
    r"\b(?:expensive|too (?:much|high|long|late)|still|enough|afford|cheaper|price|cost|contract|term|year|already|"
    r"because|'cause|cuz|since|need|want|use|using|switch\w*|signed|moving|closing|worth|trust|works?|tired|"
    r"caro|cara|mucho|suficiente|barato|precio|contrato|plazo|año|ya|porque|necesit\w+|quier\w+|uso|mud\w+|cans\w+)\b",
    re.IGNORECASE,
)
_BARE_NO = re.compile(
    r"^(?:(?:no|nope|nah|thanks|thank you|please|just|simply|i said|gracias|solo|por favor|ya|le dije)[\s,.]*)*"
    r"(?:cancel\w*|disconnect|close|end|stop)?"
    r"(?:[\s,.]*(?:it|this|that|the \w+|my \w+|please|now|today|already|el \w+|por favor))*[.!]?$",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\b(?:for|por|durante|up to|hasta)\s+((?:the (?:first|next) )?[\w-]+(?: (?:to|a) [\w-]+)?\s+"
    r"(?:months?|years?|weeks?|days?|mes(?:es)?|años?|semanas?|días?))\b",
    re.IGNORECASE,
)
MIN_REASON_WORDS = 3
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
    failed = sum(verified.result == "failed" for verified in results)
    return Verification(method, result, material.state.auth_level, tuple(turn_ids), failed)


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
    answers = [*material.cues("offer_accepted", "offer_refused", "just_cancel"), *_answers_in_log(state)]
    presented = [
        (cue, sentence)
        for cue in material.cues("offer_presented")
        if (sentence := material.sentence_of(cue)) and _OFFER.search(sentence.text)
    ]
    talks = []
    for place, (cue, sentence) in enumerate(presented):
        begins = state.turn_seq[cue.turn_id]
        ends = state.turn_seq[presented[place + 1][0].turn_id] if place + 1 < len(presented) else state.seq + 1
        between = (a for a in answers if begins < state.turn_seq[a.turn_id] < ends)
        answer = min(between, key=lambda a: state.turn_seq[a.turn_id], default=None)
        talks.append(_talk(material, sentence, answer, range(begins + 1, ends)))
    return tuple(talks[:MAX_OFFERS])


def _answers_in_log(state: CallState) -> list[Raised]:
    """The turns that took or turned down a save offer in words that are no cue: "No, we're moving to Portugal"."""
    told = [attempt for attempt in state.attempts.values() if attempt.get("answered_in") in state.turns]
    cue_of = {"accepted": "offer_accepted"}
    return [
        Raised(cue_of.get(attempt["outcome"], "offer_refused"), "event", "", attempt["answered_in"], "")
        for attempt in told
    ]


def _talk(material: Material, sentence: Sentence, answer: Raised | None, between: range) -> OfferTalk:
    outcome = "open" if answer is None else "accepted" if answer.cue_id == "offer_accepted" else "refused"
    duration = _DURATION.search(written_form(sentence.text))
    return OfferTalk(
        material.retold(sentence),
        outcome,
        material.of_cue(answer) if answer else None,
        _refusal_reason(material, answer, between) if answer and outcome == "refused" else None,
        tuple(amounts_in(sentence.text)),
        duration[1] if duration else None,
        _offer_id(material, sentence),
    )


def _offer_id(material: Material, sentence: Sentence) -> str | None:
    """The id of the offer, where it was named after the desk had decided what may be offered."""
    named = named_offer(sentence.text, known_offers(material.state.advised), material.language)
    if named is not None:
        return str(named.offer["offer_id"])
    attempts = material.state.attempts.values()
    return next((each["offer_id"] for each in attempts if each["turn_id"] == sentence.turn_id), None)


def _refusal_reason(material: Material, answer: Raised, between: range) -> Statement | None:
    """Why they said no, in their own words: from the answer's turn first, then from what they said around it."""
    seq = material.state.turn_seq
    said = [s for s in material.sentences if s.speaker == "customer" and seq[s.turn_id] in between and _is_reason(s)]
    said.sort(key=lambda s: (abs(seq[s.turn_id] - seq[answer.turn_id]), s.place))
    return Statement(said[0].text.strip(), (said[0].turn_id,)) if said else None


def _is_reason(sentence: Sentence) -> bool:
    is_said = sentence.word_count >= MIN_REASON_WORDS and not sentence.is_question and not has_mask(sentence)
    return is_said and bool(_WHY_NOT.search(sentence.text)) and not _BARE_NO.match(sentence.text)
