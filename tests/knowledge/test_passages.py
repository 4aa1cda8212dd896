"""Passages: where documents are cut, and which ids last."""

from knowledge.documents import Document
from knowledge.passages import MAX_WORDS, passages_of

SENTENCE = "The fee is eight dollars a month and is charged after five days of grace. "  # 15 words


def document(text: str, *, doc_id: str = "fees", title: str = "Fees") -> Document:
    return Document(doc_id=doc_id, title=title, text=text, source="test")


def test_sections_begin_at_headings_and_carry_their_path() -> None:
    passages = passages_of(
        document("# Fees\n\nIntro.\n\n## Late fee\n\nEight.\n\n### Grace\n\nFive days.\n\n## Paper\n\nThree.")
    )
    assert [(passage.heading, passage.text, passage.ordinal) for passage in passages] == [
        ("", "Intro.", 0),
        ("Late fee", "Eight.", 1),
        ("Late fee > Grace", "Five days.", 2),
        ("Paper", "Three.", 3),
    ]
    assert passages[2].index_text == "Fees\nLate fee > Grace\nFive days."


def test_an_edited_section_leaves_the_ids_of_the_others_alone() -> None:
    before = passages_of(document("## Late fee\n\nTen.\n\n## Paper\n\nThree."))
    after = passages_of(document("## New\n\nFirst.\n\n## Late fee\n\nEight.\n\n## Paper\n\nThree."))
    assert before[1].passage_id == after[2].passage_id
    assert before[0].passage_id != after[1].passage_id


def test_equal_sections_have_ids_of_their_own() -> None:
    passages = passages_of(document("## A\n\nSame.\n\n## A\n\nSame."))
    assert len({passage.passage_id for passage in passages}) == 2
    other = passages_of(document("## A\n\nSame.", doc_id="other"))
    assert other[0].passage_id not in {passage.passage_id for passage in passages}


def test_a_long_section_is_cut_between_sentences_into_even_pieces() -> None:
    passages = passages_of(document("## Long\n\n" + SENTENCE * 40))
    sizes = [len(passage.text.split()) for passage in passages]
    assert sum(sizes) == 600
    assert len(sizes) == 3
    assert max(sizes) <= MAX_WORDS
    assert all(passage.text.startswith("The fee") and passage.text.rstrip().endswith("grace.") for passage in passages)


def test_list_items_keep_the_lines_below_them() -> None:
    item = "- Step {n}: ask for the name.\n   - " + "word " * 40
    passages = passages_of(document("\n".join(item.format(n=n) for n in range(12))))
    assert len(passages) > 1
    assert all(passage.text.startswith("- Step") for passage in passages)


def test_lines_to_be_said_word_for_word_stay_whole() -> None:
    must_say = '> Must say: "You may complete the cancellation at any time. ' + "No reason is needed. " * 60 + '"'
    passages = passages_of(document("## Law\n\n" + SENTENCE * 12 + "\n\n" + must_say + "\n\n" + SENTENCE * 12))
    assert [must_say in passage.text for passage in passages].count(True) == 1


def test_a_number_sign_inside_code_is_no_heading() -> None:
    (passage,) = passages_of(document("Run this:\n\n```\n# comment\n```\n\nDone."))
    assert passage.heading == ""


def test_text_without_any_border_is_cut_between_words() -> None:
    passages = passages_of(document("word " * 5000))
    assert sum(len(passage.text.split()) for passage in passages) == 5000
    assert max(len(passage.text.split()) for passage in passages) <= MAX_WORDS


def test_headings_alone_still_make_one_passage() -> None:
    (passage,) = passages_of(document("# Fees\n\n## Late fee"))
    assert "Late fee" in passage.text
