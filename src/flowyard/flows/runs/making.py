"""Making a run: its file and its place in the list, both or neither."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from flowyard.data.lineage.model import Thing, edges_by
from flowyard.flows.runs.describe import facts_at_creation
from flowyard.flows.runs.lineage import made_of
from flowyard.flows.runs.names import new_run_name
from flowyard.flows.runs.ports import RunIndex, RunRecord
from flowyard.flows.runs.store import RunStore
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.ids import new_id
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.wire.runs import RunCreate


def make_run(index: RunIndex, root: Path, caller: Caller, request: RunCreate, flow_name: str, warnings: Sequence[str] = ()) -> RunRecord:
    """Make a run that nothing carries out yet, and return it.

    Args:
        index: which runs there are.
        root: the folder of all runs.
        caller: who makes it.
        request: as `prepare.checked` returns it, with its flow's snapshot.
        flow_name: what the flow is called.
        warnings: about the request.

    Raises:
        RunExistsError: the workspace has one of this name.
    """
    now = now_ns()
    record = RunRecord(
        id=new_id(),
        workspace_id=caller.workspace_id,
        name=request.name or new_run_name(flow_name),
        flow=flow_name,
        created_ns=now,
        created_by=caller.actor,
    )
    snapshot = request.snapshot or ""
    facts = facts_at_creation(
        request, name=record.name, flow=flow_name, snapshot=snapshot, created_at=to_rfc3339(now), created_by=caller.actor
    )
    folder = root / record.id
    RunStore.create(folder, {**facts, "warnings": list(warnings)}).close()
    try:
        detail = {"flow": flow_name, "snapshot": request.snapshot, "data": request.data, "run": request.run}
        edges = edges_by(caller, Thing("run", record.name), made_of(request, flow_name))
        index.add(record, audit_record(caller, "run.create", f"runs/{record.name}", detail), edges)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return record
