"""Object stores on loopback: what speaks S3 comes with the tests; an Azure one is told by its environment."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock
from urllib.request import Request, urlopen

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server


class S3Server:
    """A server of S3 in threads of this process, which can be stopped and started again at its port."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._app = DomainDispatcherApplication(create_backend_app)
        self.port = 0
        self.start()

    def start(self) -> None:
        """Answer."""
        self._server = make_server("127.0.0.1", self.port, self._app, threaded=True)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer no more; what is stored stays."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def environment(self) -> dict[str, str]:
        """What whoever uses it needs in its environment."""
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
        }

    def make_bucket(self, name: str) -> None:
        """Make an empty bucket."""
        with urlopen(Request(f"http://127.0.0.1:{self.port}/{name}", method="PUT")):
            pass


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Yield a server of S3, with its variables in this process's environment."""
    server = S3Server()
    try:
        with mock.patch.dict(os.environ, server.environment):
            yield server
    finally:
        server.stop()
