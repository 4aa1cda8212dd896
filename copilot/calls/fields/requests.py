"""The request or problem in the caller's words, short enough for a form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.calls.fields.lines import Line
from copilot.calls.fields.shapes import clauses, has_digit
from copilot.calls.fields.vocabulary import Vocabulary

Claimed = Mapping[int, frozenset[int]]  # the words of a line that stand in other fields
_MOST_WORDS = 30
_FEWEST_WORDS = 2
_FEWEST_WORDS_OF_WISH = 3
_ORDER = 3.6
_WISH = 3.4
_PROBLEM = 3.0
_THING = 2.0  # "I would like a steak", where "I would like to pay" is only an errand
_LONGEST_SENTENCE = 200
_MOST_SENTENCES = 2
_WEAK = 0.01
_LEAST = 1.0  # "I want to report fraud" when nothing better is said
_LATENESS = 0.15  # of a score of about 3, for every turn of the caller that came before


def may_hold_request(age: int) -> bool:
    """Whether the caller's turn number `age`, from 0, can be the one that says best what they want."""
    return age * _LATENESS < _ORDER  # the highest score


@dataclass(frozen=True, slots=True)
class Told:
    """What a turn of the caller says that may be the request: cleaned sentences, each with how much it says."""

    turn_id: str
    sentences: tuple[tuple[float, str], ...]


def told_in(line: Line, claimed: Claimed, vocabulary: Vocabulary) -> Told:
    """What this turn says; much smaller than the line, of which a call may hold many."""
    return Told(line.turn_id, tuple(_told(line, 0, len(line.words), claimed, vocabulary)))


def stated_request(turns: Sequence[Told], known: frozenset[str], vocabulary: Vocabulary) -> tuple[str, str] | None:
    """The sentence that says best what the caller wants or what is wrong, cleaned, with its turn; None when none does.

    A neighbour that says as much joins it ("I need to cancel my card. Someone stole $300"). What is said late in a call
    is more often talk than a request. What says little more than the `known` words of other fields is not worth a line.
    """
    best: tuple[float, str, str] | None = None
    for age, turn in enumerate(turns):
        told = [
            (score, text) for score, text in turn.sentences if weight(text, known, vocabulary) >= _least_words(score)
        ]
        score = max((score for score, _ in told), default=0) - age * _LATENESS
        if told and score > 0 and (best is None or score > best[0]):
            text = _joined([text for _, text in told])
            best = score, text, turn.turn_id
    return best[1:] if best else None


def _joined(sentences: Sequence[str]) -> str:
    """The first sentences, as many as stay short."""
    text = sentences[0]
    for sentence in sentences[1:_MOST_SENTENCES]:
        if len(f"{text} {sentence}".split()) <= _MOST_WORDS:
            text = f"{text}. {sentence}"
    return text


def weight(text: str, known: frozenset[str], vocabulary: Vocabulary) -> int:
    """How many words of the text carry something that is not `known` from other fields."""
    return len({word.lower().strip(",.") for word in text.split()} - known - vocabulary.light_words)


def _least_words(score: float) -> int:
    """A wish like "cancel my plan" is an errand, which the note names anyway; "my phone is broken" is a problem."""
    return _FEWEST_WORDS_OF_WISH if score in (_WISH, _THING) else _FEWEST_WORDS


def answered_request(
    pieces: Sequence[tuple[Line, int, int]], claimed: Claimed, vocabulary: Vocabulary
) -> tuple[str, tuple[str, ...]] | None:
    """The answer to "what is your request", cleaned, with its turns; None for an answer that says nothing."""
    kept: list[tuple[float, str, str]] = []
    for line, start, end in pieces:
        told = _told(line, start, end, claimed, vocabulary, least=0)
        kept += [(score, text, line.turn_id) for score, text in told]
    telling = [entry for entry in kept if entry[0] > _WEAK] or [entry for entry in kept if entry[0] == 0]
    if not telling:
        return None
    telling = telling[:_MOST_SENTENCES]
    return _joined([text for _, text, _ in telling]), tuple(dict.fromkeys(turn for _, _, turn in telling))


