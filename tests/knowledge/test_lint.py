"""Lint: what it finds in documents, on which line, and what it leaves alone."""

import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.likeness import alike
from knowledge.lint import MAX_SPOKEN_WORDS, lint_pack
from knowledge.pack import Pack, Problem, load_pack
from knowledge.passages import MAX_WORDS
from tests.knowledge.small_pack import CUES, SmallPack

CREDITS = """\
# Goodwill credits

## Limit of an agent
An agent may give a goodwill credit of up to {limit} in one contact without approval.
"""


@pytest.fixture
def pack(tmp_path: Path) -> SmallPack:
    return SmallPack.in_folder(tmp_path / "small")


def found_in(pack: SmallPack) -> list[Problem]:
    return lint_pack(load_pack(pack.folder))


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def prose(words: int, seed: int) -> str:
    """Words in an order that no other seed gives."""
    some = random.Random(seed)
    return " ".join(some.choice(["line", "bill", "modem", "visit", "plan", "call", "lead"]) for _ in range(words))


def test_a_pack_in_order_gives_nothing(pack: SmallPack) -> None:
    pack.document("moving", "Moving costs forty dollars.")
    pack.document("deposits", "A deposit is given back after twelve payments.")
    assert found_in(pack) == []


def test_a_document_without_its_first_day_is_a_warning_at_its_title(pack: SmallPack) -> None:
    pack.document("moving", effective_from="")
    problem = only(found_in(pack))
    assert (problem.file, problem.line, problem.is_warning) == ("documents/moving.md", 3, True)
    assert problem.message.startswith("no effective_from")


def test_a_line_of_jsonl_without_its_first_day_is_named_by_its_line(pack: SmallPack) -> None:
    lines = ['{"doc_id": "a", "text": "one", "effective_from": "2026-01-01"}', '{"doc_id": "b", "text": "two"}']
    pack.write("documents/faq.jsonl", "\n".join(lines))
    problem = only(found_in(pack))
    assert (problem.file, problem.line) == ("documents/faq.jsonl", 2)


# ------------------------------------------------------------------ dates


def test_a_superseded_document_must_end_the_day_before_its_successor(pack: SmallPack) -> None:
    pack.document("old", "Ten dollars off.", effective_to="2026-04-01")
    pack.document("new", "Five dollars off.", effective_from="2026-04-01", supersedes="old")
    problem = only(found_in(pack))
    assert (problem.file, problem.line) == ("documents/old.md", 5)
    assert problem.message.endswith("new supersedes it from 2026-04-01. Write effective_to: 2026-03-31")


def test_a_superseded_document_that_ended_the_day_before_is_in_order(pack: SmallPack) -> None:
    pack.document("old", "Ten dollars off.", effective_to="2026-03-31")
    pack.document("new", "Five dollars off.", effective_from="2026-04-01", supersedes="old")
    assert found_in(pack) == []


def test_a_superseded_document_without_an_end_is_found_at_its_first_day(pack: SmallPack) -> None:
    pack.document("old", "Ten dollars off.")
    pack.document("new", "Five dollars off.", effective_from="2026-04-01", supersedes="old")
    problem = only(found_in(pack))
    assert (problem.line, "has no effective_to" in problem.message) == (4, True)


def test_a_document_cannot_begin_after_the_one_that_supersedes_it(pack: SmallPack) -> None:
    pack.document("old", "Ten dollars off.", effective_from="2026-05-01")
    pack.document("new", "Five dollars off.", effective_from="2026-04-01", supersedes="old")
    assert only(found_in(pack)).message.startswith("begins 2026-05-01, not before new")


# ------------------------------------------------------------------ contradictions


def test_two_policies_that_state_different_amounts_are_found_and_the_later_one_wins(pack: SmallPack) -> None:
    pack.document("credits-2025", CREDITS.format(limit="$20"), title="Goodwill credits", effective_from="2025-02-01")
    newer = "## Since May\nAgents may credit up to $25 in one contact, once in 90 days. The earlier limit was $20.\n"
    pack.document("credits-2026", newer, title="Goodwill credit limits", effective_from="2026-05-01")
    problem = only(found_in(pack))
    # Five lines of front matter and a blank one, then CREDITS, whose fourth line is the sentence.
    assert (problem.file, problem.line, problem.is_warning) == ("documents/credits-2025.md", 10, True)
    assert problem.message.startswith('says $20 ("An agent may give')
    assert "documents/credits-2026.md:8 says $25" in problem.message
    assert "the later effective_from (2026-05-01) wins until one ends" in problem.message
    assert problem.message.endswith("end this one with effective_to: 2026-04-30")


