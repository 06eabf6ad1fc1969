"""The studio's files: built into ``server/static``, served with the page of the single-page application behind every address."""

import mimetypes
from email.utils import formatdate
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).with_name("static")
_IMMUTABLE = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Flowyard</title><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem;color:#1f2933}
code{background:#eef1f6;padding:.15em .4em;border-radius:4px}</style></head>
<body><h1>The studio is not built</h1>
<p>The server runs, and its API answers under <code>/api/v1</code>, but this checkout has no built studio.</p>
<p>Run <code>make up</code>, or <code>python hatch_build.py</code>, and load this page again.</p></body></html>
"""


class Studio:
    """Answers GET and HEAD for everything that is not the API: a file, or the application's page for an address within it."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        if scope["type"] != "http" or path == "/api" or path.startswith("/api/"):
            raise HTTPException(404)
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405 if path == "/" else 404)
        response = await run_in_threadpool(self._answer, path, Headers(scope=scope))
        await response(scope, receive, send)

    def _answer(self, path: str, headers: Headers) -> Response:
        file = self._file(path)
        if file is not None:
            return _send_file(file, headers, immutable=path.startswith("/assets/"))
        if Path(path).suffix and "text/html" not in headers.get("accept", ""):
            raise HTTPException(404)
        index = self._folder / "index.html"
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT, status_code=503, headers={"cache-control": "no-store"})
        return _send_file(index, headers, immutable=False)

    def _file(self, path: str) -> Path | None:
        """Return the file at `path`, which must not lead out of the folder by any way."""
        if "\0" in path:
            return None
        found = (self._folder / path.lstrip("/")).resolve()
        inside = found.is_relative_to(self._folder.resolve())
        return found if inside and found.suffix not in {".br", ".gz"} and found.is_file() else None


def _send_file(file: Path, headers: Headers, *, immutable: bool) -> Response:
    sent, encoding = file, None
    accepted = {word.partition(";")[0].strip() for word in headers.get("accept-encoding", "").split(",")}
    for name, suffix in _ENCODINGS:
        packed = file.with_name(file.name + suffix)
        if name in accepted and packed.is_file():
            sent, encoding = packed, name
            break
    state = sent.stat()
    etag = f'"{state.st_mtime_ns:x}-{state.st_size:x}"'
    extra = {
        "cache-control": _IMMUTABLE if immutable else "no-cache",
        "etag": etag,
        "last-modified": formatdate(state.st_mtime, usegmt=True),
        "vary": "accept-encoding",
    }
    if headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=extra)
    if encoding is not None:
        extra["content-encoding"] = encoding
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return FileResponse(sent, headers=extra, media_type=kind)
