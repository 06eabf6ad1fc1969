"""Every type of datastore, over what it really speaks to: one set of tests, and one way to open each type."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote
from urllib.request import Request, urlopen

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from flowyard.data.datastores.errors import (
    DatastoreInvalidError,
    StoreAccessError,
    StoredFileNotFoundError,
    StoreRefusedError,
    StoreUnavailableError,
    UnsafeStorePathError,
)
from flowyard.data.datastores.kinds import KINDS
from flowyard.data.datastores.model import Bounds, Place
from flowyard.data.datastores.paths import checked
from flowyard.data.datastores.ports import StoreFiles
from flowyard.data.datastores.service_account import account_token
from flowyard.data.datastores.service_principal import token_of
from flowyard.data.datastores.types import gcs as gcs_type
from flowyard.foundation.ids import new_id
from flowyard.wire.datastores import DatastoreType
from support.object_store import azure_server, s3_server

pytestmark = pytest.mark.integration
LOOPBACK = Bounds(hosts=frozenset({"127.0.0.1"}))
FILES = {
    "a.txt": b"alpha",
    "deep/b.txt": b"beta",
    "deep/er/c.bin": bytes(range(256)),
    "deep-er.txt": b"",
    "z/last.txt": b"omega",
    "z/\u00fc b%2.txt": b"umlaut",
}


@dataclass(frozen=True)
class Opened:
    """A datastore with `FILES` in it, one with wrong credentials (None: none are wrong there), and whether it can be listed and written."""

    files: StoreFiles
    refused: Callable[[], StoreFiles] | None
    lists: bool = True


def opened(kind: DatastoreType, configs: dict[str, str], secrets: dict[str, str], bounds: Bounds = LOOPBACK) -> StoreFiles:
    return KINDS[kind].open(Place(configs=configs, secrets=secrets, bounds=bounds))


@pytest.fixture
def local_folder(tmp_path: Path) -> Opened:
    (tmp_path / "root/data").mkdir(parents=True)
    files = opened("local_folder", {"path": str(tmp_path / "root/data")}, {}, Bounds(roots=(tmp_path / "root",)))
    return Opened(files, None)


@pytest.fixture
def aws_s3() -> Iterator[Opened]:
    with s3_server() as server:
        server.make_bucket("stored")
        configs = {"bucket_name": "stored", "prefix": "below/it", "endpoint": f"http://127.0.0.1:{server.port}"}
        yield Opened(opened("aws_s3", configs, {"access_key_id": "mine", "secret_access_key": "s"}), None)


@pytest.fixture(scope="module")
def account() -> tuple[str, Any]:
    """The JSON of a service account, and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    # What it says of addresses is not followed.
    told = {"client_email": "me@x.example", "private_key": pem, "token_uri": "http://127.0.0.1:9/", "gcs_base_url": "http://127.0.0.1:9/"}
    return json.dumps({"type": "service_account", **told}), key


@pytest.fixture
def gcs(account: tuple[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Cloud Storage's XML API has the words of S3 for what is used of it: a server of that stands in for it."""
    monkeypatch.setattr(gcs_type, "account_token", lambda text: {"token": "tok", "expires_at": None})
    with s3_server() as server:
        server.make_bucket("stored")
        configs = {"bucket_name": "stored", "prefix": "below/it", "endpoint": f"http://127.0.0.1:{server.port}"}
        yield Opened(opened("gcs", configs, {"service_account_key": account[0]}), None)


@pytest.fixture
def azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[DatastoreType, str], Opened]]:
    with azure_server(tmp_path) as server:
        given = server.environment
        for name in given:
            monkeypatch.delenv(name)
        monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", base64.b64encode(b"the operator's").decode())

        def make(kind: DatastoreType, key: str) -> Opened:
            server.make_container("stored")
            configs = {"account_name": "tests", key: "stored", "endpoint": given["AZURE_STORAGE_ENDPOINT"]}
            wrong = {"account_key": base64.b64encode(b"wrong").decode()}
            return Opened(opened(kind, configs, {"account_key": given["AZURE_STORAGE_ACCOUNT_KEY"]}), partial(opened, kind, configs, wrong))

        yield make


@pytest.fixture
def azure_blob(azure: Callable[[DatastoreType, str], Opened]) -> Opened:
    return azure("azure_blob", "container_name")


@pytest.fixture
def azure_data_lake_gen2(azure: Callable[[DatastoreType, str], Opened]) -> Opened:
    return azure("azure_data_lake_gen2", "filesystem")


