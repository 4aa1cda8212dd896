"""Packs: what is read from a folder, what is said of a broken one, and what the demo pack promises."""

import json
from collections import Counter
from pathlib import Path

import pytest

from knowledge.errors import PackError
from knowledge.lint import lint_pack
from knowledge.pack import Pack, Problem, check_pack, house_cues, load_pack
from tests.knowledge.small_pack import CUES, HEAD, SmallPack


@pytest.fixture
def pack(tmp_path: Path) -> SmallPack:
    return SmallPack.in_folder(tmp_path / "small")


@pytest.fixture(scope="module")
def demo() -> Pack:
    return load_pack("demo")


def problems_of(pack: SmallPack) -> list[Problem]:
    return check_pack(pack.folder)[1]


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_a_pack_holds_its_documents_its_rules_and_its_customers(pack: SmallPack) -> None:
    pack.document("fees/late-fee", "Eight dollars.", kind="policy", title="Late fee")
    pack.write("rules/cues.yaml", CUES)
    pack.write("customers.jsonl", '{"customer_id": "C-1", "name": "Ada"}\n')
    loaded = load_pack(pack.folder)
    assert [(document.doc_id, document.title) for document in loaded.documents] == [("fees/late-fee", "Late fee")]
    assert loaded.name == "small"
    assert list(loaded.rules) == ["cues"]
    assert loaded.customers["C-1"]["name"] == "Ada"


def test_a_pack_needs_no_rules(pack: SmallPack) -> None:
    pack.document("one")
    (pack.folder / "rules").rmdir()
    assert problems_of(pack) == []


def test_a_cue_of_the_pack_replaces_the_house_cue_of_that_id_and_the_others_stay(pack: SmallPack) -> None:
    pack.write("rules/cues.yaml", CUES.replace("id: cancel_intent", "id: just_cancel"))
    cues = load_pack(pack.folder).cues
    assert [cue.label for cue in cues if cue.id == "just_cancel"] == [{"en": "wants to cancel"}]
    assert {cue.id for cue in cues} == {cue.id for cue in house_cues()}


@pytest.mark.parametrize("name", ["", "no/such/folder", "a" * 5000])
def test_a_folder_that_is_no_pack_is_answered_with_those_that_come_with_the_product(name: str, tmp_path: Path) -> None:
    loaded, problems = check_pack(tmp_path / name)
    assert loaded is None
    assert "no folder with a pack.toml. Give the path" in only(problems).message
    assert only(problems).message.endswith(": demo")


def test_loading_a_broken_pack_raises_every_error_and_no_warning(pack: SmallPack) -> None:
    pack.document("one", triggers="[nothing_like_it]")
    pack.write("rules/ofers.yaml", "as_of: 2026-01-01\n")
    pack.write("rules/readme.txt", "not a rule file, which is a warning\n")
    with pytest.raises(PackError) as raised:
        load_pack(pack.folder)
    assert len(raised.value.problems) == 2
    assert [line.partition(":")[0] for line in raised.value.problems] == ["documents/one.md", "rules/ofers.yaml"]


# ------------------------------------------------------------------ pack.toml


def test_toml_that_cannot_be_parsed_names_the_line(pack: SmallPack) -> None:
    pack.write("pack.toml", HEAD.replace('version = "1"', "version ="))
    assert str(only(problems_of(pack))).startswith("pack.toml:3: not valid TOML: Invalid value. Write")


def test_each_wrong_value_of_the_head_is_named_on_its_own_line(pack: SmallPack) -> None:
    wrong = HEAD.replace("America/Chicago", "Mars/Base").replace('brand = "Small"\n', "").replace("'SM-", "'SM-(")
    pack.write("pack.toml", wrong)
    lines = wrong.split("\n")
    found = {problem.line: problem.message for problem in problems_of(pack)}
    expected = ["[house]", 'timezone = "Mars/Base"', "pattern = 'SM-(\\d{4}'"]
    assert sorted(found) == sorted(lines.index(line) + 1 for line in expected)
    assert "Mars/Base" in found[lines.index('timezone = "Mars/Base"') + 1]
    assert "brand is missing" in found[lines.index("[house]") + 1]


def test_a_head_of_random_bytes_is_no_text_and_the_rest_is_still_checked(pack: SmallPack) -> None:
    pack.write("pack.toml", b"name = \xff\xfe")
    pack.document("one", effective_from="yesterday")
    assert [problem.file for problem in problems_of(pack)] == ["documents/one.md", "pack.toml"]


