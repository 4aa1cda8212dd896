"""What was promised, by whom, until when and how it will come."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from copilot.calls.note.due_at import closing_time, due_at, local_time
from copilot.calls.note.due_phrases import find_due
from copilot.calls.note.material import Material
from copilot.calls.note.model import FollowUp
from copilot.calls.sentences import Sentence, has_mask
from knowledge.phrases import plain_words
from knowledge.rules.pack_head import PackHead

MAX_FOLLOW_UPS = 4
MAX_FRAGMENT_WORDS = 7
MIN_PROMISE_WORDS = 6
NAMING_SENTENCES = 6  # of the agent; who they are, they say when they greet

# In the order in which a promise is read; "I'll text you the link to call" is a text.
_CHANNELS = (
    ("text", r"\b(?:text|texts|texting|sms|mensaje(?: de texto)?)\b"),
    ("email", r"\b(?:e-?mails?|e-?mailing|correo(?: electrónico)?)\b"),
    ("call", r"\b(?:call|calls|calling|phone you|ring you|callback|llam\w+|marco|marcamos|marcar\w*)\b"),
    ("mail", r"\b(?:mail|mails|letter|post|carta|correo postal)\b"),
)
_CHANNEL = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _CHANNELS]
_NAME = re.compile(
    r"\b(?:this is|my name(?:'s| is)|you(?:'re| are) speaking with|le (?:atiende|saluda)|mi nombre es|me llamo)\s+"
    r"(?P<name>[A-ZÁÉÍÓÚÑ][\w'’-]+(?: [A-ZÁÉÍÓÚÑ][\w'’-]+)?)"
)
_FUTURE = re.compile(r"(?:ill|i will|im|i am|well|we will|voy|vamos)\b")
# "You should hear a dial tone": how something is used, not what will be done.
_INSTRUCTION = re.compile(
    r"\b(?:option|button|menu|tone|press|dial|screen|prompt|click|tap|select|labell?ed|opción|botón|pantalla|marque|"
    r"oprima|presione)\b",
    re.IGNORECASE,
)
# "You'll have excellent coverage": how it will be; a promise only with a time, or when money is to come.
_OUTLOOK = re.compile(
    r"\byou(?:'ll| will| should|'re going to) (?:\w+ )?(?:have|see|hear|be able)\b|"
    r"\b(?:va a|usted va a) (?:ver|tener|poder)\b",
    re.IGNORECASE,
)
_MONEY_BACK = re.compile(
    r"\b(?:refund|credit|bill|statement|invoice|reembolso|crédito|abono|recibo|factura)\b", re.IGNORECASE
)
_FIRST_PERSON = re.compile(
    r"\b(?:i|i'?ll|we|we'?ll|i'?m|let me|me|"
    r"les? (?:llamo|envío|envio|mando|aviso|marco|voy)|voy a|vamos a)\b",
    re.IGNORECASE,
)
_AND_ANOTHER = re.compile(
    r",?\s+(?:and|y)\s+(?=(?:[\w'’-]+\s+){0,5}?(?:\w*'ll|will|is going to|are going to|le|les|va a)\s|"
    r"en\s+\w+\s+(?:días|horas))",
    re.IGNORECASE,
)
_OTHERS = (
    r"(?:(?:the|a|an|our|my|your|el|la|un|una|nuestr[oa]|mi)\s+)?(?:[\w-]+\s+){0,2}?"
    r"(?:technician|tech|field crew|crew|manager|supervisor|specialist|lead|department|team|back office|legal|carrier|"
    r"técnico|cuadrilla|supervisora?|gerente|departamento|equipo|operador)"
)
_ACTS = (
    r"(?:\s+(?:de|of|from|at)\s+[\w ]{1,24}?)?,?\s*"
    r"(?:'ll|will|is going to|are going to|should|can|va a|le va a|irá|llega\w*|llama\w*)\b"
)
_LEADING = re.compile(
    r"^(?:(?:and|so|but|then|that|the|a|an|our|my|your|y|el|la|un|una|mi|nuestr[oa])\s+)+", re.IGNORECASE
)


def follow_ups(material: Material, head: PackHead) -> tuple[FollowUp, ...]:
    """What agent and customer promised, in the order it was said; at most four, those with a time first to stay."""
    agent = agent_name(material) or "agent"
    promised: dict[str, FollowUp] = {}
    warnings = material.places_of("abuse_warning")  # "or I will have to end the call"
    for cue in material.cues("promise_made", "customer_promise"):
        sentence = material.sentence_of(cue)
        if sentence is None or has_mask(sentence) or sentence.place in warnings:
            continue
        is_customers = cue.cue_id == "customer_promise"
        if is_customers and sentence.speaker != "customer":
            continue  # nobody marked who speaks: an agent's promise would become the customer's
        said_as_future = not is_customers or bool(_FUTURE.match(cue.words))
        for part in _promises_in(sentence):
            owner = "customer" if is_customers else _owner(part.text, agent, head.house.carriers)
            found = _follow_up(material, head, part, owner, cue.words)
            if _is_promise(found, part, said_as_future=said_as_future):
                key = f"{owner} {found.due_at} {found.channel}" if found.due_at else found.promise.text
                promised.setdefault(key, found)
    return _most_telling(list(promised.values()))


def agent_name(material: Material) -> str | None:
    """The agent's name where they gave it, in a text that has capitals; None otherwise."""
    agent = [sentence for sentence in material.sentences if sentence.speaker == "agent"]
    for sentence in agent[:NAMING_SENTENCES]:
        said = _NAME.search(material.state.turns[sentence.turn_id].text)
        if said:
            return said["name"]
    return None


