"""What the tests of the telemetry store share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flowyard.storage.engine import open_engine


@pytest.fixture
def sqlite(home: Path) -> Iterator[Engine]:
    """A migrated SQLite database: for what does not depend on which database there is."""
    engine = open_engine(f"sqlite:///{home / 'metadata.db'}")
    yield engine
    engine.dispose()
