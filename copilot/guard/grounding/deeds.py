"""A sentence that says something is done needs evidence that says so; offered, asked for or planned is not done."""

import re
from collections.abc import Sequence
from typing import Final

from knowledge.words import fold

# deed -> (its done forms, every form); folded, English and Spanish.
_DEEDS = {
    "applied": ("applied|aplicad[oa]s?|aplico|aplique|aplicamos", "appl(?:y|ied|ying|ies)|aplic\\w+|aplique"),
    "cancelled": (
        "cancell?ed|disconnected|cancelad[oa]s?|cancelo|cancele|cancelamos",
        "cancel\\w*|disconnect\\w*",
    ),
    "credited": ("credited|acreditad[oa]|acredito|acredite|abono|abonado|abone", "credit\\w*|acredit\\w+|abon\\w+"),
    "refunded": ("refunded|reimbursed|reembolsad[oa]|reembolso|reembolse", "refund\\w*|reimburs\\w+|reembols\\w+"),
    "waived": (
        "waived|removed|t(?:aken|ook) off|reversed|(?:elimin|quit|retir|condon)(?:ad[oa]|[oe])",
        "waiv\\w+|remov\\w+|tak\\w+ off|revers\\w+|elimin\\w+|quit\\w+|retir\\w+|condon\\w+|revert\\w+",
    ),
    "scheduled": (
        "scheduled|booked|programad[oa]|programo|programe|agendad[oa]|agendo|agende",
        "schedul\\w+|book\\w*|program\\w+|agend\\w+",
    ),
    "sent": (
        "sent|emailed|texted|mailed|enviad[oa]s?|envio|envie|mandad[oa]|mando|mande",
        "sen[dt]\\w*|e?mail\\w*|text\\w*|envi\\w+|mand\\w+",
    ),
    "opened": (
        "opened|created|filed|submitted|abierto|abierta|abrio|abri|creado|creo",
        "open\\w*|creat\\w+|fil(?:e|ed|ing)|submit\\w*|abr\\w+|abiert\\w+|cre[ae]\\w*",
    ),
    "escalated": ("escalated|escalad[oa]|escalo|escale", "escalat\\w+|escal\\w+"),
    "transferred": ("transferred|transferid[oa]|transfirio|transferi", "transfer\\w*|transf\\w+"),
    "blocked": ("blocked|locked|frozen|bloquead[oa]|bloqueo|bloquee", "block\\w*|lock\\w*|freez\\w+|frozen|bloque\\w+"),
    "upgraded": ("upgraded|downgraded", "upgrad\\w+|downgrad\\w+"),
    "replaced": ("replaced|reemplazad[oa]|reemplazo|reemplace", "replac\\w+|reemplaz\\w+"),
    "activated": ("activated|activad[oa]|activo|active", "activat\\w+|activ[aoe]\\w*"),
    "fixed": (
        "fixed|repaired|resolved|solved|arreglad[oa]|arreglo|resuelto",
        "fix\\w*|repair\\w*|resol\\w+|solv\\w+|arregl\\w+",
    ),
    "updated": ("updated|actualizad[oa]|actualizo|actualice", "updat\\w+|actualiz\\w+|actualic\\w+"),
}
_DONE = {deed: re.compile(rf"\b(?:{done})\b") for deed, (done, _) in _DEEDS.items()}
_ANY = {deed: re.compile(rf"\b(?:{every})\b") for deed, (_, every) in _DEEDS.items()}
# What stands before a done form that is not done: "will be applied", "wants it cancelled", "if it's cancelled".
_NOT_YET = re.compile(
    r"\b(?:will|would|wont|can|could|should|may|might|be|to be|to get|to have|get|getting|going to|gonna|ll|"
    r"want|wants|wanted|need|needs|ask|asks|asked|asking|request|requests|requested|offered|offers|promised|tentatively|"
    r"if|when|once|until|unless|before|how|not|never|didnt|hasnt|havent|wasnt|isnt|a|the|any|their|my|your|"
    r"sera|seran|va a|vamos a|quiere|quiero|pide|pidio|solicita|solicito|ofrecio|puede|puedo|podria|podemos|"
    r"si|cuando|como|para que|que le|que se|que me|no|nunca|sin|un|una|el|la|su)"
    r"(?: (?:it|be|been|have|the|their|my|his|her|service|account|line|fee|card|plan|internet|a|all|that|this|el|la|"
    r"ser))*\s*$"
)
# "I've put that on", "you're all set", "went ahead": done, in no word of the table.
_DONE_SOMEHOW = re.compile(
    r"\b(?:ive|i have|weve|we have|has been|have been|went ahead|gone ahead|all set|youre set|is set|its done|"
    r"thats done|done|taken care of|took care of|i just|we just|it just|already|is now|are now|now on|goes through|"
    r"went through|i (?:put|took|did|made|got|set|added)|is (?:on its way|off|gone|in)|comes off|"
    r"its (?:off|gone|on|in)|im \w+ing|number is|reference|confirmation|youre (?:booked|down)|"
    r"queda|quedo|quedaron|listo|lista|ya le|ya esta|ya se|ya quedo|hecho|he|hemos|acabo de|le \w+e)\b"
)


