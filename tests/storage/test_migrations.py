"""Migrations: they make the schema that the code uses, once, whoever comes first, and an unfit database is refused with the reason."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from flowyard.foundation.errors import InvalidInputError
from flowyard.storage import migrate
from flowyard.storage.engine import open_engine
from flowyard.storage.errors import DatabaseNewerError, DatabaseNotMigratedError, DatabaseUnavailableError
from flowyard.storage.schema import metadata


def test_head_equals_the_tables_in_the_code(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    assert migrate.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata, "compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_upgrade_twice_does_nothing_the_second_time(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    assert migrate.upgrade(engine)
    assert not migrate.upgrade(engine)
    migrate.check(engine)
    engine.dispose()


def test_processes_that_migrate_at_once_migrate_once(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    results: list[bool] = []
    threads = [threading.Thread(target=lambda: results.append(migrate.upgrade(engine))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]
    engine.dispose()


def test_a_database_without_tables_is_refused_with_the_command(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    with pytest.raises(DatabaseNotMigratedError, match="flowyard db migrate") as caught:
        migrate.check(engine)
    assert caught.value.exit_code == 2
    engine.dispose()


def test_a_newer_database_is_refused_by_all_and_left_alone(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refuse in (migrate.check, migrate.upgrade):
        with pytest.raises(DatabaseNewerError, match="9999") as caught:
            refuse(engine)
        assert caught.value.exit_code == 2
    assert inspect(engine).has_table("workspaces")
    engine.dispose()


def test_revisions_are_numbered_by_their_files() -> None:
    script = __import__("alembic.script", fromlist=["ScriptDirectory"]).ScriptDirectory.from_config(migrate.alembic_config())
    assert tuple(sorted(revision.revision for revision in script.walk_revisions())) == migrate.revisions()
    assert script.get_current_head() == migrate.head()


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    engine = open_engine("postgresql://somebody:hunter2@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseUnavailableError) as caught:
        migrate.check(engine)
    assert "127.0.0.1" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["mysql://localhost/x", "not a url", "sqlite://", "sqlite:///:memory:"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(InvalidInputError):
        open_engine(url)
