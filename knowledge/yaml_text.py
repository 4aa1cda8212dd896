"""YAML that knows on which line each of its values stands, for messages to people who edit it by hand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

Loc = Sequence[int | str]
"""A path into nested values, as pydantic gives it: ("offers", 3, "reasons")."""

_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_MAX_DEPTH = 50


class BadYaml(ValueError):
    """The text is not YAML, or holds a value that does not exist; says so with a remedy."""

    def __init__(self, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"not valid YAML: {problem}. {remedy}")
        self.line = line


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # chosen at run time
    """Safe YAML; the C one where the wheel has it."""


@dataclass(frozen=True)
class YamlText:
    """A YAML text with the places of what stands in it."""

    content: Any
    _root: yaml.Node | None

    def line_of(self, loc: Loc) -> int:
        """The line of what a pydantic error path leads to, or of the nearest thing above it."""
        node, line = self._root, 1 if self._root is None else self._root.start_mark.line + 1
        for key in loc:
            if isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if k.value == str(key)), None)
                if found is None:  # a missing key, or the name of a union member
                    continue
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                node = node.value[key]
                line = node.start_mark.line + 1
        return line

    def keys_twice(self) -> Iterator[tuple[int, str]]:
        """Line and name of every key that stands twice in one group; YAML itself would silently drop the first."""
        stack, seen = [self._root], set()
        while stack:
            node = stack.pop()
            if node is None or id(node) in seen or isinstance(node, yaml.ScalarNode):
                continue
            seen.add(id(node))
            names = set()
            for child in node.value:
                key, value = child if isinstance(node, yaml.MappingNode) else (None, child)
                stack.append(value)
                if isinstance(key, yaml.ScalarNode) and key.value in names:
                    yield key.start_mark.line + 1, key.value
                names.add(key.value if isinstance(key, yaml.ScalarNode) else None)


def read_yaml(text: str) -> YamlText:
    """Parse YAML without ever building anything but plain values.

    Raises:
        BadYaml: it is not YAML, nested deeper than 50 levels, or a date in it does not exist.
    """
    try:
        _refuse_deep_nesting(text)
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            return YamlText(None if root is None else loader.construct_document(root), root)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        if "'\\t'" in str(error.problem) or "tab" in str(error.problem):
            raise BadYaml(line, "a tab", "Indent with spaces") from None
        remedy = "Correct the line, or put a text with : or # in quotes"
        raise BadYaml(line, str(error.problem), remedy) from None
    except yaml.reader.ReaderError as error:
        problem = f"the character {error.character!r} is not allowed"
        raise BadYaml(1, problem, "Save it as plain text") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadYaml):
            raise
        raise BadYaml(_line_of_impossible_date(text), str(error), "Write a date as 2026-01-31") from None


def _refuse_deep_nesting(text: str) -> None:
    # The parser recurses; a few thousand "[" would end the process rather than raise.
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise BadYaml(line, f"nested deeper than {_MAX_DEPTH} levels", "Close the brackets")


def _line_of_impossible_date(text: str) -> int:
    for found in _DATE.finditer(text):
        try:
            date(*map(int, found.groups()))
        except ValueError:
            return text.count("\n", 0, found.start()) + 1
    return 1
