"""Reading files and folders of documents, and what is said when one of them is wrong."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.documents import Document, formats, read_source
from knowledge.errors import SourceError


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problem_of(path: Path) -> str:
    with pytest.raises(SourceError) as raised:
        list(read_source(path))
    return str(raised.value)


def test_a_folder_gives_one_document_a_file_named_by_its_path(tmp_path: Path) -> None:
    write(tmp_path, "policies/late-fee.md", "# Late fee\n\nEight dollars.")
    write(tmp_path, "hours.txt", "We are open from seven.")
    write(tmp_path, "logo.png", b"\x89PNG")
    write(tmp_path, ".git/readme.md", "# Not ours")
    assert [(document.doc_id, document.title) for document in read_source(tmp_path)] == [
        ("hours", "hours"),
        ("policies/late-fee", "Late fee"),
    ]


def test_one_file_may_be_read_alone(tmp_path: Path) -> None:
    (document,) = read_source(write(tmp_path, "late-fee.txt", "Eight dollars."))
    assert (document.doc_id, document.title, document.text) == ("late-fee", "late fee", "Eight dollars.")


def test_front_matter_is_read_and_unknown_keys_are_kept(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "autopay.md",
        "---\nkind: policy\ntitle: AutoPay discount\neffective_from: 2026-04-01\neffective_to: 2026-12-31\n"
        "audience: public\njurisdiction: US-CA\nlanguage: es\nsupersedes: autopay-2025\ntriggers: [price]\n"
        "owner: Billing\nnested: {a: 1}\n---\n# Another heading\n\nFive dollars.\n",
    )
    assert list(read_source(path, source="pack:test")) == [
        Document(
            doc_id="autopay",
            title="AutoPay discount",
            text="# Another heading\n\nFive dollars.\n",
            source="pack:test",
            kind="policy",
            language="es",
            audience="public",
            jurisdiction=("US-CA",),
            effective_from=date(2026, 4, 1),
            effective_to=date(2026, 12, 31),
            supersedes="autopay-2025",
            triggers=("price",),
            extra={"owner": "Billing"},
        )
    ]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    (plain,) = read_source(write(tmp_path, "a/fee.md", "---\ntitle: Fee\n---\nOne.\nTwo."))
    (windows,) = read_source(write(tmp_path, "b/fee.md", b"\xef\xbb\xbf---\r\ntitle: Fee\r\n---\r\nOne.\r\nTwo."))
    assert plain.content_hash == windows.content_hash


def test_the_hash_changes_with_any_field_but_not_with_the_folder(tmp_path: Path) -> None:
    (first,) = read_source(write(tmp_path, "a/fee.md", "---\ntitle: Fee\n---\nOne."))
    (moved,) = read_source(write(tmp_path, "b/fee.md", "---\ntitle: Fee\n---\nOne."))
    (dated,) = read_source(write(tmp_path, "c/fee.md", "---\ntitle: Fee\neffective_to: 2026-01-01\n---\nOne."))
    assert first.content_hash == moved.content_hash
    assert first.content_hash != dated.content_hash


def test_json_lines_bring_their_own_ids_and_extra_keys(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "corpus.jsonl",
        '{"doc_id": "faq/1", "title": "Parking", "text": "Free.", "entity": "Inn", "tags": ["a"], "deep": {"x": 1}}\n'
        '\n{"doc_id": 2, "text": "No pets.", "audience": "public"}\n',
    )
    first, second = read_source(path)
    assert (first.doc_id, first.title, first.extra) == ("faq/1", "Parking", {"entity": "Inn", "tags": ["a"]})
    assert (second.doc_id, second.title, second.audience) == ("2", "2", "public")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("empty.md", "", "the file is empty"),
        ("blank.txt", " \n\n", "the file is empty"),
        ("head-only.md", "---\ntitle: Fee\n---\n", "there is no text"),
        ("open.md", "---\ntitle: Fee\n", "open.md:1: the front matter does not end"),
        ("binary.txt", b"PK\x03\x04\x00\x00", "it is a binary file"),
        ("latin.md", "Cancelación".encode("latin-1"), "is not UTF-8 text"),
        ("date.md", "---\nkind: policy\neffective_from: soon\n---\nText", "date.md:3: effective_from is 'soon'"),
        ("month.md", "---\neffective_from: 2026-13-01\n---\nText", "month must be in 1..12"),
        ("order.md", "---\neffective_from: 2026-02-01\neffective_to: 2026-01-01\n---\nText", "lies before"),
        ("audience.md", "---\naudience: everyone\n---\nText", "Allowed are: public, agent, internal."),
        ("secret.md", "---\ndisclosure: secret\n---\nText", "Allowed are: public, account, call_detail."),
        ("spelling.md", "---\nefective_to: 2026-01-01\n---\nText", "Did you mean 'effective_to'?"),
        ("yaml.md", "---\nkind: policy\ntitle: Fee: late\n---\nText", "yaml.md:3: the front matter is not YAML"),
        ("list.md", "---\n- one\n---\nText", "is not a list of keys"),
        ("broken.jsonl", '{"doc_id": "a", "text": "x"}\n{"doc_id": ', "broken.jsonl:2: the line is not JSON"),
        ("array.jsonl", "[1]\n", "array.jsonl:1: the line is a list, not an object"),
        ("no-text.jsonl", '{"doc_id": "a", "title": "x"}', "no-text.jsonl:1: text is missing"),
        ("no-id.jsonl", '{"text": "a"}', "no-id.jsonl:1: doc_id is missing"),
        ("twice.jsonl", '{"doc_id": "a", "text": "x"}\n{"doc_id": "a", "text": "y"}', "'a' is also on line 1"),
        ("who.jsonl", '{"doc_id": "a", "text": "x", "audience": "all"}', "who.jsonl:1: audience is 'all'"),
        ("deep.jsonl", "[" * 100_000, "deep.jsonl:1: the line is not JSON"),
        ("none.jsonl", "\n", "the file is empty"),
        ("id.jsonl", '{"doc_id": "a\\nb", "text": "x"}', "cannot be used"),
        ("letter.docx", b"PK", "no reader for .docx"),
    ],
)
def test_a_wrong_file_is_named_with_its_problem(tmp_path: Path, name: str, content: str | bytes, expected: str) -> None:
    message = problem_of(write(tmp_path, name, content))
    assert expected in message
    assert name in message


def test_aliases_that_would_grow_without_end_are_not_kept(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    (document,) = read_source(write(tmp_path, "bomb.md", "---\n" + "\n".join(lines) + "\n---\nText"))
    assert document.extra == {"a0": ["x", "x"]}
    assert document.content_hash


def test_a_missing_path_and_an_empty_folder_are_errors(tmp_path: Path) -> None:
    assert "no such file or folder" in problem_of(tmp_path / "nowhere")
    assert "holds no document" in problem_of(tmp_path)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "fee.md", "One")
    write(tmp_path, "fee.txt", "Two")
    assert "doc_id 'fee' is also in" in problem_of(tmp_path)


def test_every_reader_in_the_folder_is_found_by_its_name() -> None:
    assert sorted(formats()) == [".jsonl", ".markdown", ".md", ".txt"]
