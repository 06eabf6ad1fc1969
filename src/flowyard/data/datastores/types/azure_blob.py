"""A container of Azure Blob Storage. Without credentials: a public container."""

from typing import Any

from flowyard.data.datastores.hosts import check_endpoint
from flowyard.data.datastores.model import Place
from flowyard.data.datastores.objects import CLIENT, RETRIES, ObjectFiles, open_store, provide
from flowyard.data.datastores.ports import Kind
from flowyard.data.datastores.service_principal import token_of

#: The sets of secrets that Azure ML's files have under ``credentials``.
CREDENTIALS = (("account_key",), ("sas_token",), ("tenant_id", "client_id", "client_secret"))


def open_container(place: Place, container: str, name: str) -> ObjectFiles:
    """Return the files of a container of the storage account of `place`."""
    account = place.configs["account_name"]
    given = place.configs.get("endpoint")
    endpoint = check_endpoint(given, "endpoint", place.bounds) if given and "://" in given else None
    made: Any = open_store(
        name,
        lambda store: store.AzureStore(
            container_name=container,
            account_name=account,
            endpoint=endpoint or f"https://{account}.blob.{given or 'core.windows.net'}",
            client_options=CLIENT,
            retry_config=RETRIES,
            **_credential(place),
        ),
    )
    return ObjectFiles(made, name)


def _credential(place: Place) -> dict[str, Any]:
    secrets = place.secrets
    if "account_key" in secrets:
        return provide({"access_key": secrets["account_key"]})
    if "sas_token" in secrets:
        return provide({"sas_token": secrets["sas_token"].removeprefix("?")})
    if "client_secret" in secrets:
        return {"credential_provider": lambda: token_of(secrets["tenant_id"], secrets["client_id"], secrets["client_secret"])}
    return provide(None)


def _open(place: Place) -> ObjectFiles:
    container = place.configs["container_name"]
    return open_container(place, container, f"The container {container!r}")


KIND = Kind(
    type="azure_blob",
    configs={"account_name": True, "container_name": True, "endpoint": False, "protocol": False},
    credentials=CREDENTIALS,
    open=_open,
)
