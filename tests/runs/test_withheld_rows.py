"""Rows that read documents with access tags: withheld from those who lack the tags, and so are rows that are made of them."""

import io
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.flows.runs.guarding import RunGuards
from flowyard.flows.runs.store import RunStore
from flowyard.foundation.errors import RemoteError
from flowyard.wire.identity import ApiKeyCreate
from support.flow_folders import ECHO, python_node, write_flow
from support.recorded_runs import record

FLOW = {
    "inputs": {"text": {"type": "string"}},
    "outputs": {"said": {"type": "string", "reference": "${say.output}"}},
    "nodes": [{**python_node("say", x="${inputs.text}"), "source": {"type": "code", "path": "say.py"}}],
}


@pytest.mark.integration
def test_rows_are_withheld_and_hand_it_on(ws: Workspace, server: Any, owner_key: str, tmp_path: Path) -> None:
    data = tmp_path / "rows.jsonl"
    data.write_text('{"text": "a"}\n{"text": "b"}\n')
    flow = write_flow(tmp_path / "answers", FLOW, say__py=ECHO)
    ws.runs.create(flow=flow, data=data, name="first", column_mapping={"text": "${data.text}"})
    services = server.services
    owner = services.sign_in.by_key(owner_key).enter()
    folder = services.runs.folder(owner, "first")
    with RunStore(folder, write=True) as store:
        record(store, {"": {0: {"said": "secret"}, 1: {"said": "b"}}})
        store.set_metrics("", {"longest": "secret", "mean": 3.5}, [])
        store._db.execute("UPDATE lines SET trace_id = printf('%032x', line + 1)")
        traces = store.traces()
    services.runs._guards.note(owner.workspace_id, traces[0, ""], [["hr"]])
    ws.runs.cancel("first")

    other = Workspace(
        url=ws.transport.url,
        api_key=services.keys.create(owner, ApiKeyCreate(name="other", role="contributor")).secret,
        workspace="default",
    )
    looks = (
        lambda: list(other.runs.lines("first", text="secret")),
        lambda: other.runs.line("first", 0),
        lambda: other.runs.line("first", 1),
        lambda: other.runs.line_counts("first", text="secret"),
        lambda: other.runs.metrics("first"),
        lambda: other.runs.logs("first"),
        lambda: other.runs.export("first", "jsonl", io.BytesIO()),
        lambda: other.runs.details("first"),
        lambda: other.runs.compare("first"),
        lambda: other.runs.create(flow=flow, run="first", column_mapping={"text": "${run.outputs.said}"}),
    )
    for look in looks:
        with pytest.raises(RemoteError) as caught:
            look()
        assert (caught.value.problem().code, "secret" in str(caught.value.problem())) == ("Withheld", False)
    assert (other.runs.get("first").metrics, ws.runs.get("first").metrics) == ({"mean": 3.5}, {"longest": "secret", "mean": 3.5})
    assert ws.runs.line("first", 0).row.outputs == {"said": "secret"}

    guards, judging = services.runs._guards, tmp_path / "judging"
    kept = RunGuards(guards, owner.workspace_id, judging)
    trace = kept.made_of(folder)
    assert trace is not None
    made, whole = trace(), kept.aggregating([])
    assert guards.guarded(owner.workspace_id, [made, whole]) == {made, whole}

    ws.runs.create(flow=flow, data=data, name="plain", column_mapping={"text": "${data.text}"})
    plain = RunGuards(guards, owner.workspace_id, services.runs.folder(owner, "plain"))
    whole = plain.aggregating([traces[1, ""]])
    assert list(other.runs.lines("plain")) == []
    assert RunGuards(guards, owner.workspace_id, tmp_path / "next").made_of(services.runs.folder(owner, "plain")) is None
    guards.note(owner.workspace_id, whole, [["hr"]])
    plain.aggregated(whole)
    with pytest.raises(RemoteError, match="withheld"):
        list(other.runs.lines("plain"))

    services.access.set(owner, "key", "other", ["hr"])
    assert [look() is not None for look in looks[:3]] == [True] * 3
