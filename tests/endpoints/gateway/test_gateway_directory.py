import time
from collections.abc import Iterator
from typing import Any

import pytest

from flowyard.endpoints.gateway.directory import Directory, digest_of
from support.memory_installation import MemorySource


@pytest.fixture
def source() -> MemorySource:
    return MemorySource()


@pytest.fixture
def directory(source: MemorySource) -> Iterator[Directory]:
    source.put_connection("first", "custom", {"a": "1"})
    opened = Directory(source, period_s=0.01)
    opened.start()
    yield opened
    opened.close()


def soon(check: Any) -> None:
    for _ in range(200):
        if check():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come")


def test_it_starts_full_and_follows_changes(source: MemorySource, directory: Directory) -> None:
    assert directory.connection("w1", "first").configs == {"a": "1"}
    assert directory.connection("w2", "first") is None
    source.put_connection("first", "custom", {"a": "2"})
    source.put_connection("second", "custom", {})
    soon(lambda: directory.connection("w1", "second"))
    assert directory.connection("w1", "first").configs == {"a": "2"}
    del source.held_connections["w1", "first"]
    source.append("w1", "connection", "first")
    soon(lambda: directory.connection("w1", "first") is None)


def test_a_key_that_was_unknown_is_found_after_an_event(source: MemorySource, directory: Directory) -> None:
    digest = digest_of("late")
    assert directory.find_key(digest) is None
    assert directory.is_unknown(digest)
    source.add_key("late")
    source.append("w1", "key", "id-late")
    soon(lambda: not directory.is_unknown(digest))
    assert directory.find_key(digest).name == "late"


def test_a_database_that_is_away_leaves_what_is_known(source: MemorySource, directory: Directory) -> None:
    source.broken = True
    source.put_connection("second", "custom", {})
    time.sleep(0.05)
    assert directory.connection("w1", "first")
    source.broken = False
    soon(lambda: directory.connection("w1", "second"))
