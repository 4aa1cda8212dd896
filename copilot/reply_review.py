"""Joins replies to their review: what is drafted is queued, and a text is checked again before it is approved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copilot.complaint_cases import ComplaintCases
from copilot.connect.file_outbox import FileOutbox
from copilot.connect.platforms import AppStore, GoogleBusiness, GooglePlay
from copilot.connect.sending import Sender
from copilot.connect.smtp import Smtp
from copilot.connect.webhook import Webhook
from copilot.errors import BadInput
from copilot.models import ModelHost
from copilot.replies.desk import ReplyDesk
from copilot.replies.items import item_json
from copilot.replies.model import Draft, Understanding
from copilot.replies.understanding import largest_amount, understood_json
from copilot.review.deciding import Asked
from copilot.review.desk import ReviewDesk
from copilot.settings import Settings
from copilot.store import ReviewItem


@dataclass(frozen=True)
class ReplyReview:
    """Drafts replies into the queue of one tenant, and takes decisions on them."""

    replies: ReplyDesk
    review: ReviewDesk
    senders: Mapping[str, Sender]
    host: ModelHost | None = None
    complaints: ComplaintCases | None = None

    def draft(
        self,
        given: Mapping[str, Any],
        *,
        by: str,
        now: datetime,
        channel: str | None = None,
        variant: str | None = None,
        extractive: bool = False,
    ) -> dict[str, Any]:
        """Draft an answer and queue it; the draft in JSON types, with what was read out of the item.

        With a model the draft is in its words as far as they hold, unless it is to be `extractive`.

        Raises:
            BadInput: the item cannot be read.
        """
        understood = self.read(given, now=now, channel=channel)
        made = self.replies.draft_of(understood, now=now, variant=variant)
        if self.host is not None and not extractive:
            made = self.replies.worded(made, understood, self.host, now=now, variant=variant)
        draft = self.queue(understood, made, by=by, now=now)
        return {**draft, "understood": understood_json(understood)}

    def read(self, given: Mapping[str, Any], *, now: datetime, channel: str | None = None) -> Understanding:
        """What an item says; drafts that wait for a decision about it learn how the conversation stands now.

        Raises:
            BadInput: the item cannot be read.
        """
        understood = self.replies.understand(given, now=now, channel=channel)
        self.review.reviews.went_on(understood.item.item_id, item_json(understood.item), at=now)
        return understood

    def queue(self, understood: Understanding, made: Draft, *, by: str, now: datetime) -> dict[str, Any]:
        """Put a draft into the queue; the draft in JSON types."""
        draft = {**made.as_json(), "body_id": understood.item.body_id}
        draft["largest_amount"] = str(largest_amount(understood))
        self.review.add(draft, item_json(understood.item), by=by, now=now)
        if self.complaints is not None:
            self.complaints.opened(understood, made, by=by, now=now)
        return draft

    def decide(self, draft_id: str, decision_id: str, version: int, asked: Asked) -> tuple[ReviewItem, bool]:
        """Take a decision; the text is checked again, with the item and the pack of today.

        Raises:
            NotFound, Conflict, BadInput: see `copilot.review.deciding`; also an adapter that is not set up.
        """
        if asked.action == "approve" and asked.adapter not in self.senders:
            raise BadInput(f"adapter is {asked.adapter!r}; set up are: {', '.join(self.senders)}. Choose one of them.")
        return self.review.decide(draft_id, decision_id, version, asked, self._recheck(draft_id, asked.at))

    def _recheck(self, draft_id: str, now: datetime) -> Callable[[str], Sequence[Mapping[str, Any]]]:
        def recheck(text: str) -> Sequence[Mapping[str, Any]]:
            item = self.review.reviews.get(draft_id)  # read when it is asked: while the decision holds the draft
            return self.replies.recheck(text, item.draft, item.given, now=now)

        return recheck


def senders_of(settings: Settings) -> dict[str, Sender]:
    """The ways out that are set up: files in any case, webhook and mail where the settings name them."""
    senders: dict[str, Sender] = {"file": FileOutbox(settings.data_dir / "outbox")}
    if settings.reply_webhook_url:
        secret = settings.reply_webhook_secret.get_secret_value()
        senders["webhook"] = Webhook(settings.reply_webhook_url, secret)
    business, play = settings.google_business_token, settings.google_play_token
    if business.get_secret_value():
        senders["google_business"] = GoogleBusiness(business.get_secret_value())
    if play.get_secret_value() and settings.google_play_package:
        senders["google_play"] = GooglePlay(play.get_secret_value(), settings.google_play_package)
    if settings.app_store_token.get_secret_value():
        senders["app_store"] = AppStore(settings.app_store_token.get_secret_value())
    if settings.smtp_host and settings.smtp_sender:
        senders["smtp"] = Smtp(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_sender,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            starttls=settings.smtp_starttls,
        )
    return senders
