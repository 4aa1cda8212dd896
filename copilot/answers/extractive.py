"""Answers without a model: the sentences of the documents that answer, quoted and cited, or "not in the documents"."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from types import MappingProxyType
from typing import get_args

from knowledge.contradictions import claims_of, contradiction, same_subject
from knowledge.documents import Audience, Disclosure, Document
from knowledge.quotes import best_sentences, stems_of
from knowledge.retriever import ContextTurn, Filters, Hit, Retriever

# Right first hits mostly score above this, questions of another trade below it (measured on the demo pack).
MIN_SCORE = 0.35
# A second passage is quoted when it is about as good as the first.
SECOND_SHARE = 0.8
CANDIDATES = 10
# Words of weight a passage shares with the question: the local embedder knows English only, elsewhere words decide.
SHARED_WORDS = {"en": 1}
SHARED_WORDS_ELSEWHERE = 2
# And so much of the question's weight: "¿venden seguros para mascotas?" shares two words with "no se vende … seguro".
COVERAGE_ELSEWHERE = 0.6
_ASKING = "cuál cuáles qué cómo cuándo cuánto cuánta cuántos cuántas dónde quién"  # they ask, and name nothing
DISCLOSURES: tuple[Disclosure, ...] = get_args(Disclosure)
NOTHING_CLOSED: Mapping[Disclosure, str] = MappingProxyType({})
NOT_FOUND = {"en": "Not in the documents.", "es": "No está en los documentos."}


@dataclass(frozen=True)
class Source:
    """A passage that was quoted, and from when to when its document holds."""

    doc_id: str
    passage_id: str
    title: str
    heading: str
    quote: str
    effective_from: date | None
    effective_to: date | None


@dataclass(frozen=True)
class AnswerSentence:
    """A sentence of an answer and the ids of the passages it rests on; `support` in 0..1, 1 for a quote."""

    text: str
    citations: tuple[str, ...]
    support: float = 1.0


@dataclass(frozen=True)
class Answer:
    """What the documents say.

    `conflicts` tells where two of them that hold today state different figures; `withheld` says of passages that
    answer, too, how many may not be quoted here, and why. `provider` is "extractive" or the model that worded it, with
    the `prompt` it was given; `answer_id` names it where another version may follow.
    """

    question: str
    found: bool
    text: str
    sources: tuple[Source, ...] = ()
    conflicts: tuple[str, ...] = ()
    provider: str = "extractive"
    withheld: tuple[str, ...] = ()
    sentences: tuple[AnswerSentence, ...] = ()
    prompt: str | None = None
    prompt_version: int | None = None
    answer_id: str | None = None


@dataclass(frozen=True)
class Finding:
    """The extractive answer, and the passages it may be worded from: those that answer and are not overruled."""

    answer: Answer
    hits: tuple[Hit, ...] = ()
    language: str = "en"


def find_answer(
    retriever: Retriever,
    question: str,
    *,
    context: Sequence[ContextTurn] = (),
    audiences: tuple[Audience, ...],
    on: date | None = None,
    language: str = "en",
    jurisdictions: tuple[str, ...] = (),
    closed: Mapping[Disclosure, str] = NOTHING_CLOSED,
    of_customer: str | None = None,
) -> Finding:
    """Answer from the documents that hold on a day and may be read by these audiences.

    The caller's language is searched first, the others when it has no answer; then the question alone, which may be
    about something else than the turns before it.

    Args:
        retriever: over the documents of the business.
        question: as asked.
        context: turns before it, oldest first.
        audiences: who will read the answer.
        on: the day; today when None.
        language: of the question, as a two-letter code.
        jurisdictions: where the customer is.
        closed: classes of documents that may not be quoted, each with the reason.
        of_customer: whose records may be quoted besides the documents about no customer; None for anybody's.
    """

    def answering(before: Sequence[ContextTurn], filters: Filters) -> list[Hit]:
        hits = retriever.search(question, context=before, filters=filters, k=CANDIDATES)
        return [hit for hit in hits if hit.score >= MIN_SCORE and _shares_words(question, hit, language)]

    withheld: tuple[str, ...] = ()
    readings = [context, ()] if context else [()]
    for before, languages in product(readings, ((language,), ())):
        filters = Filters(on, audiences, languages, (), jurisdictions, of_customer=of_customer)
        good = answering(before, filters)
        shut = Counter(hit.document.disclosure for hit in good if hit.document.disclosure in closed)
        if shut:
            withheld = tuple(f"{count} withheld: {closed[each]}" for each, count in shut.items())
            good = answering(before, replace(filters, disclosures=tuple(d for d in DISCLOSURES if d not in closed)))
        if good:
            finding = _quote(question, good, language)
            return replace(finding, answer=replace(finding.answer, withheld=withheld))
    text = NOT_FOUND.get(language, NOT_FOUND["en"])
    return Finding(Answer(question, found=False, text=text, withheld=withheld), language=language)


def _quote(question: str, hits: Sequence[Hit], language: str) -> Finding:
    first = hits[0]
    near = [hit for hit in hits[1:] if hit.score >= SECOND_SHARE * first.score]
    conflicts = {hit.document.doc_id: _conflict(first.document, hit.document) for hit in near}
    rivals = [hit for hit in near if conflicts[hit.document.doc_id]]
    counts = {told.counts for told in conflicts.values() if told}
    at_odds = (hit for hit in hits if conflicts.get(hit.document.doc_id))  # also a worse passage, if it has the figure
    best = max([first, *at_odds], key=lambda hit: (_since(hit.document), _states(hit, counts)))
    others = [hit for hit in near if hit not in rivals]
    sources = tuple(source_of(question, hit) for hit in (best, *others[:1]))
    text = " ".join(f"{source.quote} [{place}]" for place, source in enumerate(sources, start=1))
    sentences = tuple(AnswerSentence(source.quote, (source.passage_id,)) for source in sources)
    found = tuple(told.text for told in conflicts.values() if told)
    answer = Answer(question, True, text, sources, found, sentences=sentences)
    overruled = {hit.passage.passage_id for hit in (first, *rivals) if hit is not best}
    usable = (hit for hit in (best, *hits) if hit.passage.passage_id not in overruled)
    return Finding(answer, tuple({hit.passage.passage_id: hit for hit in usable}.values()), language)


@dataclass(frozen=True)
class _Conflict:
    """Two documents at odds, told in a sentence; `counts` is the newer one's claim."""

    text: str
    counts: str


