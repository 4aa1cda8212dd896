"""Reads the files of a pack; what is wrong in one becomes a problem with its line, and the others are still read."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.documents import Document, formats, source_name
from knowledge.errors import SourceError
from knowledge.problem import Problem
from knowledge.rules import RULE_FILES
from knowledge.rules.dispositions import DispositionsFile
from knowledge.rules.pack_head import PackHead
from knowledge.yaml_text import BadYaml, Loc, read_yaml

_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TOML_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
_TOML_KEY = re.compile(r"\s*([\w.\"'-]+?)\s*=")


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


def unknown_note_codes(directory: Path, head: PackHead, dispositions: DispositionsFile) -> list[Problem]:
    """Reason codes that pack.toml asks parts for, and dispositions.yaml does not have."""
    codes = [reason.code for reason in dispositions.reasons]
    unknown = [code for code in head.note.required_for if code not in codes]
    lines = dict(_toml_lines((directory / "pack.toml").read_text("utf-8"))) if unknown else {}
    fix = f"there are: {', '.join(sorted(codes))}. Correct it here or declare it there"
    return [
        Problem(
            "pack.toml",
            _nearest(lines, ("note", "required_for", code)),
            f"{code!r} is not a first code of dispositions.yaml; {fix}",
        )
        for code in unknown
    ]


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
    if folder.exists() and not folder.is_dir():
        problems.append(Problem("rules", 1, "not a folder. Put the rule files into a folder of that name"))
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
    except BadYaml as error:
        problems.append(Problem(shown, error.line, str(error)))
        return None
    if parsed.content is None:
        problems.append(Problem(shown, 1, "the file is empty. Fill it in, or remove it"))
        return None
    for line, key in parsed.keys_twice():
        problems.append(Problem(shown, line, f"{key!r} stands twice in one group; allowed is once. Delete one of them"))
    try:
        return model.model_validate(parsed.content)
    except ValidationError as error:
        problems += [Problem(shown, parsed.line_of(fault["loc"]), _describe(fault)) for fault in error.errors()]
    return None


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
