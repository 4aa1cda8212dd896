"""The words of asking and answering, one YAML file per language, checked once and made ready for look-up."""

from functools import cache, cached_property
from importlib import resources
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from copilot.calls.fields.lines import Phrases
from copilot.errors import ConfigError

Shape = Literal[
    "name", "proper", "titled", "code", "phone", "email", "username", "money", "date", "time", "number", "address",
    "place", "choice", "phrase", "text",
]  # fmt: skip


_NEEDED = ("email", "address", "time", "date", "amount", "request", "doctor")  # slots the code asks for by name


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
    asked_only: bool = False
    from_agent: bool = False
    after: tuple[str, ...] = ()


def _phrases(value: object) -> object:
    return Phrases({str(phrase): str(phrase) for phrase in value}) if isinstance(value, list) else value


def _single_words(value: object) -> object:
    return [word for phrase in value for word in str(phrase).split()] if isinstance(value, list) else value


_PhraseSet = Annotated[Phrases[str], BeforeValidator(_phrases)]
_WordSet = frozenset[str]


class Vocabulary(_Data):
    """One language's words, as tables; what each list is for stands in the YAML file."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    language: str
    fillers: _PhraseSet
    value_leads: tuple[str, ...]
    copulas: _PhraseSet
    determiners: _WordSet
    stop_words: _WordSet
    breakers: _PhraseSet
    non_answers: _PhraseSet
    ask_cues: _PhraseSet
    which_cues: _PhraseSet
    how_many: _PhraseSet
    not_asks: _PhraseSet
    repeat_asks: _PhraseSet
    greetings: _PhraseSet
    backchannel: Annotated[_WordSet, BeforeValidator(_single_words)]
    corrections: _PhraseSet
    yes: _PhraseSet
    no: _WordSet
    alternatives: _WordSet
    past_marks: _PhraseSet
    others: _WordSet
    joiners: _WordSet
    ands: _WordSet
    subjects: _WordSet
    weightless_words: _WordSet
    small_words: _WordSet
    date_modifiers: _WordSet
    date_joiners: _WordSet
    months: _WordSet
    weekdays: _WordSet
    relative_days: _PhraseSet
    noons: _WordSet
    clocks: _WordSet
    half_days: Annotated[Phrases[str], BeforeValidator(Phrases)]
    currencies: dict[str, str]
    cents: _WordSet
    street_words: _WordSet
    street_first: _WordSet
    place_words: dict[str, str]
    titles: dict[str, str] = Field(min_length=1)
    spoken_at: _WordSet
    spoken_dot: _WordSet
    heads: dict[str, Shape]
    openers: _PhraseSet
    asking: _WordSet
    request_verbs: _PhraseSet
    problems: _PhraseSet
    polite: _PhraseSet
    idle: _PhraseSet
    form: tuple[Slot, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_needed_slots(self) -> "Vocabulary":
        missing = [name for name in (*_NEEDED, *self.place_words.values()) if name not in self.slots]
        if missing:
            raise ValueError(f"slots lack {', '.join(missing)}; there are: {', '.join(self.slots)}")
        return self

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """The slots by name, in the file's order."""
        return {slot.name: slot for slot in self.form}

    @cached_property
    def leads(self) -> Phrases[str]:
        """What may stand in front of a value, fillers included."""
        return Phrases({**self.fillers.entries, **{lead: lead for lead in self.value_leads}})

    @cached_property
    def light_words(self) -> frozenset[str]:
        """Words that carry no content of a request."""
        return self.weightless_words | self.determiners | self.small_words | self.subjects

    @cached_property
    def labels(self) -> Phrases[Slot]:
        """Nouns that name a slot."""
        return Phrases({label: slot for slot in self.form for label in slot.labels})

    @cached_property
    def asks(self) -> Phrases[Slot]:
        """Phrases that ask for a slot without its noun."""
        return Phrases({phrase: slot for slot in self.form for phrase in slot.asks})

    @cached_property
    def announces(self) -> Phrases[Slot]:
        """Phrases right in front of a slot's value."""
        return Phrases({phrase: slot for slot in self.form for phrase in slot.announces})

    @cached_property
    def hints(self) -> Phrases[Slot]:
        """Phrases in front of what is a slot's value if nothing better is known."""
        return Phrases({phrase: slot for slot in self.form for phrase in slot.hints})

    @cached_property
    def counted(self) -> Phrases[Slot]:
        """Nouns behind a number that is a slot's value: "four people"."""
        return Phrases({noun: slot for slot in self.form for noun in slot.after})

    @cached_property
    def masked(self) -> dict[str, Slot]:
        """The slot of every mask."""
        return {mask: slot for slot in self.form for mask in slot.masks}

    @cached_property
    def place_slots(self) -> dict[str, Slot]:
        """The slot that a name in front of such a word fills."""
        return {word: self.slots[name] for word, name in self.place_words.items()}

    @cached_property
    def volunteered(self) -> tuple[Slot, ...]:
        """Choices that are taken wherever they are named."""
        return tuple(slot for slot in self.form if slot.volunteered)

    @cached_property
    def routes(self) -> tuple[Slot, ...]:
        """Places that "from" and "to" point at."""
        return tuple(slot for slot in self.form if slot.prepositions and slot.shape == "place")

    @cached_property
    def directed(self) -> tuple[Slot, ...]:
        """Choices that "from" and "to" point at."""
        return tuple(slot for slot in self.form if slot.prepositions and slot.values)

    @cached_property
    def title(self) -> str:
        """The title given to a name that was asked as a doctor's."""
        return next(iter(self.titles.values()))


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
    return parse_vocabulary(source.read_text(encoding="utf-8"), name=source.name)


def parse_vocabulary(text: str, *, name: str) -> Vocabulary:
    """The vocabulary that a file's text describes; `name` is the file's name, for the error."""
    try:
        # BaseLoader makes strings, lists and mappings only; SafeLoader would read the word "no" as false.
        content = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
        flat = {key: value for key, value in content.items() if key not in ("words", "request")}
        return Vocabulary.model_validate({**flat, **content["words"], **content["request"]})
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}, not {fault['input']!r}" for fault in error.errors()
        )
        raise ConfigError(f"{name} cannot be used: {faults}. Correct the file.") from error
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise ConfigError(f"{name} cannot be used: {error!r}; it needs words, request, heads and form.") from error
