"""Opens what replies are drafted with, for commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from copilot.cases.desk import CaseDesk
from copilot.commands.printing import say
from copilot.complaint_cases import ComplaintCases
from copilot.models import InProcess
from copilot.replies.desk import ReplyDesk
from copilot.replies.policies import Policies
from copilot.reply_review import ReplyReview, senders_of
from copilot.review.desk import ReviewDesk
from copilot.settings import load_settings
from copilot.store import Cases, Reviews
from copilot.wiring import open_parts


@contextmanager
def reply_review(pack: str | None) -> Iterator[ReplyReview]:
    """Replies and their review with a pack, or with the one of the settings, over its index.

    Raises:
        ConfigError, KnowledgeError: something cannot be opened.
    """
    settings = load_settings(**({"pack": pack} if pack else {}))
    parts = open_parts(settings, with_vectors=False, say=say)
    try:
        replies = ReplyDesk(parts.pack, Policies(parts.retriever))
        review = ReviewDesk(Reviews(parts.engine, settings.tenant), parts.pack)
        complaints = ComplaintCases(CaseDesk(Cases(parts.engine, settings.tenant), parts.pack))
        yield ReplyReview(replies, review, senders_of(settings), InProcess(parts.model), complaints)
    finally:
        parts.close()