@pytest.mark.parametrize(
    "difference",
    [
        {"language": "es"},
        {"jurisdiction": "[US-CA]"},
        {"effective_to": "2026-04-30"},
    ],
)
def test_policies_never_valid_for_the_same_people_at_the_same_time_do_not_contradict(
    pack: SmallPack, difference: dict[str, str]
) -> None:
    body = CREDITS + prose(60, seed=1)
    pack.document("credits-a", body.format(limit="$20"), title="Goodwill credits", **difference)
    pack.document("credits-b", body.format(limit="$25"), title="Goodwill credit", effective_from="2026-05-01")
    assert found_in(pack) == []


def test_the_same_amount_is_no_contradiction(pack: SmallPack) -> None:
    pack.document("one", CREDITS.format(limit="$25.00"), title="Goodwill credits")
    pack.document(
        "two", "## Limit\nAgents give a goodwill credit of up to $25 in one contact.", title="Goodwill credit"
    )
    assert found_in(pack) == []


def test_documents_on_different_subjects_may_state_different_amounts(pack: SmallPack) -> None:
    pack.document("credits", "An agent may credit up to $20 in one contact.", title="Goodwill credits")
    pack.document("visits", "An agent may credit up to $85 in one contact.", title="Field visits")
    assert found_in(pack) == []


def test_years_are_no_figures(pack: SmallPack) -> None:
    pack.document("one", "The limit of 2025 rules applies to agents in each contact.", title="Goodwill credits")
    pack.document("two", "The limit of 2026 rules applies to agents in each contact.", title="Goodwill credit")
    assert found_in(pack) == []


# ------------------------------------------------------------------ doubles


def test_nearly_the_same_text_twice_is_found_at_the_title_of_the_second(pack: SmallPack) -> None:
    pack.document("moving", prose(100, seed=1), title="Moving")
    pack.document("new-home", prose(100, seed=1) + " Thank you.", title="A new home")
    problem = only(found_in(pack))
    assert (problem.file, problem.line) == ("documents/new-home.md", 3)
    # 96 runs of five words in the first, the two last words make two more: 96 of 98.
    assert problem.message.startswith("98% the same as moving")


def test_of_many_copies_each_is_reported_once(pack: SmallPack) -> None:
    for number in range(30):
        pack.document(f"copy-{number}", prose(50, seed=1), title=f"Page {'abcdefghijklmnopqrstuvwxyz01234'[number]}")
    assert len(found_in(pack)) == 29


def test_texts_that_share_half_of_their_sentences_are_not_the_same(pack: SmallPack) -> None:
    pack.document("one", f"{prose(60, seed=1)} {prose(60, seed=2)}")
    pack.document("other", f"{prose(60, seed=1)} {prose(60, seed=3)}")
    assert found_in(pack) == []


def test_one_title_for_two_policies_is_a_warning_and_for_a_policy_and_a_script_none(pack: SmallPack) -> None:
    pack.document("moving", "Costs forty dollars.", title="Moving")
    pack.document(
        "moving-script",
        '> Must say: "Where are you moving to?"',
        kind="script",
        title="Moving",
        triggers="[cancel_intent]",
    )
    pack.write("rules/cues.yaml", CUES)
    assert found_in(pack) == []
    pack.document("new-home", "Call the old house first.", title="Moving")
    assert "same title as moving" in only(found_in(pack)).message


def test_alike_finds_the_pairs_and_their_overlap() -> None:
    texts = ["a b c d e f", "x", "a b c d e g", "a b c d e f"]
    # "a b c d e" is one of the two runs of each; three runs together: 1 / 3.
    assert list(alike(texts, at_least=0.3)) == [(0, 2, pytest.approx(1 / 3)), (0, 3, 1.0), (2, 3, pytest.approx(1 / 3))]
    assert list(alike(["", "", "!"], at_least=0.1)) == []


def test_the_pace_is_twenty_seconds_for_five_thousand_documents(pack: SmallPack) -> None:
    pack.document("one")
    loaded = load_pack(pack.folder)
    one = loaded.documents[0]
    texts = [prose(150, seed) for seed in range(600)]
    documents = tuple(replace(one, doc_id=f"{n}", title=f"Page {n}", text=text) for n, text in enumerate(texts))
    started = time.perf_counter()
    assert lint_pack(replace(loaded, documents=documents)) == []
    # 600 of them, to be quick: comparing each with each would take a multiple of this share of the time.
    assert time.perf_counter() - started < 20 * 600 / 5_000


