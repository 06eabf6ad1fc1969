"""Datastores: the first page of a folder with 100,000 files in each kind of store, and what `azureml://` adds to the opening of a file.

The servers of S3 and Azure Blob are our own and answer from memory, so that what is measured is the client: a real one adds its network.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from benchmarks.harness import Figure
from benchmarks.installation import installation
from flowyard.data.datastores.kinds import KINDS
from flowyard.data.datastores.model import Bounds, Place
from flowyard.data.datastores.ports import StoreFiles
from flowyard.wire.datastores import DatastoreType

FILES = int(os.environ.get("BENCHMARK_FILES", "100000"))
_OPENS = 300
_WHEN = "2026-11-27T10:00:00.000Z"


def figures() -> Iterator[Figure]:
    """Yield the figures."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        yield from _pages(
            "folder", _folder(root / "many"), "its names, sorted", lambda: sorted(entry.name for entry in os.scandir(root / "many/long"))
        )
        for name, kind, handler, configs in _STORES:
            with _served(handler) as address:
                files = _opened(kind, {**configs, "endpoint": address})
                yield from _pages(name, files, "the library alone", lambda files=files: files._keys("long", None))  # type: ignore[attr-defined]
    with installation() as running:
        yield _opening(running)


def _pages(name: str, files: StoreFiles, peer_name: str, peer: Callable[[], Any]) -> Iterator[Figure]:
    plain = _best(peer)
    first = _best(lambda: files.files("long", after=None, limit=1000))
    above = _best(lambda: files.files("", after=None, limit=1000))
    for what, seconds in (("first page of it", first), ("page of the folder above it", above)):
        yield Figure(what=f"{name}, {FILES:,} files: {what}", ours=seconds, unit="s", peer_name=peer_name, peer=plain, aim="<= 2 s")


def _opening(running: Any) -> Figure:
    import fsspec

    url = f"http://{running.address}"
    azureml: Any = fsspec.filesystem("azureml", url=url, api_key=running.api_key, skip_instance_cache=True)
    path = "azureml://datastores/workspaceblobstore/paths/a.txt"
    azureml.pipe_file(path, b"alpha")
    kept = next(running.home.glob("storage/files/*/a.txt"))
    plain: Any = fsspec.filesystem("file")
    ours = _best(lambda: azureml.open(path).close(), _OPENS)
    peer = _best(lambda: plain.open(str(kept)).close(), _OPENS)
    return Figure(
        what="opening a file over azureml://",
        ours=ours * 1000,
        unit="ms",
        peer_name="the file itself",
        peer=peer * 1000,
        aim="<= 2 ms more",
    )


def _best(work: Callable[[], Any], runs: int = 5) -> float:
    """Return the least wall time of several, in seconds: what else runs on the machine makes it longer, never shorter."""
    times: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def _folder(root: Path) -> StoreFiles:
    (root / "long").mkdir(parents=True)
    for number in range(FILES):
        (root / f"long/{number:08}.txt").touch()
    return _opened("local_folder", {"path": str(root)})


def _opened(kind: DatastoreType, configs: dict[str, str]) -> StoreFiles:
    return KINDS[kind].open(Place(configs=configs, bounds=Bounds(roots=(Path(tempfile.gettempdir()),), hosts=frozenset({"127.0.0.1"}))))


class _Store(BaseHTTPRequestHandler):
    """A bucket of `FILES` files below ``long/``, listed in pages of `page`."""

    protocol_version = "HTTP/1.1"
    page: ClassVar[int]

    def do_GET(self) -> None:
        asked = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        body = self.listed(asked).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def listed(self, asked: dict[str, str]) -> str:
        raise NotImplementedError

    def names(self, after: str) -> tuple[list[str], bool]:
        """Return the names behind `after`, and whether there are more."""
        number = int(after[5:13]) + 1 if after[5:13].isdigit() else 0
        start = FILES if after >= "long/zzzz" else number
        end = min(FILES, start + self.page)
        return [f"long/{number:08}.txt" for number in range(start, end)], end < FILES

    def log_message(self, *words: Any) -> None:
        del words


class _S3(_Store):
    page = 1000

    def listed(self, asked: dict[str, str]) -> str:
        names, more = self.names(asked.get("continuation-token") or asked.get("start-after") or "")
        rows = "".join(
            f'<Contents><Key>{name}</Key><LastModified>{_WHEN}</LastModified><ETag>"1"</ETag><Size>5</Size></Contents>' for name in names
        )
        token = f"<NextContinuationToken>{names[-1]}</NextContinuationToken>" if more else ""
        return f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{rows}{token}</ListBucketResult>"


class _Azure(_Store):
    page = 5000

    def listed(self, asked: dict[str, str]) -> str:
        names, more = self.names(asked.get("marker") or asked.get("startFrom") or "")
        about = "<Creation-Time>Fri, 27 Nov 2026 10:00:00 GMT</Creation-Time><Last-Modified>Fri, 27 Nov 2026 10:00:00 GMT</Last-Modified>"
        about += "<Content-Length>5</Content-Length><Content-Type>text/plain</Content-Type><Etag>1</Etag><BlobType>BlockBlob</BlobType>"
        rows = "".join(f"<Blob><Name>{name}</Name><Properties>{about}</Properties></Blob>" for name in names)
        return f"<EnumerationResults><Blobs>{rows}</Blobs><NextMarker>{names[-1] if more else ''}</NextMarker></EnumerationResults>"


_STORES: tuple[tuple[str, DatastoreType, type[_Store], dict[str, str]], ...] = (
    ("S3", "aws_s3", _S3, {"bucket_name": "b"}),
    ("Azure Blob", "azure_blob", _Azure, {"account_name": "a", "container_name": "c"}),
)


@contextmanager
def _served(handler: type[_Store]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
