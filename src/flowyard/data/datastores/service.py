"""The datastores of workspaces: made, tested, deleted, and what is in them. Credentials go in and never come out of the API."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flowyard.connections.redaction import Redactor
from flowyard.connections.sealing import Sealer
from flowyard.data.datastores.errors import DatastoreExistsError, DatastoreInvalidError, DatastoreNotFoundError, StoreRefusedError
from flowyard.data.datastores.kinds import KINDS
from flowyard.data.datastores.model import BUILT_IN, Bounds, DatastoreRecord, Place
from flowyard.data.datastores.paths import checked
from flowyard.data.datastores.ports import DatastoreStore, Kind, StoreFiles, TableSource
from flowyard.data.datastores.table_rows import first_rows
from flowyard.data.datastores.types.local_folder import FolderFiles
from flowyard.data.datastores.urls import Located, is_url, locate_url
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.datastore_uris import parse_datastore_uri
from flowyard.foundation.errors import FlowyardError, Location, nearest
from flowyard.foundation.ids import new_id
from flowyard.identity.audit import audit_record
from flowyard.identity.model import AuditRecord, Caller
from flowyard.wire.datastores import (
    Datastore,
    DatastoreTest,
    DatastoreWrite,
    StoredFile,
    StoredFiles,
    StoredTables,
    TableColumns,
    TableQuery,
    TableRows,
)

#: A read gives at most so many bytes.
READ_LIMIT = 32 * 1024 * 1024
#: A file that is written has at most so many: as many as S3 takes in one request.
WRITE_LIMIT = 5 * 1024**3
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_LONGEST_VALUE = 10_000
#: An opened store, with its connections, serves for so long; then it is opened, and its address checked, anew.
_OPEN_S = 60.0


class DatastoreService:
    """Datastores by name. All methods block.

    Args:
        store: keeps them.
        sealer: encrypts their credentials.
        redactor: learns the credentials, so that no log has them.
        bounds: what they may reach.
        home: where the files of every workspace's `BUILT_IN` datastore are, a folder for each workspace.
    """

    def __init__(self, store: DatastoreStore, sealer: Sealer, redactor: Redactor, bounds: Bounds, home: Path) -> None:
        self._store = store
        self._sealer = sealer
        self._redactor = redactor
        self._bounds = bounds
        self._home = home
        self._opened: dict[str, tuple[float, StoreFiles]] = {}

    @property
    def bounds(self) -> Bounds:
        """What may be reached, by datastores and by whatever else fetches data."""
        return self._bounds

    def list(self, caller: Caller) -> tuple[Datastore, ...]:
        """Return the workspace's datastores by name, the built-in one first."""
        return (_built_in(), *map(_shown, self._store.in_workspace(caller.workspace_id)))

    def get(self, caller: Caller, name: str) -> Datastore:
        """Return one datastore, without its credentials.

        Raises:
            DatastoreNotFoundError: there is none of this name.
        """
        return _built_in() if name == BUILT_IN else _shown(self._record(caller.workspace_id, name))

    def create(self, caller: Caller, request: DatastoreWrite) -> Datastore:
        """Make a datastore. It is not reached for that: `test` does so.

        Raises:
            DatastoreInvalidError: its name, keys or values are not valid, or it leads to where datastores may not.
            DatastoreExistsError: the name is taken.
        """
        record, audit = self._made(caller, request, "datastore.create")
        self._store.add(record, audit)
        return _shown(record)

    def replace(self, caller: Caller, request: DatastoreWrite) -> Datastore:
        """Make a datastore, or put it in the place of the one of its name. One that is the same already, secrets too, stays as it is.

        Raises:
            DatastoreInvalidError, DatastoreExistsError: as `create`; the built-in one cannot be replaced.
            MasterKeyError: the credentials of the present one cannot be decrypted.
        """
        record, audit = self._made(caller, request, "datastore.replace")
        present = self._store.get(caller.workspace_id, request.name)
        if present is not None:
            asked = (request.type, request.description, request.tags, request.configs, request.secrets)
            if asked == (
                present.type,
                present.description,
                present.tags,
                present.configs,
                self._place(caller.workspace_id, present).secrets,
            ):
                return _shown(present)
            record = replace(record, created_ns=present.created_ns)
        self._store.replace(record, audit)
        return _shown(record)

    def _made(self, caller: Caller, request: DatastoreWrite, action: str) -> tuple[DatastoreRecord, AuditRecord]:
        _check(request)
        if request.name == BUILT_IN:
            raise DatastoreExistsError(f"{BUILT_IN!r} is always there.", remedy="Choose another name.")
        self._redactor.register(request.secrets.values())
        now = now_ns()
        record = DatastoreRecord(
            id=new_id(),
            workspace_id=caller.workspace_id,
            name=request.name,
            type=request.type,
            description=request.description,
            tags=request.tags,
            configs=request.configs,
            secret_names=tuple(sorted(request.secrets)),
            sealed=self._sealer.seal(to_json(request.secrets), _sealed_for(caller.workspace_id, request.name)),
            created_ns=now,
            updated_ns=now,
        )
        KINDS[record.type].open(Place(configs=request.configs, secrets=request.secrets, bounds=self._bounds))
        noted = {"type": record.type, "configs": sorted(record.configs), "secrets": list(record.secret_names)}
        return record, audit_record(caller, action, f"datastores/{record.name}", noted)

    def delete(self, caller: Caller, name: str) -> None:
        """Delete a datastore. The files stay where they are.

        Raises:
            DatastoreNotFoundError: there is none of this name.
            DatastoreInvalidError: it is the built-in one.
        """
        if name == BUILT_IN:
            raise DatastoreInvalidError(f"{BUILT_IN!r} is always there.", remedy="Delete files in it instead.")
        if not self._store.delete(caller.workspace_id, name, audit_record(caller, "datastore.delete", f"datastores/{name}")):
            raise self._not_found(caller.workspace_id, name)

    def test(self, caller: Caller, name: str) -> DatastoreTest:
        """Reach a datastore, and say what was seen, or what failed.

        Raises:
            DatastoreNotFoundError: there is none of this name.
            MasterKeyError: its credentials cannot be decrypted.
        """
        record = None if name == BUILT_IN else self._record(caller.workspace_id, name)
        return self._reach(lambda: self._open(caller.workspace_id, record))

    def try_out(self, request: DatastoreWrite) -> DatastoreTest:
        """Reach a datastore as it would be made, and say what was seen, or what failed. Nothing of it is kept.

        Raises:
            DatastoreInvalidError: its name, keys or values are not valid.
        """
        _check(request)
        self._redactor.register(request.secrets.values())
        place = Place(configs=request.configs, secrets=request.secrets, bounds=self._bounds)
        return self._reach(lambda: KINDS[request.type].open(place))

    def _reach(self, opened: Callable[[], StoreFiles]) -> DatastoreTest:
        began = time.perf_counter()
        try:
            detail = opened().check()
        except FlowyardError as error:
            return DatastoreTest(ok=False, detail=self._redactor.scrub(error.message), remedy=error.remedy)
        return DatastoreTest(ok=True, detail=self._redactor.scrub(detail), latency_ms=(time.perf_counter() - began) * 1000)

    def files(self, caller: Caller, name: str, path: str, *, after: str | None, limit: int) -> StoredFiles:
        """Return files and folders right below a folder of a datastore.

        Raises:
            DatastoreNotFoundError, UnsafeStorePathError, StoreRefusedError, StoreAccessError, StoreUnavailableError.
        """
        page = self.open(caller.workspace_id, name).files(checked(path), after=after, limit=limit)
        return StoredFiles(items=page.items, next=page.after)

    def info(self, caller: Caller, name: str, path: str) -> StoredFile:
        """Return a file's size, time and etag; for a folder that has something in it, that it is one.

        Raises:
            StoredFileNotFoundError: there is neither.
            DatastoreNotFoundError, UnsafeStorePathError, StoreAccessError, StoreUnavailableError.
        """
        found, text = self.open(caller.workspace_id, name), checked(path)
        try:
            return found.info(text)
        except FlowyardError as error:
            if error.status != 404 or (text and not found.files(text, after=None, limit=1).items):
                raise
            return StoredFile(path=text, kind="folder")

    def read(self, caller: Caller, name: str, path: str, start: int, end: int) -> bytes:
        """Return the bytes of a file from `start` to before `end`, at most `READ_LIMIT`.

        Raises:
            DatastoreNotFoundError, StoredFileNotFoundError, UnsafeStorePathError, StoreAccessError, StoreUnavailableError.
        """
        return self.open(caller.workspace_id, name).read(checked(path), start, min(end, start + READ_LIMIT))

    def write(self, caller: Caller, name: str, path: str, source: Path) -> StoredFile:
        """Make or replace a file of the bytes of the local file `source`.

        Raises:
            DatastoreNotFoundError, UnsafeStorePathError, StoreRefusedError, StoreAccessError, StoreUnavailableError.
        """
        found, text = self.open(caller.workspace_id, name), checked(path)
        found.write(text, source)
        return found.info(text)

    def open(self, workspace_id: str, name: str) -> StoreFiles:
        """Return the files of a datastore, for the platform's own use.

        Raises:
            DatastoreNotFoundError: there is none of this name.
            DatastoreInvalidError: it leads to where datastores may not.
            MasterKeyError: its credentials cannot be decrypted.
        """
        return self._open(workspace_id, None if name == BUILT_IN else self._record(workspace_id, name))

    def locate(self, workspace_id: str, address: str) -> Located:
        """Return where ``azureml://datastores/<name>/paths/<path>`` or a web address leads, for the platform's own use.

        Raises:
            InvalidInputError: it is neither.
            UnsafeStorePathError, StoreUnavailableError: as everywhere.
            DatastoreNotFoundError, DatastoreInvalidError, MasterKeyError: as `open`.
        """
        if is_url(address):
            return locate_url(address, self._bounds)
        place = parse_datastore_uri(address)
        return Located(str(place), self.open(workspace_id, place.datastore), checked(place.path))

    def list_tables(self, caller: Caller, name: str, *, after: str | None, limit: int) -> StoredTables:
        """Return tables and views of a datastore that is a database.

        Raises:
            DatastoreNotFoundError, StoreRefusedError, StoreAccessError, StoreUnavailableError, MissingExtraError.
        """
        return self.tables(caller.workspace_id, name).tables(after=after, limit=limit)

    def columns(self, caller: Caller, name: str, schema: str | None, table: str) -> TableColumns:
        """Return the columns of a table or view.

        Raises:
            TableNotFoundError: there is none of that name.
            DatastoreNotFoundError, StoreRefusedError, StoreAccessError, StoreUnavailableError, MissingExtraError.
        """
        return self.tables(caller.workspace_id, name).columns(schema, table)

    def rows(self, caller: Caller, name: str, schema: str | None, table: str, *, limit: int) -> TableRows:
        """Return some rows of a table or view, in no order.

        Raises:
            QueryError: there is none of that name, or it takes too long.
            DatastoreNotFoundError, StoreRefusedError, StoreAccessError, StoreUnavailableError, MissingExtraError.
        """
        source = self.tables(caller.workspace_id, name)
        return first_rows(source, source.select(schema, table), limit)

    def query(self, caller: Caller, name: str, query: TableQuery) -> TableRows:
        """Run a statement that gives rows, and return the first of them.

        Raises:
            QueryError: the database does not run it, it does more than reading, or it takes too long.
            DatastoreNotFoundError, StoreRefusedError, StoreAccessError, StoreUnavailableError, MissingExtraError.
        """
        return first_rows(self.tables(caller.workspace_id, name), query.sql, query.limit)

    def tables(self, workspace_id: str, name: str) -> TableSource:
        """Return the tables of a datastore that is a database, for the platform's own use. Nothing is reached for that.

        Raises:
            DatastoreNotFoundError: there is none of this name.
            StoreRefusedError: it has files, no tables.
            DatastoreInvalidError: it leads to where datastores may not.
            MasterKeyError: its credentials cannot be decrypted.
        """
        record = None if name == BUILT_IN else self._record(workspace_id, name)
        opens = None if record is None else KINDS[record.type].tables
        if record is None or opens is None:
            raise StoreRefusedError(
                f"The datastore {name!r} has files, no tables.", remedy="Name a database, such as one of type postgresql or sqlite."
            )
        return opens(self._place(workspace_id, record))

    def _place(self, workspace_id: str, record: DatastoreRecord) -> Place:
        secrets = decode(self._sealer.open(record.sealed, _sealed_for(workspace_id, record.name)), dict[str, str])
        self._redactor.register(secrets.values())
        return Place(configs=record.configs, secrets=secrets, bounds=self._bounds)

    def _open(self, workspace_id: str, record: DatastoreRecord | None) -> StoreFiles:
        if record is None:
            folder = self._home / workspace_id
            folder.mkdir(parents=True, exist_ok=True)
            return FolderFiles(folder)
        now = time.monotonic()
        self._opened = {key: (until, store) for key, (until, store) in self._opened.items() if until > now}
        if (opened := self._opened.get(record.id)) is not None:
            return opened[1]
        found = KINDS[record.type].open(self._place(workspace_id, record))
        self._opened[record.id] = (now + _OPEN_S, found)
        return found

    def _record(self, workspace_id: str, name: str) -> DatastoreRecord:
        record = self._store.get(workspace_id, name)
        if record is None:
            raise self._not_found(workspace_id, name)
        return record

    def _not_found(self, workspace_id: str, name: str) -> DatastoreNotFoundError:
        near = nearest(name, [BUILT_IN, *(record.name for record in self._store.in_workspace(workspace_id))])
        remedy = f"Did you mean {near!r}?" if near else "Make it with: flowyard datastore create --file FILE.yaml"
        return DatastoreNotFoundError(f"There is no datastore {name!r}.", remedy=remedy)


