"""A file server that can cut, forget ranges and change its mind; small cards; a disk that gets full."""

import errno
import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pytest

from flowyard.catalog.cards import Card, CardFile
from flowyard.catalog.disk import LocalDisk
from flowyard.inference.engines import EngineSettings
from local_model import encoder_store, model_store

__all__ = ["encoder_store", "model_store"]

CONTENT = bytes(range(256)) * 4096
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Files:
    """What the file server has, and how it behaves. `cut_after`: each answer breaks off after so many bytes, that often."""

    content: dict[str, bytes] = field(default_factory=dict)
    ranges: bool = True
    cut_after: int | None = None
    cuts: int = 0
    status: int | None = None
    tag: str = '"one"'
    login: str | None = None
    url: str = ""
    asked: list[tuple[str, str | None]] = field(default_factory=list)


def _handler(files: Files) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            files.asked.append((self.path, self.headers.get("range")))
            body = files.content.get(self.path)
            if files.login and self.headers.get("authorization") != files.login:
                self.answer(401, b"", {"www-authenticate": 'Basic realm="x"'})
            elif files.status:
                self.answer(files.status, b"")
            elif body is None:
                self.answer(404, b"")
            else:
                self.send_file(body)

        def send_file(self, body: bytes) -> None:
            headers = {"etag": files.tag, "content-type": "text/html" if self.path.endswith("/") else "application/octet-stream"}
            start = 0
            asked = self.headers.get("range")
            if files.ranges and asked and self.headers.get("if-range", files.tag) == files.tag:
                first, _, last = asked.removeprefix("bytes=").partition("-")
                start = int(first) if first else len(body) - int(last)
                end = int(last) if first and last else len(body) - 1
                if start >= len(body):
                    self.answer(416, b"", {"content-range": f"bytes */{len(body)}"})
                    return
                headers["content-range"] = f"bytes {start}-{end}/{len(body)}"
                self.answer(206, body[start : end + 1], headers)
            else:
                self.answer(200, body, headers)

        def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "HEAD":
                return
            if files.cut_after is not None and files.cuts > 0 and len(body) > files.cut_after:
                files.cuts -= 1
                body = body[: files.cut_after]
                self.close_connection = True
            self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def files() -> Iterator[Files]:
    """A running file server with ``/model.bin``."""
    made = Files({"/model.bin": CONTENT})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


MakeCard = Callable[..., Card]


@pytest.fixture
def make_card() -> MakeCard:
    """Call it with file names and their sources to get a card whose files hold `CONTENT`."""

    def make(**sources: list[str]) -> Card:
        files = tuple(
            CardFile(name=f"{name}.bin", bytes=len(CONTENT), sha256=DIGEST, sources=tuple(given)) for name, given in sources.items()
        )
        return Card(
            name="tiny",
            display_name="Tiny",
            publisher="us",
            task="chat-completion",
            license="MIT",
            description="d",
            intended_use="i",
            limits="l",
            parameters=1,
            context_length=1,
            languages=("en",),
            capabilities=(),
            sample_input={},
            engine=EngineSettings(kind="llamacpp", task="chat", model_file=files[0].name),
            files=files,
        )

    return make


class FullDisk(LocalDisk):
    """A disk with `room` bytes left, which it does not tell beforehand when `honest` is False."""

    def __init__(self, room: int, *, honest: bool = False) -> None:
        self.room = room
        self.honest = honest

    def free(self, folder: Path) -> int:
        return self.room if self.honest else super().free(folder)

    def open(self, path: Path, *, append: bool) -> BinaryIO:
        return _Limited(self, super().open(path, append=append))


class _Limited(BytesIO):
    def __init__(self, disk: FullDisk, out: BinaryIO) -> None:
        super().__init__()
        self._disk = disk
        self._out = out

    def write(self, data: Any) -> int:
        if len(data) > self._disk.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._disk.room -= len(data)
        return self._out.write(data)

    def close(self) -> None:
        self._out.close()
        super().close()


@pytest.fixture
def full_disk() -> type[FullDisk]:
    return FullDisk


@pytest.fixture
def content() -> bytes:
    return CONTENT


@pytest.fixture
def replace() -> Callable[..., Any]:
    return msgspec.structs.replace
