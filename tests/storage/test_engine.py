"""The engine: transactions that wait instead of failing, and commits that last."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError

from flowyard.foundation.errors import InvalidInputError
from flowyard.storage.engine import open_engine, reading, writing
from flowyard.storage.errors import DatabaseUnavailableError
from flowyard.storage.schema import events


def test_sqlite_is_set_up_for_many_processes_and_no_loss(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has these")
    with reading(engine) as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_block_that_fails_changes_nothing(engine: Engine) -> None:
    def insert_and_fail() -> None:
        with writing(engine) as connection:
            connection.execute(events.insert().values(workspace_id="w", at_ns=1, kind="k", key="x"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        insert_and_fail()
    with reading(engine) as connection:
        assert connection.execute(select(events)).all() == []


def test_foreign_keys_hold(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(text("INSERT INTO memberships (workspace_id, user_id, role, created_ns) VALUES ('a', 'b', 'owner', 1)"))


def test_writers_that_read_first_do_not_lose_updates(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO leases (name, holder, epoch, expires_ns) VALUES ('count', 'h', 0, 0)"))

    def add() -> None:
        for _ in range(10):
            with writing(engine) as connection:
                lock = " FOR UPDATE" if engine.dialect.name == "postgresql" else ""
                epoch = connection.execute(text(f"SELECT epoch FROM leases WHERE name = 'count'{lock}")).scalar_one()
                connection.execute(text("UPDATE leases SET epoch = :epoch WHERE name = 'count'"), {"epoch": epoch + 1})

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT epoch FROM leases")).scalar_one() == 40


def test_readers_do_not_wait_for_writers(engine: Engine) -> None:
    with writing(engine) as writer:
        writer.execute(events.insert().values(workspace_id="w", at_ns=1, kind="k", key="x"))
        with reading(engine) as reader:
            assert reader.execute(select(events)).all() == []


@pytest.mark.parametrize("values", [{"kind": "a\0b"}, {"at_ns": 2**70}])
def test_values_that_no_column_holds_are_the_callers_error(engine: Engine, values: dict[str, Any]) -> None:
    row = {"workspace_id": "w", "at_ns": 1, "kind": "k", "key": "x"} | values
    if engine.dialect.name == "sqlite" and "kind" in values:
        pytest.skip("SQLite keeps them")
    with pytest.raises(InvalidInputError), writing(engine) as connection:
        connection.execute(events.insert().values(**row))


def test_an_sqlite_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    opened = open_engine(f"sqlite:///{tmp_path / 'new' / 'metadata.db'}")
    with writing(opened) as connection:
        connection.execute(text("CREATE TABLE t (x INTEGER)"))
        files = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "new").iterdir()}
    opened.dispose()
    assert files == {"metadata.db": 0o600, "metadata.db-wal": 0o600, "metadata.db-shm": 0o600}


def test_a_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseUnavailableError, match="cannot be written") as caught:
        open_engine(f"sqlite:///{tmp_path / 'file' / 'metadata.db'}")
    assert caught.value.exit_code == 2