class Web(SimpleHTTPRequestHandler):
    """Files of a folder for who has the token; with ranges, but not below ``plain/``; a redirect from ``moved/``."""

    seen: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers.get("Authorization")))
        if self.path.startswith("/moved/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/moved").replace("/to/", f"http://localhost:{self.server.server_port}/"))
            self.end_headers()
            return
        if self.headers.get("Authorization") != "Bearer right":
            self.send_error(401)
            return
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return
        data = file.read_bytes()
        status, part = 200, data
        if (asked := self.headers.get("Range")) and "/plain/" not in self.path:
            first, last = map(int, asked.removeprefix("bytes=").split("-"))
            status, part = (206, data[first : last + 1]) if first < len(data) else (416, b"")
        self.send_response(status)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Last-Modified", "Thu, 26 Nov 2026 10:00:00 GMT")
        self.send_header("ETag", f'"{len(data)}"')
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(part)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *words: Any) -> None:
        del words


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    for path, data in {**FILES, "plain/p.txt": b"0123456789"}.items():
        (tmp_path / "web" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "web" / path).write_bytes(data)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Web, directory=tmp_path / "web"))
    Web.seen.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def http(web: str) -> Opened:
    return Opened(opened("http", {"url": web}, {"token": "right"}), partial(opened, "http", {"url": web}, {"token": "wrong"}), lists=False)


