"""What the customer must be told or granted when they ask: a machine on the line, no more calls or texts."""

from copilot.calls.cards import Card
from copilot.calls.moment import Moment, Noticed
from knowledge.phrases import plain_words
from knowledge.rules.base import Words

_AI = "ai_question"
_REVOKED = "contact_revoked"
_TITLES = {
    _AI: Words(en="Answer honestly: an assistant listens", es="Responda con la verdad: un asistente escucha"),
    _REVOKED: Words(en="No more calls or texts", es="No más llamadas ni mensajes"),
}


def watch(moment: Moment) -> Noticed:
    """A card with the honest answer, or with what a revocation obliges to."""
    if moment.turn.speaker not in ("customer", "unknown"):
        return Noticed()
    rules, language = moment.desk.gates.consent, moment.language
    cards = []
    if _AI in moment.heard_ids:
        cards.append(_card(moment, _AI, f"“{rules.ai_disclosure.answer.in_language(language)}”"))
    if _REVOKED in moment.heard_ids or _is_keyword(moment):
        days = str(rules.revocation.business_days)
        cards.append(_card(moment, _REVOKED, rules.revocation.says.in_language(language).replace("{days}", days)))
    return Noticed(cards=tuple(cards))


def _is_keyword(moment: Moment) -> bool:
    """Whether a text message consists of one of the words that revoke, such as STOP."""
    rules = moment.desk.gates.consent.revocation
    said = plain_words(moment.turn.text).replace(" . ", " ").strip()
    return moment.state.channel in rules.keyword_channels and said in {plain_words(w).strip() for w in rules.keywords}


def _card(moment: Moment, about: str, body: str) -> Card:
    words = next((f"“{cue.words}”" for cue in moment.heard if cue.cue.id == about), "")
    return Card("next_step", _TITLES[about].in_language(moment.language), body, about, words, (moment.turn.turn_id,))
