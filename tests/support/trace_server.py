"""The control plane over a telemetry store that a test fills itself."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from flowyard.server.app import create_app
from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.store import TelemetryStore
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.service import TraceService
from support.guards import Withholding
from support.spans import spool


class TraceServer:
    """An application, and spans put into the workspace that a key is of."""

    def __init__(self, folder: Path, services: Any) -> None:
        self.engine = open_engine(services.settings.metadata_url)
        self.store = TelemetryStore(self.engine, folder / "test-spools", SegmentFiles(folder / "test-segments"))
        self.workspace_id = self.store.indexer.manifest.default_workspace()
        self._spools = folder / "test-spools"
        self.app: FastAPI = create_app(replace(services, traces=TraceService(self.store.queries, Withholding())))

    def put(self, *records: SpanRecord) -> None:
        """Take spans in."""
        spool(self._spools, records)
        self.store.indexer.step()

    def close(self) -> None:
        """Let the databases go."""
        self.store.queries.close()
        self.engine.dispose()


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Serve `app` on a loopback port and yield its URL."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen(100)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=5))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{opened.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=15)
