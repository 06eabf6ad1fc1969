"""A database of Azure SQL, with Azure ML's keys."""

from flowyard.data.datastores.databases.servers import AZURE_CONFIGS, LOGIN, azure_server_of
from flowyard.data.datastores.databases.source import DatabaseTables, NoFiles
from flowyard.data.datastores.model import Place
from flowyard.data.datastores.ports import Kind
from flowyard.data.datastores.types.mssql import PORT, tables_of


def _tables(place: Place) -> DatabaseTables:
    return tables_of(azure_server_of(place, PORT, "database.windows.net"))


KIND = Kind(
    type="azure_sql_database",
    configs=AZURE_CONFIGS,
    credentials=LOGIN,
    needs_credentials=True,
    open=lambda place: NoFiles(_tables(place)),
    tables=_tables,
)
