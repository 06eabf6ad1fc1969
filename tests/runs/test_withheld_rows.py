"""Rows that read documents with access tags: withheld from those who lack the tags, and so are rows that are made of them."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.flows.runs.guarding import RunGuards, row_key, run_key
from flowyard.flows.runs.store import RunStore
from flowyard.foundation.errors import RemoteError
from flowyard.wire.identity import ApiKeyCreate
from flowyard.wire.shared import WITHHELD_SENTENCE
from support.flow_folders import ECHO, python_node, write_flow
from support.recorded_runs import record

FLOW = {
    "inputs": {"text": {"type": "string"}},
    "outputs": {"said": {"type": "string", "reference": "${say.output}"}},
    "nodes": [{**python_node("say", x="${inputs.text}"), "source": {"type": "code", "path": "say.py"}}],
}


@dataclass(frozen=True)
class Setting:
    """A run of two rows, the first of which read a document that only those with the tag ``hr`` may read, and somebody without it."""

    services: Any
    owner: Any
    ws: Workspace
    other: Workspace
    flow: Path
    data: Path
    folder: Path
    traces: dict[tuple[int, str], str]


@pytest.fixture
def setting(ws: Workspace, server: Any, owner_key: str, tmp_path: Path) -> Setting:
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
    secret = services.keys.create(owner, ApiKeyCreate(name="other", role="contributor")).secret
    other = Workspace(url=ws.transport.url, api_key=secret, workspace="default")
    return Setting(services, owner, ws, other, flow, data, folder, traces)


@pytest.mark.integration
def test_rows_are_withheld_one_by_one(setting: Setting) -> None:
    other, ws = setting.other, setting.ws
    whole = (
        lambda: other.runs.line("first", 0),
        lambda: other.runs.logs("first"),
        lambda: other.runs.compare("first"),
        lambda: other.runs.create(flow=setting.flow, run="first", column_mapping={"text": "${run.outputs.said}"}),
    )
    for look in whole:
        with pytest.raises(RemoteError) as caught:
            look()
        assert (caught.value.problem().code, "secret" in str(caught.value.problem())) == ("Withheld", False)
    assert [(row.withheld, row.outputs) for row in other.runs.lines("first")] == [(True, {}), (False, {"said": "b"})]
    assert [row.line for row in other.runs.lines("first", sort="-outputs.said")] == [1, 0]
    assert [row.line for row in other.runs.lines("first", text="b")] == [1]
    assert list(other.runs.lines("first", text="secret")) == []
    assert other.runs.line_counts("first", text="secret").completed == 0
    assert other.runs.line_counts("first").completed == 2
    assert other.runs.line("first", 1).row.outputs == {"said": "b"}
    assert other.runs.details("first")[0]["error"] == WITHHELD_SENTENCE
    for form in ("jsonl", "csv", "parquet"):
        target = io.BytesIO()
        other.runs.export("first", form, target)
        assert b"secret" not in target.getvalue()
    assert (other.runs.get("first").metrics, ws.runs.get("first").metrics) == ({"mean": 3.5}, {"longest": "secret", "mean": 3.5})
    assert other.runs.metrics("first").variants == {"": {"mean": 3.5}}
    assert ws.runs.line("first", 0).row.outputs == {"said": "secret"}

    setting.services.access.set(setting.owner, "key", "other", ["hr"])
    assert [row.withheld for row in other.runs.lines("first")] == [False, False]
    assert next(other.runs.lines("first", text="secret")).outputs == {"said": "secret"}
    assert other.runs.line("first", 0).row.outputs == {"said": "secret"}


@pytest.mark.integration
def test_what_is_made_of_withheld_rows_is_withheld_like_them(setting: Setting, tmp_path: Path) -> None:
    services, owner, ws, other, traces, folder = (
        setting.services,
        setting.owner,
        setting.ws,
        setting.other,
        setting.traces,
        setting.folder,
    )
    guards, judging = services.runs._guards, tmp_path / "judging"
    kept = RunGuards(guards, owner.workspace_id, judging)
    kept.made_of(folder)
    made, other_trace, all_of_it = kept.trace_of(0), kept.trace_of(1), kept.aggregating([])
    assert (other_trace, guards.guarded(owner.workspace_id, [made, all_of_it])) == ("", {made, all_of_it})

    ws.runs.create(flow=setting.flow, data=setting.data, name="plain", column_mapping={"text": "${data.text}"})
    place = services.runs.folder(owner, "plain")
    with RunStore(place, write=True) as store:
        record(store, {"": {0: {"said": "0"}, 1: {"said": "1"}}})
    plain = RunGuards(guards, owner.workspace_id, place)
    all_of_it = plain.aggregating([traces[1, ""]])
    assert [row.withheld for row in other.runs.lines("plain")] == [False, False]
    guards.note(owner.workspace_id, all_of_it, [["hr"]])
    plain.aggregated(all_of_it)
    assert [row.withheld for row in other.runs.lines("plain")] == [False, False], "only the aggregation read something"
    with pytest.raises(RemoteError, match="withheld"):
        other.runs.logs("plain")
    plain.take_over(folder)
    assert [row.withheld for row in other.runs.lines("plain")] == [True, False]

    ws.runs.cancel("plain")
    ws.runs.delete("plain")
    assert not guards.guarded(owner.workspace_id, [run_key(place.name), row_key(place.name, 0, "")])
    assert guards.guarded(owner.workspace_id, [traces[0, ""]])
