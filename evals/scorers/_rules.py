"""Rule packs of replies (evals/rules/*.yaml): what a channel's text must say, must not say, and must say when."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import regex
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from copilot.errors import BadInput
from evals.results import Score

RULES_DIR = Path(__file__).resolve().parents[1] / "rules"
SEVEREST = 1
TIMEOUT_S = 1.0
_WEIGHTS = {1: 3.0, 2: 2.0, 3: 1.0}


class Rule(BaseModel):
    """One rule: `needs` one of its patterns in the text, or `bars` all of them; `when` is looked for in the item.

    Patterns are regular expressions, case aside, by language; a rule without the text's language does not hold there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    severity: Literal[1, 2, 3]
    says: str
    needs: dict[str, list[str]] = Field(default_factory=dict)
    bars: dict[str, list[str]] = Field(default_factory=dict)
    when: dict[str, list[str]] = Field(default_factory=dict)


class RulePack(BaseModel):
    """The rules for some channels; `channels` are ids of channels.yaml, or a class: public, private, regulator."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    channels: list[str]
    rules: list[Rule]


@lru_cache(maxsize=1)
def rule_packs(folder: Path = RULES_DIR) -> tuple[RulePack, ...]:
    """Every rule pack.

    Raises:
        BadInput: a file is wrong; names it.
    """
    packs = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            packs.append(RulePack.model_validate(yaml.safe_load(path.read_text("utf-8"))))
        except (ValidationError, yaml.YAMLError) as error:
            raise BadInput(f"{path} is no rule pack: {' '.join(str(error).split())[:200]}.") from None
    return tuple(packs)


def judged(output: Any, item: str) -> list[tuple[Rule, bool]]:
    """Each rule that holds for this text, and whether it is kept."""
    where, language = {output["channel"], output["draft_class"]}, output["language"]
    rules = [rule for pack in rule_packs() if where & set(pack.channels) for rule in pack.rules]
    held = [rule for rule in rules if not rule.when or _found(rule.when.get(language, ()), item)]
    held = [rule for rule in held if language in rule.needs or language in rule.bars]
    return [(rule, _is_kept(rule, output["text"], language)) for rule in held]


def rule_scores(output: Any, item: str) -> dict[str, Score]:
    """`rules`: the share kept, severe ones counting more; `severity1`, hard: 1 where none of the severest is broken."""
    found = judged(output, item)
    if not found or not output["text"]:
        return {name: Score(None, "no text, or no rule for it") for name in ("rules", "severity1")}
    total = sum(_WEIGHTS[rule.severity] for rule, _ in found)
    kept = sum(_WEIGHTS[rule.severity] for rule, is_kept in found if is_kept)
    broken = [rule for rule, is_kept in found if not is_kept]
    severe = [rule.id for rule in broken if rule.severity == SEVEREST]
    told = ", ".join(f"{rule.id} ({rule.severity})" for rule in broken)
    return {
        "rules": Score(round(kept / total, 4), f"broken: {told}" if told else f"{len(found)} rules kept"),
        "severity1": Score(float(not severe), f"broken: {', '.join(severe)}" if severe else "none broken"),
    }


def _is_kept(rule: Rule, text: str, language: str) -> bool:
    if language in rule.needs and not _found(rule.needs[language], text):
        return False
    return not (language in rule.bars and _found(rule.bars[language], text))


def _found(patterns: Any, text: str) -> bool:
    return any(regex.search(pattern, text, regex.IGNORECASE, timeout=TIMEOUT_S) for pattern in patterns)
