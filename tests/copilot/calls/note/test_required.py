"""What a note must have by the pack's own guideline."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from copilot.calls.desk import Desk
from copilot.calls.live import LiveCalls
from copilot.store import EventLog
from knowledge.pack import Pack, check_pack
from knowledge.rules.pack_head import NoteRules
from tests.copilot.conftest import call, said
from tests.knowledge.small_pack import HEAD, SmallPack

RULES: dict[str, Any] = {
    "required": ("caller", "reason", "verification", "disclosures", "follow_ups"),
    "required_for": {"RET_CANCEL": ("offers",)},
}


def pack_with(pack: Pack, **rules: Any) -> Pack:
    note = NoteRules.model_validate({**pack.head.note.model_dump(), **rules})
    return replace(pack, head=pack.head.model_copy(update={"note": note}))


@pytest.fixture
def strict(database: Engine, demo_pack: Pack) -> LiveCalls:
    return LiveCalls(EventLog(database), Desk(pack_with(demo_pack, **RULES), None))


def missing(note: Mapping[str, Any]) -> list[str]:
    return [part["part"] for part in note["missing"]]


def test_what_is_missing_is_there_before_hang_up_and_goes_as_it_is_said(strict: LiveCalls) -> None:
    strict.start(call())
    assert missing(strict.summary("call-1")) == ["caller", "reason", "verification", "disclosures"]
    strict.add_turns(
        "call-1",
        said(
            ("agent", "This call is recorded. Who am I speaking with?"),
            ("customer", "Denise Okafor. I want to cancel my internet."),
        ),
    )
    assert missing(strict.note("call-1")) == ["verification"]
    (part,) = strict.note("call-1")["missing"]
    assert "Verify the caller" in part["ask"]
    assert part["why"]
    assert part["ask"] not in strict.end("call-1")["text"]


def test_a_part_may_be_asked_for_under_one_reason_only(strict: LiveCalls) -> None:
    lines = (
        ("customer", "I want to cancel my internet service."),
        ("agent", "I can take 10 dollars off a month for six months."),
    )
    strict.start(call())
    strict.add_turns("call-1", said(*lines))  # type: ignore[arg-type]
    assert "offers" in missing(strict.note("call-1"))
    strict.add_turns("call-1", [*said(*lines, ("customer", "Okay, let's do that."))][2:])  # type: ignore[arg-type]
    assert "offers" not in missing(strict.note("call-1"))


def test_something_open_needs_a_date(strict: LiveCalls) -> None:
    strict.start(call())
    strict.add_turns("call-1", said(("customer", "My line is dead."), ("agent", "I will call you back about that.")))
    assert "follow_ups" in missing(strict.note("call-1"))
    strict.add_turns("call-1", said(("agent", ""), ("agent", ""), ("agent", "I will call you by Friday at noon."))[2:])
    assert "follow_ups" not in missing(strict.note("call-1"))


def test_the_agent_is_told_in_the_language_of_the_call(strict: LiveCalls) -> None:
    strict.start(call(language="es"))
    assert strict.note("call-1")["missing"][0]["ask"].startswith("Pregunte")


def test_a_pack_without_requirements_misses_nothing(database: Engine, demo_pack: Pack) -> None:
    live = LiveCalls(EventLog(database), Desk(pack_with(demo_pack, required=(), required_for={}), None))
    live.start(call())
    assert live.end("call-1")["missing"] == []


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('required = ["weather"]', "weather"),
        ('language = "fr"', "fr"),
        ('required_for = { RET_NOTHING = ["offers"] }', "RET_NOTHING"),
    ],
)
def test_a_part_a_language_or_a_code_that_is_not_there_is_named_with_its_line(
    tmp_path: Path, lines: str, says: str
) -> None:
    pack = SmallPack.in_folder(tmp_path / "small")
    pack.write("pack.toml", HEAD.replace("[note]\n", f"[note]\n{lines}\n"))
    dispositions = (Path(check_pack("demo")[0].directory) / "rules" / "dispositions.yaml").read_text("utf-8")  # type: ignore[union-attr]
    pack.write("rules/dispositions.yaml", dispositions)
    problems = [p for p in check_pack(pack.folder)[1] if p.file == "pack.toml"]
    assert [problem.line for problem in problems] == [HEAD[: HEAD.index("[note]")].count("\n") + 2]
    assert says in problems[0].message
