"""All types of datastores."""

from flowyard.data.datastores.ports import Kind
from flowyard.data.datastores.types import aws_s3, azure_blob, azure_data_lake_gen2, http, local_folder
from flowyard.wire.datastores import DatastoreType

KINDS: dict[DatastoreType, Kind] = {
    module.KIND.type: module.KIND for module in (local_folder, azure_blob, azure_data_lake_gen2, aws_s3, http)
}
