"""What a recogniser makes of a line read out, and what is near to the line and not it; all from seeds."""

import random
import re
from collections.abc import Iterator

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
FILLED = {
    "en": ["Tuesday the fourth", "Mrs. Adams", "forty-two dollars and ten cents", "B four four one", "the internet"],
    "es": ["el martes cuatro", "la señora Ruiz", "cuarenta y dos dólares", "C cuatro cuatro uno", "el internet"],
}
MISHEARD = {
    "en": "the a table green running house to for maybe door card that this it is of with system phone and".split(),
    "es": "la el mesa verde corriendo casa para de quizás puerta que esto es con sistema y muy".split(),
}


def read_out(line: str, language: str, rng: random.Random, word_error: float = 0.0) -> str:
    """The line with its placeholders filled, without case and punctuation; so many words lost, misheard or added."""
    spoken = PLACEHOLDER.sub(lambda _: rng.choice(FILLED[language]), line)
    words = [out for word in spoken.split() for out in _recognised(word, MISHEARD[language], rng, word_error)]
    return re.sub(r"[.,;:?¿!]", "", " ".join(words)).lower()


def _recognised(word: str, misheard: list[str], rng: random.Random, word_error: float) -> list[str]:
    if rng.random() >= word_error:
        return [word]
    kind = rng.random()
    return [] if kind < 0.45 else [rng.choice(misheard)] if kind < 0.9 else [word, rng.choice(misheard)]


def halves(line: str) -> Iterator[str]:
    """The line broken off after half and after two thirds, and begun behind as much."""
    words = PLACEHOLDER.sub("seven", line).split()
    for cut in (len(words) // 2, int(len(words) * 0.65)):
        yield " ".join(words[:cut])
        yield " ".join(words[len(words) - cut :])
