"""The vocabularies of the fields are data that is checked when it is read."""

from importlib import resources

import pytest

from copilot.calls.fields.lines import read_lines
from copilot.calls.fields.questions import asked_slots
from copilot.calls.fields.vocabulary import load_vocabulary, parse_vocabulary
from copilot.errors import ConfigError
from copilot.transcript import Turn

ENGLISH = resources.files("copilot.calls.fields").joinpath("slots.en.yaml").read_text(encoding="utf-8")


def asked(text: str) -> list[str]:
    line = read_lines([Turn("1", "agent", text)], "en")[0]
    return [slot.name for slot in asked_slots(line, load_vocabulary("en"))]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_vocabulary_is_valid_and_knows_its_language(language: str) -> None:
    vocabulary = load_vocabulary(language)
    assert vocabulary.language == language
    assert len(vocabulary.slots) == len(vocabulary.form), "a slot is named twice"


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_label_means_two_things(language: str) -> None:
    labels = [label for slot in load_vocabulary(language).form for label in slot.labels]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_spanish_fields_carry_the_same_names_as_english_ones() -> None:
    only_spanish = set(load_vocabulary("es").slots) - set(load_vocabulary("en").slots)
    assert only_spanish == {"national id"}


def test_a_misspelt_key_names_the_file_and_the_key() -> None:
    with pytest.raises(ConfigError, match=r"slots\.xx\.yaml.*lables"):
        parse_vocabulary(ENGLISH.replace("labels: [budget", "lables: [budget"), name="slots.xx.yaml")


def test_a_shape_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigError, match="colour"):
        parse_vocabulary(ENGLISH.replace("shape: money, labels: [budget", "shape: colour, labels: [budget"), name="x")


def test_a_slot_the_code_needs_may_not_be_missing() -> None:
    with pytest.raises(ConfigError, match="slots lack email"):
        parse_vocabulary(ENGLISH.replace("{name: email,", "{name: e-mail,"), name="x")


@pytest.mark.parametrize("text", ["", "- a\n- b", "words: {", "language: en"])
def test_a_file_that_is_no_vocabulary_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        parse_vocabulary(text, name="x")


@pytest.mark.parametrize(
    ("question", "slots"),
    [
        ("Right, and your PIN as well please.", ["pin"]),
        ("Account number and pin", ["account number", "pin"]),
        ("sure i can help you with that what is the company name", ["company name"]),
        ("May I have your name and your doctor's name please?", ["customer name", "doctor"]),
        ("okay and could i get your home address too", ["home address"]),
        ("what is the cancellation fee", ["cancellation fee"]),
        ("How many nights?", ["nights"]),
    ],
)
def test_a_question_asks_for_its_slots_in_their_order(question: str, slots: list[str]) -> None:
    assert asked(question) == slots


@pytest.mark.parametrize(
    "statement",
    [
        "a new checkbook has been sent to your home address is there anything else i can help you with",
        "Thank you and goodbye.",
        "Hello, how can I help?",
        "my name is robert",
        "Would you like to schedule a follow up with your doctor?",
    ],
)
def test_a_statement_asks_for_nothing(statement: str) -> None:
    assert asked(statement) == []
