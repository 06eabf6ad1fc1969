"""Datastores over HTTP, from the command line, from Python, and under `azureml://` in other programs' readers."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import fsspec
import pytest
from sqlalchemy import select

from flowyard import Workspace
from flowyard.client.datastore_files import read_datastore_file
from flowyard.data.datastores.kinds import KINDS
from flowyard.data.datastores.model import BUILT_IN, Bounds, Place
from flowyard.foundation.datastore_uris import DatastoreUri, parse_datastore_uri
from flowyard.foundation.errors import InvalidInputError, RemoteError
from flowyard.server.frame import MAX_BODY_BYTES
from flowyard.server.routes import datastores as routes
from flowyard.storage.schema import datastores
from flowyard.testing.process_host import eventually
from flowyard.wire.datastores import DatastoreWrite
from support.object_store import S3Server, s3_server

SHORT = f"azureml://datastores/{BUILT_IN}/paths"
LONG = f"azureml://subscriptions/s-1/resourcegroups/g/workspaces/w/datastores/{BUILT_IN}/paths"


@pytest.fixture
def ws(server: Any, owner_key: str, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)
    fsspec.filesystem("azureml", skip_instance_cache=True).clear_instance_cache()
    return Workspace(url=server.url, api_key=owner_key, workspace="default")


@pytest.fixture
def s3(services: Any) -> Iterator[S3Server]:
    services.datastores._bounds = Bounds(hosts=frozenset({"127.0.0.1"}))
    with s3_server() as server:
        server.make_bucket("papers")
        yield server


def bucket(server: S3Server, **changed: Any) -> DatastoreWrite:
    configs = {"bucket_name": "papers", "endpoint": f"http://127.0.0.1:{server.port}"}
    write = DatastoreWrite(
        name="papers", type="aws_s3", configs=configs, secrets={"access_key_id": "AKIA-mine", "secret_access_key": "very-secret-key"}
    )
    return replace(write, **changed)


def refused(call: Any, *arguments: Any, **options: Any) -> tuple[str, str | None]:
    with pytest.raises(RemoteError) as caught:
        call(*arguments, **options)
    assert caught.value.remedy
    return caught.value.remote.code, caught.value.location.pointer if caught.value.location else None


def test_every_workspace_has_a_datastore_from_the_start(ws: Workspace, tmp_path: Path) -> None:
    (only,) = ws.datastores.list()
    assert (only.name, only.type, only.built_in, only.configs, only.secrets) == (BUILT_IN, "local_folder", True, {}, ())
    assert ws.datastores.test(BUILT_IN).ok
    (tmp_path / "a.txt").write_text("hello")
    made = ws.datastores.write(BUILT_IN, "in/a.txt", tmp_path / "a.txt")
    assert (made.path, made.bytes) == ("in/a.txt", 5)
    assert [(item.path, item.kind) for item in ws.datastores.files(BUILT_IN)] == [("in", "folder")]
    assert ws.datastores.read(BUILT_IN, "in/a.txt", 1, 3) == b"el"
    assert ws.datastores.info(BUILT_IN, "in").kind == "folder"
    assert refused(ws.datastores.info, BUILT_IN, "none")[0] == "StoredFileNotFound"
    assert refused(ws.datastores.read, BUILT_IN, "../../master.key", 0, 9)[0] == "UnsafePath"
    assert refused(ws.datastores.delete, BUILT_IN)[0] == "DatastoreInvalid"
    assert (
        refused(ws.datastores.create, DatastoreWrite(name=BUILT_IN, type="http", configs={"url": "https://a.example"}))[0]
        == "DatastoreExists"
    )


@pytest.mark.integration
def test_credentials_go_in_and_never_come_out(ws: Workspace, services: Any, s3: S3Server) -> None:
    made = ws.datastores.create(bucket(s3, description="what was read", tags={"team": "a"}))
    assert (made.secrets, made.tags, made.description) == (("access_key_id", "secret_access_key"), {"team": "a"}, "what was read")
    assert "very-secret" not in repr((made, ws.datastores.get("papers"), ws.datastores.list()))
    with services.datastores._store._engine.connect() as connection:
        (row,) = connection.execute(select(datastores)).mappings()
    assert not any(b"very-secret" in (value if isinstance(value, bytes) else str(value).encode()) for value in row.values())
    result = ws.datastores.test("papers")
    assert (result.ok, result.detail) == (True, "The bucket 'papers' answers; it is empty.")
    assert refused(ws.datastores.create, bucket(s3))[0] == "DatastoreExists"
    ws.datastores.delete("papers")
    assert refused(ws.datastores.get, "papers")[0] == "DatastoreNotFound"
    assert [entry.action for entry in ws.audit.list() if entry.action.startswith("datastore")] == ["datastore.delete", "datastore.create"]


@pytest.mark.integration
def test_one_is_tried_before_it_is_made(ws: Workspace, s3: S3Server) -> None:
    seen = ws.datastores.try_out(bucket(s3))
    assert (seen.ok, seen.detail) == (True, "The bucket 'papers' answers; it is empty.")
    wrong = bucket(s3, configs={**bucket(s3).configs, "bucket_name": "gone"})
    failed = ws.datastores.try_out(wrong)
    assert (failed.ok, failed.detail, failed.remedy) == (False, "There is no such place: The bucket 'gone'.", "Correct its name.")
    outside = ws.datastores.try_out(bucket(s3, type="local_folder", configs={"path": "/etc"}, secrets={}))
    assert not outside.ok
    assert "/etc" in outside.detail
    assert refused(ws.datastores.try_out, bucket(s3, configs={})) == ("DatastoreInvalid", "/configs/bucket_name")
    assert [store.name for store in ws.datastores.list()] == [BUILT_IN]


@pytest.mark.integration
def test_what_a_datastore_cannot_be(ws: Workspace, s3: S3Server) -> None:
    good = bucket(s3)
    for changed, pointer in (
        ({"name": "a/b"}, "/name"),
        ({"configs": {"endpoint": good.configs["endpoint"]}}, "/configs/bucket_name"),
        ({"configs": {**good.configs, "bucket": "x"}}, "/configs/bucket"),
        ({"configs": {**good.configs, "region": ""}}, "/configs/region"),
        ({"secrets": {"account_key": "k"}}, "/secrets/account_key"),
        ({"secrets": {"access_key_id": "k"}}, "/secrets"),
        ({"configs": {**good.configs, "endpoint": "http://169.254.169.254"}}, None),
        ({"type": "local_folder", "configs": {"path": "/etc"}, "secrets": {}}, "/configs/path"),
    ):
        assert refused(ws.datastores.create, replace(good, **changed)) == ("DatastoreInvalid", pointer)
    ws.datastores.create(replace(good, configs={**good.configs, "bucket_name": "gone"}))
    result = ws.datastores.test("papers")
    assert (result.ok, result.detail, result.remedy) == (False, "There is no such place: The bucket 'gone'.", "Correct its name.")
    assert refused(ws.datastores.get, "paper") == ("DatastoreNotFound", None)


@pytest.mark.integration
def test_a_store_is_opened_once_a_minute_and_anew_when_it_is_made_anew(
    ws: Workspace, s3: S3Server, services: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = KINDS["aws_s3"]

    def opening(place: Place) -> Any:
        opened.append(place.configs["bucket_name"])
        return real.open(place)

    monkeypatch.setitem(KINDS, "aws_s3", replace(real, open=opening))
    ws.datastores.create(bucket(s3))
    ws.datastores.write("papers", "a.txt", b"1")
    assert ws.datastores.read("papers", "a.txt", 0, 9) == b"1"
    assert opened == ["papers"] * 2  # when it was made, and when it was used
    services.datastores._opened = {key: (0.0, store) for key, (_, store) in services.datastores._opened.items()}
    ws.datastores.info("papers", "a.txt")
    assert len(opened) == 3
    ws.datastores.delete("papers")
    ws.datastores.create(bucket(s3, configs={**bucket(s3).configs, "bucket_name": "other"}))
    assert not ws.datastores.test("papers").ok
    assert opened[3:] == ["other"] * 2


@pytest.fixture
def warehouse(services: Any, tmp_path: Path) -> DatastoreWrite:
    """A SQLite file with papers, which the operator allows."""
    folder = tmp_path / "data"
    folder.mkdir()
    with sqlite3.connect(folder / "papers.db") as connection:
        connection.execute("CREATE TABLE papers (id INTEGER PRIMARY KEY, title TEXT, body BLOB)")
        connection.executemany(
            "INSERT INTO papers VALUES (?, ?, ?)", [(1, "[b]One", b"\x00\xff"), (2**60, "x" * 20_000, None), (3, None, None)]
        )
    connection.close()
    services.datastores._bounds = Bounds(roots=(folder,))
    return DatastoreWrite(name="warehouse", type="sqlite", configs={"path": str(folder / "papers.db")})


def test_a_database_is_a_datastore_with_tables(ws: Workspace, warehouse: DatastoreWrite) -> None:
    assert ws.datastores.create(warehouse).type == "sqlite"
    assert ws.datastores.test("warehouse").detail == "The SQLite file 'papers.db' answers; tables and views in the schema 'main': 1."
    assert [(table.schema, table.name) for table in ws.datastores.tables("warehouse")] == [("main", "papers")]
    assert [column.name for column in ws.datastores.columns("warehouse", "papers", "main").columns] == ["id", "title", "body"]
    found = ws.datastores.rows("warehouse", "papers", limit=2)
    assert (found.rows[0], len(found.rows), found.more) == ((1, "[b]One", "00ff"), 2, True)
    asked = ws.datastores.query("warehouse", "SELECT id, title FROM papers ORDER BY id DESC", limit=3)
    assert ([column.type for column in asked.columns], asked.more) == (["int64", "string"], False)
    assert asked.rows[0][0] == str(2**60)
    assert len(asked.rows[0][1]) == 10_001
    assert refused(ws.datastores.query, "warehouse", "DELETE FROM papers") == ("QueryFailed", None)
    assert refused(ws.datastores.query, "warehouse", "SELECT 1", limit=1001) == ("QueryFailed", "/limit")
    assert refused(ws.datastores.columns, "warehouse", "none")[0] == "TableNotFound"
    assert refused(ws.datastores.rows, "warehouse", "none")[0] == "QueryFailed"
    assert refused(list, ws.datastores.files("warehouse"))[0] == "DatastoreRefused"
    assert refused(ws.datastores.write, "warehouse", "a.txt", b"1")[0] == "DatastoreRefused"
    assert refused(list, ws.datastores.tables(BUILT_IN))[0] == "DatastoreRefused"
    no_login = DatastoreWrite(name="pg", type="postgresql", configs={"host": "1.1.1.1", "database": "d"})
    assert refused(ws.datastores.create, no_login) == ("DatastoreInvalid", "/secrets")


def test_a_file_that_is_too_large_or_breaks_off_leaves_nothing(ws: Workspace, services: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "WRITE_LIMIT", 100_000)
    assert refused(ws.datastores.write, BUILT_IN, "in/large.bin", b"x" * 100_001)[0] == "DatastoreRefused"
    assert ws.datastores.write(BUILT_IN, "in/fits.bin", b"x" * 100_000).bytes == 100_000
    address = urlsplit(ws.transport.url)
    with socket.create_connection((str(address.hostname), int(address.port or 0))) as connection:
        head = f"PUT /api/v1/workspaces/default/datastores/{BUILT_IN}/content?path=in/half.bin HTTP/1.1\r\n"
        head += "Host: x\r\nContent-Length: 99000\r\n"
        connection.sendall(f"{head}Authorization: Bearer {os.environ['FLOWYARD_API_KEY']}\r\n\r\nhalf".encode())
    assert [item.path for item in ws.datastores.files(BUILT_IN, "in")] == ["in/fits.bin"]
    eventually(lambda: not list((services.settings.home / "storage").glob(".incoming-*")))


def test_a_file_may_be_larger_than_other_bodies(ws: Workspace) -> None:
    assert ws.datastores.write(BUILT_IN, "in/large.bin", bytes(MAX_BODY_BYTES + 1)).bytes == MAX_BODY_BYTES + 1


def test_both_forms_of_an_address() -> None:
    assert parse_datastore_uri("azureml://datastores/d/paths/a/b.csv") == DatastoreUri("d", "a/b.csv")
    assert parse_datastore_uri("datastores/d") == DatastoreUri("d", "")
    assert parse_datastore_uri("azureml://datastores/d/paths/") == DatastoreUri("d", "")
    assert parse_datastore_uri(f"{LONG}/a.csv") == DatastoreUri(BUILT_IN, "a.csv", "w")
    assert str(parse_datastore_uri(f"{LONG}/a.csv")) == f"{SHORT}/a.csv"
    for text in ("azureml:asset:1", "azureml://a/b", "s3://bucket/x", "datastores//paths/x", "azureml://datastores/d/x"):
        with pytest.raises(InvalidInputError, match="no address in a datastore"):
            parse_datastore_uri(text)


def test_readers_of_other_programs(ws: Workspace, tmp_path: Path) -> None:
    duckdb, pandas, polars = (pytest.importorskip(name) for name in ("duckdb", "pandas", "polars"))
    frame = pandas.DataFrame({"q": ["a", "b", "c"], "n": [1, 2, 3]})
    frame.to_parquet(f"{SHORT}/sets/one.parquet")
    frame.to_csv(f"{SHORT}/sets/one.csv", index=False)
    for uri in (f"{SHORT}/sets/one.parquet", f"{LONG}/sets/one.parquet"):
        assert pandas.read_parquet(uri).equals(frame)
    assert pandas.read_csv(f"{SHORT}/sets/one.csv").equals(frame)
    with fsspec.open(f"{SHORT}/sets/one.parquet", "rb") as file:
        assert polars.read_parquet(file)["n"].sum() == 6
    connection = duckdb.connect()
    connection.register_filesystem(fsspec.filesystem("azureml"))
    assert connection.sql(f"select sum(n) from read_parquet('{SHORT}/sets/one.parquet')").fetchall() == [(6,)]
    import pyarrow.parquet

    files = fsspec.filesystem("azureml")
    assert pyarrow.parquet.read_table(f"datastores/{BUILT_IN}/paths/sets/one.parquet", filesystem=files).num_rows == 3
    assert files.ls(f"{SHORT}/sets", detail=False) == [f"datastores/{BUILT_IN}/paths/sets/one.{kind}" for kind in ("csv", "parquet")]
    assert files.find(SHORT) == files.glob(f"{SHORT}/**/one.*")
    assert files.cat_file(f"{SHORT}/sets/one.csv", -4, -1) == b"c,3"
    files.get(f"{SHORT}/sets", str(tmp_path / "here"), recursive=True)
    assert (tmp_path / "here/one.csv").read_text() == "q,n\na,1\nb,2\nc,3\n"
    with fsspec.open(f"{SHORT}/out/lines.txt", "w") as file:
        file.write("one\n" * 3)
    assert ws.datastores.read(BUILT_IN, "out/lines.txt", 0, 99) == b"one\none\none\n"
    assert files.isdir(f"{SHORT}/sets")
    assert files.modified(f"{SHORT}/sets/one.csv").tzinfo is not None
    assert not files.exists(f"{SHORT}/none")
    with pytest.raises(FileNotFoundError, match="none"):
        files.open(f"{SHORT}/none")


def test_the_protocol_is_known_wherever_flowyard_is_installed() -> None:
    code = "import fsspec; print(fsspec.get_filesystem_class('azureml').__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "DatastoreFileSystem\n"


def test_azure_mls_files(tmp_path: Path) -> None:
    file = tmp_path / "blob.yaml"
    file.write_text(
        "$schema: https://azuremlschemas.azureedge.net/latest/azureBlob.schema.json\nname: blob\ntype: azure_blob\n"
        "description: Papers\ntags: {team: a}\naccount_name: mystorage\ncontainer_name: papers\nprotocol: https\n"
        "credentials:\n  account_key: ${env:KEY}\n"
    )
    assert read_datastore_file(file, {"KEY": "k"}) == DatastoreWrite(
        name="blob",
        type="azure_blob",
        description="Papers",
        tags={"team": "a"},
        configs={"account_name": "mystorage", "container_name": "papers", "protocol": "https"},
        secrets={"account_key": "k"},
    )
    assert read_datastore_file(file, {"KEY": "k"}, name="other").name == "other"
    for text, message in (
        ("name: [", "no YAML"),
        ("- a", "has to be a mapping"),
        ("name: a\ntype: azure_blb", "There is no type 'azure_blb'"),
        ("type: http\nurl: https://a.example", "has no name"),
        ("name: a\ntype: http\nurl: [1]", "'url' is list, expected a text"),
        ("name: a\ntype: http\nurl: '${env:NO}'", "no variable 'NO'"),
        ("name: a\ntype: http\ncredentials: x", "'credentials' is str, expected a mapping"),
    ):
        file.write_text(text)
        with pytest.raises(InvalidInputError, match=message) as caught:
            read_datastore_file(file, {})
        assert caught.value.remedy
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read_datastore_file(tmp_path / "none.yaml", {})
