"""Lance's own behaviour, held to what indexes promise: in a folder, and on a server of S3."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowyard.foundation.ids import new_id
from flowyard.rag.ports import VectorStore
from flowyard.testing.vector_store import VectorStoreContract
from support.object_store import S3Server, s3_server

OPENER = "flowyard.storage.vectors.store:LanceVectors"


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    """A server of S3; this process's environment leads to it."""
    with s3_server() as made:
        yield made


class TestInAFolder(VectorStoreContract):
    @pytest.fixture
    def opener(self) -> str:
        return OPENER

    @pytest.fixture
    def place(self, tmp_path: Path) -> str:
        return str(tmp_path / "vectors")


@pytest.mark.integration
class TestOnS3(VectorStoreContract):
    @pytest.fixture
    def opener(self) -> str:
        return OPENER

    @pytest.fixture
    def place(self, s3: S3Server) -> str:
        bucket = f"vectors-{new_id()}"
        s3.make_bucket(bucket)
        return f"s3://{bucket}/some/prefix"

    # Each starts a process and speaks over HTTP: one is enough where fifty die in a folder.
    @pytest.mark.parametrize("seed", [100])
    def test_a_killed_writer_goes_on_where_it_was(self, store: VectorStore, opener: str, place: str, seed: int) -> None:
        self.kill_and_go_on(store, opener, place, seed, count=12)
