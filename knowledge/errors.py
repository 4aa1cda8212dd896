"""The errors of this package.

KnowledgeError
├── SourceError        a file or line of a source cannot be read
├── PackError          a pack is wrong; carries every problem found
├── UnknownCollection  a collection was asked for that is not indexed
├── ConditionError     a condition cannot be compiled, or the facts it asks for are missing or of the wrong kind
├── EmbedderError      the embedder is missing or its files are not the expected ones
└── IndexLocked        another process holds the embedded index
"""

from collections.abc import Sequence


class KnowledgeError(Exception):
    """Something in the knowledge of the business is missing or wrong; the message says what to do."""


class SourceError(KnowledgeError):
    """A source file cannot be read as what it claims to be; names the file and, where there is one, the line.

    `where` is "file" or "file:line"; `line` is 1 when none is known.
    """

    def __init__(self, where: str, problem: str, remedy: str) -> None:
        self.advice = f"{problem}. {remedy}"
        super().__init__(f"{where}: {self.advice}")
        _, _, line = where.rpartition(":")
        self.line = int(line) if line.isdigit() else 1


class PackError(KnowledgeError):
    """A pack is wrong; `problems` holds one line for each problem, with file and line."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        super().__init__(f"Pack {name!r} has {len(problems)} problem(s): " + " | ".join(problems))
        self.problems = list(problems)


class UnknownCollection(KnowledgeError):
    """A collection was asked for that is not indexed."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            f"No collection {name!r}; indexed are: {', '.join(known) or 'none'}. Run `copilot index` first."
        )
        self.name = name


class ConditionError(KnowledgeError):
    """A condition of a rule cannot be compiled or decided; the message names the expression and the remedy."""


class EmbedderError(KnowledgeError):
    """The embedder cannot be used; the message says what is missing and how to get it."""


class IndexLocked(KnowledgeError):
    """Another process holds the embedded vector index."""
