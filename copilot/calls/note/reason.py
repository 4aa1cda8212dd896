"""Why the customer called, from their own words."""

import re
from collections.abc import Collection, Iterable, Sequence

from copilot.calls.sentences import Sentence, has_mask, without_opening
from knowledge.phrases import plain_words

_REQUEST = re.compile(
    r"\b(?:i(?:'d| would)? (?:just |really )?(?:like|want|wanted|need)|wanna|can you|could you|can i|could i|"
    r"(?:send|get|give|show) me|calling (?:about|because|to|for|regarding|in)|trying to|looking (?:to|for|into)|"
    r"wondering|help (?:me|with)|(?:have|had|having) (?:a |an |some )?question|report|schedule|order|change|cancel\w*|"
    r"check on|quiero|quisiera|necesito|llamo (?:para|porque|por)|me gustaría|puede(?:n)?|podría|"
    r"tengo una (?:pregunta|duda)|ayud\w+)\b",
    re.IGNORECASE,
)
_PROBLEM = re.compile(
    r"\b(?:lost|stolen|missing|broken|wrong|issues?|problems?|trouble|experiencing|dead|freez\w+|forgot\w*|can'?t|"
    r"(?:is|are|was|been|it's|'s) (?:completely |all )?(?:off|out|gone)|stopped|passed away|"
    r"cannot|doesn'?t|won'?t|didn'?t|never|not working|error|charged|overcharged|declined|suspended|late|waiting|slow|"
    r"down|fraud|suspicious|unauthorized|dispute|stain|refund|return|"
    r"perdí|robaron|falla|error|problema|cobraron|cobrando|cobro|suspendi\w+|cortar|lent\w+|"
    r"no (?:funciona|tengo|puedo|sirve|carga|hice))\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^(?:what|when|where|how|why|who|which|do|does|did|is|are|was|were|cuál|qué|cuándo|cómo|dónde|cuánto|por qué)\b",
    re.IGNORECASE,
)
_GOODBYE = re.compile(
    r"\b(?:thank(?:s| you)|bye|goodbye|that(?:'s| is| was)? (?:all|it|be it|going to be it)|have a (?:good|great|nice)|"
    r"gracias|adiós|hasta luego|you too|welcome)\b",
    re.IGNORECASE,
)
# How agents talk, for calls in which nobody marked who speaks.
_AGENT_TALK = re.compile(
    r"\b(?:how (?:can|may) i (?:help|assist)|i(?:'m| am) (?:so )?sorry to hear|i understand|"
    r"i (?:apologize|appreciate)|"
    r"(?:can|could|would|may) (?:you|i) (?:please )?"
    r"(?:provide|confirm|describe|verify|locate|tell me|have|get|give me|like)|"
    r"thank you for (?:calling|contacting|choosing|providing)|let me (?:check|see|look|pull)|"
    r"would you like|your account|what seems to be|the (?:issue|problem)s? you(?:'re| are)|"
    r"please (?:provide|hold)|happy to (?:help|assist)|once you)\b",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"^is this \w+|^(?:it's|this is) \w+(?: \w+)?(?:,| from\b)|^(?:sorry (?:about|for)|hang on|hold on)\b|"
    r"\b(?:can you hear me|how are you|are you there|nice to (?:meet|talk)|me escucha|cómo está)\b",
    re.IGNORECASE,
)
# The greeting and the notice say nothing of what the call is about.
_OPENS = re.compile(
    r"\b(?:this is \w+$|my name is|(?:is|are|be|being) (?:recorded|monitored|transcribed)|recorded line|"
    r"se graba|le (?:atiende|habla|saluda))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
EARLY_SHARE = 0.5
OPENING_SHARE = 0.15
OPENING_BONUS = 0.75
MOST_NAME_WORDS = 6
BEST_LENGTH = range(4, 31)
MIN_SCORE = 1.5
SHARE_OF_BEST = 0.6


def reason_sentences(sentences: Sequence[Sentence], cue_words: Collection[str], limit: int = 2) -> list[Sentence]:
    """The sentences in which the customer says why they called, in the order spoken; at most `limit`.

    A request or a problem, said early and not as an answer to the agent's question, counts most. When the customer
    never puts it into words, what the agent set out to do stands in.

    Args:
        sentences: the whole call.
        cue_words: the words in which the pack heard an intent or a reason, as its phrases see them.
        limit: how many sentences at most.
    """
    scored = [
        (score_request(sentence, _before(sentences, place), cue_words), sentence)
        for place, sentence in enumerate(sentences)
        if sentence.speaker in ("customer", "unknown")
    ]
    best = max((score for score, _ in scored), default=0.0)
    least = max(MIN_SCORE, SHARE_OF_BEST * best)
    good = sorted((pair for pair in scored if pair[0] >= least), key=lambda pair: (-pair[0], pair[1].place))
    chosen = _apart(sentence for _, sentence in good)[:limit]
    if not chosen:
        chosen = [s for s in sentences if s.speaker == "agent" and _is_deed(s)][:1] or _longest(scored)
    return sorted(chosen, key=lambda sentence: sentence.place)


def score_request(sentence: Sentence, before: Sentence | None, cue_words: Collection[str]) -> float:
    """How much a customer's sentence reads as the reason for the call; 0 for greetings and goodbyes."""
    core = without_opening(sentence.text)
    words = len(_WORD.findall(core))
    if sentence.speaker == "unknown" and _AGENT_TALK.search(sentence.text):
        return 0.0
    if words < 2 or (_GOODBYE.search(core) and words < 9):
        return 0.0
    if has_mask(sentence) or _SOCIAL.search(core) or _is_names(core):
        return 0.0
    score = 2.0 * bool(_REQUEST.search(core)) + 1.5 * bool(_PROBLEM.search(core)) + 1.0 * bool(_ASKING.search(core))
    plain = plain_words(sentence.text)
    score += 2.0 * any(f" {heard} " in plain for heard in cue_words)
    score += OPENING_BONUS * (sentence.share < OPENING_SHARE and words > 3)
    if score == 0:
        return 0.0
    score += 0.5 * (words in BEST_LENGTH) + 1.5 * max(0.0, 1 - sentence.share / EARLY_SHARE)
    is_answer = before is not None and before.speaker == "agent" and before.is_question and sentence.share > 0.25
    return score - (1.0 if is_answer else 0.0)


def _is_names(text: str) -> bool:
    """Whether it is little but names: most words capital, in a text that has capitals."""
    words = [word for word in _WORD.findall(text) if word[0].isalpha()]
    return len(words) <= MOST_NAME_WORDS and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _before(sentences: Sequence[Sentence], place: int) -> Sentence | None:
    return sentences[place - 1] if place else None


def _apart(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Without sentences that only repeat the words of one chosen before."""
    chosen: list[Sentence] = []
    for sentence in sentences:
        words = set(_WORD.findall(sentence.text.lower()))
        if not any(len(words & set(_WORD.findall(other.text.lower()))) > 0.6 * len(words) for other in chosen):
            chosen.append(sentence)
    return chosen


def _is_deed(sentence: Sentence) -> bool:
    is_said = not sentence.is_question and sentence.word_count > 4
    return is_said and not _GOODBYE.search(sentence.text) and not _OPENS.search(sentence.text)


def _longest(scored: Sequence[tuple[float, Sentence]]) -> list[Sentence]:
    return [max((sentence for _, sentence in scored), key=lambda s: s.word_count)] if scored else []
