"""A file system of Azure Data Lake Storage Gen2, which is a container of the same account's Blob service, and read as that."""

from flowyard.data.datastores.model import Place
from flowyard.data.datastores.objects import ObjectFiles
from flowyard.data.datastores.ports import Kind
from flowyard.data.datastores.types.azure_blob import CREDENTIALS, open_container


def _open(place: Place) -> ObjectFiles:
    filesystem = place.configs["filesystem"]
    return open_container(place, filesystem, f"The file system {filesystem!r}")


KIND = Kind(
    type="azure_data_lake_gen2",
    configs={"account_name": True, "filesystem": True, "endpoint": False, "protocol": False},
    credentials=CREDENTIALS,
    open=_open,
)
