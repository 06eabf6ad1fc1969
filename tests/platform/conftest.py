from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from local_model import model_store  # noqa: F401
from support.browser import browser_page
from support.installation import Platform
from support.postgres_database import postgres_database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model_store: Path) -> Iterator[Platform]:  # noqa: F811
    """A platform of its own, started by the command as a user starts it, with the real local model; on each database."""
    database = None
    if request.param == "postgresql":
        database = request.getfixturevalue("platform_database")
    with Platform.up(tmp_path_factory.mktemp("home"), model_store, database_url=database, settings={"FLOWYARD_STANDBY": "on"}) as running:
        yield running


@pytest.fixture(scope="module")
def platform_database(postgres_url: str) -> Iterator[str]:
    """An empty PostgreSQL database."""
    yield from postgres_database(postgres_url)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, model_store: Path) -> Iterator[Platform]:  # noqa: F811
    """A platform of its own with the real local model, on SQLite. A module that needs another has its own fixture of this name."""
    with Platform.up(tmp_path_factory.mktemp("home"), model_store) as running:
        yield running


@pytest.fixture(scope="module")
def page(installation: Platform) -> Iterator[Page]:
    """A browser in which the owner of `installation` is signed in."""
    with browser_page(installation.sign_in_url) as opened:
        yield opened
