from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from flowyard.identity.model import Caller
from flowyard.storage.engine import open_engine
from flowyard.storage.schema import workspaces
from support.online_installation import KeptHost, Online, online


@pytest.fixture
def installation(home: Path) -> Iterator[Online]:
    """Endpoints over SQLite: what is written does not depend on the database."""
    engine: Engine = open_engine(f"sqlite:///{home / 'metadata.db'}")
    with engine.begin() as connection:
        connection.execute(insert(workspaces).values(id="w1", name="default", display_name="Default", created_ns=1))
    yield online(engine, home, KeptHost(), Caller("w1", "default", "owner", "user", "owner"))
    engine.dispose()