@pytest.fixture(params=["local_folder", "aws_s3", "gcs", "azure_blob", "azure_data_lake_gen2", "http"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    found: Opened = request.getfixturevalue(request.param)
    if found.lists:
        for path, data in FILES.items():
            (tmp_path / "source").write_bytes(data)
            found.files.write(path, tmp_path / "source")
    return found


def test_files_are_read_whole_in_parts_and_beyond_their_end(store: Opened) -> None:
    for path, data in FILES.items():
        assert store.files.read(path, 0, 1000) == data
    assert store.files.read("deep/er/c.bin", 10, 20) == bytes(range(10, 20))
    assert store.files.read("deep/er/c.bin", 250, 999) == bytes(range(250, 256))
    assert store.files.read("deep/er/c.bin", 256, 999) == b""
    assert store.files.read("a.txt", 3, 3) == b""
    info = store.files.info("a.txt")
    assert (info.path, info.kind, info.bytes) == ("a.txt", "file", 5)
    assert info.etag
    assert str(info.modified_at).startswith("20")
    for call in (store.files.info, lambda path: store.files.read(path, 0, 1)):
        with pytest.raises(StoredFileNotFoundError) as caught:
            call("deep/none.txt")
        assert caught.value.remedy


def test_files_and_folders_are_listed_in_pages(store: Opened) -> None:
    if not store.lists:
        with pytest.raises(StoreRefusedError, match="cannot be listed"):
            store.files.files("", after=None, limit=10)
        return
    whole = store.files.files("", after=None, limit=10)
    assert {(item.path, item.kind) for item in whole.items} == {
        ("a.txt", "file"), ("deep", "folder"), ("deep-er.txt", "file"), ("z", "folder"),
    }  # fmt: skip
    assert whole.after is None
    found, after, pages = [], None, 0
    while pages == 0 or after is not None:
        page = store.files.files("", after=after, limit=1)
        found, after, pages = [*found, *page.items], page.after, pages + 1
    assert found == list(whole.items)
    assert [item.path for item in store.files.files("deep", after=None, limit=10).items] == ["deep/b.txt", "deep/er"]
    assert store.files.files("nowhere", after=None, limit=10).items == ()


def test_a_file_is_replaced(store: Opened, tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(b"new")
    if not store.lists:
        with pytest.raises(StoreRefusedError, match="only read"):
            store.files.write("a.txt", tmp_path / "new")
        return
    before = store.files.info("a.txt").etag
    store.files.write("a.txt", tmp_path / "new")
    assert store.files.read("a.txt", 0, 10) == b"new"
    assert store.files.info("a.txt").etag != before


def test_the_check_says_what_was_seen_and_what_is_refused(store: Opened) -> None:
    assert store.files.check()
    if store.refused is not None:
        with pytest.raises(StoreAccessError) as caught:
            store.refused().check()
        assert caught.value.remedy
        with pytest.raises(StoreAccessError):
            store.refused().read("a.txt", 0, 1)


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    nowhere = {"endpoint": "http://127.0.0.1:9"}
    gone = [
        opened("aws_s3", {"bucket_name": "b", **nowhere}, {}),
        opened("azure_blob", {"account_name": "a", "container_name": "c", **nowhere}, {"sas_token": "?sv=1"}),
        opened("http", {"url": nowhere["endpoint"]}, {}),
        opened("local_folder", {"path": str(tmp_path / "no")}, {}, Bounds(roots=(tmp_path,))),
    ]
    for files in gone:
        with pytest.raises(StoreUnavailableError) as caught:
            files.check()
        assert caught.value.remedy
    with s3_server() as server, pytest.raises(StoreUnavailableError, match="no such place"):
        opened("aws_s3", {"bucket_name": "gone", "endpoint": f"http://127.0.0.1:{server.port}"}, {}).check()


def test_a_long_folder_is_listed_without_what_is_below_its_folders(aws_s3: Opened, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    for path in (*(f"many/{number:04}.txt" for number in range(1100)), "many/zzzzz/last.txt", "many0", "zz.txt"):
        aws_s3.files.write(f"long/{path}", tmp_path / "one")
    assert [item.path for item in aws_s3.files.files("long", after=None, limit=10).items] == ["long/many", "long/many0", "long/zz.txt"]
    assert [item.path for item in aws_s3.files.files("long", after="long/many/", limit=10).items] == ["long/many0", "long/zz.txt"]
    first = aws_s3.files.files("long/many", after=None, limit=1000)
    assert first.after == "long/many/0999.txt"
    assert len(aws_s3.files.files("long/many", after=first.after, limit=1000).items) == 101


def test_the_servers_own_environment_answers_for_nobody(aws_s3: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may make a datastore must not get to what the operator's credentials open."""
    seen: list[dict[str, str]] = []

    class Recorder(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append({name.lower(): value for name, value in self.headers.items()})
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *words: Any) -> None:
            del words

    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = {"endpoint": f"http://127.0.0.1:{server.server_port}"}
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the operator's")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", base64.b64encode(b"the operator's").decode())
    blob = {"account_name": "a", "container_name": "c", **endpoint}
    for files in (
        opened("aws_s3", {"bucket_name": "b", **endpoint}, {}),
        opened("azure_blob", blob, {}),
        opened("azure_blob", blob, {"sas_token": "?sv=1&sig=s"}),
        opened("aws_s3", {"bucket_name": "b", **endpoint}, {"access_key_id": "mine", "secret_access_key": "s"}),
    ):
        with pytest.raises(StoredFileNotFoundError):
            files.info("x")
    server.shutdown()
    server.server_close()
    assert ["authorization" in headers for headers in seen] == [False, False, False, True]
    assert "Credential=mine/" in seen[-1]["authorization"]
    assert not any("x-amz-security-token" in headers for headers in seen)


def test_a_server_without_ranges_and_one_that_sends_elsewhere(web: str, http: Opened) -> None:
    assert http.files.read("plain/p.txt", 4, 7) == b"456"
    assert http.files.read("moved/a.txt", 0, 9) == b"alpha"
    with pytest.raises(DatastoreInvalidError, match="no public address"):
        http.files.read("moved/to/a.txt", 0, 9)
    elsewhere = opened("http", {"url": web}, {"token": "right"}, Bounds(hosts=frozenset({"127.0.0.1", "localhost"})))
    with pytest.raises(StoreAccessError):
        elsewhere.read("moved/to/a.txt", 0, 9)
    assert Web.seen[-1] == ("/a.txt", None)
    assert http.files.info(quote("a.txt")).bytes == 5


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "http://169.254.169.254/latest", "http://[::1]/", "http://0.0.0.0/"])
def test_private_addresses_are_refused(url: str) -> None:
    for kind, configs in (
        ("http", {"url": url}),
        ("aws_s3", {"bucket_name": "b", "endpoint": url}),
        ("azure_blob", {"account_name": "a", "container_name": "c", "endpoint": url}),
    ):
        with pytest.raises(DatastoreInvalidError, match="no public address"):
            opened(kind, configs, {}, Bounds())


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com", "http://user:word@example.com", "http://a/?q=1", "x"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(DatastoreInvalidError, match="is no address"):
        opened("http", {"url": url}, {})


def test_a_folder_stays_in_its_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "in").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("no")
    (root / "in/real.txt").write_text("yes")
    (root / "in/out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "in/same.txt").symlink_to(root / "in/real.txt")
    (root / "in/up").symlink_to(tmp_path)
    files = opened("local_folder", {"path": str(root / "in")}, {}, Bounds(roots=(root,)))
    assert [item.path for item in files.files("", after=None, limit=10).items] == ["real.txt", "same.txt"]
    assert files.read("same.txt", 0, 9) == b"yes"
    for path in ("out.txt", "up/secret.txt"):
        with pytest.raises(UnsafeStorePathError):
            files.read(path, 0, 9)
        with pytest.raises(UnsafeStorePathError):
            files.write(path, root / "in/real.txt")
    for path in (str(tmp_path), "/etc", "relative", str(root / "in/up")):
        with pytest.raises(DatastoreInvalidError, match="not below one"):
            opened("local_folder", {"path": path}, {}, Bounds(roots=(root,)))
    with pytest.raises(StoreRefusedError):
        files.write("real.txt/x", root / "in/real.txt")


def test_a_file_that_is_being_written_is_not_there_yet(local_folder: Opened, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"1")
    local_folder.files.write("a.part", tmp_path / "source")
    (tmp_path / f"root/data/.b.txt.{new_id()}.part").write_bytes(b"1")
    assert [item.path for item in local_folder.files.files("", after=None, limit=10).items] == ["a.part"]


@pytest.mark.parametrize("path", ["../x", "a/../../x", "a//b", "a/./b", "a\\b", "a\x00", "a\nb", "x" * 1025])
def test_paths_that_are_none(path: str) -> None:
    with pytest.raises(UnsafeStorePathError):
        checked(path)


def test_paths_lose_the_slashes_at_their_ends() -> None:
    assert [checked(path) for path in ("", "/", "a/b/", "/a b/ü.txt")] == ["", "", "a/b", "a b/ü.txt"]


def test_a_service_principals_token() -> None:
    class Entra(SimpleHTTPRequestHandler):
        def do_POST(self) -> None:
            told = self.rfile.read(int(self.headers["Content-Length"])).decode()
            right = (
                self.path == "/home.example/oauth2/v2.0/token" and "client_secret=s%26t" in told and "scope=https%3A%2F%2Fstorage" in told
            )
            body = (
                {"access_token": "tok", "expires_in": 3600} if right else {"error": "invalid_client", "error_description": "Wrong.\nMore"}
            )
            data = json.dumps(body).encode()
            self.send_response(200 if right else 401)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words: Any) -> None:
            del words

    server = ThreadingHTTPServer(("127.0.0.1", 0), Entra)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    authority = f"http://127.0.0.1:{server.server_port}"
    found = token_of("home.example", "c", "s&t", authority=authority)
    assert found["token"] == "tok"
    assert found["expires_at"].tzinfo is not None
    with pytest.raises(StoreAccessError, match=r"principal: Wrong\. Check"):
        token_of("home.example", "c", "other", authority=authority)
    with pytest.raises(DatastoreInvalidError, match="no tenant"):
        token_of("../x", "c", "s", authority=authority)
    server.shutdown()
    server.server_close()
    with pytest.raises(StoreUnavailableError):
        token_of("home.example", "c", "s", authority=authority)


def test_a_service_account_of_google_gets_tokens(account: tuple[str, Any]) -> None:
    asked: list[dict[str, list[str]]] = []

    class Tokens(SimpleHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            right = len(asked) == 1
            data = json.dumps({"access_token": "tok", "expires_in": 3600} if right else {"error_description": "Not enabled."}).encode()
            self.send_response(200 if right else 400)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words: Any) -> None:
            del words

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tokens)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    assert account_token(account[0], tokens=address)["token"] == "tok"
    said, _, signed = asked[0]["assertion"][0].rpartition(".")
    account[1].public_key().verify(base64.urlsafe_b64decode(signed + "=="), said.encode(), PKCS1v15(), SHA256())
    claims = json.loads(base64.urlsafe_b64decode(said.partition(".")[2] + "=="))
    assert (claims["iss"], claims["aud"]) == ("me@x.example", "https://oauth2.googleapis.com/token")
    with pytest.raises(StoreAccessError, match="Not enabled"):
        account_token(account[0], tokens=address)
    server.shutdown()
    server.server_close()
    with pytest.raises(StoreUnavailableError):
        account_token(account[0], tokens=address)
    for wrong in ("", "{}", "[]", '{"client_email": "a", "private_key": "b"}'):
        with pytest.raises(DatastoreInvalidError, match="no JSON of a service account"):
            opened("gcs", {"bucket_name": "b"}, {"service_account_key": wrong} if wrong else {"service_account_key": "x"})


def test_a_public_bucket_of_google_is_only_read_and_nobody_asks_the_machine_for_credentials(aws_s3: Opened, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"alpha")
    aws_s3.files.write("a.txt", tmp_path / "a")
    endpoint = str(aws_s3.files._store.config["endpoint"])  # type: ignore[attr-defined]
    with urlopen(
        Request(f"{endpoint}/stored/below/it/a.txt?acl", method="PUT", headers={"x-amz-acl": "public-read", "authorization": "AWS mine:s"})
    ):
        pass
    files = opened("gcs", {"bucket_name": "stored", "prefix": "below/it", "endpoint": endpoint}, {})
    with pytest.raises(StoreRefusedError, match="only read"):
        files.write("b.txt", tmp_path / "a")
    assert files.read("a.txt", 0, 9) == b"alpha"