# ------------------------------------------------------------------ rules


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "the file is empty"),
        ("# only a comment\n", 1, "the file is empty"),
        ("- a\n- b\n", 1, "['a', 'b'] stands where a group of fields"),
        ("as_of: 2026-01-01\n\tsource: x\n", 2, "a tab. Indent with spaces"),
        ("as_of: 2026-01-01\nsource: a: b\n", 2, "mapping values are not allowed"),
        ("source: x\nas_of: 2026-13-45\n", 2, "month must be in 1..12. Write a date as 2026-01-31"),
        (b"as_of: \xff", 1, "not UTF-8 text"),
        ('a: "\0"\n', 1, "the character"),
        ("a: " + "[" * 3000, 1, "nested deeper than 50 levels"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "could not determine a constructor"),
    ],
)
def test_a_rule_file_that_is_no_yaml_names_the_line_and_the_remedy(
    pack: SmallPack, text: str | bytes, line: int, says: str
) -> None:
    pack.write("rules/cues.yaml", text)
    problem = only(problems_of(pack))
    assert (problem.file, problem.line) == ("rules/cues.yaml", line)
    assert says in problem.message


def test_a_wrong_rule_deep_inside_is_found_on_its_line(pack: SmallPack) -> None:
    text = CUES.replace(
        "phrases: {en: [cancel my service]}", "phrases:\n      en:\n        - cancel (it\n    colour: red"
    )
    pack.write("rules/cues.yaml", text)
    lines = text.split("\n")
    bracket, colour = sorted(problems_of(pack))
    assert bracket.line == lines.index("    phrases:") + 1
    assert "'cancel (it' opens a bracket and never closes it" in bracket.message
    assert (colour.line, "'colour' is not a field here" in colour.message) == (lines.index("    colour: red") + 1, True)


def test_an_id_that_stands_twice_is_found_at_its_second_place(pack: SmallPack) -> None:
    pack.write("rules/cues.yaml", CUES + CUES.partition("cues:\n")[2])
    problem = only(problems_of(pack))
    assert (problem.line, "stands twice" in problem.message) == (8, True)


def test_a_key_that_stands_twice_is_an_error_though_yaml_would_drop_the_first(pack: SmallPack) -> None:
    pack.write("rules/cues.yaml", CUES + "    kind: flag\n")
    problem = only(problems_of(pack))
    assert (problem.line, problem.message.startswith("'kind' stands twice")) == (8, True)


def test_a_file_of_unknown_name_is_an_error_and_what_is_no_yaml_a_warning(pack: SmallPack) -> None:
    pack.write("rules/ofers.yaml", "a: 1\n")
    pack.write("rules/notes.txt", "a note\n")
    pack.write("rules/.DS_Store", b"\0\0")
    notes, ofers = problems_of(pack)
    assert (notes.file, notes.is_warning, ofers.file, ofers.is_warning) == (
        "rules/notes.txt",
        True,
        "rules/ofers.yaml",
        False,
    )
    assert "offers.yaml" in ofers.message


def test_the_same_rules_under_two_suffixes_are_refused(pack: SmallPack) -> None:
    pack.write("rules/cues.yaml", CUES)
    pack.write("rules/cues.yml", CUES)
    assert str(only(problems_of(pack))).startswith("rules/cues.yml:1: cues.yaml is there, too")


def test_a_flag_without_a_cue_is_an_error_on_its_line(pack: SmallPack) -> None:
    words = "{en: x}"
    flag = f"severity: low, routes: [legal], alert: {words}, first_step: {words}, examples: {words}"
    flags = f"as_of: 2026-01-01\nsource: x\nflags:\n  - {{flag_id: ghost, title: {words}, {flag}}}\n"
    pack.write("rules/flags.yaml", flags)
    problem = only(problems_of(pack))
    assert (problem.file, problem.line) == ("rules/flags.yaml", 4)
    assert "'ghost' is not a cue of cues.yaml" in problem.message
    assert problem.message.endswith("Correct it here or declare it there.")


def test_cues_that_cannot_be_read_are_not_missed_elsewhere(pack: SmallPack) -> None:
    pack.write("rules/cues.yaml", "- broken\n")
    pack.document("one", triggers="[cancel_intent]")
    assert only(problems_of(pack)).file == "rules/cues.yaml"


# ------------------------------------------------------------------ documents


