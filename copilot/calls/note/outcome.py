"""How a call ended: the outcome code, and the sentence that shows it."""

import re
from collections.abc import Sequence

from copilot.calls.note.material import Material, figures_in
from copilot.calls.note.model import Statement
from copilot.calls.sentences import Sentence, has_mask, is_pleasantry

_CANCELLED = re.compile(
    r"\b(?:(?:is|are|been|'s|i've|have|now|all) (?:now |all |already )?cancell?ed|"
    r"cancell?ation (?:is|has been|number|confirm\w+|goes)|"
    r"disconnected as of|(?:set|scheduled|due) to (?:disconnect|be (?:disconnected|cancell?ed)|end) on|"
    r"(?:queda|está|quedó|listo),? cancelad\w+|cancelé|he cancelado)\b",
    re.IGNORECASE,
)
# A cancellation that the agent has undone in the same call.
_TAKEN_BACK = re.compile(
    r"\b(?:reinstat\w+|cancell?ation (?:order |request )?(?:is|has been|was) "
    r"(?:withdrawn|void(?:ed)?|removed|stopped|reversed|undone|taken (?:off|back|out))|"
    r"(?:withdr[ae]w\w*|void(?:ed)?|revers(?:ed?|ing)|stopped|undid|undone|removed|took (?:off|back|out)|"
    r"taken (?:off|back|out)) (?:the|your|that) cancell?ation|(?:stays|remains|is back|are back) (?:on|active)|"
    r"react(?:ivad\w+|ivé)|(?:anul\w+|retir\w+|deshic\w+) (?:la|su|esa) cancelación|(?:sigue|queda) activ\w+)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:unfortunately|i(?:'m| am) (?:sorry|unable|afraid)|(?:was|were|am|are)(?:n't| not) able to|cannot|can't|"
    r"could not|couldn't|unable to|no hay|lamentablemente|no puedo|no podemos)\b",
    re.IGNORECASE,
)
# A no to what was asked for, not "I can't find it", which is a step on the way.
_DECLINED = re.compile(
    r"\b(?:(?:i|we)(?: can(?:'t|not)|(?: am| are|'m|'re) (?:not able|unable) to| won't be able to) "
    r"(?!(?:see|find|hear|tell|say|guarantee|promise|locate|understand)\b)\w+|"
    r"is(?: not|n't) possible|no (?:puedo|podemos|se puede) (?!ver|encontrar|oír|escuchar)\w+|no es posible)",
    re.IGNORECASE,
)
_CARRIER = re.compile(r"\b(?:carrier|TVA-|CL-|dispatch|technician|field crew|tech|técnico|operador)\b", re.IGNORECASE)
_CALLBACK = re.compile(
    r"\b(?:call(?:ing)? (?:you|them) back|(?:'ll|will|going to) call you|callback|call back|"
    r"(?:i|we) call you|devolver\w* la llamada|le llamo|le llamar\w*|(?:le|les) marc(?:o|amos))\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:follow|escalate|look|review|research|get back|let you know|check back|investigat\w*|reach|contact|"
    r"avisar?|aviso|marcamos|revisar)\b"
)
_CONTENT = re.compile(
    r"\b(?:thanks?|thank you|bye|goodbye|great|perfect|good|nice|that's all|that was all|"
    r"gracias|adiós|perfecto|hasta luego)\b",
    re.IGNORECASE,
)
_ESCALATED = re.compile(
    r"\b(?:(?:i'?ve|i have|i'?m|i am|i'?ll|i will|we'?ve|we'?ll|has been|was|it'?s|is) "
    r"(?:been |just |now |also |going to )?escalat\w+|(?:legal|"
    r"(?:my|our|the) (?:legal team|legal department|executive desk|executive team)) "
    r"(?:has|have|will|gets?|takes?) |(?:he|hemos|voy a|vamos a|queda|fue) (?:escal\w+|elev\w+ (?:el|su) caso))\b",
    re.IGNORECASE,
)
# Something is to come from the customer before it can go on.
_AWAITED = re.compile(
    r"\b(?:(?:once|as soon as|when|until) (?:you (?:send|sign|upload|fax|return|e-?mail|pay|mail)|"
    r"(?:we|i) (?:get|receive|have) (?:your|the|that|a) "
    r"(?:form|documents?|copy|payment|signature|certificate|photos?|papers?))|"
    r"(?:we|i)(?:'ll)? need (?:a copy of|you to (?:send|sign|upload|return|pay|fax|e-?mail|mail))|"
    r"(?:en cuanto|cuando|una vez que) (?:usted )?(?:(?:me|nos|lo|la) )?(?:envíe|mande|firme|pague|devuelva|suba)|"
    r"necesit(?:o|amos) (?:una copia|que (?:usted )?(?:me |nos )?(?:envíe|mande|firme|suba)))\b",
    re.IGNORECASE,
)
_THANKS = re.compile(r"(?:(?:ok(?:ay)?|great|again|once again|oh|well|y)[,.!]? )*(?:thank|gracias)", re.IGNORECASE)
_TO_CUSTOMER = re.compile(r"\b(?:you|your|su|sus|le|usted)\b", re.IGNORECASE)
_SHOWN_BY = {
    "CANCELLED": _CANCELLED,
    "SAVED": _TAKEN_BACK,
    "UNRESOLVED": _REFUSED,
    "CALLBACK_SET": _CALLBACK,
    "ESCALATED": _ESCALATED,
    "PENDING_CUSTOMER": _AWAITED,
}
# What an agent says on the way: it shows no end of anything.
_NO_RESULTS = ("recording_notice", "verification_asked", "permission_asked", "offer_presented", "abuse_warning")
_GREETING = re.compile(
    r"\b(?:this is|my name is|speaking|thank you for calling|thanks for calling|le (?:atiende|habla|saluda)|"
    r"gracias por llamar|mi nombre es)\b",
    re.IGNORECASE,
)
MIN_WORDS = 4
LATE_SHARE = 0.5  # what is asked for early in a call is mostly given in it


