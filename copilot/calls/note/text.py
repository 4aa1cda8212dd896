"""The note as text to paste into the customer system: short lines, the weightiest first, within a budget of words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from copilot.calls.fields import Field
from copilot.calls.note.model import AccountNote, Statement
from copilot.calls.note.quoted import bare_quotes, promised
from copilot.calls.note.reported import shorten
from knowledge.pack import Pack

# At most so many words, or this share of the words of the call, whichever is more.
MAX_WORDS = 80
MAX_SHARE = 0.25
MAX_STATEMENT_WORDS = 20
MIN_WORDS_LEFT = 5
MAX_FIELD_WORDS = 10

LABELS = {
    "en": {
        "reason": "Reason",
        "caller": "Caller",
        "verification": "Verification",
        "facts": "Facts",
        "told": "Told",
        "actions": "Done",
        "offers": "Offers",
        "outcome": "Outcome",
        "follow_ups": "Follow-up",
        "open_questions": "Open questions",
        "red_flags": "Flags",
        "fields": "Details",
        "accepted": "accepted",
        "refused": "refused",
        "open": "no answer",
        "passed": "passed",
        "failed": "failed",
        "asked": "asked",
        "given": "given",
    },
    "es": {
        "reason": "Motivo",
        "caller": "Cliente",
        "verification": "Verificación",
        "facts": "Hechos",
        "told": "Informado",
        "actions": "Hecho",
        "offers": "Ofertas",
        "outcome": "Resultado",
        "follow_ups": "Seguimiento",
        "open_questions": "Preguntas abiertas",
        "red_flags": "Alertas",
        "fields": "Datos",
        "accepted": "aceptada",
        "refused": "rechazada",
        "open": "sin respuesta",
        "passed": "aprobada",
        "failed": "fallida",
        "asked": "pedida",
        "given": "dada",
    },
}

# What the most common fields are called in a note that is not in English.
FIELD_NAMES = {
    "es": {
        "account number": "número de cuenta",
        "address": "dirección",
        "amount": "monto",
        "card expiry": "vencimiento",
        "card number": "número de tarjeta",
        "confirmation number": "número de confirmación",
        "customer name": "nombre",
        "date": "fecha",
        "phone": "teléfono",
        "pin": "PIN",
        "reason": "motivo",
        "request": "solicitud",
        "security code": "código de seguridad",
        "ticket id": "reporte",
        "time": "hora",
    }
}


def note_text(note: AccountNote, pack: Pack, *, call_words: int) -> AccountNote:
    """The same note with `text` filled: parts in reading order, chosen by weight until words or characters are spent.

    What does not fit is left out as a whole piece: no sentence and no number is cut for the box of the customer system.
    """
    max_words, max_chars = max(MAX_WORDS, int(MAX_SHARE * call_words)), pack.head.note.max_chars
    labels = _labels(pack, note.language)
    lines = dict(_lines(note, labels))
    by_weight = ("reason", "outcome", "red_flags", "follow_ups", "offers", "actions", "fields", "verification", "told")
    chosen: dict[str, str] = {}
    for part in (*by_weight, "open_questions", "facts"):
        words_left = max_words - _words(chosen.values())
        chars_left = max_chars - sum(len(line) + 1 for line in chosen.values())
        line = _fitting(labels[part], lines.get(part, []), words_left, chars_left)
        if line:
            chosen[part] = line
    text = "\n".join(chosen[part] for part in lines if part in chosen)
    return replace(note, text=text)


def _lines(note: AccountNote, labels: dict[str, str]) -> Iterable[tuple[str, list[str]]]:
    """What each part would say, in the order it is read."""
    yield (
        "reason",
        [_labelled(note.reason_label, shorten(note.reason.text, MAX_STATEMENT_WORDS))] if note.reason.text else [],
    )
    verification = note.verification
    if verification.result != "not_done":
        method = f" ({verification.method.replace('_', ' ')})" if verification.method else ""
        yield "verification", [labels[verification.result] + method]
    yield "red_flags", _texts(note.red_flags)
    names = FIELD_NAMES.get(note.language, {})
    yield (
        "fields",
        [f"{names.get(field.name, field.name)} {field.value}" for field in note.fields if _is_shown(field)],
    )
    yield "facts", _texts(note.facts)
    yield "told", _texts(note.told)
    yield "offers", [f"{_texts([o.presented])[0]} ({labels[o.outcome]})" for o in note.offers if o.presented.text]
    done = [s for s in note.actions if s.text != note.outcome.text]
    yield "actions", _texts(done)
    yield "open_questions", _texts(note.open_questions)
    promises = [f for f in note.follow_ups if f.promise.text != note.outcome.text]
    said = [replace(f.promise, text=promised(f.promise.text, f.owner, f.channel, note.language)) for f in promises]
    yield "follow_ups", _texts(said)
    outcome = shorten(note.outcome.text, MAX_STATEMENT_WORDS)
    says_more = _is_quoting(note) and str(note.outcome_label).upper() != note.outcome_code
    code = f"{note.outcome_code} ({note.outcome_label})" if says_more else note.outcome_code
    yield "outcome", [f"{code}. {outcome}" if outcome else code]


def _is_shown(field: Field) -> bool:
    """Whether a field tells the reader something here: not a masked secret, not a story."""
    return not field.value.startswith("[") and len(field.value.split()) <= MAX_FIELD_WORDS


def _labelled(label: str | None, text: str) -> str:
    return f"{label[:1].upper()}{label[1:]}. {text}" if label else text


def _fitting(label: str, parts: Sequence[str], words_left: int, chars_left: int) -> str:
    """The line with as many of its parts as fit."""
    taken: list[str] = []
    words_left -= len(label.split())
    chars_left -= len(label)
    for whole in parts:
        is_too_long = len(whole.split()) > words_left
        if is_too_long and (taken or words_left < MIN_WORDS_LEFT):
            break
        part = shorten(whole, words_left - 1) if is_too_long else whole
        if len(part) + len("; ") > chars_left:
            break
        taken.append(part)
        words_left -= len(part.split())
        chars_left -= len(part) + len("; ")
    return f"{label}: {'; '.join(taken)}" if taken else ""


def _texts(statements: Iterable[Statement]) -> list[str]:
    texts = (bare_quotes(statement.text) for statement in statements if statement.text)
    return [shorten(text, MAX_STATEMENT_WORDS) for text in texts]


def _is_quoting(note: AccountNote) -> bool:
    return bool(note.outcome_label) and note.language != note.call_language


def _words(lines: Iterable[str]) -> int:
    return sum(len(line.split()) for line in lines)


def _labels(pack: Pack, language: str) -> dict[str, str]:
    own = {name: words.in_language(language) for name, words in pack.head.note.labels.items()}
    return {**LABELS["en"], **LABELS.get(language, {}), **own}
