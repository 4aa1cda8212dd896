"""scorecard.yaml: what a reviewer scores on calls, notes and replies, and how reviewers are kept alike.

Score of a review: 100 x sum(weight x mark) / sum(weight of the items that apply); 0 when a critical item fails.
"""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from knowledge.rules.base import Count, Loc, RuleFile, RuleModel, Slug, Text, Words, YesNo, duplicates, refuse_at
from knowledge.rules.money import Percent, Share

Subject = Literal["call", "note", "reply"]


class Item(RuleModel):
    """One question of the scorecard."""

    id: Slug
    question: Words
    weight: Count = Field(description="part of the section's weight; the items of a section add up to it")
    subjects: tuple[Subject, ...] = Field(min_length=1, description="what it is asked about")
    critical: YesNo = Field(default=False, description="failing it makes the whole score 0")
    marks: Literal["yes_no", "zero_half_one"] = Field(
        default="yes_no", description="possible marks: 0, 1; or 0, 0.5, 1"
    )
    not_applicable_when: Words | None = Field(default=None, description="when the reviewer leaves it out")
    evidence: Words = Field(description="what to point to in the transcript")
    machine_check: Slug | None = Field(default=None, description="name of the check that proposes a mark")


class Section(RuleModel):
    """A group of questions."""

    section: Slug
    title: Words
    weight: Count = Field(description="percent; the sections add up to 100")
    items: tuple[Item, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check_weight(self) -> Self:
        total = sum(item.weight for item in self.items)
        if total != self.weight:
            text = f"the items of {self.section!r} weigh {total}; allowed is exactly {self.weight}. Change a weight."
            raise refuse_at("Section", [(("weight",), self.weight, text)])
        return self


class Sampling(RuleModel):
    """Which contacts are reviewed."""

    id: Slug
    percent: Percent = Field(description="part of the contacts that are drawn")
    when: Words = Field(description="contacts it applies to")
    flags: tuple[Slug, ...] = Field(default=(), description="flags of flags.yaml; none: all contacts")


class Calibration(RuleModel):
    """How reviewers are kept alike."""

    calls_per_session: tuple[Count, Count] = Field(description="from, to")
    include_ambiguous: YesNo
    min_kappa: Share = Field(description="agreement below this: calibrate before scores count")
    max_drift_points: Count = Field(description="reviewers further apart than this are calibrated")
    machine_needs_people: YesNo = Field(
        description="a machine's marks count only after the same calibration, item by item"
    )


class Correction(RuleModel):
    """Why a reviewer changed or rejected a draft."""

    code: Slug
    label: Words
    rejects: YesNo = Field(default=False, description="may be a ground for rejection, not only an edit")


class ScorecardFile(RuleFile):
    """The whole of scorecard.yaml."""

    sections: tuple[Section, ...] = Field(min_length=1)
    sampling: tuple[Sampling, ...] = Field(min_length=1)
    calibration: Calibration
    contest_within_days: Count = Field(description="the agent may contest a score for so many days")
    two_person_channels: tuple[Slug, ...] = Field(default=(), description="drafts on these need two approvals")
    corrections: tuple[Correction, ...] = Field(min_length=1)
    note: Text | None = None

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        item_ids = [item.id for section in self.sections for item in section.items]
        problems: list[tuple[Loc, object, str]] = [
            *duplicates([s.section for s in self.sections], field="sections", what="section", key_name="section"),
            *duplicates(
                [correction.code for correction in self.corrections], field="corrections", what="code", key_name="code"
            ),
        ]
        repeated = sorted({item_id for item_id in item_ids if item_ids.count(item_id) > 1})
        if repeated:
            text = f"item {repeated[0]!r} stands in the file twice; allowed is once. Rename or delete one."
            problems.append((("sections",), repeated[0], text))
        total = sum(section.weight for section in self.sections)
        if total != 100:
            problems.append(
                (("sections",), total, f"the sections weigh {total}; allowed is exactly 100. Change a weight.")
            )
        if problems:
            raise refuse_at("ScorecardFile", problems)
        return self

    def score(self, marks: dict[str, Decimal | None]) -> Decimal | None:
        """The score of a review, 0 to 100, unrounded.

        Args:
            marks: mark by item id, 0 to 1; None, or no entry, where the item does not apply.

        Returns:
            None when nothing applied; 0 when a critical item got less than 1.
        """
        applied = [(item, mark) for s in self.sections for item in s.items if (mark := marks.get(item.id)) is not None]
        if not applied:
            return None
        if any(item.critical and mark < 1 for item, mark in applied):
            return Decimal(0)
        weight = sum(item.weight for item, _ in applied)
        return 100 * sum((item.weight * mark for item, mark in applied), Decimal(0)) / weight if weight else None