def channel_in(text: str) -> str | None:
    """How a promise is to be kept: call, email, text or mail, the first that is named; None when none is."""
    found = [(match.start(), name) for name, pattern in _CHANNEL if (match := pattern.search(text))]
    return min(found)[1] if found else None


def _promises_in(sentence: Sentence) -> list[Sentence]:
    """The parts of "I'll send it tomorrow, and Rita will call you Tuesday", where each has a time of its own."""
    parts = _AND_ANOTHER.split(sentence.text)
    if len(parts) == 1 or not all(find_due(part, 0) for part in parts):
        return [sentence]
    return [replace(sentence, text=part) for part in parts]


def _follow_up(material: Material, head: PackHead, sentence: Sentence, owner: str, words: str) -> FollowUp:
    phrase = find_due(_with_fragment(material, sentence), _place_of(words, sentence.text))
    said_at = _said_at(material, sentence, head)
    is_known = phrase is not None and said_at is not None
    when = due_at(phrase, said_at, closes=closing_time(head.house.hours)) if is_known else None  # type: ignore[arg-type]
    return FollowUp(
        material.retold(sentence, by_agent=owner != "customer"),
        owner=owner,
        due=phrase.said if phrase else None,
        due_at=when.at.isoformat() if when else None,
        due_precision=when.precision if when else None,
        channel=channel_in(sentence.text),
    )


def _is_promise(found: FollowUp, sentence: Sentence, *, said_as_future: bool) -> bool:
    """Not "I'll put it in" and the like, nor a present ("le pago con la tarjeta") without a time."""
    if _INSTRUCTION.search(sentence.text):
        return False
    if found.due is not None:
        return True
    if _OUTLOOK.search(sentence.text) and not _MONEY_BACK.search(sentence.text):
        return False
    return said_as_future and (found.channel is not None or sentence.word_count >= MIN_PROMISE_WORDS)


def _with_fragment(material: Material, sentence: Sentence) -> str:
    """The promise with a short sentence right behind it: "I'll send it. By Friday.", "El sábado. No, el lunes"."""
    after = material.sentences[sentence.place + 1 : sentence.place + 2]
    is_fragment = after and after[0].turn_id == sentence.turn_id and after[0].word_count <= MAX_FRAGMENT_WORDS
    return f"{sentence.text}. {after[0].text}" if is_fragment else sentence.text


def _place_of(words: str, text: str) -> int:
    """Where in a text the words of a cue begin, which are in the plain form that phrases see."""
    places = [(word.start(), plain_words(word[0]).strip()) for word in re.finditer(r"[\w'’]+", text)]
    plain = [word for _, word in places]
    wanted = words.split()
    found = (place for n, (place, _) in enumerate(places) if plain[n : n + len(wanted)] == wanted)
    return next(found, 0)


def _said_at(material: Material, sentence: Sentence, head: PackHead) -> datetime | None:
    return local_time(material.state.started_at, material.state.turns[sentence.turn_id].t_ms, head.timezone)


def _owner(text: str, agent: str, carriers: Sequence[str]) -> str:
    """Whoever is said to act: a carrier or a team by its name; the agent otherwise."""
    names = "|".join([*map(re.escape, carriers), _OTHERS])
    other = re.search(rf"\b(?P<who>{names}){_ACTS}", text, re.IGNORECASE)
    if other is None or _FIRST_PERSON.search(text, 0, other.start()):
        return agent
    return _LEADING.sub("", other["who"].strip())


def _most_telling(promised: list[FollowUp]) -> tuple[FollowUp, ...]:
    """At most four in their order; one without a time gives way first."""
    ranked = sorted(range(len(promised)), key=lambda place: (promised[place].due is None, place))
    return tuple(promised[place] for place in sorted(ranked[:MAX_FOLLOW_UPS]))
