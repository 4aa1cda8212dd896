"""A pack: everything one business knows, documents and rules, read and checked as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from knowledge.documents import Document
from knowledge.errors import PackError
from knowledge.pack_files import read_documents, read_head, read_records, read_rules, unknown_note_codes
from knowledge.problem import Problem
from knowledge.references import wrong_references
from knowledge.rules.consent import ConsentFile
from knowledge.rules.cues import Cue, CuesFile
from knowledge.rules.dispositions import DispositionsFile
from knowledge.rules.pack_head import PackHead
from knowledge.rules.verification import VerificationFile
from knowledge.yaml_text import read_yaml

__all__ = ["PACKS", "Pack", "Problem", "check_pack", "house_consent", "house_cues", "house_verification", "load_pack"]

RuleFileType = TypeVar("RuleFileType", bound=BaseModel)

PACKS = Path(__file__).parent / "packs"
HOUSE_CUES = Path(__file__).parent / "house" / "cues.yaml"
HOUSE_CONSENT = Path(__file__).parent / "house" / "consent.yaml"
HOUSE_VERIFICATION = Path(__file__).parent / "house" / "verification.yaml"


@dataclass(frozen=True)
class Pack:
    """A pack that has been checked."""

    directory: Path
    head: PackHead
    documents: tuple[Document, ...]
    rules: Mapping[str, BaseModel] = field(repr=False)

    @property
    def name(self) -> str:
        """The pack's name, which is also the name of its collection in the index."""
        return self.head.name

    def rule_file(self, kind: type[RuleFileType]) -> RuleFileType | None:
        """The rule file of that kind, e.g. `TariffFile`; None when the pack has none."""
        return next((file for file in self.rules.values() if isinstance(file, kind)), None)

    @property
    def documents_dir(self) -> Path:
        """Where the pack's documents lie."""
        return self.directory / "documents"

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """The house's cues, with the pack's own on top of them; a pack's cue replaces a house cue of the same id."""
        return _with_house_cues(self.rules.get("cues"))

    @cached_property
    def verification(self) -> VerificationFile:
        """The pack's rules of verification; what they leave out is the house's."""
        own = self.rules.get("verification")
        return own.over(house_verification()) if isinstance(own, VerificationFile) else house_verification()

    @cached_property
    def consent(self) -> ConsentFile:
        """The pack's consent.yaml, or the house's when the pack has none."""
        own = self.rules.get("consent")
        return own if isinstance(own, ConsentFile) else house_consent()

    @cached_property
    def customers(self) -> Mapping[str, Mapping[str, Any]]:
        """The sample customers of `customers.jsonl`, by id; empty when the pack has none."""
        return read_records(self.directory, "customers.jsonl", "customer_id", [])


def load_pack(pack: str | Path) -> Pack:
    """Read a pack by folder, or by the name of one that comes with the product.

    Raises:
        PackError: something in it is wrong; carries every problem with file and line.
    """
    loaded, problems = check_pack(pack)
    wrong = [str(problem) for problem in problems if not problem.is_warning]
    if loaded is None or wrong:
        raise PackError(str(pack), wrong)
    return loaded


def check_pack(pack: str | Path) -> tuple[Pack | None, list[Problem]]:
    """Read a pack and collect everything wrong with it, by file and line; the pack is None without a valid pack.toml.

    What could not be read is left out of the pack, and nothing that depends on it is reported.
    """
    directory = _find(pack)
    if directory is None:
        shipped = ", ".join(sorted(folder.name for folder in PACKS.iterdir() if (folder / "pack.toml").is_file()))
        missing = f"no folder with a pack.toml. Give the path of a pack, or one that comes with the product: {shipped}"
        return None, [Problem(str(pack), 1, missing)]
    problems: list[Problem] = []
    head = read_head(directory, problems)
    rules = read_rules(directory, problems)
    dispositions = rules.get("dispositions")
    if head is not None and isinstance(dispositions, DispositionsFile):
        problems += unknown_note_codes(directory, head, dispositions)
    documents = read_documents(directory, problems)
    for file, key in (("customers.jsonl", "customer_id"), ("calls.jsonl", "call_id")):
        read_records(directory, file, key, problems)
    cues_are_known = "cues" in rules or not any((directory / "rules").glob("cues.y*ml"))
    cue_ids = {cue.id for cue in _with_house_cues(rules.get("cues"))} if cues_are_known else None
    problems += wrong_references(directory, documents, rules, cue_ids)
    return Pack(directory, head, documents, rules) if head else None, sorted(set(problems))


@cache
def house_cues() -> tuple[Cue, ...]:
    """The cues every pack inherits."""
    return CuesFile.model_validate(read_yaml(HOUSE_CUES.read_text("utf-8")).content).cues


@cache
def house_verification() -> VerificationFile:
    """The rules of verification every pack inherits."""
    return VerificationFile.model_validate(read_yaml(HOUSE_VERIFICATION.read_text("utf-8")).content)


@cache
def house_consent() -> ConsentFile:
    """What holds for a pack without a consent.yaml."""
    return ConsentFile.model_validate(read_yaml(HOUSE_CONSENT.read_text("utf-8")).content)


def _with_house_cues(own: BaseModel | None) -> tuple[Cue, ...]:
    mine = {cue.id: cue for cue in own.cues} if isinstance(own, CuesFile) else {}
    return tuple(mine.values()) + tuple(cue for cue in house_cues() if cue.id not in mine)


def _find(pack: str | Path) -> Path | None:
    try:
        return next((folder for folder in (Path(pack), PACKS / pack) if (folder / "pack.toml").is_file()), None)
    except OSError:  # a name that no file system takes, or a folder that may not be entered
        return None
