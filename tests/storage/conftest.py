"""Object stores that speak as the providers' do: S3 in threads of this process, Azure Blob Storage in a process beside it."""

from collections.abc import Iterator

import pytest

from flowyard.foundation.ids import new_id
from flowyard.storage.objects import ObjectStore
from support.object_store import AzureServer, S3Server, azure_server, s3_server

STORES = ["s3", pytest.param("azure", marks=pytest.mark.integration)]


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    """A server of S3; this process's environment leads to it."""
    with s3_server() as made:
        yield made


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureServer]:
    """A server of Azure Blob Storage; this process's environment leads to it."""
    with azure_server(tmp_path_factory.mktemp("azurite")) as made:
        yield made


def empty_store(request: pytest.FixtureRequest, kind: str) -> ObjectStore:
    """Return a store with nothing in it, of a bucket or container of its own."""
    name = f"objects-{new_id()}"
    if kind == "s3":
        request.getfixturevalue("s3").make_bucket(name)
        return ObjectStore(f"s3://{name}/some/prefix")
    request.getfixturevalue("azure").make_container(name)
    return ObjectStore(f"az://{name}/some/prefix")


@pytest.fixture(params=STORES)
def objects(request: pytest.FixtureRequest) -> ObjectStore:
    """A store with nothing in it; the test runs once on S3 and once on Azure Blob Storage."""
    return empty_store(request, request.param)


@pytest.fixture(params=["folder", *STORES])
def maybe_objects(request: pytest.FixtureRequest) -> ObjectStore | None:
    """Where segments are kept: None for a local folder, then each object store."""
    return None if request.param == "folder" else empty_store(request, request.param)
