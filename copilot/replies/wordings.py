"""The sentences of wording.yaml, filled in."""

from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("wording.yaml")
Variant = str | None
VARIANTS = ("shorter", "warmer")


@lru_cache(maxsize=1)
def _wordings() -> dict[str, dict[str, dict[str, str]]]:
    read: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return read


def say(section: str, name: str, language: str, *, variant: Variant = None, **values: str) -> str:
    """A sentence in a language, in the wording of a variant where there is one."""
    sentences = _wordings()[section]
    words = sentences.get(f"{name}_{variant}") or sentences[name]
    template = words["es" if language == "es" else "en"]
    for place, value in values.items():
        template = template.replace(f"{{{place}}}", value)
    return template
