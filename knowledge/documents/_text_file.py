"""The text of a file, or an error that says why it is none."""

from pathlib import Path

from knowledge.errors import SourceError

MAX_FILE_BYTES = 20_000_000


def read_text(path: Path) -> str:
    """The file as text with "\\n" line ends and no byte order mark.

    Raises:
        SourceError: it cannot be opened, is empty, too large, or not UTF-8 text.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        raise SourceError(str(path), f"cannot be opened ({error.strerror})", "Check that it may be read.") from error
    if size > MAX_FILE_BYTES:
        raise SourceError(str(path), f"{size:,} bytes are more than {MAX_FILE_BYTES:,}", "Split the document.")
    if not content.strip():
        raise SourceError(str(path), "the file is empty", "Write the document, or remove the file.")
    return decode(content, str(path)).replace("\r\n", "\n").replace("\r", "\n")


def decode(content: bytes, where: str) -> str:
    """Bytes as UTF-8 text without a byte order mark; SourceError when they are something else."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not UTF-8 text"
        raise SourceError(where, problem, "Save it as UTF-8; export PDF and Word files as text.") from error
    if "\0" in text:
        raise SourceError(where, "it is a binary file", "Give a text; export other formats as text first.")
    return text


def title_from_name(doc_id: str) -> str:
    """A readable title from the last part of an id: "fees/late-fee" gives "late fee"."""
    return doc_id.rsplit("/", 1)[-1].replace("-", " ").replace("_", " ").strip() or doc_id
