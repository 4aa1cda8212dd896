"""Lint of scripts: what keeps the navigator from following one, on which line."""

from pathlib import Path

import pytest

from knowledge.lint import lint_pack
from knowledge.pack import Problem, load_pack
from tests.knowledge.small_pack import CUES, SmallPack

GOOD = '## 1. Take it\n> Must say: "I can help you with that."\n\n## 2. Close\n> Must say: "It ends on {day}."\n'


@pytest.fixture
def pack(tmp_path: Path) -> SmallPack:
    small = SmallPack.in_folder(tmp_path / "small")
    small.write("rules/cues.yaml", CUES)
    return small


def script(pack: SmallPack, body: str, doc_id: str = "cancel", **front_matter: str) -> list[Problem]:
    pack.document(doc_id, body, kind="script", triggers="[cancel_intent]", **front_matter)
    return lint_pack(load_pack(pack.folder))


def test_a_script_in_order_gives_nothing(pack: SmallPack) -> None:
    assert script(pack, GOOD) == []


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ('> Must say: "One of the lines."\n> Must say: "Another of them."', 8, "2 must-say lines and no steps"),
        (GOOD.replace("## 2.", "## 1."), 11, "step 1 stands behind step 1"),
        (GOOD.replace("## 2. Close", "## Close"), 8, "1 of 2 steps have no number"),
        (GOOD + '\n> Must-say: "This is not read."', 14, "is not read as a must-say line"),
        (GOOD + '\nMust say: "Nor is this one."', 14, "is not read as a must-say line"),
        (GOOD + '\n> Debe decir: "Termina el {día final}."', 14, "a brace that belongs to no placeholder"),
        (GOOD + '\n> Must say: "{name}, {reason}."', 14, "fewer than 3 words besides placeholders"),
        (GOOD + "\n> Must say:", 14, "fewer than 3 words besides placeholders"),
    ],
)
def test_what_breaks_a_script_is_named_with_its_line(pack: SmallPack, body: str, line: int, says: str) -> None:
    (problem,) = script(pack, body)
    assert problem.line == line
    assert says in problem.message
    assert problem.is_warning


def test_a_variant_follows_the_steps_of_its_base(pack: SmallPack) -> None:
    script(pack, GOOD)
    spanish = '## 1. Tome\n> Debe decir: "Con gusto le ayudo."\n\n'
    spanish += '## 2. Cierre\n> Debe decir: "El servicio termina el {day}."\n'
    assert script(pack, spanish, "cancel-es", language="es", variant_of="cancel") == []
    (problem,) = script(pack, spanish.replace("## 2.", "## 3."), "cancel-es", language="es", variant_of="cancel")
    assert (problem.line, problem.is_warning) == (7, True)
    assert "must-say lines in other steps than cancel" in problem.message


@pytest.mark.parametrize("named", ["nothing", "cancel-es"])
def test_a_variant_of_nothing_or_of_itself_is_an_error(pack: SmallPack, named: str) -> None:
    (problem,) = script(pack, '> Debe decir: "Con gusto le ayudo."', "cancel-es", language="es", variant_of=named)
    assert not problem.is_warning
    assert "no other script" in problem.message
