"""A small supervised program, for tests of process hosts. Its message says how it behaves.

``behave``: ``serve`` (answers over HTTP with what it was given; ``POST /end`` makes it end at once), ``fail`` (writes two
lines and ends with exit code 3), ``refuse`` (tells an error), ``hang`` (is never ready), ``crash`` (gets ready and ends).
"""

import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any

from flowyard.compute.child import Child
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import InvalidInputError


class _Handler(BaseHTTPRequestHandler):
    child: Child

    def do_GET(self) -> None:
        what: dict[str, Any] = {
            "pid": os.getpid(),
            "environment": dict(os.environ),
            "message": self.child.message,
            "arguments": sys.argv[1:],
        }
        what["folder"] = str(Path.cwd())
        what["niceness"] = os.getpriority(os.PRIO_PROCESS, 0)
        body = to_json(what)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        os._exit(1)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class calls it so
        sys.stdout.write(f"answered {format % args}\n")


def main() -> None:
    """Behave as the message says."""
    child = Child.start()
    print("started with", child.message.get("api_key", "no key"))  # noqa: T201  # a log line that would give a secret away
    match child.message.get("behave", "serve"):
        case "fail":
            sys.stderr.write("reading the plan\nthe plan is torn\n")
            raise SystemExit(3)
        case "refuse":
            with child.reporting():
                raise InvalidInputError("The plan is empty.", remedy="Write a plan.")
        case "hang":
            time.sleep(3600)
        case "crash":
            child.ready()
            raise SystemExit(4)
        case _:
            _serve(child)


def _serve(child: Child) -> None:
    _Handler.child = child
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler, bind_and_activate=child.socket is None)
    server.daemon_threads = True
    if child.socket is not None:
        server.socket.close()
        server.socket = child.socket
        server.socket.setblocking(True)
    signal.signal(signal.SIGTERM, _drain)
    host, port = server.socket.getsockname()[:2]
    child.ready(f"{host}:{port}")
    server.serve_forever(poll_interval=0.05)


def _drain(signum: int, frame: FrameType | None) -> None:
    del signum, frame
    sys.stdout.write("draining\n")
    raise SystemExit(0)


if __name__ == "__main__":
    main()
