"""A sentence a language model wrote is looked at more strictly than one made of a turn's own words.

The grounding check bounds figures, names, negations and how much of a sentence its evidence covers. A model errs in
more ways: it adds a clause to a sentence that is otherwise right, gives something away, cites what is not there, or
repeats an instruction it found in a document. Each of those takes the sentence out; the extractive text stands instead.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from copilot.guard.grounding import Evidence, Grounding, check_sentence, says_something
from copilot.spoken import find_numbers, written_form
from knowledge.words import fold

MAX_CHARACTERS = 400
# Chosen on tests/copilot/guard/test_wording.py: an added clause of other words stays below, a rewording above.
MIN_SUPPORT = 0.5
MIN_CLAUSE_SUPPORT = 0.6
MIN_CLAUSE_WORDS = 3

# What gives something away, or takes it back; one line for the words that say the same, in both languages.
_COMMITMENTS = tuple(
    re.compile(rf"\b(?:{stems})")
    for stems in (
        r"free\b|complimentary|gratis|gratuit|sin costo|no cost|no charge|without charge|at no\b",
        r"discount|descuento|rebaja|percent off|\boff\b|promo",
        r"credit|abono|bonific",
        r"refund|reembols|devol|money back|reimburs",
        r"waiv|exoner|condon|exent|perdon|forgiv",
        r"bonus|gift|regal|obsequi|voucher|vale\b|cupon|coupon|reward|premio|cashback",
        r"upgrad|mejora de plan",
        r"guarant|garanti|warrant",
        r"compensat|compens|indemni",
        r"unlimited|ilimitad|for life|lifetime|de por vida|forever|para siempre",
        r"cancel|dar de baja|\bbaja\b",
        r"promis|prome[ts]",
    )
)
# Marks a citation, an address, a mark-up, or our fences; none of them belongs in a sentence unless the evidence has it.
_SUSPECT = re.compile(
    r"\[[^\]]*\]?|https?:\S*|www\.\S+|\S+@\S+|<[^>]*>?|[{}`|<>]+|\b[a-z][\w-]{2,}/[\w/-]{3,}(?:#\S+)?|\w+#\w+|#\S+|[§†‡]\s*\S*",
    re.IGNORECASE,
)
# A name may hide at the head of a sentence, where everything is capitalised.
_HEADS = frozenset(
    "the a an this that these those they their he she it his her we our you your i my there here if when once after"
    " before until while since because as at in on for to by with from without no not yes any each every all some both"
    " only customer customers caller callers agent agents client account note says said asked asks wants wanted"
    " requested reported reports confirmed called told explained informed offered agreed"
    " el la los las un una este esta estos estas ese esa eso lo su sus ellos ellas usted no si hay cuando despues antes"
    " hasta mientras como en para por con sin desde cada todo todos toda todas solo cliente clientes agente asesor"
    " asesora cuenta dice dijo pide pidio quiere queria solicita solicito reporta reporto confirma confirmo llama llamo"
    " explico informo ofrecio acepto pregunto pregunta al del se le les".split()
)
_STEM_LETTERS = 4
_SHORT_WORDS = 4
_MANY_CAPITALS = 0.6
# What is said to a model, not by one; it comes from a document or a caller that tries to give it orders.
_ORDER = re.compile(
    r"\b(?:ignor\w*|disregard\w*|olvid\w*|forget|override)\b.{0,40}\b(?:rules?|instructions?|prompts?|reglas?|instruccion\w*)"
    r"|\bsystem prompt\b|\bas an? (?:ai|language model)\b|\bcomo (?:ia|modelo de lenguaje)\b|\byou are now\b"
)
_CLAUSE = re.compile(r"\s*[;–—()]\s*|\s*[,:]\s+|\s+(?:and|but|so|plus|also|y|e|pero|ademas|además|también|tambien)\s+")
_SENTENCES = re.compile(r"(?<=[.!?])(?=\s)|(?<=\n)")
_ZERO_CENTS = re.compile(r"\.0+$")
_WORD = re.compile(r"[^\W_]+")


def check_worded(
    sentence: str,
    evidence: Sequence[Evidence],
    *,
    language: str = "en",
    gazetteer: Iterable[str] = (),
    known_names: Iterable[str] = (),
    needs_record: bool = False,
) -> Grounding:
    """Whether a model's sentence may be shown as fact, beside the evidence it names.

    Args:
        sentence: one sentence, secrets masked.
        evidence: the turns or passages it names, all of them known.
        language: of the sentence, "en" or "es".
        gazetteer: names of plans, offers and products.
        known_names: names that need no evidence, such as that of the business.
        needs_record: the sentence goes out to a customer, so that what it says was done needs a record.

    Returns:
        supported when `check_sentence` supports the whole with MIN_SUPPORT and each clause of some length with
        MIN_CLAUSE_SUPPORT, when it gives nothing away that the evidence does not, has its figures in the order of the
        evidence (else two of them may have changed places), and holds no mark-up, address or citation that the
        evidence does not hold.
    """
    terms, names = tuple(gazetteer), tuple(known_names)
    evidence = [replace(piece, text=_without_orders(piece.text)) for piece in evidence]
    checked = check_sentence(
        sentence,
        evidence,
        language=language,
        gazetteer=terms,
        known_names=names,
        min_support=MIN_SUPPORT,
        needs_record=needs_record,
    )
    reasons = [*checked.reasons, *_form_faults(sentence, evidence, names), *_given_away(sentence, evidence)]
    reasons += _out_of_order(sentence, evidence, language) if not reasons else ()
    reasons += _loose_clauses(sentence, evidence, language, terms, names) if not reasons else ()
    return Grounding(not reasons, checked.support, tuple(reasons))


@lru_cache(maxsize=4_000)
def _without_orders(text: str) -> str:
    """A text without the sentences that give orders to a model: they bear nothing out."""
    if not _ORDER.search(fold(text)):
        return text
    return "".join(part for part in _SENTENCES.split(text) if not _ORDER.search(fold(part)))


def _form_faults(sentence: str, evidence: Sequence[Evidence], names: Sequence[str]) -> Iterator[str]:
    if not _WORD.search(sentence):
        yield "says nothing"
    if len(sentence) > MAX_CHARACTERS:
        yield f"is longer than {MAX_CHARACTERS} characters"
    if "\n" in sentence.strip():
        yield "is more than one line"
    words = _WORD.findall(sentence)
    if len(words) > _SHORT_WORDS and sum(word[0].isupper() for word in words) > _MANY_CAPITALS * len(words):
        yield "is written as a headline, so that its names cannot be told"
    if _ORDER.search(fold(sentence)):
        yield "repeats an order given to the model"
    known = " ".join([*(piece.text for piece in evidence), *names]).casefold()
    if words and words[0][0].isupper() and not _may_head(fold(words[0]), fold(known)):
        yield "begins with what may be a name, the evidence does not hold it"
    foreign = [mark for mark in _SUSPECT.findall(sentence) if mark.casefold().rstrip(".,") not in known]
    if foreign:
        yield "holds a citation, address or mark-up that the evidence does not"


def _may_head(word: str, known: str) -> bool:
    return word in _HEADS or any(there.startswith(word[:_STEM_LETTERS]) for there in _WORD.findall(known))


def _given_away(sentence: str, evidence: Sequence[Evidence]) -> Iterator[str]:
    said, known = fold(sentence), fold(" ".join(piece.text for piece in evidence))
    for commitment in _COMMITMENTS:
        found = commitment.search(said)
        if found and not commitment.search(known):
            yield f"says “{found[0].strip()}”, the evidence does not"


def _out_of_order(sentence: str, evidence: Sequence[Evidence], language: str) -> Iterator[str]:
    figures = _figures(sentence, language)
    known = iter(figure for piece in evidence for figure in _figures(piece.text, language))
    if len(figures) > 1 and not all(figure in known for figure in figures):  # each search begins where the last ended
        yield "has its figures in another order than the evidence"


@lru_cache(maxsize=4_000)
def _figures(text: str, language: str) -> tuple[str, ...]:
    """The figures of a text in their order, written one way whether spoken or typed."""
    written = written_form(text)
    found = [(number, written[number.start : number.end]) for number in find_numbers(written, language=language)]
    return tuple(_plain(typed) if typed[:1].isdigit() else number.digits for number, typed in found)


def _plain(typed: str) -> str:
    return _ZERO_CENTS.sub("", typed.replace(",", ""))


def _loose_clauses(
    sentence: str, evidence: Sequence[Evidence], language: str, gazetteer: Sequence[str], known_names: Sequence[str]
) -> Iterator[str]:
    """Clauses that the evidence hardly covers, hidden in a sentence whose rest it covers well."""
    clauses = [clause for clause in _CLAUSE.split(sentence) if len(_WORD.findall(clause)) >= MIN_CLAUSE_WORDS]
    if len(clauses) < 2:
        return
    for clause in (clause for clause in clauses if says_something(clause, language)):
        checked = check_sentence(
            clause, evidence, language=language, gazetteer=gazetteer, known_names=known_names, min_support=0.0
        )
        if checked.support < MIN_CLAUSE_SUPPORT:
            yield f"a clause shares too little with its evidence ({checked.support:.2f})"
