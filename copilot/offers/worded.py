"""The line that offers something, in a model's words; what it says must be borne out by the line and its terms.

The model is told what is decided and words it. It opens no gate, picks no offer and computes no amount: a sentence that
says more than line and terms, or a wording that loses a figure, a name or a "not" of the line, is thrown away.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel, Field

from copilot.guard.grounding import Evidence, check_sentence
from copilot.guard.redaction import RedactionPolicy
from copilot.guard.wording import check_worded
from copilot.models import OFFER_WORDING, Model
from copilot.offers.decide import NO_OFFER, Decision

PROMPT = "offer_wording"
MAX_GROWTH = 1.5
SPARE_CHARACTERS = 60
MAX_SENTENCES = 4
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class OfferForm(BaseModel):
    """The form the model answers in."""

    say: str = Field(min_length=1, max_length=1_000)


@dataclass(frozen=True)
class WordedOffer:
    """A line in a model's words, and which model and prompt made it."""

    say: str
    provider: str
    prompt: str
    prompt_version: int


def word_offer(
    model: Model,
    decision: Decision,
    *,
    reason: str,
    language: str,
    policy: RedactionPolicy,
    gazetteer: Iterable[str] = (),
    known_names: Iterable[str] = (),
) -> WordedOffer | None:
    """The line of an eligible offer in a model's words; None when there is no line, or what the model wrote fails.

    Args:
        model: asked once, within the limits of an offer's wording.
        decision: the offer as it was decided, with the line and terms of this customer.
        reason: why the caller wants to leave, in the pack's words.
        language: of the line, "en" or "es".
        policy: what the pack masks.
        gazetteer: names of plans, offers and products.
        known_names: names that need no evidence, such as that of the business.

    Raises:
        ModelFailed: the model gave nothing usable; the line of the pack stands.
    """
    if decision.offer_id == NO_OFFER or not decision.eligible or not decision.say:
        return None
    values = {"say": decision.say, "terms": decision.terms, "reason": reason, "language": language}
    prompt = model.prompt(PROMPT)
    reply = model.complete(prompt.fill(values, policy=policy, form=OfferForm), task=OFFER_WORDING)
    say = " ".join(reply.output_as(OfferForm).say.split())
    faults = wording_faults(say, decision, language=language, gazetteer=gazetteer, known_names=known_names)
    return None if any(faults) else WordedOffer(say, reply.model, reply.prompt_name, reply.prompt_version)


def wording_faults(
    say: str, decision: Decision, *, language: str, gazetteer: Iterable[str] = (), known_names: Iterable[str] = ()
) -> Iterator[str]:
    """Why a wording may not be read out, in plain words; nothing when it may.

    Each sentence is held against line and terms, and each sentence of the line against the wording, so that nothing is
    added and no figure, name or "not" is lost.
    """
    terms, names = tuple(gazetteer), tuple(known_names)
    if len(say) > MAX_GROWTH * len(decision.say) + SPARE_CHARACTERS:
        yield "is much longer than the line"
    sentences = _SENTENCE_END.split(say)
    if len(sentences) > MAX_SENTENCES:
        yield f"has more than {MAX_SENTENCES} sentences"
    own = [Evidence("say", decision.say), Evidence("terms", decision.terms)]
    for sentence in sentences:
        found = check_worded(sentence, own, language=language, gazetteer=terms, known_names=names, needs_record=True)
        yield from found.reasons
    for sentence in _SENTENCE_END.split(decision.say):
        kept = check_sentence(
            sentence, [Evidence("new", say)], language=language, gazetteer=terms, known_names=names, min_support=0.0
        )
        yield from (f"loses what the line says: {reason}" for reason in kept.reasons)