def _check(request: DatastoreWrite) -> None:
    if not _NAME.fullmatch(request.name):
        raise DatastoreInvalidError(
            f"{request.name[:200]!r} is no name for a datastore.",
            remedy="Use 1 to 100 letters, digits and _ -, a letter or digit first.",
            location=Location(pointer="/name"),
        )
    kind = KINDS[request.type]
    for place, given, known in (("configs", request.configs, list(kind.configs)), ("secrets", request.secrets, list(kind.secrets))):
        for key, value in given.items():
            if key not in known:
                near = nearest(key, [*kind.configs, *kind.secrets])
                remedy = f"Did you mean {near!r}?" if near else f"Known are: {', '.join(known) or 'none'}."
                message = f"A datastore of type {kind.type} has no {key!r} among its {place}."
                raise DatastoreInvalidError(message, remedy=remedy, location=Location(pointer=f"/{place}/{key}"))
            if not value or len(value) > _LONGEST_VALUE:
                raise DatastoreInvalidError(
                    f"{key!r} is empty or longer than {_LONGEST_VALUE} characters.",
                    remedy="Give its value, or leave it out.",
                    location=Location(pointer=f"/{place}/{key}"),
                )
    missing = [key for key, needed in kind.configs.items() if needed and key not in request.configs]
    if missing:
        raise DatastoreInvalidError(
            f"A datastore of type {kind.type} needs {missing[0]!r}.", remedy="Add it.", location=Location(pointer=f"/configs/{missing[0]}")
        )
    _check_credentials(kind, request)


