"""The widget's script: small, whole, and the same program as its sources."""

import json
import re

import pytest

from copilot.widget import SOURCES, widget_script, widget_style, widget_words
from copilot.widget.bundle import LONG_NAMES, compact_script, compact_style

MOST_BYTES = 60_000
ALL = {file.stem: file.read_text("utf-8") for file in SOURCES.glob("*.js")}
FORBIDDEN = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser")


def test_the_script_keeps_its_limit() -> None:
    assert len(widget_script().encode()) <= MOST_BYTES


def test_no_source_makes_markup_of_text() -> None:
    assert [(name, word) for name, code in ALL.items() for word in FORBIDDEN if word in code] == []


def test_the_script_needs_no_other_script() -> None:
    assert not re.search(r"^(import|export)\b|\bimport\(", widget_script(), re.MULTILINE)


def test_both_languages_say_the_same_things() -> None:
    words = json.loads(widget_words())
    assert set(words["en"]) == set(words["es"])
    gaps = {
        key for key in words["en"] if re.findall(r"\{\d\}", words["en"][key]) != re.findall(r"\{\d\}", words["es"][key])
    }
    assert gaps == set()


def test_every_word_the_sources_ask_for_is_there() -> None:
    words = json.loads(widget_words())["en"]
    asked = {name for code in ALL.values() for name in re.findall(r"\bwords\.([a-zA-Z_]+)\b(?!\")", code)}
    assert asked - set(words) - {"js", "json"} == set()
    assert len(asked) > 50


def test_a_shortened_name_is_nobody_elses() -> None:
    words = json.loads(widget_words())["en"]
    code = "\n".join(ALL.values())
    in_data = set(re.findall(r"\bdataset\.(\w+)", code)) | set(words)
    assert in_data & set(LONG_NAMES) == set()
    assert [name for name in LONG_NAMES if not re.search(rf"\b{name}\b", code)] == []
    assert len(set(LONG_NAMES)) == len(LONG_NAMES)
    as_text = set(re.findall(r'"(\w+)"', code)) & set(LONG_NAMES)
    ids_and_classes = {"alerts", "cards", "chips", "drawers", "parts", "scroller", "statement"}
    assert as_text == {*ids_and_classes, "card", "reasons", "turns"}, (
        "Shortened names must not be keys that are looked up by text; these are ids, classes and values."
    )


@pytest.mark.parametrize(
    ("code", "compact"),
    [
        ("const a = 1; // why\nconst b = 2;\n", "const a=1;const b=2;"),
        ("return a\n  + b;", "return a\n+b;"),
        ("x = a - -b;", "x=a- -b;"),
        ('say("// not a comment", `a  b ${words.code}`);', 'say("// not a comment",`a  b ${$W.code}`);'),
        ('y = /[/"]{2} x/.test(z);', 'y=/[/"]{2} x/.test(z);'),
        ("const half = a / b / c;", "const half=a/b/c;"),
    ],
)
def test_space_and_comments_go_and_the_program_stays(code: str, compact: str) -> None:
    short = f"${LONG_NAMES.index('words'):x}"
    assert compact_script(code).strip() == compact.replace("$W", short)


def test_a_style_sheet_loses_space_alone() -> None:
    assert compact_style("/* x */ .a > b , c { color : red; margin: 0 1px; }\n") == ".a > b,c{color :red;margin:0 1px}"
    assert "var(--accent)" in widget_style()
