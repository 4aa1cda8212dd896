"""The topics of complaints, from topics.yaml: what a clause is about, and whom to ask."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from knowledge.phrases import Phrases, compile_phrases, plain_words

OTHER = "other"
_FILE = Path(__file__).with_name("topics.yaml")


@dataclass(frozen=True)
class Topic:
    """A topic; by language: `label` for letters, `subject` for public (it says nothing of an account), `ask` asks."""

    topic: str
    owner: str
    label: dict[str, str]
    subject: dict[str, str]
    ask: dict[str, str]
    phrases: dict[str, Phrases]


@lru_cache(maxsize=1)
def topics() -> tuple[Topic, ...]:
    """The topics in the order in which they are looked for; the last is for what fits none."""
    read = yaml.safe_load(_FILE.read_text("utf-8"))
    found = [
        Topic(
            each["topic"],
            each["owner"],
            each["label"],
            each["subject"],
            each["ask"],
            {language: compile_phrases(phrases) for language, phrases in each["phrases"].items()},
        )
        for each in read
    ]
    label = {"en": "the matter you raise", "es": "el asunto que plantea"}
    subject = {"en": "the matter raised", "es": "el asunto planteado"}
    ask = {"en": "What happened, when, and what shows it?", "es": "¿Qué ocurrió, cuándo, y qué lo demuestra?"}
    return (*found, Topic(OTHER, "escalation", label, subject, ask, {}))


@lru_cache(maxsize=1)
def topic_by_id() -> dict[str, Topic]:
    """The topics by their ids."""
    return {topic.topic: topic for topic in topics()}


def topic_of(text: str, language: str) -> str:
    """The topic of a clause; "other" where no phrase of the language is found."""
    plain = plain_words(text)
    for topic in topics():
        phrases = topic.phrases.get(language)
        if phrases is not None and phrases.found_in(plain) is not None:
            return topic.topic
    return OTHER
