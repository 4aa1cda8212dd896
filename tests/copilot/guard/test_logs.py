"""Nothing of what was said gets into a log: not in a record, a warning or a traceback."""

import logging
import subprocess
import sys

import pytest
from pydantic import BaseModel
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from copilot.errors import BadInput
from copilot.guard.logs import LEFT_OUT, MaskingFormatter
from copilot.store.database import open_database

CARD = "4539 1488 0343 6467"
SAID = "my husband Roberto drinks and the card is four five three nine"


def written(message: str, *args: object, error: BaseException | None = None) -> str:
    record = logging.LogRecord("copilot", logging.ERROR, __file__, 1, message, args, None)
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    return MaskingFormatter().format(record)


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_secret_in_a_record_is_masked() -> None:
    assert written("no passage for %r", f"card {CARD}") == "no passage for 'card [CARD]'"


def test_a_traceback_says_where_and_what_kind_but_not_what_was_said() -> None:
    line = written("turn failed", error=raised(ValueError(SAID)))
    assert "in raised" in line
    assert f"builtins.ValueError: {LEFT_OUT}" in line
    assert "Roberto" not in line


def test_our_own_errors_say_what_they_say_masked() -> None:
    assert "BadInput: card [CARD] is no id" in written("refused", error=raised(BadInput(f"card {CARD} is no id")))


def test_the_exceptions_it_came_from_keep_silent_too() -> None:
    try:
        try:
            raise KeyError(SAID)
        except KeyError as first:
            raise RuntimeError(SAID) from first
    except RuntimeError as error:
        line = written("failed", error=error)
    assert "KeyError" in line
    assert "RuntimeError" in line
    assert "Roberto" not in line


def test_an_exception_given_as_a_value_keeps_silent() -> None:
    assert written("search failed: %s", ValueError(SAID)) == f"search failed: ValueError: {LEFT_OUT}"


def test_a_text_another_handler_wrote_out_is_not_taken_over() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), None)
    error = raised(ValueError(SAID))
    record.exc_info = (type(error), error, error.__traceback__)
    logging.Formatter().format(record)  # leaves the whole traceback in record.exc_text
    assert "Roberto" not in MaskingFormatter().format(record)


def test_a_validation_error_does_not_quote_its_input() -> None:
    class Amount(BaseModel):
        cents: int

    with pytest.raises(ValueError, match="cents") as caught:
        Amount.model_validate({"cents": SAID})
    assert "Roberto" in str(caught.value)
    assert "Roberto" not in written("bad", error=caught.value)


def test_a_database_error_does_not_quote_its_values(tmp_path: object) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/a.db")
    with pytest.raises(OperationalError) as caught, engine.begin() as connection:
        connection.execute(sql("insert into no_table values (:said)"), {"said": SAID})
    assert "Roberto" not in str(caught.value)
    assert "Roberto" not in written("bad", error=caught.value)


HOSTILE = f"""
import logging, sys, threading, warnings
from copilot.guard.logs import install_log_masking
install_log_masking(); install_log_masking()
said = {SAID!r}
logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=ValueError(said))
warnings.warn("the card is {CARD}")
def fail(): raise ValueError(said)
thread = threading.Thread(target=fail); thread.start(); thread.join()
class Bad:
    def __del__(self): raise ValueError(said)
bad = Bad(); del bad
fail()
"""


def test_threads_warnings_and_what_nobody_catches_are_masked_in_a_real_process() -> None:
    ended = subprocess.run([sys.executable, "-c", HOSTILE], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.count("builtins.ValueError") == 4  # uvicorn's, the thread's, the destructor's, the last one
    assert "[CARD]" in ended.stderr
    assert [word for word in ("Roberto", "4539", "four five") if word in ended.stderr + ended.stdout] == []
