"""Opens the database and brings it to the present schema."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from copilot.errors import ConfigError

_MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str) -> Engine:
    """Open the database at `url`, creating the SQLite file and upgrading the schema where needed.

    SQLite runs in WAL mode, every write transaction starts with BEGIN IMMEDIATE (a deferred one that turns into a
    write fails at once under load), and deleted content is overwritten, so a masked turn leaves nothing behind.

    Raises:
        ConfigError: the URL is no database URL, or the database cannot be reached.
    """
    try:
        engine = _create(url)
        with engine.begin() as connection:
            _upgrade(connection)
    except (ArgumentError, CommandError, NoSuchModuleError, ImportError, OSError, OperationalError) as error:
        shown = url.rsplit("@", maxsplit=1)[-1]  # never a password
        raise ConfigError(f"COPILOT_DATABASE_URL {shown!r} cannot be opened: {_first_line(error)}.") from error
    return engine


def _create(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 5, "check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