def outcome_code(material: Material) -> str:
    """The outcome code that the events of the call bear out; UNRESOLVED when none does."""
    heard = material.state.cue_ids
    agent = [sentence for sentence in material.sentences if sentence.speaker in ("agent", "unknown")]
    said = " ".join(sentence.text for sentence in agent)
    warned = {cue.turn_id for cue in material.cues("abuse_warning")}  # "I will have to end the call" is no promise
    promises = [cue for cue in material.cues("promise_made") if cue.turn_id not in warned]
    promised = " ".join(cue.words for cue in promises)
    wants_out = bool(heard & {"cancel_intent", "just_cancel", "port_out"})
    has_ticket = bool(promised and heard & {"trouble_ticket", "dispatch_visit"})
    failed = [verified.result for verified in material.state.verifications][-1:] == ["failed"]
    checks = (
        ("CANCELLED", wants_out and _ends_cancelled(agent)),
        ("SAVED", wants_out and ("offer_accepted" in heard or _ends_taken_back(agent))),
        ("TRANSFERRED", "transfer" in heard),
        ("ESCALATED", any(_ESCALATED.search(sentence.text) for sentence in agent if not sentence.is_question)),
        ("PENDING_CARRIER", has_ticket and bool(_CARRIER.search(said))),
        ("CALLBACK_SET", bool(promised and _CALLBACK.search(said))),
        ("PENDING_CUSTOMER", any(_AWAITED.search(s.text) for s in agent if s.share > LATE_SHARE)),
        ("UNRESOLVED", _ends_refused(agent)),
        ("PENDING_INTERNAL", bool(_LATER.search(promised))),
        ("UNRESOLVED", failed),
        ("RESOLVED", bool(promises or "action_done" in heard)),
        ("UNRESOLVED", _was_declined(agent)),  # and no deed and no promise made up for it
        ("RESOLVED", "closing" in heard or _ends_content(material)),
        ("RESOLVED", not wants_out and _ends_answered(material)),
    )
    return next((code for code, holds in checks if holds), "UNRESOLVED")


def outcome_statement(code: str, material: Material) -> Statement:
    """The sentence that shows the outcome best, retold; empty when nobody said one."""
    accepted = material.cues("offer_accepted")
    if code == "SAVED" and accepted:
        return material.of_cue(accepted[-1])
    no_results = material.places_of(*_NO_RESULTS)
    said = (s for s in material.sentences if s.speaker in ("agent", "unknown") and s.place not in no_results)
    results = [s for s in said if _is_result(s) and not (s.place == 0 and _GREETING.search(s.text))]
    deeds = {cue.turn_id for cue in material.cues("action_done", "promise_made")}
    pattern = _SHOWN_BY.get(code)
    showing = [s for s in results if (pattern.search(s.text) if pattern else s.turn_id in deeds)] or results
    if not showing:
        return Statement("", ())
    return material.retold(showing[-1], by_agent=bool(_TO_CUSTOMER.search(showing[-1].text)))


def _is_result(sentence: Sentence) -> bool:
    is_thanks = _THANKS.match(sentence.text)
    is_said = not sentence.is_question and sentence.word_count >= MIN_WORDS and not is_thanks
    return is_said and not is_pleasantry(sentence) and not has_mask(sentence)


def _ends_cancelled(agent: Sequence[Sentence]) -> bool:
    """Whether the agent said that it is cancelled, and did not undo it afterwards."""
    return any(_CANCELLED.search(sentence.text) for sentence in agent) and not _ends_taken_back(agent)


def _ends_taken_back(agent: Sequence[Sentence]) -> bool:
    """Whether the agent undid a cancellation, and did not cancel again."""
    told = [s.text for s in agent if not s.is_question and (_CANCELLED.search(s.text) or _TAKEN_BACK.search(s.text))]
    return bool(told) and bool(_TAKEN_BACK.search(told[-1]))


def _was_declined(agent: Sequence[Sentence]) -> bool:
    """Whether the agent said no to something."""
    return any(not s.is_question and _DECLINED.search(s.text) for s in agent)


def _ends_content(material: Material) -> bool:
    """Whether the customer took leave with thanks or a good wish, after the agent had told them something."""
    last = next((s for s in reversed(material.sentences) if s.speaker == "customer"), None)
    was_told = any(s.speaker == "agent" and _is_result(s) for s in material.sentences)
    return was_told and last is not None and bool(_CONTENT.search(last.text))


def _ends_answered(material: Material) -> bool:
    """Whether the last words are the agent's, and they give a figure: "Your balance is 105"."""
    last = material.sentences[-1] if material.sentences else None
    return last is not None and last.speaker == "agent" and _is_result(last) and figures_in(last) > 0


def _ends_refused(agent: Sequence[Sentence]) -> bool:
    """Whether the last thing the agent said, farewells aside, was a no."""
    said = [s for s in agent if _is_result(s) and (s.speaker == "agent" or _TO_CUSTOMER.search(s.text))]
    return bool(said) and bool(_REFUSED.search(said[-1].text))