# ------------------------------------------------------------------ length


def test_a_section_longer_than_a_card_is_found_at_its_heading(pack: SmallPack) -> None:
    body = f"# Fees\n\nShort.\n\n## Long one\n{prose(MAX_WORDS + 1, seed=1)}\n\n## Fits\n{prose(MAX_WORDS, seed=2)}"
    pack.document("fees", body)
    problem = only(found_in(pack))
    assert problem.line == 11  # six lines of front matter and blank, then "# Fees", "", "Short.", "", "## Long one"
    assert problem.message.startswith(f"{MAX_WORDS + 1} words below one heading")


def test_a_heading_inside_a_code_block_is_no_heading(pack: SmallPack) -> None:
    pack.document("fees", f"```\n# not a heading\n```\n{prose(MAX_WORDS, seed=1)}")
    assert only(found_in(pack)).line == 7


@pytest.mark.parametrize(("mark", "language"), [("Must say", "en"), ("Debe decir", "es")])
def test_a_line_too_long_for_one_breath_is_found_where_it_begins(pack: SmallPack, mark: str, language: str) -> None:
    short, long = prose(MAX_SPOKEN_WORDS, seed=1), prose(MAX_SPOKEN_WORDS + 1, seed=2)
    pack.document("terms", f'> {mark}: "{short}"\n> {mark}: "{long[:40]}\n> {long[40:]}"', language=language)
    problem = only(found_in(pack))
    assert (problem.line, problem.message.split()[0]) == (9, str(MAX_SPOKEN_WORDS + 1))


def test_a_script_says_something_word_for_word_and_has_triggers(pack: SmallPack) -> None:
    pack.document("hello", "Say hello.", kind="script")
    spoken, triggers = sorted(found_in(pack), key=lambda problem: "triggers" in problem.message)
    assert "without a line to be said word for word" in spoken.message
    assert "never comes up by itself" in triggers.message
    assert {spoken.line, triggers.line} == {2}


# ------------------------------------------------------------------ offers


def test_an_offer_that_does_not_exist_is_an_error_on_its_line(pack: SmallPack) -> None:
    pack.offer("OF-REAL")
    pack.document("cancel", "Name [offer:OF-REAL] first.\n\nThen [offer:OF-GHOST].")
    problem = only(found_in(pack))
    assert (problem.file, problem.line, problem.is_warning) == ("documents/cancel.md", 9, False)
    assert problem.message == "no offer is called 'OF-GHOST'; there are: OF-REAL. Correct it or delete it"


def test_an_offer_that_has_ended_is_an_error_in_a_document_that_is_still_valid(pack: SmallPack) -> None:
    pack.offer("OF-SPRING", end="2026-05-31")
    pack.document("cancel", "Name [offer:OF-SPRING].")
    pack.document("spring", "In spring there was [offer:OF-SPRING].", effective_to="2026-05-31")
    problem = only(found_in(pack))
    assert (problem.file, problem.is_warning) == ("documents/cancel.md", False)
    assert problem.message.startswith("OF-SPRING ended on 2026-05-31, and this document is valid on 2026-11-20")


def test_an_offer_that_is_not_active_may_not_be_named(pack: SmallPack) -> None:
    pack.offer("OF-IDEA", status="in_design")
    pack.document("cancel", "Name [offer: OF-IDEA ].")
    assert only(found_in(pack)).message.startswith("OF-IDEA is in_design, not active")


def test_without_any_offers_a_named_one_does_not_exist(pack: SmallPack) -> None:
    pack.document("cancel", "Name [offer:OF-GHOST].")
    assert "there are: none" in only(found_in(pack)).message


# ------------------------------------------------------------------ the demo pack


def test_the_two_credit_limits_of_the_demo_pack_are_found() -> None:
    demo: Pack = load_pack("demo")
    problem = only([problem for problem in lint_pack(demo) if "goodwill-credit-limits-2025" in problem.file])
    assert "says $20" in problem.message
    assert "goodwill-credit-limits-2026.md:13 says $25" in problem.message
    assert "the later effective_from (2026-05-01) wins until one ends" in problem.message
