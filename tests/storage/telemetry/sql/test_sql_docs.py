"""docs/sql.md has the tables that can be asked."""

import re
from pathlib import Path

from flowyard.storage.telemetry.sql.views import tables

TEXT = (Path(__file__).parents[4] / "docs/sql.md").read_text(encoding="utf-8")


def test_the_page_has_the_tables_and_columns_of_the_code() -> None:
    parts = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\nWhat the columns|\Z)", TEXT, re.MULTILINE | re.DOTALL))
    assert list(parts) == [table.name for table in tables()]
    for table in tables():
        assert table.meaning.lower() in parts[table.name].lower()
        if table.name != "requests":
            told = re.findall(r"^\| `(\w+)` \| (\w+) \|$", parts[table.name], re.MULTILINE)
            assert told == [(column.name, column.type) for column in table.columns]
