"""A document and its front matter: what every format is turned into, checked once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Literal, cast, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from knowledge.errors import SourceError

Audience = Literal["public", "agent", "internal"]
Disclosure = Literal["public", "account", "call_detail"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
Scalar = str | int | float | bool
Extra = Mapping[str, Scalar | list[Scalar]]

MAX_ID_LENGTH = 512
_KEPT_IN_EXTRA = ("disclosure",)


def _as_list(value: object) -> object:
    return [] if value is None else [value] if isinstance(value, str) else value


Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_list)]


class FrontMatter(BaseModel):
    """What a document says of itself; every key may be left out."""

    model_config = ConfigDict(extra="allow", frozen=True)

    title: str = ""
    kind: str = Field("document", pattern=r"^[a-z][a-z0-9_-]*$")
    language: str = Field("en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")
    audience: Audience = "agent"
    jurisdiction: Names = ()
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: str | None = None
    triggers: Names = ()
    disclosure: Disclosure = "public"

    @field_validator("title", mode="before")
    @classmethod
    def _title_is_text(cls, value: object) -> object:
        # YAML reads `title: 2026` as a number.
        return str(value) if isinstance(value, int | float) else "" if value is None else value

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "FrontMatter":
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise ValueError(f"effective_to {self.effective_to} lies before effective_from {self.effective_from}")
        return self


@dataclass(frozen=True, slots=True)
class Document:
    """One text of the business. It holds from `effective_from` to `effective_to`, both days included."""

    doc_id: str
    title: str
    text: str
    source: str
    kind: str = "document"
    language: str = "en"
    audience: Audience = "agent"
    jurisdiction: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: str | None = None
    triggers: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict)

    @property
    def disclosure(self) -> Disclosure:
        """Whether it tells facts of an account or details of calls; public when its front matter says nothing."""
        return cast(Disclosure, self.extra.get("disclosure", "public"))

    @property
    def customer_id(self) -> str | None:
        """The one customer it is about, where its front matter names one."""
        owner = self.extra.get("customer_id")
        return str(owner) if owner is not None else None

    @property
    def content_hash(self) -> str:
        """Changes when the text or anything said about it changes, not when the file moves to another folder."""
        fields = {name: getattr(self, name) for name in sorted(self.__dataclass_fields__) if name != "source"}
        return hashlib.sha256(json.dumps(fields, default=str, sort_keys=True).encode()).hexdigest()


def document_of(
    front_matter: Mapping[str, object],
    *,
    doc_id: str,
    text: str,
    source: str,
    where: str,
    fallback_title: str,
    lines: Mapping[str, int] | None = None,
) -> Document:
    """Check what was read and make the document of it.

    Args:
        front_matter: the keys as read; unknown ones are kept in `extra`.
        doc_id: unique within a source.
        text: the body; must hold more than white space.
        source: as `source_name` gives it.
        where: file, or file and line, for error messages.
        fallback_title: used when the front matter has none.
        lines: the line of each key in the file, where errors can name it.

    Raises:
        SourceError: a value is not allowed, or there is no text.
    """
    if not text.strip():
        raise SourceError(where, "there is no text", "Write the text, or remove the document.")
    if not doc_id.strip() or len(doc_id) > MAX_ID_LENGTH or not doc_id.isprintable():
        remedy = f"An id has 1 to {MAX_ID_LENGTH} printable characters."
        raise SourceError(where, f"the doc_id {doc_id[:80]!r} cannot be used", remedy)
    try:
        checked = FrontMatter.model_validate(dict(front_matter))
    except ValidationError as error:
        raise _source_error(error, where, lines or {}) from None
    fields = {name: getattr(checked, name) for name in FrontMatter.model_fields if name not in _KEPT_IN_EXTRA}
    fields["title"] = " ".join(checked.title.split()) or fallback_title
    return Document(doc_id=doc_id, text=text, source=source, extra=_extra(checked), **fields)


def _extra(checked: FrontMatter) -> dict[str, Scalar | list[Scalar]]:
    # Nested values are left out: nothing reads them, and YAML aliases could make them grow without end.
    kept: dict[str, Scalar | list[Scalar]] = {}
    for key, value in (checked.model_extra or {}).items():
        if isinstance(value, Scalar):
            kept[key] = value
        elif isinstance(value, list) and all(isinstance(item, Scalar) for item in value):
            kept[key] = cast(list[Scalar], value)
    # Only where it says something: a document that says nothing keeps the hash it is stored under.
    return kept | checked.model_dump(include=set(_KEPT_IN_EXTRA), exclude_defaults=True)


def _source_error(error: ValidationError, where: str, lines: Mapping[str, int]) -> SourceError:
    first = error.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else "effective_to"
    if key in lines:
        where = f"{where}:{lines[key]}"
    given = first["input"] if first["loc"] else None
    problem = f"{key} is {str(given)[:80]!r}, {_lower_first(first['msg'])}" if first["loc"] else str(first["msg"])
    remedies = {
        "effective_from": "Write a date as 2026-01-31.",
        "effective_to": "Write a date as 2026-01-31, not before effective_from.",
        "audience": f"Allowed are: {', '.join(AUDIENCES)}.",
        "language": "Write a language code, as in en or es.",
        "disclosure": f"Allowed are: {', '.join(get_args(Disclosure))}.",
    }
    return SourceError(where, problem, remedies.get(key, f"Correct {key}."))


def _lower_first(message: str) -> str:
    return message[:1].lower() + message[1:]


def misspelt_key(keys: Mapping[str, object]) -> tuple[str, str] | None:
    """An unknown key that looks like a known one, and the one it looks like: ("efective_to", "effective_to")."""
    known = list(FrontMatter.model_fields)
    for key in keys:
        if key not in known and (close := get_close_matches(str(key), known, n=1, cutoff=0.85)):
            return str(key), close[0]
    return None
