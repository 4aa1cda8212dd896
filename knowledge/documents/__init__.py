"""Documents of the business: one reader per file format, found by its name, all giving the same `Document`."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

from knowledge.documents._document import AUDIENCES, Audience, Disclosure, Document, Extra, FrontMatter, document_of
from knowledge.errors import SourceError

__all__ = [
    "AUDIENCES",
    "Audience",
    "Disclosure",
    "Document",
    "Extra",
    "FrontMatter",
    "document_of",
    "formats",
    "read_source",
    "source_name",
]


class Reader(Protocol):
    """A module of this folder: the suffixes it reads, and how."""

    SUFFIXES: tuple[str, ...]

    def read(self, path: Path, doc_id: str, source: str) -> Iterator[Document]:
        """The documents of one file; `doc_id` is for formats that hold one document a file."""
        ...


@cache
def formats() -> dict[str, Reader]:
    """Readers by file suffix, as in {".md": markdown}; the modules of this folder without "_"."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    readers = [cast(Reader, import_module(f"{__name__}.{name}")) for name in names]
    return {suffix: reader for reader in readers for suffix in reader.SUFFIXES}


def source_name(path: Path) -> str:
    """What `Document.source` says of documents read from `path`; documents that vanish are looked for by it."""
    return path.resolve().as_posix()


def read_source(path: Path, *, source: str | None = None) -> Iterator[Document]:
    """Read every document of a file, or of the files below a folder whose suffix has a reader.

    doc_id is the path below the folder without suffix, "/" between its parts; JSONL lines bring their own.
    Files and folders whose name starts with "." are left out.

    Args:
        path: a file, or a folder with everything below it.
        source: what the documents say of where they come from; the full path if not given. Give a name when the same
            documents may move ("pack:demo"), so that a later sync still finds those that vanished.

    Raises:
        SourceError: nothing is there, a file or line cannot be read, or two documents have one doc_id.
    """
    if not path.exists():
        raise SourceError(str(path), "no such file or folder", "Give a document or a folder of documents.")
    source = source or source_name(path)
    root = path if path.is_dir() else path.parent
    seen: dict[str, Path] = {}
    for file in _files(path):
        for document in formats()[file.suffix.lower()].read(file, _doc_id(file, root), source):
            if document.doc_id in seen:
                other = seen[document.doc_id]
                raise SourceError(str(file), f"doc_id {document.doc_id!r} is also in {other}", "Rename one of the two.")
            seen[document.doc_id] = file
            yield document


def _files(path: Path) -> list[Path]:
    known = ", ".join(sorted(formats()))
    if path.is_file():
        if path.suffix.lower() not in formats():
            problem = f"no reader for {path.suffix or 'a file without suffix'}"
            raise SourceError(str(path), problem, f"Readable are: {known}.")
        return [path]
    files = sorted(
        file
        for file in path.rglob("*")
        if file.suffix.lower() in formats()
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
        and file.is_file()
    )
    if not files:
        raise SourceError(str(path), "the folder holds no document", f"Readable are: {known}.")
    return files


def _doc_id(file: Path, root: Path) -> str:
    return file.relative_to(root).with_suffix("").as_posix()
