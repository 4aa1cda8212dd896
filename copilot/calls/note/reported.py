"""What somebody said, retold for a note: "I lost my card" becomes "Lost their card"."""

import re

from copilot.calls.sentences import without_opening
from copilot.spoken import NUMBER_WORDS, written_form

MAX_WORDS = 26

_Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*pairs: tuple[str, str]) -> _Rules:
    return tuple((re.compile(pattern, re.IGNORECASE), replacement) for pattern, replacement in pairs)


_PAST = (
    "lost|got|went|bought|paid|saw|had|was|were|did|didn't|didnt|forgot|made|sent|told|said|took|came|found|never|"
    "could|couldn't|couldnt|would|thought|tried"
)
_VERBS_AFTER_YOU = (
    "are|were|have|had|will|would|can|could|should|may|might|must|do|did|don't|didn't|need|want|get|see|owe|pay|keep|"
    "still|also|just"
)
_WANTS_EN = _rules(
    (r"^(?:i|we)(?:'d| would)? (?:just )?(?:like|love) to\b", "wants to"),
    (r"^(?:i|we)(?:'d|d) (?:just )?(?:like|love) to\b", "wants to"),
    (r"^(?:i|we) (?:just |really )?(?:want|wanted|wanna)(?: to)?\b", "wants to"),
    (r"^(?:i|we)(?:'d| would) like\b", "wants"),
    (r"^(?:i|we) (?:just |really |also )?need(?:ed)?\b", "needs"),
    (r"^(?:i(?:'m| am|m)|we(?:'re| are|re)) (?:just )?calling\b", "calls"),
    (r"^(?:i was|i'm|im|i am) (?:just )?(?:wondering|curious)\b", "asks"),
    (r"^(?:can|could|would|will) you (?:please |just |also )?(?=\w)", "asks us to "),
    (r"^(?:can|could|may) (?:i|we) (?:please |just |also )?", "asks to "),
    (r"^(?:i|we) have\b|^(?:i've|we've|ive|weve)\b", "has"),
    (r"^(?=am i\b)", "asks: "),
    (r"^(?:i am|i'm|im|we are|we're)\b", "is"),
    (r"^(?:i|we) (?:do not|don't|dont)\b", "does not"),
    (r"^(?:i|we) (?:cannot|can't|cant)\b", "cannot"),
    (rf"^(?:i|we) (?:just |already |also |only |actually )?(?=\w+ed\b|(?:{_PAST})\b)", ""),
    (r"^(?:i|we) (get|keep|think|see|live|work|pay|use|own|travel|move|run|want)\b", r"\1s"),
    (r"^(?=(?:what|when|where|how|why|who|which)\b)", "asks: "),
    (r"^(?=(?:is|are|does|did|has|was) (?:i|you|we|it|they|he|she|there|this|that|the|my|your|our)\b)", "asks: "),
    (r"^(?=do (?:i|you|we|they|the|my|your|our)\b)", "asks: "),
)
_PERSONS_EN = _rules(
    (r"\b(?:i am|i'm|we are|we're)\b", "they are"),
    (r"\bi was\b", "they were"),
    (r"\bam i\b", "are they"),
    (r"\bwas i\b", "were they"),
    (r"\b(?:i've|we've|i have|we have)\b", "they have"),
    (r"\b(?:i'd|we'd)\b", "they would"),
    (r"\b(?:i'll|we'll)\b", "they will"),
    (r"\b(?:i|we)\b", "they"),
    (r"\b(?:my|our)\b", "their"),
    (r"\b(?:me|us)\b", "them"),
    (r"\b(?:mine|ours)\b", "theirs"),
    (r"\bmyself\b", "themselves"),
    (r"\byour\b", "our"),
)
_AGENT_EN = _rules(
    (r"^(?:i'm|i am|we're|we are) (?:very |so |really )?(?:sorry|afraid),?\s+(?:but |that )?", ""),
    (r"\b(?:i'm|i am|we're|we are) (?!going\b|gonna\b)(?:now |just |also )?(?=\w+ing\b)", ""),
    (r"^(?:i'm|i am|we're|we are) (?!going to\b|gonna\b)", "is "),
    (r"^(?:i|we)(?:'ve| have|ve)? (?:just |now |already |also |gone ahead and |went ahead and )*(?=\w)", ""),
    (r"^(?:i|we)(?:'ll| will|ll)\b|^(?:i'm|i am|im|we're|we are|were) (?:going to|gonna)\b", "will"),
    (r"\b(?:i'll|we'll|i will|we will)\b", "will"),
    (r"\b(?:you're|you are)\b", "they are"),
    (r"\byou(?:'ll| will)\b", "they will"),
    (r"\byou've\b", "they have"),
    (r"\byou'd\b", "they would"),
    (r"\b(would|will|can|could|should|may|do|did) you\b|^(are|were|have|had) you\b", r"\1\2 they"),
    (r"\byours\b", "theirs"),
    (r"\byour\b", "their"),
    (r"^you\b|(?<=[.,;] )you\b", "they"),
    (r"\b(if|when|that|what|how|once|before|after|because|so|and|or|but|as|where) you\b", r"\1 they"),
    (rf"\byou (?=(?:{_VERBS_AFTER_YOU})\b)", "they "),
    (r"\byou\b", "them"),
)
_CUSTOMER_ES = _rules(
    (r"^(?:yo )?(?:quiero|quisiera|quería|deseo|me gustaría)\b", "quiere"),
    (r"^(?:yo )?necesito\b", "necesita"),
    (r"^(?:yo )?(?:llamo|estoy llamando|le llamo)\b", "llama"),
    (r"^(?:yo )?tengo\b", "tiene"),
    (r"^(?:yo )?estoy\b", "está"),
    (r"^(?:yo )?no puedo\b", "no puede"),
    (r"^(?:yo )?puedo\b", "pregunta si puede"),
    (r"\bperdí\b", "perdió"),
    (r"\bpagué\b", "pagó"),
    (r"\bllamé\b", "llamó"),
    (r"\brecibí\b", "recibió"),
    (r"\bcompré\b", "compró"),
    (r"\bvoy\b", "va"),
    (r"\bvivo\b", "vive"),
    (r"^me (?=\w)", "le "),
    (r"^(?=¿)", "pregunta: "),
    (r"\bmis\b", "sus"),
    (r"\bmi\b", "su"),
    (r"\b(?:nuestro|nuestra)\b", "su"),
    (r"\bquiero\b", "quiere"),
    (r"\bnecesito\b", "necesita"),
    (r"\btengo\b", "tiene"),
    (r"\bpuedo\b", "puede"),
    (r"\bestoy\b", "está"),
    (r"\bconmigo\b", "con el cliente"),
)
_AGENT_ES = _rules(
    (r"^(?:ya )?(?:le |lo |la |se lo )?he\b", "ha"),
    (r"^(?:ya )?(?:le |lo |la )?hemos\b", "se ha"),
    (r"\ble voy a\b", "le va a"),
    (r"\bvoy a\b", "va a"),
    (r"\bvamos a\b", "va a"),
)


