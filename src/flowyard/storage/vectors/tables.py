"""Lance tables and their errors, which Lance tells by words alone."""

import asyncio
import os
import random
import re
import threading
import time
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from flowyard.foundation.bridge import Bridge
from flowyard.foundation.errors import InvalidInputError, MissingExtraError
from flowyard.rag.errors import IndexNotFoundError, IndexStoreError
from flowyard.rag.ports import EmbeddingModel, IndexKey

_T = TypeVar("_T")
_MIB = 1024 * 1024
#: What searches keep in memory, in a process: parts of indexes, and what is known of files.
_INDEX_CACHE, _FILE_CACHE = 1024 * _MIB, 256 * _MIB
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_CONFLICT = re.compile(r"conflict|concurrent|too many attempts|retryable", re.IGNORECASE)
_TRIES, _PAUSE_S = 30, 0.05
_ABOUT = "flowyard.index"


class About(msgspec.Struct, frozen=True):
    """What stands in a table's schema."""

    embedding: EmbeddingModel
    language: str | None

    def metadata(self) -> dict[str, str]:
        """Return it as a schema's metadata."""
        return {_ABOUT: msgspec.json.encode(asdict(self.embedding) | {"language": self.language}).decode()}

    @classmethod
    def of(cls, table: Any) -> "About":
        """Read a table's."""
        told_of = msgspec.json.decode(table.schema.metadata[_ABOUT.encode()])
        language = told_of.pop("language")
        return cls(EmbeddingModel(**told_of), language)


class LanceTables:
    """The tables below a folder or a URL such as ``s3://bucket/prefix``, a folder for each workspace.

    LanceDB, which takes a second to load, is loaded by the first call.
    """

    def __init__(self, place: str) -> None:
        self._place = place.rstrip("/")
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def connection(self, workspace_id: str) -> Any:
        """Return the workspace's folder.

        Raises:
            MissingExtraError: LanceDB is not installed.
        """
        options = None
        if urlsplit(self._place).scheme:
            # Plain HTTP is spoken only to an endpoint that the operator gave so: the providers' own are https.
            endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
            options = {"allow_http": "true", **({"aws_endpoint": endpoint} if endpoint else {})}
        lancedb, session = self._lance()
        return lancedb.connect(f"{self._place}/{checked('workspace', workspace_id)}", storage_options=options, session=session)

    def _lance(self) -> tuple[Any, Any]:
        with self._loading:
            if self._loaded is None:
                try:
                    import lancedb
                    import pyarrow
                except ImportError as error:
                    raise MissingExtraError("An index", "server") from error
                module: Any = lancedb
                pa: Any = pyarrow
                # Lance's threads free what Arrow was given in ours, which Arrow's own allocator does not give back: a step kept 3 MB.
                pa.set_memory_pool(pa.system_memory_pool())
                self._loaded = module, module.Session(_INDEX_CACHE, _FILE_CACHE)
            return self._loaded

    def open(self, key: IndexKey) -> Any:
        """Return an index's table at its head, as it is now.

        Raises:
            IndexNotFoundError: there is none.
        """
        name = table_name(key)
        with told(key):
            return self.connection(key.workspace_id).open_table(name)

    def present(self, key: IndexKey, name: str) -> Any:
        """Return a table of the key's workspace at its head, or None where it is not there."""
        with told(key):
            try:
                return self.connection(key.workspace_id).open_table(name)
            except ValueError as error:
                if not _missing(error):
                    raise
                return None

    def made(self, key: IndexKey, name: str, schema: Any) -> Any:
        """Return a table of the key's workspace at its head; it is made where it is not there."""
        table = self.present(key, name)
        if table is not None:
            return table
        with told(key):
            connection = self.connection(key.workspace_id)
            try:
                return connection.create_table(name, schema=schema)
            except ValueError as error:
                if "already exists" not in str(error):  # another made it meanwhile
                    raise
                return connection.open_table(name)


def asynchronous(table: Any) -> Any:
    """Return the asynchronous form of a table: its queries are one turn of an event loop, those of the other form are five."""
    return table._table


def awaited(work: Coroutine[Any, Any, _T]) -> _T:
    """Return what a call of an asynchronous table gives."""
    return _calls.run(work)


def _loop() -> asyncio.AbstractEventLoop:
    # A search wakes the loop twenty times, which costs it a twelfth of its processor time less than on LanceDB's own loop.
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


_calls = Bridge(_loop)


def table_name(key: IndexKey) -> str:
    """Return the name of an index's table."""
    return f"index-{checked('index', key.name)}"


def checked(noun: str, name: str) -> str:
    """Return a name that is also one of a file.

    Raises:
        InvalidInputError: it is none.
    """
    if not _NAME.fullmatch(name) or ".." in name or name.endswith((".", ".lock")):
        raise InvalidInputError(
            f"{name!r} is no name for a {noun}.", remedy="Use letters, digits, '_', '-' and '.', and begin with a letter or digit."
        )
    return name


@contextmanager
def told(key: IndexKey) -> Generator[None]:
    """Turn Lance's errors into ours.

    Raises:
        IndexNotFoundError: the table is not there.
        IndexStoreError: anything else went wrong.
    """
    try:
        yield
    except (ValueError, RuntimeError, OSError) as error:
        words = str(error).strip().partition("\n")[0]
        if _missing(error):
            raise IndexNotFoundError(f"There is no index {key.name!r}.") from error
        raise IndexStoreError(f"The index {key.name!r} does not do what is asked: {words[:400]}") from error


def in_turn(key: IndexKey, work: Callable[[], _T]) -> _T:
    """Return what `work` does, and do it again where another writer came first.

    Raises:
        IndexStoreError: others came first each time, or something else is wrong.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            with told(key):
                return work()
        except IndexStoreError as error:
            if attempt == _TRIES or not _CONFLICT.search(str(error.__cause__)):
                raise
            time.sleep(random.uniform(0, _PAUSE_S * min(attempt, 10)))  # noqa: S311  # no secret
    raise AssertionError


def _missing(error: Exception) -> bool:
    return isinstance(error, ValueError) and re.match(r"Table .* was not found", str(error)) is not None
