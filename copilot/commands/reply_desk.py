"""Opens what replies are drafted with, for commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from copilot.commands.printing import say
from copilot.replies.desk import ReplyDesk
from copilot.replies.policies import Policies
from copilot.settings import load_settings
from copilot.wiring import open_parts


@contextmanager
def reply_desk(pack: str | None) -> Iterator[ReplyDesk]:
    """The desk of a pack, or of the one of the settings, over its index.

    Raises:
        ConfigError, KnowledgeError: something cannot be opened.
    """
    settings = load_settings(**({"pack": pack} if pack else {}))
    parts = open_parts(settings, with_vectors=False, say=say)
    try:
        yield ReplyDesk(parts.pack, Policies(parts.retriever))
    finally:
        parts.close()
