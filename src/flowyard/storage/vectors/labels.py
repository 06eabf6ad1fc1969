"""Labels of a workspace's indexes: a table beside theirs, so that restoring an index does not move them."""

from datetime import timedelta
from typing import Any

from flowyard.rag.ports import IndexKey
from flowyard.storage.vectors.conditions import one_of
from flowyard.storage.vectors.tables import LanceTables, asynchronous, awaited, in_turn, table_name, told

_TABLE = "labels"
#: Each move of a label leaves a file and a state, which every look at labels reads: after so many they become one.
_TIDIED = 16
#: So long states stay for who reads them.
_KEPT = timedelta(hours=1)


class LabelTable:
    """Label → version, for each index."""

    def __init__(self, tables: LanceTables) -> None:
        self._tables = tables

    def all(self, key: IndexKey) -> dict[str, str]:
        """Return an index's labels."""
        table = self._tables.present(key, _TABLE)
        if table is None:
            return {}
        with told(key):
            asked = asynchronous(table).query().where(one_of("index", [table_name(key)])).select(["label", "version"])
            found = awaited(asked.to_list())
        return {row["label"]: row["version"] for row in sorted(found, key=lambda row: row["label"])}

    def put(self, key: IndexKey, label: str, version: str) -> None:
        """Let a label stand on a version."""
        import pyarrow

        pa: Any = pyarrow
        columns = pa.schema([pa.field(name, pa.string(), nullable=name != "id") for name in ("id", "index", "label", "version")])
        row = {"id": f"{key.name}/{label}", "index": table_name(key), "label": label, "version": version}

        def work() -> None:
            table = self._tables.made(key, _TABLE, columns)
            if table.version == 1:
                table.set_unenforced_primary_key(["id"])
            merge = table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all()
            merge.execute(pa.Table.from_pylist([row], schema=columns))
            if table.version % _TIDIED == 0:
                awaited(asynchronous(table).optimize(cleanup_older_than=_KEPT))

        in_turn(key, work)

    def drop(self, key: IndexKey) -> None:
        """Forget an index's labels."""

        def work() -> None:
            table = self._tables.present(key, _TABLE)
            if table is not None:
                table.delete(one_of("index", [table_name(key)]))

        in_turn(key, work)
