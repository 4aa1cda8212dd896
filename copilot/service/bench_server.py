"""A `copilot serve` of its own for the load bench: in a folder of its own, on loopback, gone when the bench is over."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import httpx2
from sqlalchemy import make_url

from copilot.errors import CopilotError
from copilot.settings import Settings, load_settings
from copilot.store import Tokens, open_database

START_TIMEOUT_S = 240  # the first time the pack is indexed
STOP_TIMEOUT_S = 10
RETRY_S = 0.1
OWN_TABLES = ("events", "calls", "tokens")
BYTES_PER_MB = 1_000_000


class ServerDidNotStart(CopilotError):
    """The service the bench started went away, or never answered."""

    def __init__(self, said: str) -> None:
        super().__init__(f"`copilot serve` did not start: {said or 'it said nothing'}. Try it by hand first.")


@dataclass(frozen=True)
class BenchServer:
    """A running service: where it listens, a token for it, and its process."""

    url: str
    token: str
    process: subprocess.Popen[str]

    def rss_mb(self) -> float | None:
        """Resident memory in megabytes (10**6 bytes); None where there is no /proc, or no process any more."""
        try:
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        except (OSError, IndexError):
            return None
        return pages * os.sysconf("SC_PAGE_SIZE") / BYTES_PER_MB

    def cpu_s(self) -> float | None:
        """Processor time used so far, in seconds of one core; None where there is no /proc."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def bench_server(settings: Settings) -> Iterator[BenchServer]:
    """Start a service as these settings say, over a fresh folder with a copy of the index, and kill it at the end.

    Raises:
        ServerDidNotStart: it ended, or did not answer within `START_TIMEOUT_S`.
    """
    with TemporaryDirectory(prefix="copilot-bench-", ignore_cleanup_errors=True) as folder:
        data_dir = Path(folder)
        copy_index(settings, data_dir)
        own = {"COPILOT_DATA_DIR": folder, "COPILOT_DATABASE_URL": "", "COPILOT_CHROMA_URL": ""}
        token = _token(data_dir, settings.tenant)
        command = [sys.executable, "-m", "copilot.cli", "serve", "--host", "127.0.0.1", "--port", "0", "--json"]
        with (data_dir / "stderr.txt").open("w+", encoding="utf-8") as said:
            process = subprocess.Popen(  # noqa: S603 - our own command line
                command, env={**os.environ, **own}, stdout=subprocess.PIPE, stderr=said, text=True
            )
            try:
                yield BenchServer(_address(process, data_dir / "stderr.txt"), token, process)
            finally:
                process.kill()
                process.wait(STOP_TIMEOUT_S)


def copy_index(settings: Settings, data_dir: Path) -> None:
    """Copy what was indexed and built, so that it need not be done again; no call and no token comes along."""
    if (settings.data_dir / "embedders").is_dir():
        copytree(settings.data_dir / "embedders", data_dir / "embedders")
    url = make_url(settings.database)
    source = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    if source is None or not source.is_file():
        return
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(data_dir / "copilot.db")) as new:
        old.backup(new)
        there = {name for (name,) in new.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in OWN_TABLES:
            if table in there:
                new.execute(f"DELETE FROM {table}")  # noqa: S608 - a constant
        new.commit()


def _token(data_dir: Path, tenant: str) -> str:
    engine = open_database(load_settings(data_dir=data_dir, database_url="").database)
    try:
        return Tokens(engine).create("agent", tenant)
    finally:
        engine.dispose()


def _address(process: subprocess.Popen[str], said: Path) -> str:
    line = process.stdout.readline() if process.stdout else ""  # ends with the process at the latest
    if not line:
        raise ServerDidNotStart(_last_line(said))
    url: str = json.loads(line)["url"]
    give_up_at = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            if httpx2.get(f"{url}/healthz", timeout=5).is_success:
                return url
        except httpx2.TransportError:
            time.sleep(RETRY_S)
    raise ServerDidNotStart(_last_line(said))


def _last_line(path: Path) -> str:
    lines = path.read_text("utf-8").strip().splitlines()
    return lines[-1] if lines else ""
