"""The real models, pulled once for all test runs into ``.cache/models``. Import its fixtures into a conftest."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

CHAT_MODEL = "smollm2-135m"
EMBEDDING_MODEL = "bge-small-en-v1.5"
RERANK_MODEL = "ms-marco-minilm-l-12-v2"

CACHE = Path(__file__).resolve().parent.parent / ".cache"


@contextmanager
def _only_one() -> Generator[None]:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "models.lock").open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def pull(name: str) -> Path:
    """Have a model in the cache and return its store (``<home>/models``). The command runs in a process: tests reach no network."""
    store = CACHE / "models"
    with _only_one():
        environment = {**os.environ, "FLOWYARD_HOME": str(CACHE)}
        environment.pop("FLOWYARD_URL", None)
        command = [sys.executable, "-c", "from flowyard.cli.entry import main; main()", "model", "pull", name, "--json"]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
        assert ended.returncode == 0, ended.stderr
    return store


@pytest.fixture(scope="session")
def model_store() -> Path:
    """A store (``<home>/models``) that has the chat model. Read it, link to it, do not change it."""
    return pull(CHAT_MODEL)


@pytest.fixture(scope="session")
def encoder_store() -> Path:
    """A store that has the embedding model and the reranker."""
    pull(EMBEDDING_MODEL)
    return pull(RERANK_MODEL)
