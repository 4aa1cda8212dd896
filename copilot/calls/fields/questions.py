"""What an agent asks for: the slots of a turn's questions, in the order they are asked."""

from copilot.calls.fields.lines import Line, Phrases
from copilot.calls.fields.vocabulary import Slot, Vocabulary

_FURTHEST_LABEL = 6  # words between "what is" and "account number" in speech, which has no full stops
_FURTHEST_LABEL_IN_SENTENCE = 40
_LONGEST_QUESTION = 60
_LONGEST_NOUN_PHRASE = 4
_LONGEST_LABEL_QUESTION = 6  # "and your pin as well?" asks; "would you like to see your doctor again?" does not
_MOST_EXTRA_WORDS = 1  # "and your pin as well please": all but one word known
_VERBS_OF_CHOICE = frozenset("would do did are is should will".split())
_NOUN_PHRASE_ENDS = frozenset(
    "for of you your would do did can could should will is are was were that this to on in at from please too again so "
    "and or i we it be have para de del que es son por favor usted en a y o su se le".split()
)


def asked_slots(line: Line, vocabulary: Vocabulary) -> list[Slot]:
    """The slots that an agent's turn asks for; empty for a statement.

    A slot is asked by one of its own phrases ("where do you live"), by a cue with its label ("could I get your full
    name"), by a sentence that is little more than its label ("account number and pin"), or, for things the vocabulary
    does not know, by the noun behind the cue ("what is the transfer fee"), whose last word tells the kind of value.
    """
    if vocabulary.not_asks.anywhere(line.words) and not vocabulary.labels.anywhere(line.words):
        return []
    asked: dict[str, Slot] = {}
    place = 0
    while place < len(line.words):
        for slot in _asked_at(line, place, vocabulary):
            asked.setdefault(slot.name, slot)
        place += 1
    for slot in _elliptical(line, vocabulary):
        asked.setdefault(slot.name, slot)
    return _without_generic(list(asked.values()))


def _asked_at(line: Line, place: int, vocabulary: Vocabulary) -> list[Slot]:
    words = line.words
    asks = vocabulary.asks.at(words, place)
    if asks:
        return [asks[1]]
    how_many = vocabulary.how_many.at(words, place)
    if how_many and place + how_many[0] < len(words):
        noun = words[place + how_many[0]].key
        return [Slot(name=f"number of {noun}", shape="number")]
    if vocabulary.not_asks.at(words, place):
        return []
    cue = vocabulary.ask_cues.at(words, place)
    is_which = False
    if cue is None:
        cue = vocabulary.which_cues.at(words, place)
        is_which = cue is not None
    if cue is None:
        return []
    start = place + cue[0]
    labelled = _labels_after(line, start, vocabulary)
    if labelled or start >= len(words) or words[start].before == ".":
        return labelled
    opened = _open_slot(line, start, vocabulary, cue[1], is_which=is_which)
    return [opened] if opened else []


def _labels_after(line: Line, start: int, vocabulary: Vocabulary) -> list[Slot]:
    words = line.words
    end = min(line.ends[start - 1], start + _LONGEST_QUESTION)
    reach = _FURTHEST_LABEL_IN_SENTENCE if line.has_case or line.is_question_at(start - 1) else _FURTHEST_LABEL
    slots: list[Slot] = []
    place = start
    while place < min(end, start + reach):
        if vocabulary.not_asks.at(words, place):
            break
        label = vocabulary.labels.at(words, place, end)
        if label:
            slots.append(label[1])
            place += label[0]
            start = place  # the reach counts from the last label
        else:
            place += 1
    return slots


def _open_slot(line: Line, start: int, vocabulary: Vocabulary, cue: str, *, is_which: bool) -> Slot | None:
    words = line.words
    while start < len(words) and words[start].key in vocabulary.determiners:
        start += 1
    end = start
    while end < len(words) and end - start < _LONGEST_NOUN_PHRASE and (end == start or not words[end].before):
        if words[end].key in _NOUN_PHRASE_ENDS or words[end].key in vocabulary.light_words:
            break
        end += 1
        if words[end - 1].key in vocabulary.heads and (end == len(words) or words[end].key not in vocabulary.heads):
            break
    if start == end:
        return None
    head = words[end - 1].key
    shape = vocabulary.heads.get(head)
    noun = line.said(start, end).lower()
    if is_which:
        if cue not in ("which", "what") and shape in (None, "choice"):
            return Slot(name=f"{noun} type", shape="choice", noun=head)
        is_chosen = cue == "which" and end < len(words) and words[end].key in _VERBS_OF_CHOICE
        return Slot(name=noun, shape=shape or "choice", noun=head) if shape or is_chosen else None
    if shape is None:
        return None
    return Slot(name=noun, shape=shape, noun=head)


def _elliptical(line: Line, vocabulary: Vocabulary) -> list[Slot]:
    """Slots of sentences that are all label: "account number and pin", or labelled and end with a question mark."""
    slots: list[Slot] = []
    start = 0
    while start < len(line.words):
        end = line.ends[start]
        slots += _labels_of_sentence(line, start, end, vocabulary)
        start = end
    return slots


def _labels_of_sentence(line: Line, start: int, end: int, vocabulary: Vocabulary) -> list[Slot]:
    words = line.words
    slots: list[Slot] = []
    extra = 0
    place = start
    while place < end:
        known = _known(line, place, end, vocabulary.labels)
        if known:
            slots.append(known[1])
            place += known[0]
            continue
        filler = vocabulary.fillers.at(words, place, end)
        extra += 0 if filler or words[place].key in vocabulary.determiners | vocabulary.backchannel else 1
        place += filler[0] if filler else 1
    is_question = line.is_question_at(start) and end - start <= _LONGEST_LABEL_QUESTION
    return slots if slots and (extra <= _MOST_EXTRA_WORDS or is_question) else []


def _known(line: Line, place: int, end: int, labels: Phrases[Slot]) -> tuple[int, Slot] | None:
    return labels.at(line.words, place, end)


def _without_generic(slots: list[Slot]) -> list[Slot]:
    """A generic slot goes when a more exact one of its kind was asked in the same breath."""
    exact = {slot.shape for slot in slots if not slot.generic}
    return [slot for slot in slots if not (slot.generic and slot.shape in exact and slot.shape != "name")]
