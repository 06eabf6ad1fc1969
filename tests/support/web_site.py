"""A web site on a loopback port whose pages tests change, and that notes what it is asked."""

import hashlib
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


class WebSite:
    """Pages by their path with query: HTML text, or (status, headers, body)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[str, str | tuple[int, dict[str, str], bytes]] = {}
        #: What was asked: method-less paths, in order, and which of them were answered with 304.
        self.asked: list[str] = []
        self.unchanged: list[str] = []


@contextmanager
def web_site() -> Generator[WebSite]:
    """Yield a site that has no pages yet; what it does not have is 404."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        site: ClassVar[WebSite]

        def do_GET(self) -> None:
            self.site.asked.append(self.path)
            page = self.site.pages.get(self.path, (404, {}, b"no"))
            status, headers, body = page if isinstance(page, tuple) else (200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if status == 200 and self.headers.get("If-None-Match") == etag:
                self.site.unchanged.append(self.path)
                status, headers, body = 304, {}, b""
            self.send_response(status)
            for name, value in {"ETag": etag, **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.site = WebSite(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Handler.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
