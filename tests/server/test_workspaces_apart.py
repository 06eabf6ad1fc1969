"""One workspace never sees another's rows: what it is told by any question is what it would be told were the other not there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from flowyard.foundation.clock import now_ns
from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.tracing.signals import LogRecord, MetricPoint, Score
from flowyard.wire.identity import ApiKeyCreate, WorkspaceCreate
from support.questions import Row, TelemetryApp
from support.spans import make_span, trace_id

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

MINUTE_NS = 60 * 10**9
BASE_NS = now_ns() - 60 * MINUTE_NS
PERIOD = (BASE_NS - MINUTE_NS, BASE_NS + 59 * MINUTE_NS)
TRACES = (1, 2, 3)


@pytest.fixture
def workspaces(services: Any, owner_key: str) -> dict[str, tuple[str, str]]:
    """Two workspaces, each with its id and a key of its own, by name."""
    owner = services.sign_in.with_token(services.identity.owner_link("http://x").url.partition("#token=")[2]).principal
    services.identity.create_workspace(owner, WorkspaceCreate(name="other"))
    owner = services.sign_in.with_token(services.identity.owner_link("http://x").url.partition("#token=")[2]).principal
    found: dict[str, tuple[str, str]] = {}
    for name in ("default", "other"):
        caller = owner.enter(name)
        found[name] = (caller.workspace_id, services.keys.create(caller, ApiKeyCreate(name="asks", role="owner")).secret)
    return found


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{home / 'metadata.db'}")
    yield opened
    opened.dispose()


def rows_of(workspace_id: str, *, name: str) -> list[Row]:
    """Rows of each signal; the same ids in both workspaces: what tells them apart is the workspace alone."""
    made: list[Row] = []
    for number in TRACES:
        start_ns = BASE_NS + number * MINUTE_NS
        fields: dict[str, Any] = {"workspace_id": workspace_id, "session_id": "s", "user_id": "u", "endpoint": "e", "flow": "f"}
        call: dict[str, Any] = {"kind": "llm", "model": "m", "prompt_tokens": 3 + len(name), "completion_tokens": 4, "cost_micros": 5}
        made += [
            make_span(number, 1, name=name, kind="http", start_ns=start_ns, status="error" if name == "beta" else "ok", **fields),
            make_span(number, 2, 1, name=name, start_ns=start_ns + 1, attributes={"flowyard.input": {"q": name}, "x": 1}, **fields, **call),
            LogRecord(log_id=f"l{number}", at_ns=start_ns, body=name, workspace_id=workspace_id),
            MetricPoint(point_id=f"p{number}", name=name, at_ns=start_ns, value=1.0, workspace_id=workspace_id),
            Score(
                score_id=f"s{number}",
                at_ns=start_ns,
                trace_id=trace_id(number),
                name="good",
                label=name,
                author="a",
                workspace_id=workspace_id,
            ),
        ]
    return made


@pytest.mark.parametrize("rolled", [False, True], ids=["tail", "segment"])
def test_no_question_is_answered_with_another_workspace_s_rows(
    services: Any, engine: Engine, workspaces: dict[str, tuple[str, str]], tmp_path: Path, rolled: bool
) -> None:
    mine, theirs = workspaces["default"], workspaces["other"]
    with TelemetryApp.over(services, engine, tmp_path / "spools", SegmentFiles(tmp_path / "segments")) as app:
        app.put(rows_of(mine[0], name="alpha"), roll=rolled)
        alone = app.ask("default", mine[1], traces=TRACES, period=PERIOD, name="before")
        app.put(rows_of(theirs[0], name="beta"), roll=rolled)
        together = app.ask("default", mine[1], traces=TRACES, period=PERIOD, name="after")
        assert len(alone["sql"]) == 18
        assert "beta" not in str(list(together.values()))
        for question, answer in alone.items():
            if question != "overview":  # its counts are some seconds old
                assert together[question] == answer, question
        other = str(list(app.ask("other", theirs[1], traces=TRACES, period=PERIOD, name="other").values()))
        assert "beta" in other
        assert "alpha" not in other


def test_what_is_another_workspace_s_cannot_be_named(
    services: Any, engine: Engine, workspaces: dict[str, tuple[str, str]], tmp_path: Path
) -> None:
    mine, theirs = workspaces["default"], workspaces["other"]
    with TelemetryApp.over(services, engine, tmp_path / "spools", SegmentFiles(tmp_path / "segments")) as app:
        app.put(
            [
                make_span(1, 1, start_ns=BASE_NS, workspace_id=theirs[0]),
                Score(score_id="s1", at_ns=BASE_NS, trace_id=trace_id(1), name="good", value=1.0, workspace_id=theirs[0]),
            ]
        )
        path, headers = "/api/v1/workspaces/default", {"Authorization": f"Bearer {mine[1]}"}
        assert app.client.get(f"{path}/traces/{trace_id(1)}", headers=headers).status_code == 404
        assert app.client.get(f"{path}/traces/export", params={"trace_id": trace_id(1)}, headers=headers).status_code == 404
        assert app.client.get(f"{path}/scores", params={"trace_id": trace_id(1)}, headers=headers).json()["items"] == []
        assert app.client.delete(f"{path}/scores/s1", headers=headers).status_code == 404
        named = {"name": "taken", "trace_ids": [trace_id(1)]}
        assert app.client.post(f"{path}/data/from-traces", json=named, headers=headers).status_code in {404, 422}
        for method, address in (("GET", "traces"), ("GET", "telemetry/figures"), ("POST", "logs/query")):
            answer = app.client.request(method, f"/api/v1/workspaces/other/{address}", json={"query": "SELECT 1"}, headers=headers)
            assert answer.status_code in {403, 404}
        assert (
            app.client.get(f"/api/v1/workspaces/other/traces/{trace_id(1)}", headers={"Authorization": f"Bearer {theirs[1]}"}).status_code
            == 200
        )
