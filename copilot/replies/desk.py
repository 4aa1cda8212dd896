"""The desk of replies: what was sent in, out as a draft; the pack and the index it works with are opened once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from copilot.errors import ModelFailed
from copilot.guard.grounding import gazetteer_of, house_names_of
from copilot.guard.masking import policy_for
from copilot.guard.redaction import RedactionPolicy
from copilot.models import ModelHost
from copilot.replies.drafting import draft, recheck
from copilot.replies.items import read_item
from copilot.replies.letters import Passages
from copilot.replies.matching import match_customers
from copilot.replies.model import Draft, Understanding
from copilot.replies.understanding import channels_of, understand
from copilot.replies.worded import word_draft
from copilot.replies.wordings import Variant
from knowledge.pack import Pack
from knowledge.rules.bureaus import BureausFile

NO_MODEL = "none"


@dataclass(frozen=True)
class ReplyDesk:
    """Reads and drafts with one pack; `passages` are the policies letters may quote, None for none."""

    pack: Pack
    passages: Passages | None = None

    @cached_property
    def policy(self) -> RedactionPolicy:
        """What the pack masks."""
        return policy_for(self.pack.head.redaction.kinds, self.pack.head.numbers)

    def understand(self, given: Mapping[str, Any], *, now: datetime, channel: str | None = None) -> Understanding:
        """What was sent, read: see `read_item` for its shapes.

        Raises:
            BadInput: it cannot be read.
        """
        bureaus = self.pack.rule_file(BureausFile)
        item = read_item(
            given, channels=channels_of(self.pack), bureaus=bureaus, policy=self.policy, now=now, channel=channel
        )
        text = " ".join(str(given.get(name) or "") for name in ("text", "body", "title", "subject"))
        matches = match_customers(given, text, self.pack.customers, jurisdiction=item.jurisdiction)
        return understand(item, self.pack, now=now, matches=matches)

    def draft(
        self, given: Mapping[str, Any], *, now: datetime, channel: str | None = None, variant: Variant = None
    ) -> Draft:
        """The draft of an answer to what was sent.

        Raises:
            BadInput: it cannot be read, or the variant is unknown.
        """
        return self.draft_of(self.understand(given, now=now, channel=channel), now=now, variant=variant)

    def draft_of(self, understood: Understanding, *, now: datetime, variant: Variant = None) -> Draft:
        """The draft of an answer to what was understood.

        Raises:
            BadInput: the variant is unknown.
        """
        return draft(understood, self.pack, now=now, passages=self.passages, variant=variant)

    def worded(
        self, made: Draft, understood: Understanding, host: ModelHost, *, now: datetime, variant: Variant = None
    ) -> Draft:
        """The draft in the model's words, as far as they hold; as it was when nothing does, or nobody answers."""
        if made.status == "not_drafted" or host.name == NO_MODEL:
            return made
        work = partial(
            word_draft,
            draft=made,
            understanding=understood,
            pack=self.pack,
            policy=self.policy,
            now=now,
            variant=variant,
            gazetteer=gazetteer_of(self.pack),
            known_names=house_names_of(self.pack),
        )
        try:
            return host.run(work) or made
        except (ModelFailed, RuntimeError):
            return made

    def recheck(
        self, text: str, stored: Mapping[str, Any], given: Mapping[str, Any], *, now: datetime
    ) -> list[dict[str, Any]]:
        """The checks of a text instead of a stored draft, in JSON types; `given` is the item as it stands now."""
        understood = self.understand(given, now=now)
        return [asdict(check) for check in recheck(text, stored, understood, self.pack, now=now)]
