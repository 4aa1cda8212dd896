"""What comes in, what is read out of it, and what is drafted as an answer: plain data that everybody else works on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["complaint", "post", "review", "message", "survey", "escalation"]
DraftClass = Literal["public", "regulator", "private"]
Severity = Literal["blocking", "warning"]
Status = Literal["draft", "needs_facts", "not_drafted"]


@dataclass(frozen=True)
class Message:
    """One message of the thread an item belongs to, oldest first; `ours` when we wrote it. Masked."""

    author: str
    text: str
    at: datetime | None = None
    ours: bool = False


@dataclass(frozen=True)
class Item:
    """Something a customer wrote that wants an answer; its texts are masked.

    Attributes:
        item_id: the sender's own id where there is one, else derived from the content: the same item, the same id.
        channel: id in channels.yaml.
        text: what they wrote, without quoted history.
        body_id: of bureaus.yaml, when a body sent it; `office` its local office, `reference` its number there.
        due_at: as printed on the notice, if it is.
        desired: the settlement they ask for, where the form has a field for it.
        customer_id: as the source says it; never more than a proposal.
        record: a customer record that came with the item, see `copilot.customer`.
        thread: what went before, quoted history included.
        facts: what is known of the matter besides, by name ("refund": "issued 2026-11-02"), from whoever asks.
    """

    item_id: str
    channel: str
    kind: Kind
    text: str
    language: str
    received_at: datetime
    title: str = ""
    author: str = ""
    body_id: str | None = None
    office: str | None = None
    reference: str | None = None
    due_at: datetime | None = None
    jurisdiction: str | None = None
    rating: int | None = None
    desired: str = ""
    customer_id: str | None = None
    record: Mapping[str, Any] | None = None
    thread: Sequence[Message] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Quote:
    """Words of the item; `start` and `end` are places in `Item.text`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Allegation:
    """One thing they say went wrong; `topic` is a code of topics.yaml's list, "other" where none fits."""

    allegation_id: str
    quote: Quote
    topic: str


@dataclass(frozen=True)
class RedFlag:
    """A flag of flags.yaml, and the words that raised it."""

    flag_id: str
    quote: Quote


@dataclass(frozen=True)
class CustomerMatch:
    """Who it may be, proposed to a person; `because` names what agrees, never the values."""

    customer_id: str
    score: float
    because: Sequence[str]


@dataclass(frozen=True)
class Deadline:
    """By when it must be answered; None where nothing may be guessed.

    `rule` says where it comes from: "printed", "bbb", "bbb/sacramento"; `days_left` counts from the day asked about and
    is negative when it is over; `warn` when half the time or `warn_days_left` is reached.
    """

    due_at: datetime | None
    rule: str
    days_left: int | None
    warn: bool
    asks: str = ""


@dataclass(frozen=True)
class Understanding:
    """What was read out of an item."""

    item: Item
    draft_class: DraftClass
    allegations: Sequence[Allegation]
    wishes: Sequence[Quote]
    dates: Sequence[Quote]
    amounts: Sequence[Quote]
    flags: Sequence[RedFlag]
    matches: Sequence[CustomerMatch]
    deadline: Deadline


@dataclass(frozen=True)
class Citation:
    """What a sentence rests on: a passage, a record of the account, the item's own words, a fact given, or a rule."""

    kind: Literal["passage", "record", "item", "fact", "rule"]
    ref: str
    quote: str = ""
    version: str = ""


@dataclass(frozen=True)
class DraftSentence:
    """A numbered sentence of a draft; `supported` is what the grounding check said."""

    id: str
    text: str
    citations: Sequence[Citation] = ()
    supported: bool = True


@dataclass(frozen=True)
class AnsweredAllegation:
    """An allegation and the sentences that answer it; none and `open` while a question stands."""

    allegation_id: str
    text: str
    topic: str
    answer_sentence_ids: Sequence[str]
    open: bool = False


@dataclass(frozen=True)
class Question:
    """A fact that is missing: who is asked what, for which allegation."""

    id: str
    text: str
    owner: str
    allegation_id: str | None = None


@dataclass(frozen=True)
class Check:
    """One check of a draft."""

    id: str
    passed: bool
    severity: Severity
    detail: str = ""


@dataclass(frozen=True)
class Draft:
    """A draft for a person to decide on; nothing of it is sent by itself.

    Attributes:
        text: what would be sent; empty when nothing may be drafted.
        versions: pack, prompt, passages and rules it was made with, by name, so that a decision can be followed back.
        item_digest: of the item and its thread; another one means that the conversation has gone on.
        provider: "extractive", or the model that worded it.
    """

    draft_id: str
    item_id: str
    channel: str
    draft_class: DraftClass
    language: str
    text: str
    allegations: Sequence[AnsweredAllegation]
    sentences: Sequence[DraftSentence]
    questions: Sequence[Question]
    checks: Sequence[Check]
    flags: Sequence[RedFlag]
    due_at: datetime | None
    days_left: int | None
    status: Status
    provider: str
    versions: Mapping[str, str]
    item_digest: str
    routes: Sequence[str] = ()

    @property
    def is_blocked(self) -> bool:
        """Whether a blocking check failed: it may not be approved as it stands."""
        return any(not check.passed and check.severity == "blocking" for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """The draft in JSON types, dates in ISO 8601."""
        fields = asdict(self)
        fields["due_at"] = self.due_at.isoformat() if self.due_at else None
        fields["blocked"] = self.is_blocked
        return fields
