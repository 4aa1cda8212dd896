from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect, text

from copilot.errors import ConfigError
from copilot.store import open_database
from copilot.store.tables import metadata as copilot_tables
from knowledge.tables import metadata as knowledge_tables


def test_the_migrations_make_exactly_the_tables_the_code_uses(tmp_path: Path) -> None:
    wanted = MetaData(naming_convention=knowledge_tables.naming_convention)
    for metadata in (knowledge_tables, copilot_tables):
        for table in metadata.tables.values():
            table.to_metadata(wanted)
    with open_database(f"sqlite:///{tmp_path}/new.db").connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), wanted)
    assert differences == []


def test_opening_a_database_twice_leaves_it_as_it_was(tmp_path: Path) -> None:
    first = open_database(f"sqlite:///{tmp_path}/a.db")
    tables = inspect(first).get_table_names()
    assert inspect(open_database(f"sqlite:///{tmp_path}/a.db")).get_table_names() == tables


def test_read_then_write_transactions_of_several_threads_never_find_the_database_locked(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/busy.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def count_up(_: int) -> None:
        with engine.begin() as connection:
            n = connection.execute(text("SELECT n FROM counter")).scalar_one()
            connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(200)))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar_one() == 200


@pytest.mark.parametrize("url", ["nonsense", "oracle9i://x/y", "sqlite:////proc/none/such/file.db"])
def test_a_wrong_database_url_names_the_setting(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_database(url)
    assert "COPILOT_DATABASE_URL" in str(caught.value)


def test_a_password_in_the_url_stays_out_of_the_message() -> None:
    with pytest.raises(ConfigError) as caught:
        open_database("oracle9i://ann:s3cret@db/x")
    assert "s3cret" not in str(caught.value)


def test_a_database_of_a_newer_version_is_refused_in_one_line(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/newer.db"
    with open_database(url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="COPILOT_DATABASE_URL"):
        open_database(url)
