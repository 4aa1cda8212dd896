"""English into Spanish and back, for a person to read. What figures, names and masks show to be wrong is not given out.

Meaning cannot be checked here without a model: a person who knows both languages decides before a translation is sent.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel, Field

from copilot.errors import InvalidAnswer
from copilot.guard.grounding.values import read_values
from copilot.guard.redaction import RedactionPolicy
from copilot.models import TRANSLATION, Model
from copilot.spoken.language import Language, telling_words

PROMPT = "translation"
LONGEST = 8_000
_SHORTEST_SHARE, _LONGEST_SHARE, _SPARE_CHARACTERS = 0.5, 2.0, 40
_KEPT_WHOLE = re.compile(r"\[[A-Z][A-Z_]*\]|\{\w+\}|https?://\S+|\b[\w.+-]+@[\w-]+\.\w[\w.-]*")
_KINDS = frozenset({"money", "percent", "duration", "time", "date", "digits", "number"})


class TranslationForm(BaseModel):
    """The form the model answers in."""

    text: str = Field(min_length=1, max_length=2 * LONGEST)


@dataclass(frozen=True)
class Translated:
    """A text in the other language, and which model and prompt made it."""

    text: str
    provider: str
    prompt: str
    prompt_version: int


def translate(
    model: Model,
    text: str,
    *,
    to: Language,
    policy: RedactionPolicy,
    names: Iterable[str] = (),
) -> Translated:
    """The text in the other language.

    Args:
        model: asked once, within the limits of a translation.
        text: at most LONGEST characters; masked before it is sent.
        to: "en" or "es".
        policy: what the pack masks.
        names: of plans, offers and products, which stay as they are.

    Raises:
        ModelFailed: the model gave nothing usable.
        InvalidAnswer: a figure, a name or a mask was lost or made up, or it is in the wrong language.
    """
    prompt = model.prompt(PROMPT)
    reply = model.complete(
        prompt.fill({"text": text, "language": to}, policy=policy, form=TranslationForm), task=TRANSLATION
    )
    made = reply.output_as(TranslationForm).text.strip()
    fault = next(translation_faults(text, made, to=to, names=names), None)
    if fault is not None:
        raise InvalidAnswer(f"The translation {fault}. Read the original, or ask again.")
    return Translated(made, reply.model, reply.prompt_name, reply.prompt_version)


def translation_faults(text: str, made: str, *, to: Language, names: Iterable[str] = ()) -> Iterator[str]:
    """Why a translation may not be shown, in plain words; nothing when figures, names and masks are all there."""
    most = _LONGEST_SHARE * len(text) + _SPARE_CHARACTERS
    if not _SHORTEST_SHARE * len(text) - _SPARE_CHARACTERS <= len(made) <= most:
        yield "is much longer or shorter than the text"
    spanish, english = telling_words(made)
    if (spanish > english) if to == "en" else (english > spanish):
        yield "is in the wrong language"
    if Counter(_KEPT_WHOLE.findall(text)) != Counter(_KEPT_WHOLE.findall(made)):
        yield "changes a mask, a blank or an address"
    before, after = _figures(text, "es" if to == "en" else "en"), _figures(made, to)
    if before != after:
        yield "loses or makes up a figure"
    folded, told = text.casefold(), made.casefold()
    for name in names:
        if _holds(folded, name.casefold()) != _holds(told, name.casefold()):
            yield "loses or makes up the name of a plan or an offer"
            return


def _figures(text: str, language: str) -> set[tuple[str, str]]:
    """What is counted, paid and dated. Bare numbers count when they are typed: "one" and "una" are no figures."""
    return {
        (value.kind, value.key)
        for value in read_values(text, language)
        if value.kind in _KINDS and (value.kind != "number" or re.search(r"\d", text[value.start : value.end]))
    }


def _holds(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