def _since(document: Document) -> date:
    return document.effective_from or date.min


def _states(hit: Hit, claims: Collection[str]) -> bool:
    """Whether the passage is the one that holds one of these claims."""
    text = " ".join(hit.passage.text.split())
    return any(claim in text for claim in claims)


def source_of(question: str, hit: Hit) -> Source:
    """The passage as a source: the sentences of it that are nearest to the question."""
    document, passage = hit.document, hit.passage
    quote = " ".join(best_sentences(passage, question, language=document.language[:2]))
    return Source(
        document.doc_id,
        passage.passage_id,
        document.title,
        passage.heading,
        quote,
        document.effective_from,
        document.effective_to,
    )


def _conflict(chosen: Document, rival: Document) -> _Conflict | None:
    if chosen.doc_id == rival.doc_id or _scope(chosen) != _scope(rival):
        return None
    if not any(same_subject((chosen, rival))):
        return None  # figures of another matter: "due in 21 days" and "paid within 45 days"
    older, newer = sorted((chosen, rival), key=_since)
    found = contradiction(claims_of(older), claims_of(newer))
    if found is None:
        return None
    since = newer.effective_from.isoformat() if newer.effective_from else "no date"
    text = (
        f"{older.doc_id} says “{found.older.text}”, {newer.doc_id} says “{found.newer.text}”: "
        f"the newer one counts (since {since})."
    )
    return _Conflict(text, found.newer.text)


def _scope(document: Document) -> tuple[object, ...]:
    """Documents of different places, kinds or languages may differ without contradicting each other."""
    return document.language, document.kind, document.jurisdiction


def _shares_words(question: str, hit: Hit, language: str) -> bool:
    wanted = stems_of(question, language) - stems_of(_ASKING, language)
    needed = min(len(wanted), SHARED_WORDS.get(language, SHARED_WORDS_ELSEWHERE))
    if language not in SHARED_WORDS and hit.coverage < COVERAGE_ELSEWHERE:
        return False
    return len(wanted & stems_of(hit.passage.index_text, hit.document.language[:2])) >= max(needed, 1)
