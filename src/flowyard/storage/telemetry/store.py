"""The telemetry of an installation, put together: what the server opens."""

from pathlib import Path

from sqlalchemy import Engine

from flowyard.storage.telemetry.compaction import Upkeep
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries


class TelemetryStore:
    """Indexer, upkeep and queries over one spool folder and one segments folder.

    `queries` answers at once, from the segments; what is still in the spools shows after `start`. One process of an
    installation starts it: the server.
    """

    def __init__(self, engine: Engine, spool_folder: Path, segments_folder: Path) -> None:
        self.indexer = Indexer(engine, spool_folder, segments_folder)
        self.upkeep = Upkeep(self.indexer.manifest, segments_folder)
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, segments_folder)

    def start(self) -> None:
        """Begin to follow the spools and to keep the segments in order."""
        self.indexer.start()
        self.upkeep.start()

    def stop(self) -> None:
        """Take in what the spools hold, and end."""
        self.upkeep.stop()
        self.indexer.stop()
        self.queries.close()