def _check_credentials(kind: Kind, request: DatastoreWrite) -> None:
    given = set(request.secrets) - set(kind.optional_secrets)
    if not given and kind.needs_credentials:
        raise DatastoreInvalidError(
            f"A datastore of type {kind.type} needs credentials.",
            remedy=f"Give {'; or '.join(' and '.join(names) for names in kind.credentials)}.",
            location=Location(pointer="/secrets"),
        )
    if given and given not in [set(names) for names in kind.credentials]:
        raise DatastoreInvalidError(
            f"{' and '.join(sorted(given))} are no whole set of credentials of a datastore of type {kind.type}.",
            remedy=f"Give one of: {'; '.join(', '.join(names) for names in kind.credentials) or 'none'}; or none, for public data.",
            location=Location(pointer="/secrets"),
        )


def _sealed_for(workspace_id: str, name: str) -> str:
    return f"datastore:{workspace_id}/{name}"


def _shown(record: DatastoreRecord) -> Datastore:
    return Datastore(
        name=record.name,
        type=record.type,
        description=record.description,
        tags=record.tags,
        configs=record.configs,
        secrets=record.secret_names,
        built_in=False,
        created_at=to_rfc3339(record.created_ns),
        updated_at=to_rfc3339(record.updated_ns),
    )


def _built_in() -> Datastore:
    return Datastore(
        name=BUILT_IN,
        type="local_folder",
        description="The workspace's own files, in the home folder.",
        tags={},
        configs={},
        secrets=(),
        built_in=True,
        created_at=to_rfc3339(0),
        updated_at=to_rfc3339(0),
    )
