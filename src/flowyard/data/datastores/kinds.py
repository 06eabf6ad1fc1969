"""All types of datastores."""

from flowyard.data.datastores.ports import Kind
from flowyard.data.datastores.types import (
    aws_s3,
    azure_blob,
    azure_data_lake_gen2,
    azure_postgresql,
    http,
    local_folder,
    postgresql,
    sqlite,
)
from flowyard.wire.datastores import DatastoreType

_MODULES = (local_folder, azure_blob, azure_data_lake_gen2, aws_s3, http, sqlite, postgresql, azure_postgresql)
KINDS: dict[DatastoreType, Kind] = {module.KIND.type: module.KIND for module in _MODULES}