def retell_customer(text: str, language: str) -> str:
    """What the customer said in the third person, short, numbers in digits."""
    core = without_opening(text)
    if language == "es":
        return _finish(_apply(_CUSTOMER_ES, core))
    for pattern, replacement in _WANTS_EN:
        begins = pattern.match(core)
        if begins:
            return _finish(begins.expand(replacement) + _apply(_PERSONS_EN, core[begins.end() :]))
    return _finish(_apply(_PERSONS_EN, core))


def retell_agent(text: str, language: str) -> str:
    """What the agent said or did, without "I", the customer in the third person, short, numbers in digits."""
    core = without_opening(text)
    return _finish(_apply(_AGENT_ES if language == "es" else _AGENT_EN, core))


def shorten(text: str, max_words: int) -> str:
    """At most so many words; what is cut is shown by an ellipsis, and no number is cut in two."""
    words = text.split()
    if len(words) <= max_words:
        return text
    kept = max(max_words, 1)
    while kept > 1 and _is_number(words[kept - 1]) and _is_number(words[kept]):
        kept -= 1  # "forty-one twenty-five" is one number
    cut = " ".join(words[:kept]).rstrip(",;:") + " …"
    return cut + "»" if cut.count("«") > cut.count("»") else cut


def _is_number(word: str) -> bool:
    parts = word.lower().strip(".,;:$").replace("-", " ").split()
    return bool(parts) and all(part in NUMBER_WORDS or part[0].isdigit() for part in parts)


def _apply(rules: _Rules, text: str) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


def _finish(text: str) -> str:
    text = shorten(written_form(" ".join(text.split())), MAX_WORDS).strip(" ,:;?.")
    return text[:1].upper() + text[1:]
