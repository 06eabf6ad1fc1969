"""All types of datastores."""

from flowyard.data.datastores.ports import Kind
from flowyard.data.datastores.types import (
    aws_s3,
    azure_blob,
    azure_data_lake_gen2,
    azure_mysql,
    azure_postgresql,
    azure_sql_database,
    gcs,
    git,
    http,
    local_folder,
    mssql,
    mysql,
    postgresql,
    sqlite,
)
from flowyard.wire.datastores import DatastoreType

_FILES = (local_folder, azure_blob, azure_data_lake_gen2, aws_s3, gcs, git, http)
_TABLES = (sqlite, postgresql, azure_postgresql, mysql, azure_mysql, mssql, azure_sql_database)
KINDS: dict[DatastoreType, Kind] = {module.KIND.type: module.KIND for module in (*_FILES, *_TABLES)}