def _told(
    line: Line, start: int, end: int, claimed: Claimed, vocabulary: Vocabulary, *, least: float = 0.1
) -> Iterator[tuple[float, str]]:
    """Sentences that say something, with how much: small talk between commas is left out of them."""
    for sentence in clauses(line, start, end):
        if sentence[1] - sentence[0] > _LONGEST_SENTENCE:
            continue
        first, stop = _without_idle_ends(line, *sentence, vocabulary)
        if first >= stop or vocabulary.non_answers.anywhere(line.words, first, stop):
            continue
        score = _score(line, first, stop, vocabulary)
        is_wish = vocabulary.openers.at(line.words, first, stop) is not None
        is_talk = line.is_question_at(first) or line.words[first].key in vocabulary.subjects
        if score == 0 and is_talk and not is_wish:
            score = _WEAK  # "do you like baseball?", "it's so frustrating": an answer only if there is no better
        text = clean(line, first, stop, claimed.get(line.index, frozenset()), vocabulary) if score >= least else ""
        if text:
            yield score, text


def _without_idle_ends(line: Line, start: int, end: int, vocabulary: Vocabulary) -> tuple[int, int]:
    """The sentence without idle parts in front of its first and behind its last comma: "Help, …, can you help me?"."""
    commas = [place for place in range(start + 1, end) if line.words[place].before == ","]
    while commas and _is_idle(line, start, commas[0], vocabulary):
        start = commas.pop(0)
    while commas and _is_idle(line, commas[-1], end, vocabulary):
        end = commas.pop()
    return start, end


def _is_idle(line: Line, start: int, end: int, vocabulary: Vocabulary) -> bool:
    idle = vocabulary.idle.first(line.words, start, end)
    opener = vocabulary.openers.first(line.words, start, end)
    is_inside_opener = idle and opener and opener[0] <= idle[0] and idle[1] < opener[1]
    return idle is not None and not is_inside_opener


def _score(line: Line, start: int, end: int, vocabulary: Vocabulary) -> float:
    """How much a sentence says of a request or problem: below 0 small talk, 0 nothing."""
    words = line.words
    if _is_idle(line, start, end, vocabulary):
        is_polite = vocabulary.polite.anywhere(words, start, end)
        return _LEAST if vocabulary.problems.anywhere(words, start, end) and not is_polite else -1
    score = 0.0
    is_question = line.is_question_at(end - 1) and (end == len(words) or words[end].before == ".")
    if vocabulary.problems.anywhere(words, start, end) and not is_question:
        score = _PROBLEM + (0.5 if any(has_digit(word) for word in words[start:end]) else 0)
    opener = vocabulary.openers.first(words, start, end)
    verb_at = opener[1] if opener else start
    while verb_at < end and words[verb_at].key in vocabulary.determiners:
        verb_at += 1
    is_order = opener is not None and vocabulary.request_verbs.at(words, opener[1] - 1, end) is not None
    is_thing = opener is not None and not opener[2].endswith(" to") and words[opener[0]].key not in vocabulary.asking
    if is_thing and verb_at < end:
        score = max(score, _THING)
    if opener and verb_at < end and (is_order or vocabulary.request_verbs.at(words, verb_at, end)):
        score = max(score, _ORDER if is_order else _WISH)
    return score if end - start <= _MOST_WORDS else score / 2


def clean(line: Line, start: int, end: int, claimed: frozenset[int], vocabulary: Vocabulary) -> str:
    """The words without greeting, opener ("I would like to"), fillers and what other fields hold already."""
    keep = [place not in claimed for place in range(start, end)]
    first = _after_opening(line, start, end, keep, vocabulary)
    last = end
    while last > first and (not keep[last - 1 - start] or _is_trailing(line, last - 1, vocabulary)):
        last -= 1
    parts: list[str] = []
    for place in range(first, last):
        if keep[place - start]:
            is_next = place > first and keep[place - 1 - start]
            gap = line.text[line.words[place - 1].end : line.words[place].start] if is_next else " "
            parts.append(gap + (line.words[place].spoken or line.said(place, place + 1)))
    return "".join(parts).strip(" ,")


def _after_opening(line: Line, start: int, end: int, keep: Sequence[bool], vocabulary: Vocabulary) -> int:
    opener = vocabulary.openers.first(line.words, start, end)
    if opener and opener[1] < end and not vocabulary.problems.anywhere(line.words, start, opener[0]):
        start = opener[1]
    while start < end:
        filler = vocabulary.fillers.at(line.words, start, end)
        filler = filler or ((1, "") if line.words[start].key in vocabulary.ands else None)
        if filler is None and keep[start - (end - len(keep))]:
            break
        start += filler[0] if filler else 1
    return start


def _is_trailing(line: Line, place: int, vocabulary: Vocabulary) -> bool:
    key = line.words[place].key
    return vocabulary.fillers.at(line.words, place, place + 1) is not None or key in vocabulary.small_words or key in (
        vocabulary.determiners
    )  # fmt: skip
