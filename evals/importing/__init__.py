"""Cases from folders of labelled data: one file a kind; docs/evals.md shows the shapes. Imported cases stay out of git.

The kinds are `calls`, `complaints`, `intents`, `pii` and `retrieval`; each reads the files its folder holds.
"""

from collections.abc import Iterator
from pathlib import Path

from copilot.errors import BadInput
from evals.cases import Case
from evals.modules import module_of, names_in

__all__ = ["import_cases", "import_kinds"]


def import_kinds() -> tuple[str, ...]:
    """The kinds of data that can be imported, sorted."""
    return names_in(__path__)


def import_cases(kind: str, folder: Path) -> Iterator[Case]:
    """The cases of a data folder, split `dev`, each with where it comes from.

    Args:
        kind: one of `import_kinds()`.
        folder: holds the files of that kind.

    Raises:
        BadInput: no such kind or folder, a file that is missing, or a line that is not of the kind's shape (named).
    """
    if kind not in import_kinds():
        raise BadInput(f"No kind of data {kind!r}; there are: {', '.join(import_kinds())}. Name one of them.")
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder. Give the one that holds the files.")
    cases: Iterator[Case] = module_of(__name__, kind).read(folder)
    return cases