# Done in another word: who asks to cancel and hears "I removed it" has cancelled.
_AS_GOOD: Final = ({"cancelled", "waived"}, {"credited", "refunded", "waived", "applied"}, {"fixed", "replaced"})
# "Is sent again today": a plan in the present.
_IS_TO_BE: Final = re.compile(r"\b(?:is|are) (?:\w+ )?$")
_SOON: Final = re.compile(r"(?:\w+ ){0,4}?(?:today|tomorrow|again|within|from|on|by|next|after|once|when|if)\b")
# "If the PIN runs out, a new one is sent": what happens in a case has not happened.
_ONLY_IF = re.compile(r"\s*(?:and |but |y |pero )?(?:if|when|once|unless|whenever|si|cuando|en cuanto|una vez que)\b")


# Who did it or whose it is: a deed in this case, and no rule such as "the fee is waived with an agreement".
_IN_THIS_CASE = re.compile(
    r"\b(?:i|ive|we|weve|have|has|had|just|already|your|been|was|were|is now|ya|he|hemos|ha|han|le|les|su|sus|"
    r"fue|fueron|quedo|queda)\b"
)


def undone_deeds(sentence: str, evidence: Sequence[str]) -> list[str]:
    """A reason for what the sentence says is done while the evidence, plain texts, only offers, asks or plans it."""
    said = [fold(text) for text in evidence]
    return [
        f"says {deed}, the evidence does not say it is done"
        for deed in _claimed(fold(sentence))
        if not _is_done(deed, said)
    ]


def unrecorded_deeds(sentence: str, records: Sequence[str]) -> list[str]:
    """A reason for what the sentence says was done in this case while no record, plain texts, says so.

    For what goes out to a customer: there "the agent said so" is not enough. A rule ("the fee is waived with an
    agreement") claims no deed.
    """
    plain = fold(sentence)
    if not _IN_THIS_CASE.search(plain):
        return []
    written = [fold(text) for text in records]
    return [
        f"says {deed}, no record of it"
        for deed in _claimed(plain)
        if not any(_has_done(_DONE[deed], text) for text in written)
    ]


def _claimed(plain: str) -> list[str]:
    return [deed for deed, pattern in _DONE.items() if _has_done(pattern, plain)]


def _has_done(pattern: re.Pattern[str], plain: str) -> bool:
    return any(_stands_as_done(plain, m.start()) for m in pattern.finditer(plain))


def _stands_as_done(plain: str, place: int) -> bool:
    sentence = max(plain.rfind(stop, 0, place) for stop in ".!?;\n") + 1
    before, behind = plain[max(0, place - 40) : place], plain[place:]
    is_plan = _IS_TO_BE.search(before) and _SOON.match(behind.partition(" ")[2])
    return not _NOT_YET.search(before) and not is_plan and not _ONLY_IF.match(plain[sentence:place])


def _is_done(deed: str, said: Sequence[str]) -> bool:
    if any(_has_done(_DONE[deed], text) for text in said):
        return True
    others = {other for row in _AS_GOOD if deed in row for other in row - {deed}}
    if any(_has_done(_DONE[other], text) for other in others for text in said):
        return any(_ANY[deed].search(text) for text in said)
    names_it = any(_ANY[deed].search(text) for text in said)
    if not names_it and not any(pattern.search(text) for pattern in _ANY.values() for text in said):
        return True  # nothing of the kind is planned either: how much the evidence bears out, tells its support
    is_another = any(_has_done(pattern, text) for pattern in _DONE.values() for text in said)
    return (names_it or not is_another) and any(_DONE_SOMEHOW.search(text) for text in said)
