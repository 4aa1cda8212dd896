"""What is asked for as proof, and what a hint rests on: nothing biographical, nothing that stands on the account."""

import re

from copilot.guard.verification.model import Standing, at_least
from copilot.guard.verification.rulebook import Rulebook, found, sentences_in
from knowledge.rules.verification import NoProof

_ASKING = re.compile(
    r"^ (?:and |so |okay |ok |then |now |y |entonces )*"
    r"(?:what|whats|can|could|may|would|will|do you have|please|give|tell|confirm|verify|provide|i need|ill need|"
    r"i will need|i just need|just need|(?:the |your )?last (?:four|4)|cual|"
    r"me (?:da|dice|puede|podria|regala|confirma)|puede|podria|digame|deme|necesito|confirmeme)\b"
)


def wrong_proof(text: str, standing: Standing, rulebook: Rulebook, language: str) -> NoProof | None:
    """What an agent asks for as proof though it proves nothing; None when there is no such thing.

    Something that is only ever asked as proof (a social security number) is wrong before verification whatever
    it is asked for; an address or an account number only where proof is what the sentence asks for.
    """
    is_verified = at_least(standing.level, "authenticated")
    for sentence in sentences_in(text):
        items = rulebook.no_proof_in(sentence, language)
        if not items or is_verified or found(rulebook.denies, sentence, language):
            continue
        for_proof = found(rulebook.asks_proof, sentence, language)
        wrong = [item for item in items if for_proof or (item.asked_alone and _ASKING.match(sentence))]
        if wrong and not rulebook.methods_in(sentence, language):
            return wrong[0]
    return None


def wrong_hint(text: str, rulebook: Rulebook, language: str) -> NoProof | None:
    """What a hint, a back-up question or a PIN is told to rest on though others know it; None when all is well."""
    for sentence in sentences_in(text):
        if not found(rulebook.hint_talk, sentence, language) or found(rulebook.denies, sentence, language):
            continue
        items = rulebook.no_proof_in(sentence, language)
        if items:
            return items[0]
    return None
