"""A bucket of Google Cloud Storage. Without credentials: a public bucket."""

from pathlib import Path
from typing import Any

from flowyard.data.datastores.errors import StoreAccessError, StoreRefusedError
from flowyard.data.datastores.hosts import check_endpoint
from flowyard.data.datastores.model import Place
from flowyard.data.datastores.objects import CLIENT, RETRIES, ObjectFiles, open_store, provide
from flowyard.data.datastores.ports import Kind
from flowyard.data.datastores.service_account import account_token, check_account

_ENDPOINT = "https://storage.googleapis.com"


def _open(place: Place) -> ObjectFiles:
    bucket, account = place.configs["bucket_name"], place.secrets.get("service_account_key")
    given = place.configs.get("endpoint")
    endpoint = check_endpoint(given, "endpoint", place.bounds) if given else _ENDPOINT
    credential: dict[str, Any] = {**provide(None), "credential_provider": _none}
    if account is not None:
        check_account(account)
        credential = {"credential_provider": lambda: account_token(account)}
    name = f"The bucket {bucket!r}"
    made: Any = open_store(
        name,
        lambda store: store.GCSStore(
            bucket,
            prefix=place.configs.get("prefix"),
            base_url=endpoint,
            client_options=CLIENT,
            retry_config=RETRIES,
            **credential,
        ),
    )
    return ObjectFiles(made, name) if account is not None else PublicFiles(made, name)


def _none() -> Any:
    """Stand where the library would ask the machine for credentials of its own, which must never answer for a user."""
    raise StoreAccessError("The datastore has no credentials.")


class PublicFiles(ObjectFiles):
    """`StoreFiles` of a bucket without credentials, which is only read."""

    def write(self, path: str, source: Path) -> None:
        """See `StoreFiles.write`."""
        del path, source
        raise StoreRefusedError("Without credentials a bucket is only read.", remedy="Make the datastore with a service_account_key.")


KIND = Kind(
    type="gcs", configs={"bucket_name": True, "prefix": False, "endpoint": False}, credentials=(("service_account_key",),), open=_open
)
