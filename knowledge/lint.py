"""What is worth a second look in a pack whose files are all valid: dates, doubles, contradictions, length, offers."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from knowledge.contradictions import Claim, Contradiction, claims_of, contradiction, same_subject
from knowledge.document_lines import DocumentLines, sections_of
from knowledge.documents import Document
from knowledge.filters import Filters, allowed_documents
from knowledge.likeness import alike
from knowledge.offer_lint import offer_problems
from knowledge.pack import Pack
from knowledge.passages import MAX_WORDS
from knowledge.problem import Problem
from knowledge.rules.offers import Offer, OffersFile
from knowledge.script_lint import script_problems
from knowledge.scripts import must_say_blocks

MAX_SPOKEN_WORDS = 60
"""About 25 seconds; longer lines are read without a breath, or not at all."""
NEARLY_THE_SAME = 0.6
MAX_QUOTE = 90
_OFFER = re.compile(r"\[\s*offer\s*:\s*([^\]\n]*?)\s*\]", re.IGNORECASE)


def lint_pack(pack: Pack) -> list[Problem]:
    """Everything in a pack's documents that somebody should look at, by file and line; errors only where it is wrong.

    Source of the limits: a passage is shown whole up to `MAX_WORDS` words; nobody says more than
    `MAX_SPOKEN_WORDS` words in one breath.
    """
    lines = DocumentLines(pack.directory)
    problems = [
        *_without_dates(pack, lines),
        *_ends_after_its_successor(pack, lines),
        *_pairs_at_odds(pack, lines),
        *_too_long(pack, lines),
        *script_problems(pack, lines),
        *_offers(pack, lines),
        *offer_problems(pack),
    ]
    return sorted(set(problems))


def _without_dates(pack: Pack, lines: DocumentLines) -> Iterator[Problem]:
    for document in pack.documents:
        if document.effective_from is None:
            message = "no effective_from, so it holds on every day of the past. Write effective_from: and the first day"
            yield Problem(*lines.of_key(document, "effective_from", "title"), message, is_warning=True)


def _ends_after_its_successor(pack: Pack, lines: DocumentLines) -> Iterator[Problem]:
    by_id = {document.doc_id: document for document in pack.documents}
    for later in pack.documents:
        older = by_id.get(later.supersedes or "")
        if older is None or later.effective_from is None or older is later:
            continue
        place = lines.of_key(older, "effective_to", "effective_from", "title")
        last = later.effective_from - timedelta(days=1)
        if older.effective_from and older.effective_from >= later.effective_from:
            message = f"begins {older.effective_from}, not before {later.doc_id}, which supersedes it. Correct one date"
            yield Problem(*lines.of_key(older, "effective_from"), message, is_warning=True)
        elif older.effective_to is None or older.effective_to > last:
            until = f"ends {older.effective_to}" if older.effective_to else "has no effective_to"
            message = (
                f"{until}, but {later.doc_id} supersedes it from {later.effective_from}. Write effective_to: {last}"
            )
            yield Problem(*place, message, is_warning=True)


def _pairs_at_odds(pack: Pack, lines: DocumentLines) -> Iterator[Problem]:
    """Documents that hold at the same time for the same people and differ, or hardly differ."""
    documents = sorted(pack.documents, key=lambda document: (document.effective_from or date.min, document.doc_id))
    likeness = {(i, j): shared for i, j, shared in alike([d.text for d in documents], at_least=NEARLY_THE_SAME)}
    claims: dict[str, list[Claim]] = {}
    reported: set[str] = set()  # once is enough, or fifty copies of one page would give 1,225 lines
    for i, j in sorted({*likeness, *same_subject(documents)}):
        older, newer = documents[i], documents[j]
        if newer.doc_id in reported or not _rival(older, newer):
            continue
        for document in (older, newer):
            if document.doc_id not in claims:
                claims[document.doc_id] = claims_of(document)
        message = ""
        if at_odds := contradiction(claims[older.doc_id], claims[newer.doc_id]):
            yield _they_differ(older, newer, at_odds, lines)
            reported.add(newer.doc_id)
        elif (i, j) in likeness:
            message = f"{likeness[i, j]:.0%} the same as {older.doc_id} and valid with it, so a search shows both. "
            message += "Merge them, or name the older one in supersedes"
        elif older.kind == newer.kind and _folded(older.title) == _folded(newer.title):
            message = f"same title as {older.doc_id}, valid at the same time. Say in the titles how they differ"
        if message:
            reported.add(newer.doc_id)
            yield Problem(*lines.of_key(newer, "title"), message, is_warning=True)


def _rival(one: Document, other: Document) -> bool:
    """Whether both may be found for the same question on the same day."""
    return (
        one.language == other.language
        and set(one.jurisdiction) == set(other.jurisdiction)
        and one.supersedes != other.doc_id
        and other.supersedes != one.doc_id
        and (one.effective_from or date.min) <= (other.effective_to or date.max)
        and (other.effective_from or date.min) <= (one.effective_to or date.max)
    )


def _they_differ(older: Document, newer: Document, at_odds: Contradiction, lines: DocumentLines) -> Problem:
    file, line = lines.of_place(older, at_odds.older.at)
    newer_file, newer_line = lines.of_place(newer, at_odds.newer.at)
    rule = "neither has the later effective_from. Correct one, or end one"
    if newer.effective_from and newer.effective_from != older.effective_from:
        last = newer.effective_from - timedelta(days=1)
        rule = f"the later effective_from ({newer.effective_from}) wins until one ends. "
        rule += f"Correct one, or end this one with effective_to: {last}"
    message = (
        f"says {_numbers(at_odds.older, at_odds.unit)} where {newer_file}:{newer_line} says "
        f"{_numbers(at_odds.newer, at_odds.unit)}, and both are valid; {rule}"
    )
    return Problem(file, line, message, is_warning=True)


def _numbers(claim: Claim, unit: str) -> str:
    listed = ", ".join(sorted(claim.figures[unit], key=float))
    sentence = " ".join(claim.text.split())
    shown = f"${listed}" if unit == "$" else f"{listed} {unit}"
    return f'{shown} ("{sentence if len(sentence) <= MAX_QUOTE else sentence[: MAX_QUOTE - 3] + "..."}")'


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def _too_long(pack: Pack, lines: DocumentLines) -> Iterator[Problem]:
    for document in pack.documents:
        for section in sections_of(document):
            count = len(section.text.split())
            if count > MAX_WORDS:
                message = f"{count} words below one heading; at most {MAX_WORDS} are shown whole. Divide it by headings"
                yield Problem(*lines.of_place(document, section.at), message, is_warning=True)
        for at, text in must_say_blocks(document.text):
            count = len(text.replace(">", " ").partition(":")[2].split())
            if count > MAX_SPOKEN_WORDS:
                message = (
                    f"{count} words to be said at once; at most {MAX_SPOKEN_WORDS} fit in one breath. "
                    "Shorten the line, or make two of it"
                )
                yield Problem(*lines.of_place(document, at), message, is_warning=True)


def _offers(pack: Pack, lines: DocumentLines) -> Iterator[Problem]:
    """Offers that a document names and nobody can get."""
    rules = pack.rules.get("offers")
    if rules is None and any((pack.directory / "rules").glob("offers.y*ml")):
        return  # it could not be read, which is reported already
    day = pack.head.as_of
    offers = {offer.offer_id: offer for offer in rules.offers} if isinstance(rules, OffersFile) else {}
    valid = allowed_documents(pack.documents, Filters(), day)
    for document, is_valid in zip(pack.documents, valid, strict=True):
        for named in _OFFER.finditer(document.text):
            offer_id = named.group(1)
            place = lines.of_place(document, named.start())
            if offer_id not in offers:
                known = ", ".join(sorted(offers)) or "none"
                yield Problem(*place, f"no offer is called {offer_id!r}; there are: {known}. Correct it or delete it")
            elif is_valid and (why := _not_offered(offers[offer_id], day)):
                yield Problem(*place, f"{offer_id} {why}. Name another offer, or give the document an effective_to")


def _not_offered(offer: Offer, day: date) -> str:
    """Why nobody gets the offer on that day; empty when it is to be had."""
    if offer.valid_for.end is not None and offer.valid_for.end < day:
        return f"ended on {offer.valid_for.end}, and this document is valid on {day}"
    if offer.valid_for.start > day:
        return f"begins on {offer.valid_for.start}, and this document is valid on {day} already"
    return "" if offer.lifecycle_status == "active" else f"is {offer.lifecycle_status}, not active"