def test_every_broken_document_is_reported_in_one_run_with_its_line(pack: SmallPack) -> None:
    pack.document("good")
    pack.write("documents/date.md", "---\nkind: policy\neffective_from: 2026-02-30\n---\nx\n")
    pack.write("documents/open.md", "---\nkind: policy\nno end\n")
    pack.write("documents/colon.md", "---\nkind: : x\n---\nx\n")
    pack.write("documents/misspelt.md", "---\nkind: policy\nefective_from: 2026-01-01\n---\nx\n")
    pack.write("documents/audience.md", "---\nkind: policy\naudience: everyone\n---\nx\n")
    pack.write("documents/binary.md", b"\x89PNG\x00\xff")
    pack.write("documents/empty.md", "")
    pack.write("documents/lines.jsonl", '{"doc_id": "z", "text": "t"}\n{bad\n')
    pack.document("refers", supersedes="nothing-there", triggers="[nothing_like_it]")
    loaded, problems = check_pack(pack.folder)
    assert [(problem.file.removeprefix("documents/"), problem.line) for problem in problems] == [
        ("audience.md", 3),
        ("binary.md", 1),
        ("colon.md", 2),
        ("date.md", 3),
        ("empty.md", 1),
        ("lines.jsonl", 2),
        ("misspelt.md", 3),
        ("open.md", 1),
        ("refers.md", 5),
        ("refers.md", 6),
    ]
    assert loaded is not None
    assert {document.doc_id for document in loaded.documents} == {"good", "refers", "z"}


def test_a_document_cannot_supersede_itself(pack: SmallPack) -> None:
    pack.document("one", supersedes="one")
    assert only(problems_of(pack)).message.startswith("supersedes itself.")


def test_two_files_cannot_have_one_doc_id(pack: SmallPack) -> None:
    pack.document("one")
    pack.write("documents/one.txt", "The same id.\n")
    assert "'one' is taken by another document" in only(problems_of(pack)).message


def test_loops_of_links_and_links_to_nowhere_end_in_one_line_each(pack: SmallPack) -> None:
    folder = pack.folder / "documents"
    (folder / "sub").mkdir()
    (folder / "sub" / "up").symlink_to("..")
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "gone.md").symlink_to("nowhere.md")
    pack.document("sub/one")
    assert [problem.file for problem in problems_of(pack)] == ["documents/gone.md", "documents/loop.md"]


def test_hidden_files_and_folders_named_like_documents_are_left_out(pack: SmallPack) -> None:
    pack.write("documents/.git/x.md", b"\xff")
    pack.write("documents/.draft.md", b"\xff")
    (pack.folder / "documents" / "folder.md").mkdir()
    assert problems_of(pack) == []


def test_a_document_of_five_megabytes_is_read(pack: SmallPack) -> None:
    pack.document("long", "word " * 1_000_000)
    loaded = load_pack(pack.folder)
    assert len(loaded.documents[0].text) == 5_000_001
    assert "1000000 words below one heading" in only(lint_pack(loaded)).message


def test_a_pack_without_its_documents_folder_says_where_to_put_them(pack: SmallPack) -> None:
    (pack.folder / "documents").rmdir()
    assert "Put the scripts, policies and products there" in only(problems_of(pack)).message


def test_every_bad_line_of_the_customers_is_reported(pack: SmallPack) -> None:
    lines = [
        '{"customer_id": "C-1"}',
        "{oops",
        "[1]",
        '{"customer_id": 7}',
        "",
        '{"customer_id": "C-1"}',
        "[" * 100_000,
    ]
    pack.write("customers.jsonl", "\n".join(lines))
    assert [(problem.file, problem.line) for problem in problems_of(pack)] == [
        ("customers.jsonl", line) for line in (2, 3, 4, 6, 7)
    ]


# ------------------------------------------------------------------ the demo pack


def test_the_demo_pack_has_no_error_and_one_warning_which_is_on_purpose() -> None:
    loaded, problems = check_pack("demo")
    assert problems == []
    assert loaded is not None
    assert only(lint_pack(loaded)).file == "documents/policies/goodwill-credit-limits-2025.md"


def test_the_demo_pack_has_the_documents_it_promises(demo: Pack) -> None:
    kinds = Counter(document.kind for document in demo.documents)
    assert kinds["policy"] >= 30
    assert kinds["script"] >= 25
    assert kinds["product"] + kinds["troubleshooting"] >= 25
    assert len(demo.documents) >= 80
    assert sum(document.language == "es" for document in demo.documents) >= 15


def test_the_demo_pack_has_documents_that_must_not_come_up(demo: Pack) -> None:
    today = demo.head.as_of
    superseded = {document.supersedes for document in demo.documents if document.supersedes}
    assert any(document.effective_to and document.effective_to < today for document in demo.documents)
    assert superseded & {document.doc_id for document in demo.documents}
    assert any(document.audience == "internal" for document in demo.documents)
    assert {"US-CA", "US-MN"} <= {place for document in demo.documents for place in document.jurisdiction}


def test_the_demo_pack_has_forty_customers_and_every_caller_is_one(demo: Pack) -> None:
    calls = [json.loads(line) for line in (demo.directory / "calls.jsonl").read_text("utf-8").splitlines()]
    assert len(demo.customers) == 40
    assert {call["customer_id"] for call in calls} <= set(demo.customers)
    assert len(calls) >= 16
    assert sum(call["language"] == "es" for call in calls) >= 4
    assert all(turn["t_ms"] >= 0 for call in calls for turn in call["turns"])
