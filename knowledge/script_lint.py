"""What is worth a second look in scripts: steps, lines that cannot be heard, slips in labels and braces, variants."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from knowledge.document_lines import DocumentLines
from knowledge.documents import Document
from knowledge.pack import Pack
from knowledge.problem import Problem
from knowledge.scripts import VARIANT_OF, Script, must_say_blocks, must_say_lines, script_of
from knowledge.words import words

MIN_OWN_WORDS = 3
"""A line with fewer words besides its placeholders cannot be told from talk."""

# "> Must-say: …", or the label without a block quote.
_SLIP = re.compile(
    r"^(?:>[ \t]*\**(?:must-say|debe-decir)\b|(?:[-*][ \t]+)?\**(?:must say|debe decir)\**[ \t]*:).*$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADING = re.compile(r"^##[ \t]", re.MULTILINE)
_NUMBER = re.compile(r"^##[ \t]+(\d{1,3})[.)][ \t]", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{[^\W\d]\w*\}")
_MAX_SHOWN = 60


def script_problems(pack: Pack, lines: DocumentLines) -> Iterator[Problem]:
    """Warnings about the pack's scripts; an error for a variant of something that is no script."""
    scripts = {document.doc_id: script_of(document) for document in pack.documents if document.kind == "script"}
    for script in scripts.values():
        yield from _head(script, lines)
        yield from _steps(script.document, lines)
        yield from _must_says(script.document, lines)
        yield from _variant(script, scripts, lines)


def _warning(place: tuple[str, int], message: str) -> Problem:
    return Problem(*place, message, is_warning=True)


def _head(script: Script, lines: DocumentLines) -> Iterator[Problem]:
    document = script.document
    if not script.speaking_steps:
        message = 'a script without a line to be said word for word. Add > Must say: "..." or make it a policy'
        yield _warning(lines.of_key(document, "kind"), message)
    if not document.triggers:
        message = "a script without triggers never comes up by itself. Add triggers: and cue ids of rules/cues.yaml"
        yield _warning(lines.of_key(document, "kind"), message)


def _steps(document: Document, lines: DocumentLines) -> Iterator[Problem]:
    blocks = list(must_say_blocks(document.text))
    headings, numbered = len(_HEADING.findall(document.text)), list(_NUMBER.finditer(document.text))
    if len(blocks) > 1 and not headings:
        message = f"{len(blocks)} must-say lines and no steps. Put a heading such as ## 1. Take the request above each"
        yield _warning(lines.of_place(document, blocks[0][0]), message)
    for before, after in pairwise(numbered):
        if int(after[1]) <= int(before[1]):
            message = f"step {after[1]} stands behind step {before[1]}, so the steps are counted anew. Renumber them"
            yield _warning(lines.of_place(document, after.start()), message)
    if 0 < len(numbered) < headings:
        message = f"{headings - len(numbered)} of {headings} steps have no number, so all are counted anew. Number them"
        yield _warning(lines.of_place(document, numbered[0].start()), message)


def _must_says(document: Document, lines: DocumentLines) -> Iterator[Problem]:
    for slip in _SLIP.finditer(document.text):
        shown = slip.group().strip()[:_MAX_SHOWN]
        message = f'"{shown}" is not read as a must-say line. Write > Must say: "..." or > Debe decir: "..."'
        yield _warning(lines.of_place(document, slip.start()), message)
    for at, block in must_say_blocks(document.text):
        own = _PLACEHOLDER.sub(" ", " ".join(must_say_lines(block)))
        if "{" in own or "}" in own:
            message = "a brace that belongs to no placeholder. Write placeholders as {customer_name}"
            yield _warning(lines.of_place(document, at), message)
        elif len(words(own)) < MIN_OWN_WORDS:
            message = f"fewer than {MIN_OWN_WORDS} words besides placeholders, so it is never ticked off. Add words"
            yield _warning(lines.of_place(document, at), message)


def _variant(script: Script, scripts: Mapping[str, Script], lines: DocumentLines) -> Iterator[Problem]:
    named = script.variant_of
    if named is None:
        return
    place, base = lines.of_key(script.document, VARIANT_OF), scripts.get(named)
    if base is None or base is script:
        message = f"{VARIANT_OF} {named!r} is no other script. Write its path below documents/, without suffix"
        yield Problem(*place, message)
    elif base.variant_of is not None:
        yield Problem(*place, f"{VARIANT_OF} {named!r} is a variant itself. Name {base.variant_of!r}")
    elif base.language == script.language:
        message = f"same language as {named}, whose variant it is. Correct language or {VARIANT_OF}"
        yield _warning(place, message)
    elif _shape(base) != _shape(script):
        message = f"must-say lines in other steps than {named}, so a call that changes language loses its place. "
        yield _warning(place, message + "Bring both to the same steps")


def _shape(script: Script) -> list[tuple[int, int]]:
    return [(step.number, len(step.must_say)) for step in script.speaking_steps]
