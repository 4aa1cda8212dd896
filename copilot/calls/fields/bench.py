"""How many of the values that agents logged stand in the extracted fields.

`python -m copilot.calls.fields.bench FOLDER [--missed]` prints a table. FOLDER holds a `transcripts.jsonl` of calls
with `labels.fields_logged_by_agent`. Only values that were really said count: their normalised form occurs in the call
written with digits, or, for free text, most of their content words do.
"""

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from copilot.calls.fields import Field, extract_fields
from copilot.calls.fields.lines import read_lines
from copilot.transcript import Turn

_FREE_TEXT_WORDS = 4  # a logged value of so many words is free text, unless it is an address with digits in front
_MOST_OF = 0.7
_EMPTY = frozenset({"", "null", "none", "n/a"})
_SMALL = frozenset(
    "a an the to of at in on for from and my i is was were be has have had it its with by user users".split()
)
_PIN = re.compile(r"(?<![\d$/.,-])\d{4}(?!\d|[/.,-]\d)")

Change = Callable[[Turn], Turn]


@dataclass
class Tally:
    """Counts over calls; `equal`, `held` and `alike` are of `said` and each includes the one before."""

    logged: int = 0
    said: int = 0
    equal: int = 0
    held: int = 0
    alike: int = 0
    fields: int = 0
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    by_name: Counter[tuple[str, str]] = field(default_factory=Counter)


def normalised(text: str) -> str:
    """Lower case, no accents, no punctuation, no cents that are zero, one space between words."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"(\d)[.,]00\b", r"\1", plain).replace("'", "")
    return " ".join(re.findall(r"\w+", plain))


def content_words(text: str) -> set[str]:
    """The words of a normalised text that carry it."""
    return set(text.split()) - _SMALL


def is_said(value: str, written_call: str) -> bool:
    """Whether a logged value really occurs in the call."""
    plain = normalised(value)
    if plain.replace(" ", "") in written_call.replace(" ", ""):
        return True
    words = content_words(plain)
    return len(words) >= 3 and len(words & set(written_call.split())) >= _MOST_OF * len(words)


def is_free_text(value: str) -> bool:
    """Whether a logged value was worded by the agent."""
    plain = normalised(value).split()
    return len(plain) >= _FREE_TEXT_WORDS and not re.search(r"\b\d{5}$", value.strip())


def how_found(value: str, fields: Sequence[Field]) -> str | None:
    """How a value stands in the fields: "equal", "held" (in a value not much longer), "alike" (free text) or None."""
    plain = normalised(value)
    values = [normalised(found.value) for found in fields]
    if any(plain.replace(" ", "") == other.replace(" ", "") for other in values):
        return "equal"
    if any(f" {plain} " in f" {other} " and len(other) <= 1.5 * len(plain) + 4 for other in values):
        return "held"
    words = content_words(plain)
    if is_free_text(value) and any(
        len(words & content_words(other)) >= _MOST_OF * len(words) and len(other.split()) <= 2.5 * len(plain.split())
        for other in values
    ):
        return "alike"
    return None


def measure(calls: Sequence[dict[str, Any]], *, text_key: str = "text", change: Change | None = None) -> Tally:
    """Extract from every call that has logged fields and compare."""
    tally = Tally()
    for call in calls:
        logged = call["labels"].get("fields_logged_by_agent") or {}
        if not logged:
            continue
        heard = [
            Turn(str(place), turn["speaker"], turn.get(text_key) or "") for place, turn in enumerate(call["turns"])
        ]
        if not any(turn.text for turn in heard):
            continue
        fields = extract_fields([change(turn) for turn in heard] if change else heard)
        written = normalised(" ".join(line.text for line in read_lines(heard, "en")))
        _count(tally, call["call_id"], logged, fields, written)
    return tally


def _count(tally: Tally, call_id: str, logged: dict[str, Any], fields: Sequence[Field], written: str) -> None:
    values = {name: str(value).strip() for name, value in logged.items()}
    values = {name: value for name, value in values.items() if value.lower() not in _EMPTY}
    tally.fields += len(fields)
    tally.logged += len(values)
    for name, value in values.items():
        if not is_said(value, written):
            continue
        tally.said += 1
        found = how_found(value, fields)
        tally.by_name[name, found or "missed"] += 1
        tally.equal += found == "equal"
        tally.held += found in ("equal", "held")
        tally.alike += found is not None
        if found is None:
            tally.missed.append((call_id, name, value))


def with_masked_pins(turn: Turn) -> Turn:
    """The turn with every free-standing group of four digits masked."""
    return replace(turn, text=_PIN.sub("[PIN]", turn.text))


def is_first_half(call: dict[str, Any]) -> bool:
    """A fixed random half of the calls."""
    return int(sha256(call["call_id"].encode()).hexdigest(), 16) % 2 == 0


def rows(calls: Sequence[dict[str, Any]]) -> Iterator[tuple[str, Tally]]:
    """One tally per way of reading the calls."""
    halves = [("first half", [call for call in calls if is_first_half(call)])]
    halves += [("second half", [call for call in calls if not is_first_half(call)])]
    for name, part in [("all", list(calls)), *halves]:
        yield name, measure(part)
        yield f"{name}, pins masked", measure(part, change=with_masked_pins)
    if any("asr_text" in turn for call in calls for turn in call["turns"]):
        yield "all, recogniser text", measure(calls, text_key="asr_text")


def read_calls(folder: Path) -> list[dict[str, Any]]:
    """The calls of a folder's `transcripts.jsonl`."""
    lines = (folder / "transcripts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def as_records(folder: Path) -> Iterator[dict[str, Any]]:
    """One JSON object per way of reading the calls: counts, and fields per logged value."""
    for name, tally in rows(read_calls(folder)):
        counts = {key: getattr(tally, key) for key in ("logged", "said", "equal", "held", "alike", "fields")}
        yield {"folder": str(folder), "reading": name, **counts}


def main(folder: str, *, show_missed: bool = False) -> str:
    """The table for a folder."""
    table = [f"{'':<26}{'logged':>7}{'said':>6}{'equal':>8}{'held':>8}{'alike':>8}{'fields/logged':>15}"]
    for name, tally in rows(read_calls(Path(folder))):
        shares = [f"{count / max(tally.said, 1):>8.3f}" for count in (tally.equal, tally.held, tally.alike)]
        ratio = f"{tally.fields / max(tally.logged, 1):>15.2f}"
        table.append(f"{name:<26}{tally.logged:>7}{tally.said:>6}{''.join(shares)}{ratio}")
        if show_missed:
            table += [f"    {missed}" for missed in tally.missed]
            table.append(f"    {sorted(tally.by_name.items())}")
    return "\n".join(table)


if __name__ == "__main__":
    print(main(sys.argv[1], show_missed="--missed" in sys.argv))  # noqa: T201 (the command's output)
