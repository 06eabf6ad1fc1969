"""Git repositories as datastores: below the operator's roots and over HTTP, with real git at both ends; nothing of a repository is run."""

import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from flowyard.data.datastores.errors import (
    DatastoreInvalidError,
    StoreAccessError,
    StoredFileNotFoundError,
    StoreRefusedError,
    StoreUnavailableError,
)
from flowyard.data.datastores.kinds import KINDS
from flowyard.data.datastores.model import Bounds, Place
from flowyard.data.datastores.ports import StoreFiles
from support.git_folders import git

pytestmark = pytest.mark.integration
LARGE = bytes(range(256)) * 8192


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A repository with two commits, a tag on the first, and what would run when it is checked out."""
    folder = tmp_path / "roots/papers"
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet")
    for path, data in {
        "a.txt": b"alpha",
        "deep/b.txt": b"beta",
        "deep/er/c.bin": LARGE,
        "*.txt": b"star",
        ".gitattributes": b"*.bin filter=lfs\n",
    }.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "link").symlink_to("/etc/passwd")
    (folder / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = file:///etc\n')
    git(folder, "-c", "filter.lfs.clean=cat", "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    git(folder, "tag", "v1")
    (folder / "a.txt").write_text("changed")
    git(folder, "commit", "--quiet", "-am", "two")
    return folder


@pytest.fixture
def bounds(tmp_path: Path) -> Bounds:
    (tmp_path / "home").mkdir()
    return Bounds(roots=(tmp_path / "roots",), hosts=frozenset({"127.0.0.1", "localhost"}), home=tmp_path / "home")


def opened(url: str, bounds: Bounds, token: str | None = None, **configs: str) -> StoreFiles:
    secrets = {"token": token} if token else {}
    return KINDS["git"].open(Place(configs={"url": url, **configs}, secrets=secrets, bounds=bounds))


def test_files_of_a_ref_are_listed_and_read(source: Path, bounds: Bounds, tmp_path: Path) -> None:
    files = opened(f"file://{source}", bounds)
    assert files.check().startswith("'HEAD' is the commit")
    assert [(item.path, item.kind) for item in files.files("", after=None, limit=10).items] == [
        ("*.txt", "file"), (".gitattributes", "file"), (".gitmodules", "file"), ("a.txt", "file"), ("deep", "folder"),
    ]  # fmt: skip
    page = files.files("", after="*.txt", limit=2)
    assert ([item.path for item in page.items], page.after) == ([".gitattributes", ".gitmodules"], ".gitmodules")
    assert [item.path for item in files.files("deep", after=None, limit=10).items] == ["deep/b.txt", "deep/er"]
    assert files.files("none", after=None, limit=10).items == ()
    assert files.read("a.txt", 0, 99) == b"changed"
    assert files.read("*.txt", 0, 99) == b"star"
    assert files.read("deep/er/c.bin", len(LARGE) - 3, len(LARGE) + 9) == LARGE[-3:]
    assert opened(f"file://{source}", bounds, ref="v1").read("a.txt", 0, 99) == b"alpha"
    info = files.info("deep/b.txt")
    assert (info.bytes, len(str(info.etag)), str(info.modified_at)[:2]) == (4, 40, "20")
    for path in ("none", "deep", "link"):
        with pytest.raises(StoredFileNotFoundError):
            files.info(path)
    with pytest.raises(StoreRefusedError, match="only read"):
        files.write("a.txt", tmp_path / "x")
    (source / "a.txt").write_text("later")
    git(source, "commit", "--quiet", "-am", "three")
    assert files.read("a.txt", 0, 99) == b"changed"
    assert opened(f"file://{source}", bounds).read("a.txt", 0, 99) == b"later"


class GitServer(BaseHTTPRequestHandler):
    """`git http-backend` for who has the token, and a redirect from ``/moved/``."""

    root: ClassVar[Path]

    def do_GET(self) -> None:
        if self.path.startswith("/moved/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/moved"))
            self.end_headers()
            return
        if self.headers.get("Authorization") != "Basic eC1hY2Nlc3MtdG9rZW46cmlnaHQ=":
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic")
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        environment = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(self.root), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
            "QUERY_STRING": query, "REQUEST_METHOD": self.command, "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        }  # fmt: skip
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=True).stdout
        head, _, rest = told.partition(b"\r\n\r\n")
        lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.send_response(int(lines.pop("Status", "200").split()[0]))
        for name, value in lines.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *words: Any) -> None:
        del words


@pytest.fixture
def web(source: Path) -> Iterator[str]:
    GitServer.root = source.parent
    server = ThreadingHTTPServer(("127.0.0.1", 0), GitServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_token_opens_a_repository_over_http(web: str, bounds: Bounds) -> None:
    files = opened(f"{web}/papers/.git", bounds, "right")
    assert files.read("a.txt", 0, 99) == b"changed"
    for token in ("wrong", None):
        with pytest.raises(StoreAccessError, match="refuses the credentials") as caught:
            opened(f"{web}/papers/.git", bounds, token).check()
        assert "wrong" not in str(caught.value)
    with pytest.raises(StoreUnavailableError, match="has no ref 'gone'"):
        opened(f"{web}/papers/.git", bounds, "right", ref="gone").check()
    with pytest.raises(StoreUnavailableError, match="cannot be fetched"):
        opened(f"{web}/moved/papers/.git", bounds, "right").check()


def test_what_is_no_repository_that_may_be_reached(source: Path, bounds: Bounds, monkeypatch: pytest.MonkeyPatch) -> None:
    for url, pointer in (
        ("file:///etc", "/configs/url"),
        ("ext::sh -c id", "/configs/url"),
        ("--upload-pack=id", "/configs/url"),
        ("https://me:word@example.com/x.git", "/configs/url"),
    ):
        with pytest.raises(DatastoreInvalidError) as caught:
            opened(url, bounds)
        assert caught.value.location is not None
        assert caught.value.location.pointer == pointer
    with pytest.raises(DatastoreInvalidError, match="no public address"):
        opened("https://127.0.0.1/x.git", Bounds())
    for ref in ("--all", "a..b", "a b", "+x", ""):
        if ref:
            with pytest.raises(DatastoreInvalidError, match="is no ref"):
                opened(f"file://{source}", bounds, ref=ref)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(StoreUnavailableError, match="git, which is not installed"):
        opened(f"file://{source}", bounds).check()
