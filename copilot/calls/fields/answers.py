"""Values that have no form of their own, cut out of what somebody said: names, companies, places, choices."""

from copilot.calls.fields.lines import Line
from copilot.calls.fields.shapes import Found, capitalised, clauses, has_digit, is_mask
from copilot.calls.fields.vocabulary import Slot, Vocabulary

_MOST_NAME_WORDS = 4
_LONGEST_PHRASE = 12
_LONGEST_DOUBTFUL = 2  # "Poppy?" is an answer, "why do you ask?" is not
_MOST_PHRASE_WORDS = {"proper": 5, "place": 7, "choice": 4, "phrase": 8}


def skip_leads(line: Line, start: int, end: int, vocabulary: Vocabulary) -> int:
    """The place after "um", "it's", "my name is" and the like."""
    while start < end:
        lead = vocabulary.leads.at(line.words, start, end)
        if lead is None:
            break
        start += lead[0]
    return start


def is_non_answer(line: Line, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether the clause says that there is no answer ("I don't remember") or asks something back."""
    if vocabulary.non_answers.anywhere(line.words, start, end):
        return True
    return end - skip_leads(line, start, end, vocabulary) > _LONGEST_DOUBTFUL and line.is_question_at(end - 1)


def take_name(line: Line, start: int, end: int, vocabulary: Vocabulary) -> Found | None:
    """A person's name at the start of the words [start, end), after leads; None when other words stand there."""
    first = skip_leads(line, start, end, vocabulary)
    stop = first
    while stop < min(end, first + _MOST_NAME_WORDS + 1) and _is_part_of_name(line, stop, first, vocabulary):
        stop += 1
    if not 0 < stop - first <= _MOST_NAME_WORDS:
        return None
    if first > start and line.words[start].key in ("the", "a", "an"):
        return None  # "this is the third damn time"
    if first > start and line.has_case and (
        line.said(first, first + 1).islower() and line.words[start].key in ("i'm", "i", "im")
    ):  # fmt: skip
        return None  # "I am so irritated"
    goes_on = stop < end and line.words[stop].before == ""
    if goes_on and first == start and line.words[stop].key in ("is", "was", "es", "era"):  # "pudding is the best"
        return None
    return Found(first, stop, " ".join(capitalised(line.said(at, at + 1)) for at in range(first, stop)))


def _is_part_of_name(line: Line, place: int, first: int, vocabulary: Vocabulary) -> bool:
    word = line.words[place]
    if place > first and word.before:
        return False
    if word.key in vocabulary.titles or (word.key in vocabulary.stop_words and not _is_particle(line, place, first)):
        return False
    return word.key.replace("'", "").isalpha()


def _is_particle(line: Line, place: int, first: int) -> bool:
    """The words "de" and "la" stand inside Spanish names, never in front."""
    is_inside = first < place < len(line.words) - 1
    return is_inside and line.words[place].key in ("de", "la", "del", "los", "van", "von") and (
        not line.has_case or line.said(place + 1, place + 2)[:1].isupper() or line.words[place + 1].key in ("la", "los")
    )  # fmt: skip


def take_phrase(line: Line, start: int, end: int, slot: Slot, vocabulary: Vocabulary) -> Found | None:
    """A few words at the start of [start, end), after leads: a company, a place, a choice."""
    first = skip_leads(line, start, end, vocabulary)
    if slot.shape == "place" and first < end and line.words[first].key in slot.prepositions:
        first = skip_leads(line, first + 1, end, vocabulary)
    end = min(end, first + _LONGEST_PHRASE)
    end = _before_other_route(line, first, end, slot, vocabulary)
    stop = first
    while (
        stop < end
        and (stop == first or _goes_on(line, stop, slot))
        and not vocabulary.breakers.at(line.words, stop, end)
    ):
        stop += 1
    while stop > first and (
        vocabulary.fillers.at(line.words, stop - 1, stop) or line.words[stop - 1].key in vocabulary.small_words
    ):
        stop -= 1
    if not 0 < stop - first <= _MOST_PHRASE_WORDS.get(slot.shape, 8):
        return None
    if slot.shape == "proper" and all(word.key in vocabulary.stop_words for word in line.words[first:stop]):
        return None
    is_name = slot.shape in ("proper", "place")
    return Found(first, stop, titled_if_lower(line, first, stop, vocabulary) if is_name else line.worded(first, stop))


def _before_other_route(line: Line, start: int, end: int, slot: Slot, vocabulary: Vocabulary) -> int:
    """The destination ends where the departure starts: "to the airport, from 5th and Main"."""
    others = {word for other in vocabulary.routes if other.name != slot.name for word in other.prepositions}
    if slot.shape == "place" and slot.prepositions:
        return next((place for place in range(start + 1, end) if line.words[place].key in others), end)
    return end


def take_route(line: Line, start: int, end: int, slot: Slot, vocabulary: Vocabulary) -> Found | None:
    """The place behind "from" or "to" in the words [start, end)."""
    for place in range(start, end - 1):
        if line.words[place].key in slot.prepositions:
            return take_phrase(line, place, end, slot, vocabulary)
    return None


def _goes_on(line: Line, place: int, slot: Slot) -> bool:
    return line.words[place].before != "." and (line.words[place].before == "" or slot.shape in ("place", "phrase"))


def capital_run(line: Line, start: int, end: int, vocabulary: Vocabulary) -> Found | None:
    """The first run of capitalised words inside a sentence: "i am in room 301 of the Hilton"."""
    if not line.has_case:
        return None
    for first, stop in clauses(line, start, end):
        for place in range(first + 1, stop):
            last = place
            while last < stop and line.said(last, last + 1)[:1].isupper() and (
                line.words[last].key not in vocabulary.stop_words and not has_digit(line.words[last])
            ):  # fmt: skip
                last += 1
            if last > place:
                return Found(place, last, line.said(place, last))
    return None


def take_choice(line: Line, start: int, end: int, slot: Slot, vocabulary: Vocabulary) -> Found | None:
    """What was chosen: a known value, the one after "from" or "to" if the slot says so, or what precedes its noun."""
    known = [
        place for place in range(start, end) if line.words[place].key in slot.values
    ] + [place for place in range(start, end - 1) if line.said(place, place + 2).lower() in slot.values]  # fmt: skip
    if slot.prepositions:
        directed = [place for place in known if _is_directed(line, place, start, slot, vocabulary)]
        if directed:
            return _choice(line, directed[-1], slot)
        if any(line.words[place].key in _other_prepositions(slot, vocabulary) for place in range(start, end)):
            return None
    if known:
        return _choice(line, known[0], slot)
    found = take_phrase(line, start, end, slot, vocabulary)
    if found is None:
        return None
    stop = found.end
    while stop > found.start and (
        line.words[stop - 1].key in (slot.noun, f"{slot.noun}s")
        or (line.words[stop - 1].spoken and stop - 1 > found.start)
    ):
        stop -= 1  # "the blue one"
    return Found(found.start, stop, line.worded(found.start, stop)) if stop > found.start else None


def _choice(line: Line, place: int, slot: Slot) -> Found:
    words = 1 if line.words[place].key in slot.values else 2
    return Found(place, place + words, line.said(place, place + words).lower())


def _is_directed(line: Line, place: int, start: int, slot: Slot, vocabulary: Vocabulary) -> bool:
    place -= 1
    while place >= start and line.words[place].key in vocabulary.determiners:
        place -= 1
    return place >= start and line.words[place].key in slot.prepositions


def _other_prepositions(slot: Slot, vocabulary: Vocabulary) -> set[str]:
    return {word for other in vocabulary.directed if other.name != slot.name for word in other.prepositions}


def take_directed(line: Line, slot: Slot, vocabulary: Vocabulary) -> Found | None:
    """A known value behind one of the slot's prepositions, anywhere in the line: "from my savings to checking"."""
    for place, word in enumerate(line.words):
        if word.key in slot.values and _is_directed(line, place, 0, slot, vocabulary):
            return _choice(line, place, slot)
    return None


def take_with_noun(line: Line, slot: Slot) -> Found | None:
    """A known value right in front of the slot's noun, anywhere in the line: "my debit card"."""
    for place in range(len(line.words) - 1):
        if line.words[place].key in slot.values and line.words[place + 1].key in (slot.noun, f"{slot.noun}s"):
            return _choice(line, place, slot)
    return None


def titled_if_lower(line: Line, start: int, end: int, vocabulary: Vocabulary) -> str:
    """The words as said; with capitals when the whole line came without (speech)."""
    if line.has_case or any(is_mask(word) for word in line.words[start:end]):
        return line.said(start, end)
    parts = [
        word.key if has_digit(word) or (place and word.key in vocabulary.small_words) else word.key.capitalize()
        for place, word in enumerate(line.words[start:end])
    ]
    return " ".join(parts)
