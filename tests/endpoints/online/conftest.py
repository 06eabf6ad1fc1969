from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from flowyard.identity.model import Caller
from flowyard.storage.schema import workspaces
from support.online_installation import KeptHost, Online, online


@pytest.fixture
def caller(engine: Engine) -> Caller:
    with engine.begin() as connection:
        connection.execute(insert(workspaces).values(id="w1", name="default", display_name="Default", created_ns=1))
    return Caller("w1", "default", "owner", "user", "owner")


@pytest.fixture
def installation(engine: Engine, tmp_path: Path, caller: Caller) -> Online:
    return online(engine, tmp_path / "home", KeptHost(), caller)
