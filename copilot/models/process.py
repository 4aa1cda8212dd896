"""A language model in a process of its own: asking it and checking its words take no time from the calls.

Building a prompt, reading an answer and holding each of its sentences against its sources take tens of milliseconds of
pure Python. In the service's own process every turn would wait for them: one thread at a time holds the interpreter.
The process is started once, ends with the service even when that is killed, and is started again when it dies.
"""

import logging
import os
import pickle
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Lock, Thread
from typing import Any, cast

from copilot.errors import ConfigError, ModelFailed, ModelUnavailable
from copilot.guard.logs import install_log_masking
from copilot.models import load_model
from copilot.models.host import Result, Work
from copilot.models.model import Model
from copilot.models.trace import Trace
from copilot.models.usage import TaskUsage
from copilot.settings import Settings

START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 2.0
SPARE_THREADS = 2  # for questions after the usage while every other thread waits for the model
FIGURES_TIMEOUT_S = 2.0
REST_S = 5.0  # between two starts of a process that dies
NICENESS = 10  # the calls come first
MAX_THREADS = 64

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Done:
    """What comes back for one piece of work; `error` is set where there is no result."""

    number: int
    result: Any
    error: Exception | None
    is_degraded: bool


class _Child:
    """One life of the process; everybody who waits for it learns of its death."""

    def __init__(self, settings: Settings) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, settings), daemon=True, name="language model")
        process.start()
        theirs.close()
        self._numbers = count(1)
        self._lock = Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self._is_dead = False
        self.is_degraded = False
        self.pid = process.pid
        self._process = process

    def wait_until_ready(self) -> None:
        """Wait for the first word, then listen.

        Raises:
            ConfigError: the model cannot be loaded there.
        """
        said: object = "did not start in time"
        with suppress(EOFError, OSError):
            if self._connection.poll(START_TIMEOUT_S):
                said = self._connection.recv()
        if said is not None:
            self.close()
            raise ConfigError(f"The process of the language model {said}.")
        Thread(target=self._listen, daemon=True, name="language model").start()

    @property
    def is_dead(self) -> bool:
        """It will not answer any more."""
        return self._is_dead

    def submit(self, work: Work[Result]) -> "Future[Result]":
        """Send the work; the future fails with ModelUnavailable when the process dies."""
        packed, future, number = pickle.dumps(work), Future[Any](), next(self._numbers)
        with self._lock:
            if self._is_dead:
                raise ModelUnavailable("The process of the language model has ended.")
            self._waiting[number] = future
            try:
                self._connection.send((number, packed))
            except OSError as error:
                del self._waiting[number]
                raise ModelUnavailable("The process of the language model has ended.") from error
        return future

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join(STOP_TIMEOUT_S)
        self._connection.close()

    def _listen(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                done = cast("_Done", pickle.loads(self._connection.recv_bytes()))  # noqa: S301 - our own process
                self.is_degraded = done.is_degraded
                with self._lock:
                    future = self._waiting.pop(done.number)
                if done.error is None:
                    future.set_result(done.result)
                else:
                    future.set_exception(done.error)
        with self._lock:
            self._is_dead = True
            waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            future.set_exception(ModelUnavailable("The process of the language model has ended."))


class ModelProcess:
    """The model of the settings in a process of its own; implements `ModelHost`.

    Args:
        settings: which model, and how many calls of it at once.

    Raises:
        ConfigError: the process does not start, or the model cannot be loaded there.
    """

    def __init__(self, settings: Settings) -> None:
        self.name = settings.model
        self._settings = settings
        self._lock = Lock()
        self._is_closed = False
        self._usage: dict[str, TaskUsage] = {}
        self._traces: Sequence[Trace] = ()
        self._child = self._start()

    @property
    def is_degraded(self) -> bool:
        """The model, or its process, failed so often that it is left alone, and has not answered since."""
        return self._child.is_degraded or self._child.is_dead

    @property
    def pid(self) -> int | None:
        """The process, for those who measure."""
        return self._child.pid

    def run(self, work: Work[Result]) -> Result:
        """What the work makes of the model in its process.

        Raises:
            ModelFailed: the model gave nothing usable, or its process died.
            RuntimeError: the work itself failed; the message is the name of the error, for its text may hold words of
                a caller.
        """
        return self._living().submit(work).result()

    def usage(self) -> dict[str, TaskUsage]:
        """What was used since the process began, by task; what was last known when it does not answer."""
        self._usage = self._figures(_usage_of, self._usage)
        return self._usage

    def traces(self) -> Sequence[Trace]:
        """The last completed tasks, oldest first; those last known when the process does not answer."""
        self._traces = self._figures(_traces_of, self._traces)
        return self._traces

    def close(self) -> None:
        """End the process; work under way fails."""
        with self._lock:
            self._is_closed = True
        self._child.close()

    def _figures(self, work: Work[Result], known: Result) -> Result:
        try:
            return self._living().submit(work).result(timeout=FIGURES_TIMEOUT_S)
        except (ModelFailed, FutureTimeout):
            return known

    def _living(self) -> _Child:
        with self._lock:
            if self._child.is_dead and not self._is_closed and time.monotonic() >= self._started_at + REST_S:
                _logger.warning("the process of the language model ended; it is started again")
                try:
                    self._child = self._start()
                except ConfigError as error:
                    raise ModelUnavailable(str(error)) from error
            return self._child

    def _start(self) -> _Child:
        self._started_at = time.monotonic()
        child = _Child(self._settings)
        child.wait_until_ready()
        return child


def _usage_of(model: Model) -> dict[str, TaskUsage]:
    return model.usage()


def _traces_of(model: Model) -> Sequence[Trace]:
    return model.traces()


# --- in the other process ---------------------------------------------------------------------------------------------


def _serve(connection: Connection, settings: Settings) -> None:
    """Work until the other end is gone; a process that nobody listens to ends at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the service, which ends this one
    os.nice(NICENESS)
    install_log_masking()
    try:
        model = load_model(settings.model, settings)
        model.warm_up()
    except Exception as error:  # whoever starts it wants to know
        connection.send(f"cannot load it: {error}" if isinstance(error, ConfigError) else f"failed: {error!r}")
        return
    connection.send(None)
    lock = Lock()
    pool = ThreadPoolExecutor(min(settings.model_concurrency, MAX_THREADS) + SPARE_THREADS)
    with suppress(EOFError, OSError):
        while True:
            number, packed = connection.recv()
            pool.submit(_work, number, packed, model, connection, lock)
    os._exit(0)  # threads that wait for the model would keep it alive


def _work(number: int, packed: bytes, model: Model, connection: Connection, lock: Lock) -> None:
    result, error = _result_of(packed, model)
    try:
        answer = pickle.dumps(_Done(number, result, error, model.is_degraded))
    except Exception as failure:  # whoever waits must be told
        answer = pickle.dumps(_Done(number, None, RuntimeError(type(failure).__name__), model.is_degraded))
    with lock, suppress(OSError):
        connection.send_bytes(answer)


def _result_of(packed: bytes, model: Model) -> tuple[Any, Exception | None]:
    try:
        work: Callable[[Model], Any] = pickle.loads(packed)  # noqa: S301 - from the service that started us
        return work(model), None
    except ModelFailed as error:
        return None, type(error)(str(error))
    except Exception as error:  # its text may hold a caller's words
        return None, RuntimeError(type(error).__name__)
