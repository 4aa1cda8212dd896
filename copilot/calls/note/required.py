"""What the note of a call must hold by the house's own guideline, and what the agent can still ask before hang-up."""

from collections.abc import Callable, Mapping

from copilot.calls.note.model import AccountNote, MissingPart
from knowledge.rules.pack_head import NotePart, NoteRules

OPEN_OUTCOMES = frozenset({"PENDING_INTERNAL", "PENDING_CARRIER", "PENDING_CUSTOMER", "ESCALATED", "CALLBACK_SET"})

_IS_THERE: Mapping[NotePart, Callable[[AccountNote], bool]] = {
    "caller": lambda note: bool(note.contact.get("caller_name")),
    "reason": lambda note: bool(note.reason.text),
    "verification": lambda note: note.verification.result not in ("not_done", "asked"),
    "disclosures": lambda note: bool(note.disclosures_read),
    "facts": lambda note: bool(note.facts or note.fields),
    "actions": lambda note: bool(note.actions),
    "offers": lambda note: not note.offers or any(offer.outcome != "open" for offer in note.offers),
    "outcome": lambda note: bool(note.outcome.text),
    "follow_ups": lambda note: (
        note.outcome_code not in OPEN_OUTCOMES or any(follow_up.due for follow_up in note.follow_ups)
    ),
    "tickets": lambda note: bool(note.ticket_ids),
}

_WORDS: Mapping[str, Mapping[NotePart, tuple[str, str]]] = {
    "en": {
        "caller": ("Nobody has given a name.", "Ask who is calling and how they are related to the account."),
        "reason": ("The customer has not said what the call is about.", "Ask what the call is about."),
        "verification": ("No result of a verification was heard.", "Verify the caller and say whether it matches."),
        "disclosures": ("The recording notice was not heard.", "Say that the call is recorded and transcribed."),
        "facts": ("No facts were stated.", "Ask for dates, amounts and what exactly happened."),
        "actions": ("Nothing was said to be done.", "Say what you have done, with amount and date."),
        "offers": ("An offer has no answer yet.", "Ask whether they take the offer or not."),
        "outcome": ("Nobody has said how it ends.", "Sum up what was agreed."),
        "follow_ups": ("Something stays open without a date.", "Say who will do what by when, and how they will hear."),
        "tickets": ("No ticket or confirmation number was said.", "Read out the ticket or confirmation number."),
    },
    "es": {
        "caller": ("Nadie ha dado un nombre.", "Pregunte quién llama y su relación con la cuenta."),
        "reason": ("El cliente no ha dicho el motivo de la llamada.", "Pregunte el motivo de la llamada."),
        "verification": ("No se oyó el resultado de una verificación.", "Verifique al cliente y diga si coincide."),
        "disclosures": ("No se oyó el aviso de grabación.", "Diga que la llamada se graba y se transcribe."),
        "facts": ("No se dijeron hechos.", "Pregunte fechas, montos y qué pasó exactamente."),
        "actions": ("No se dijo que se hiciera algo.", "Diga qué hizo, con monto y fecha."),
        "offers": ("Una oferta no tiene respuesta.", "Pregunte si acepta la oferta o no."),
        "outcome": ("Nadie ha dicho cómo termina.", "Resuma lo acordado."),
        "follow_ups": ("Algo queda pendiente sin fecha.", "Diga quién hará qué, para cuándo y cómo se le avisa."),
        "tickets": ("No se dijo un número de reporte ni de confirmación.", "Lea el número de reporte o confirmación."),
    },
}


def missing_parts(note: AccountNote, rules: NoteRules, *, language: str) -> tuple[MissingPart, ...]:
    """The required parts that the note lacks, in the order of the pack; `language` is the one the agent speaks."""
    wanted = dict.fromkeys((*rules.required, *rules.required_for.get(note.reason_code, ())))
    words = _WORDS.get(language, _WORDS["en"])
    return tuple(MissingPart(part, *words[part]) for part in wanted if not _IS_THERE[part](note))
