"""What was done in a call: said by the agent as done or being done, or reported by a system; changes as from and to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from copilot.calls.note.material import Material, distinct
from copilot.calls.note.model import Action, Statement
from copilot.calls.sentences import Sentence, has_mask, without_opening
from copilot.spoken import written_form

MAX_ACTIONS = 5
MIN_ACTION_WORDS = 3
MAX_VALUE_WORDS = 6

# "I can open a dispute, so it's set aside": offered, not done.
_OFFERED = re.compile(
    r"(?:(?:ok|okay|and|so|well|now)[,\s]+)*(?:i|we)?\s*(?:can|could|will|would|'ll|need|let me|puedo|podemos)\b",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"\b(?:did not|didn'?t|have not|haven'?t|has not|hasn'?t|was not|wasn'?t|were not|weren'?t|is not|isn'?t|not been|"
    r"never been|nothing (?:has|was|were)|nada (?:se|ha)|no se (?:ha|han|le)|no (?:he|hemos|ha|han)|sin haber)\b",
    re.IGNORECASE,
)
# In a call in which nobody marked who speaks, what was done for "you" was done by the agent.
_TO_CUSTOMER = re.compile(r"\b(?:you|your|su|sus|le|usted)\b", re.IGNORECASE)
_EMPTY = re.compile(
    r"^(?:ok(?:ay)?[,. ]*)?(?:that|it|all|everything)(?:'s| is|s)? (?:all |now )?(?:done|set)\b.?$", re.IGNORECASE
)
# "Both lines were suspended on the 12th": what the call found, not what was done in it.
_EARLIER = re.compile(r"\b(?:was|were) \w+ed (?:on|in|since|last)\b", re.IGNORECASE)
# "I'm opening a ticket with them", "le estoy aplicando el crédito": done while it is said.
_DOING = re.compile(
    r"\b(?:i'?m|i am|we'?re|we are) (?:now |just |also )?"
    r"(?:opening|posting|applying|crediting|processing|linking|adding|removing|cancell?ing|stopping|issuing|submitting|filing|booking|scheduling|updating|"
    r"changing|switching|moving|lowering|resetting|unlocking|activating|refunding|waiving|forwarding|sending|escalating)\b|"
    r"\b(?:le|lo|la|se lo|se la|ya) (?:le )?estoy (?:\w+ando|\w+iendo)\b",
    re.IGNORECASE,
)
_CHANGED = (
    r"(?:moved|changed|switched|lowered|reduced|raised|upgraded|downgraded|updated|dropped|brought|went|increased|"
    r"transferred|converted|put|cut|moving|changing|switching|lowering|reducing|upgrading|downgrading|dropping|"
    r"cambi\w+|pas[éeóa]\w*|baj[éeóa]\w*|sub[íieóa]\w*|mov\w+|reduj\w+|reduc\w+|actualiz\w+|transfer\w+|modific\w+)"
)
_VALUE = r"[^,;:.?!]{1,60}?(?:\.(?=\w)[^,;:.?!]{1,40}?){0,3}"  # a dot in "$65.83" and "bill@example.com"
_END = (
    r"(?=\s*(?:[,;:?!]|\.(?!\w)|$)|"
    r"\s+(?:and|so|for|as of|starting|effective|from|on your|y|a partir|para|desde|en su)\b)"
)
_FROM_TO = re.compile(
    rf"\b{_CHANGED}\b[^.;?!]{{0,60}}?\s(?:from|del?)\s+(?P<from>{_VALUE})\s+"
    rf"(?:down to|up to|over to|to|al?)\s+(?P<to>{_VALUE}){_END}",
    re.IGNORECASE,
)
_TO_FROM = re.compile(
    rf"\b{_CHANGED}\b[^.;?!]{{0,60}}?\sto\s+(?P<to>{_VALUE})\s+from\s+(?P<from>{_VALUE}){_END}", re.IGNORECASE
)
_ARTICLE = re.compile(r"^(?:the|your|their|el|la|los|las|su|l)\s+", re.IGNORECASE)
_MONEY = re.compile(r"\$\s?(\d[\d,]*(?:\.\d\d)?)(?!\d)|(?<![\w.-])(\d[\d,]*\.\d\d)(?![\w-]|\.\d)")


def actions(material: Material) -> tuple[Action, ...]:
    """What was done, in the order it was said; a customer's words are never an action.

    Nothing offered, promised, negated or hidden behind a mask counts. A system's turn counts when it holds a figure.
    """
    promised = material.places_of("promise_made")
    done = [(sentence.place, _by_agent(material, sentence)) for sentence in _deeds(material, promised)]
    after = len(material.sentences)
    reported = [
        (after, _action(Statement(turn.text.strip(), (turn.turn_id,)), turn.text, system="system"))
        for turn in material.state.turns.values()
        if turn.speaker == "system" and any(char.isdigit() for char in turn.text)
    ]
    in_order = [action for _, action in sorted(done, key=lambda pair: pair[0])] + [action for _, action in reported]
    return tuple(_distinct(in_order))[:MAX_ACTIONS]


def change_in(text: str) -> tuple[str, str] | None:
    """What was changed from and to, as said with spoken numbers in digits; None when the words name no change.

    >>> change_in("I lowered it from eighty dollars to sixty five dollars a month.")
    ('$80', '$65 a month')
    """
    written = written_form(text)
    found = _FROM_TO.search(written) or _TO_FROM.search(written)
    if found is None:
        return None
    before, after = (_ARTICLE.sub("", found[name].strip()) for name in ("from", "to"))
    is_short = max(len(before.split()), len(after.split())) <= MAX_VALUE_WORDS
    return (before, after) if before and after and is_short else None


def amounts_in(text: str) -> tuple[str, ...]:
    """The sums of money in a text, as exact decimals: "$65" gives "65.00"."""
    found = (match[1] or match[2] for match in _MONEY.finditer(written_form(text)))
    plain = [amount.replace(",", "") for amount in found]
    return tuple(dict.fromkeys(amount if "." in amount else f"{amount}.00" for amount in plain))


def _deeds(material: Material, promised: set[int]) -> Iterable[Sentence]:
    said_done = map(material.sentence_of, material.cues("action_done"))
    doing = (s for s in material.sentences if s.speaker == "agent" and _DOING.search(s.text))
    chosen = {sentence.place: sentence for sentence in (*said_done, *doing) if sentence is not None}
    return (sentence for sentence in chosen.values() if sentence.place not in promised and _is_deed(sentence))


def _is_deed(sentence: Sentence) -> bool:
    if sentence.speaker == "customer" or sentence.is_question or has_mask(sentence):
        return False
    if sentence.speaker == "unknown" and not _TO_CUSTOMER.search(sentence.text):
        return False
    core = without_opening(sentence.text)
    if sentence.word_count < MIN_ACTION_WORDS or _EMPTY.match(core) or _EARLIER.search(core):
        return False
    return not _OFFERED.match(sentence.text) and not _NOT_DONE.search(sentence.text)


def _by_agent(material: Material, sentence: Sentence) -> Action:
    return _action(material.retold(sentence, by_agent=True), sentence.text, system=None)


def _action(statement: Statement, said: str, *, system: str | None) -> Action:
    before, after = change_in(said) or (None, None)
    named = [amount for amount in amounts_in(said) if amount not in amounts_in(f"{before} {after}")]
    amount = named[0] if len(named) == 1 else None
    return Action(statement.text, statement.turn_ids, statement.support, system, before, after, amount)


def _distinct(done: Sequence[Action]) -> list[Action]:
    """One of each text, the first; the turns of repeats are joined."""
    turns = {statement.text: statement.turn_ids for statement in distinct(done)}
    firsts = {action.text: action for action in reversed(done)}
    return [replace(firsts[text], turn_ids=turn_ids) for text, turn_ids in turns.items()]
