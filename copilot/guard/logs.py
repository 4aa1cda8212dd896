"""What goes into a log: masked, and without the messages of exceptions that may quote a customer."""

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from importlib import import_module
from types import TracebackType

from copilot.errors import CopilotError
from knowledge.errors import KnowledgeError

FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
LEFT_OUT = "(message left out: it may hold what somebody said)"
_OUR_ERRORS = (CopilotError, KnowledgeError)  # their messages quote no turn, and are masked all the same
_LONGEST_CHAIN = 8
_log = logging.getLogger("copilot")


def masked_message(message: str) -> str:
    """A message with every kind of secret in it masked."""
    # loaded when there is something to say: every command imports this module, and few have
    masking = import_module("copilot.guard.masking")
    policy = import_module("copilot.guard.redaction").RedactionPolicy()
    masked: str = masking.mask_values(message, policy)
    return masked


class MaskingFormatter(logging.Formatter):
    """Writes log records masked; of an exception its type and where it happened, not what it says.

    An exception of a library often quotes the value it stumbled over (a validation error its input, a decoding error
    its bytes). Our own errors say what they say, masked.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of the record and, below it, the exception without its words."""
        record.exc_text = None  # another handler may have written it out in full
        if record.exc_info or any(isinstance(value, BaseException) for value in _values(record)):
            record = _without_quotes(record)
        return masked_message(super().format(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name is logging's
        """The frames of the exception and of those that led to it."""
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(_told(error)) if isinstance(error, BaseException) else ""


def _values(record: logging.LogRecord) -> tuple[object, ...]:
    values = record.args if isinstance(record.args, tuple) else tuple((record.args or {}).values())
    return (record.msg, *values)


def _without_quotes(record: logging.LogRecord) -> logging.LogRecord:
    """The record with exceptions among its values told by their type alone."""
    told = logging.makeLogRecord(record.__dict__)
    told.msg = _named(record.msg)
    if isinstance(record.args, tuple):
        told.args = tuple(_named(value) for value in record.args)
    return told


def _named(value: object) -> object:
    return f"{type(value).__name__}: {_words_of(value)}" if isinstance(value, BaseException) else value


def _words_of(error: BaseException) -> str:
    return str(error) if isinstance(error, _OUR_ERRORS) else LEFT_OUT


def _told(error: BaseException) -> Iterator[str]:
    """The exception, then the ones it came from, each with its frames: file, line and function."""
    seen: BaseException | None = error
    for place in range(_LONGEST_CHAIN):
        if seen is None:
            return
        yield ("Traceback" if place == 0 else "which came from") + " (innermost call last):"
        yield from (
            f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
            for frame in traceback.extract_tb(seen.__traceback__)
        )
        yield f"{type(seen).__module__}.{type(seen).__qualname__}: {_words_of(seen)}"
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def install_log_masking(level: int = logging.WARNING) -> None:
    """Mask everything this process logs: records, warnings, and exceptions that nothing catches.

    The root logger gets a handler to standard error if it has none; handlers it has keep their place and get our
    formatter. Calling it again changes nothing.
    """
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
        root.setLevel(level)
    for handler in root.handlers:
        if not isinstance(handler.formatter, MaskingFormatter):
            handler.setFormatter(MaskingFormatter(FORM))
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda thrown: _log_thrown("a thread ended", thrown.exc_value)
    sys.unraisablehook = lambda thrown: _log_thrown("could not be raised", thrown.exc_value)


def _log_uncaught(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
        return
    _log.critical("copilot stopped on an error of its own", exc_info=(kind, error, where))


def _log_thrown(what: str, error: BaseException | None) -> None:
    _log.error("an exception %s", what, exc_info=error)
