"""The words of asking and answering, one YAML file per language, checked once and made ready for look-up."""

from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from copilot.calls.fields.lines import Phrases
from copilot.errors import ConfigError

Shape = Literal[
    "name", "proper", "titled", "code", "phone", "email", "username", "money", "date", "time", "number", "address",
    "place", "choice", "phrase", "text",
]  # fmt: skip


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Slot(_Data):
    """A form field: how agents ask for it, how callers announce it, what kind of value it takes.

    `labels` are its nouns ("account number"); `asks` ask without the noun ("where do you live"); after `announces` the
    value follows at once; `hints` do the same but only fill an empty field. `generic` slots ("address") stand back when
    a more exact one was asked. `digits` are the fewest and most digits of a code. A choice has a `noun`, known `values`
    and `prepositions` that point at it ("from my savings account"); `volunteered` ones are taken whenever named.
    `after` are the nouns counted by a number. `from_agent` values are also taken when the agent gives them.
    A `calendar_only` date is never "tomorrow". `unlabelled` takes a long number that nobody named. The answer to a slot
    of `several` may hold two ("Wong and Buddy").
    `masks` are the marks that redaction leaves for it.
    """

    name: str
    shape: Shape
    generic: bool = False
    labels: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    announces: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    digits: tuple[int, int] = (2, 20)
    noun: str | None = None
    values: tuple[str, ...] = ()
    prepositions: tuple[str, ...] = ()
    volunteered: bool = False
    announce_needs_noun: bool = False
    calendar_only: bool = False
    unlabelled: bool = False
    several: bool = False
    masks: tuple[str, ...] = ()
    from_label_only: bool = False
    from_agent: bool = False
    after: tuple[str, ...] = ()


class _Words(_Data):
    fillers: tuple[str, ...]
    leads: tuple[str, ...]
    copulas: tuple[str, ...]
    determiners: tuple[str, ...]
    stop_words: tuple[str, ...]
    breakers: tuple[str, ...]
    non_answers: tuple[str, ...]
    ask_cues: tuple[str, ...]
    which_cues: tuple[str, ...]
    how_many: tuple[str, ...]
    not_asks: tuple[str, ...]
    repeat_asks: tuple[str, ...]
    greetings: tuple[str, ...]
    backchannel: tuple[str, ...]
    corrections: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    alternatives: tuple[str, ...]
    past_marks: tuple[str, ...]
    others: tuple[str, ...]
    joiners: tuple[str, ...]
    ands: tuple[str, ...]
    light_words: tuple[str, ...]
    small_words: tuple[str, ...]
    subjects: tuple[str, ...]
    date_modifiers: tuple[str, ...]
    date_joiners: tuple[str, ...]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    relative_days: tuple[str, ...]
    noons: tuple[str, ...]
    clocks: tuple[str, ...]
    half_days: dict[str, Literal["am", "pm"]]
    currencies: dict[str, str]
    cents: tuple[str, ...]
    street_words: tuple[str, ...]
    street_first: tuple[str, ...]
    unit_words: tuple[str, ...]
    place_words: dict[str, str]
    titles: dict[str, str]
    spoken_at: tuple[str, ...]
    spoken_dot: tuple[str, ...]


class _Request(_Data):
    openers: tuple[str, ...]
    verbs: tuple[str, ...]
    problems: tuple[str, ...]
    idle: tuple[str, ...]


class _File(_Data):
    language: str
    words: _Words
    heads: dict[str, Shape]
    request: _Request
    slots: tuple[Slot, ...] = Field(min_length=1)


def _set(phrases: tuple[str, ...]) -> Phrases[str]:
    return Phrases({phrase: phrase for phrase in phrases})


class Vocabulary:
    """One language's words, as tables."""

    def __init__(self, file: _File) -> None:
        words = file.words
        self.language = file.language
        self.slots = {slot.name: slot for slot in file.slots}
        self.heads = file.heads
        self.fillers = _set(words.fillers)
        self.leads = _set((*words.leads, *words.fillers))
        self.copulas = _set(words.copulas)
        self.determiners = frozenset(words.determiners)
        self.stop_words = frozenset(words.stop_words)
        self.breakers = _set(words.breakers)
        self.non_answers = _set(words.non_answers)
        self.ask_cues = _set(words.ask_cues)
        self.which_cues = _set(words.which_cues)
        self.how_many = _set(words.how_many)
        self.not_asks = _set(words.not_asks)
        self.repeat_asks = _set(words.repeat_asks)
        self.greetings = _set(words.greetings)
        self.backchannel = frozenset(word for phrase in words.backchannel for word in phrase.split())
        self.corrections = _set(words.corrections)
        self.yes = _set(words.yes)
        self.no = frozenset(words.no)
        self.alternatives = frozenset(words.alternatives)
        self.past_marks = _set(words.past_marks)
        self.others = frozenset(words.others)
        self.joiners = frozenset(words.joiners)
        self.ands = frozenset(words.ands)
        self.subjects = frozenset(words.subjects)
        self.light_words = frozenset({*words.light_words, *words.determiners, *words.small_words, *words.subjects})
        self.small_words = frozenset(words.small_words)
        self.date_modifiers = frozenset(words.date_modifiers)
        self.date_joiners = frozenset(words.date_joiners)
        self.months = frozenset(words.months)
        self.weekdays = frozenset(words.weekdays)
        self.relative_days = _set(words.relative_days)
        self.noons = frozenset(words.noons)
        self.clocks = frozenset(words.clocks)
        self.half_days = Phrases(words.half_days)
        self.currencies = words.currencies
        self.cents = frozenset(words.cents)
        self.street_words = frozenset(words.street_words)
        self.street_first = frozenset(words.street_first)
        self.unit_words = frozenset(words.unit_words)
        self.place_slots = {word: self.slots[name] for word, name in words.place_words.items()}
        self.titles = words.titles
        self.spoken_at = frozenset(words.spoken_at)
        self.spoken_dot = frozenset(words.spoken_dot)
        self.openers = _set(file.request.openers)
        self.request_verbs = _set(file.request.verbs)
        self.problems = _set(file.request.problems)
        self.idle = _set(file.request.idle)
        self.labels = Phrases({label: slot for slot in file.slots for label in slot.labels})
        self.asks = Phrases({phrase: slot for slot in file.slots for phrase in slot.asks})
        self.announces = Phrases({phrase: slot for slot in file.slots for phrase in slot.announces})
        self.hints = Phrases({phrase: slot for slot in file.slots for phrase in slot.hints})
        self.counted = Phrases({noun: slot for slot in file.slots for noun in slot.after})
        self.masked = {mask: slot for slot in file.slots for mask in slot.masks}
        self.volunteered = [slot for slot in file.slots if slot.volunteered]
        self.routes = [slot for slot in file.slots if slot.prepositions and slot.shape == "place"]
        self.directed = [slot for slot in file.slots if slot.prepositions and slot.values]


@cache
def load_vocabulary(language: str) -> Vocabulary:
    """The vocabulary of `language` ("es-MX" reads "es"); English for a language that has no file.

    Raises:
        ConfigError: the file has a field too many, too few or of a wrong kind.
    """
    folder = resources.files(__package__)
    source = folder / f"slots.{language.lower().split('-')[0].split('_')[0]}.yaml"
    if not source.is_file():
        source = folder / "slots.en.yaml"
    try:
        return Vocabulary(_File.model_validate(yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)))
    except (ValidationError, yaml.YAMLError) as error:
        raise ConfigError(f"{source} cannot be used: {error}. Correct the file.") from error
