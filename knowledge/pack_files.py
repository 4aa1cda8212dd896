"""Reads the files of a pack; what is wrong in one becomes a problem with its line, and the others are still read."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.documents import Document, formats, source_name
from knowledge.errors import SourceError
from knowledge.problem import Problem
from knowledge.rules import RULE_FILES
from knowledge.rules.pack_head import PackHead

Loc = Sequence[int | str]

_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TOML_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
_TOML_KEY = re.compile(r"\s*([\w.\"'-]+?)\s*=")
_MAX_DEPTH = 50


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
        yaml.YAMLError: it is not YAML, or nested too deep.
        ValueError: a value such as the date 2026-13-01 does not exist.
    """
    _refuse_deep_nesting(text)
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        return YamlText(None if root is None else loader.construct_document(root), root)
    finally:
        loader.dispose()


def _refuse_deep_nesting(text: str) -> None:
    # The parser recurses; a few thousand "[" would end the process rather than raise.
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise ValueError(f"nested deeper than {_MAX_DEPTH} levels")


def read_head(directory: Path, problems: list[Problem]) -> PackHead | None:
    """The pack.toml; None, with its problems added, when it is not valid."""
    name = "pack.toml"
    text = _text(directory, name, problems)
    if text is None:
        return None
    try:
        return PackHead.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place.group(1)) if place and place.group(1) else text.count("\n") + 1
        problem = f"not valid TOML: {_TOML_PLACE.sub('', str(error))}. Write `key = value`, texts in quotes"
        problems.append(Problem(name, line, problem))
    except RecursionError:
        problems.append(Problem(name, 1, "not valid TOML: nested too deep. Write plain `key = value` lines"))
    except ValidationError as error:
        lines = dict(_toml_lines(text))
        problems += [Problem(name, _nearest(lines, fault["loc"]), _describe(fault)) for fault in error.errors()]
    return None


def _toml_lines(text: str) -> Iterator[tuple[tuple[int | str, ...], int]]:
    """The line of each table and key, by its path."""
    table: tuple[int | str, ...] = ()
    repeats: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _TOML_TABLE.match(line):
            table = _toml_path(header.group(2))
            if header.group(1) == "[[":
                repeats[header.group(2)] = place = repeats.get(header.group(2), -1) + 1
                table = (*table, place)
            yield table, number
        elif key := _TOML_KEY.match(line):
            yield (*table, *_toml_path(key.group(1))), number


def _toml_path(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip(" \"'") for part in dotted.split("."))


def _nearest(lines: Mapping[tuple[int | str, ...], int], loc: Loc) -> int:
    return next((lines[tuple(loc[:n])] for n in range(len(loc), 0, -1) if tuple(loc[:n]) in lines), 1)


def read_rules(directory: Path, problems: list[Problem]) -> dict[str, BaseModel]:
    """The valid rule files by name without ".yaml"."""
    rules: dict[str, BaseModel] = {}
    folder = directory / "rules"
    for file in sorted(folder.iterdir()) if folder.is_dir() else []:
        shown, known = f"rules/{file.name}", ", ".join(f"{stem}.yaml" for stem in sorted(RULE_FILES))
        if file.name.startswith("."):
            continue
        if file.suffix not in (".yaml", ".yml") or file.stem not in RULE_FILES:
            problem = f"no rule file is called {file.name!r}; there are: {known}. Rename or remove it"
            problems.append(Problem(shown, 1, problem, is_warning=file.suffix not in (".yaml", ".yml")))
        elif file.suffix == ".yml" and file.with_suffix(".yaml").exists():
            problems.append(Problem(shown, 1, f"{file.stem}.yaml is there, too; allowed is one. Remove one of them"))
        elif (model := _read_rule_file(directory, shown, RULE_FILES[file.stem], problems)) is not None:
            rules[file.stem] = model
    return rules


def _read_rule_file(directory: Path, shown: str, model: type[BaseModel], problems: list[Problem]) -> BaseModel | None:
    text = _text(directory, shown, problems)
    if text is None:
        return None
    try:
        parsed = read_yaml(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problems.append(Problem(shown, *_what_is_wrong_with_yaml(error)))
        return None
    for line, key in parsed.keys_twice():
        problems.append(Problem(shown, line, f"{key!r} stands twice in one group; allowed is once. Delete one of them"))
    try:
        return model.model_validate(parsed.content)
    except ValidationError as error:
        problems += [Problem(shown, parsed.line_of(fault["loc"]), _describe(fault)) for fault in error.errors()]
    return None


def _what_is_wrong_with_yaml(error: Exception) -> tuple[int, str]:
    """Line and message."""
    if isinstance(error, yaml.MarkedYAMLError):
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        if "'\\t'" in str(error.problem) or "tab" in str(error.problem):
            return line, "not valid YAML: a tab. Indent with spaces"
        return line, f"not valid YAML: {error.problem}. Correct the line, or put a text with : or # in quotes"
    if isinstance(error, yaml.reader.ReaderError):
        return 1, f"not valid YAML: the character {error.character!r} is not allowed. Save it as plain text"
    return 1, f"not valid YAML: {str(error).splitlines()[0]}. Correct the value; a date is written 2026-01-31"


def read_documents(directory: Path, problems: list[Problem]) -> tuple[Document, ...]:
    """The documents that can be read; hidden files and folders are left out."""
    folder = directory / "documents"
    if not folder.is_dir():
        problems.append(Problem("documents", 1, "no such folder. Put the scripts, policies and products there"))
    documents: dict[str, Document] = {}
    for file in sorted(folder.rglob("*")):
        parts, shown = file.relative_to(folder).parts, file.relative_to(directory).as_posix()
        reader = formats().get(file.suffix.lower())
        if reader is None or file.is_dir() or any(part.startswith(".") for part in parts):
            continue
        doc_id = file.relative_to(folder).with_suffix("").as_posix()
        try:
            for document in reader.read(file, doc_id, source_name(folder)):
                if document.doc_id in documents:
                    twice = f"the doc_id {document.doc_id!r} is taken by another document; allowed is once. Rename one"
                    problems.append(Problem(shown, 1, twice))
                documents.setdefault(document.doc_id, document)
        except SourceError as error:
            problems.append(Problem(shown, error.line, error.advice))
    return tuple(documents.values())


def read_records(directory: Path, name: str, key: str, problems: list[Problem]) -> dict[str, Mapping[str, Any]]:
    """The objects of a JSONL file by the text under `key`; empty when there is no such file."""
    text = _text(directory, name, problems) if (directory / name).exists() else None
    records: dict[str, Mapping[str, Any]] = {}
    for number, line in enumerate((text or "").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            what = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
            problems.append(Problem(name, number, f"the line is not JSON ({what}). Write one object a line"))
            continue
        record_id = record.get(key) if isinstance(record, dict) else None
        if not isinstance(record_id, str) or not record_id:
            problems.append(Problem(name, number, f"the line has no text {key!r}. Write an object with one"))
        elif record_id in records:
            problems.append(Problem(name, number, f"{key} {record_id!r} stands twice; allowed is once. Rename one"))
        else:
            records[record_id] = record
    return records


def _text(directory: Path, name: str, problems: list[Problem]) -> str | None:
    try:
        return (directory / name).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        problems.append(Problem(name, 1, f"cannot be opened ({error.strerror}). Check that it is a readable file"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.append(Problem(name, line, f"not UTF-8 text ({error.reason}). Save it as UTF-8"))
    return None


def _describe(fault: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg']}" if where else str(fault["msg"])
