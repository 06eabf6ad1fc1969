"""What ``/metrics`` reads of the database, on both."""

from typing import Any

from sqlalchemy import insert

from flowyard.monitoring.ports import Stored
from flowyard.storage.schema import telemetry_segments, workspaces
from flowyard.storage.sql.monitoring import SqlInventory


def test_an_installation_without_a_workspace_and_one_with_segments(engine: Any) -> None:
    source = SqlInventory(engine)
    assert source.first_workspace() is None
    assert source.read().workspaces == {}
    with engine.begin() as connection:
        for name, at in (("late", 2), ("early", 1)):
            connection.execute(insert(workspaces).values(id=f"id-{name}", name=name, display_name=name, created_ns=at))
        for number in range(2):
            values = {"id": f"s{number}", "workspace_id": "id-late", "path": "p", "rows": 3, "bytes": 2**40, "signal": "logs"}
            connection.execute(insert(telemetry_segments).values(**values, min_start_ns=1, max_start_ns=2, created_ns=3))
    found = source.read()
    assert source.first_workspace() == "id-early"
    assert list(found.workspaces.items()) == [("id-early", "early"), ("id-late", "late")]
    assert found.segments == (Stored(workspace_id="id-late", signal="logs", segments=2, rows=6, bytes=2**41),)
    assert (found.jobs, found.deployments) == ({}, ())
