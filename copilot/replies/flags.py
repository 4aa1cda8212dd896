"""The red flags of an item: the same phrases that are listened for in calls, sentence by sentence."""

import re
from collections.abc import Iterator
from functools import lru_cache

from copilot.replies.model import Quote, RedFlag
from knowledge.pack import Pack
from knowledge.phrases import Phrases, compile_phrases, plain_words
from knowledge.rules.cues import Cue
from knowledge.rules.flags import FlagsFile

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def find_flags(text: str, language: str, pack: Pack) -> list[RedFlag]:
    """The flags that the text raises, each once, with the first sentence that raises it; in the order of the pack."""
    flags = pack.rule_file(FlagsFile)
    if flags is None:
        return []
    cues = {cue.id: cue for cue in pack.cues}
    found = []
    for flag in flags.flags:
        cue = cues.get(flag.flag_id)
        quote = next(_raising(text, language, cue), None) if cue is not None and cue.said_by != "agent" else None
        if quote is not None:
            found.append(RedFlag(flag.flag_id, quote))
    return found


def _raising(text: str, language: str, cue: Cue) -> Iterator[Quote]:
    phrases, unless = _compiled(cue.phrases.get(language, ())), _compiled(cue.unless.get(language, ()))
    if phrases.pattern is None:
        return
    for sentence in _SENTENCE.finditer(text):
        plain = plain_words(sentence.group())
        if phrases.found_in(plain) is not None and unless.found_in(plain) is None:
            lead = len(sentence.group()) - len(sentence.group().lstrip())
            words = sentence.group().strip()
            yield Quote(words, sentence.start() + lead, sentence.start() + lead + len(words))


@lru_cache(maxsize=512)
def _compiled(phrases: tuple[str, ...]) -> Phrases:
    return compile_phrases(phrases)
