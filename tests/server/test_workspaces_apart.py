"""One workspace never sees another's rows: what it is told by any question is what it would be told were the other not there."""

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from flowyard.foundation.clock import now_ns
from flowyard.storage.engine import open_engine
from flowyard.storage.schema import telemetry_segments, telemetry_spools
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.tracing.signals import LogRecord, MetricPoint, Score
from flowyard.wire.identity import ApiKeyCreate, WorkspaceCreate
from support.questions import Row, TelemetryApp
from support.spans import make_span, trace_id

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

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


@dataclass(frozen=True)
class Shape:
    """What a workspace's rows are like, but for the word that all its texts have."""

    spans: tuple[tuple[int, int, dict[str, Any]], ...]
    rolls: tuple[bool, ...]


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """Rows of some traces; ids, times, sessions and users come from few values, so that those of two workspaces are the same."""
    fields = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["http", "llm", "embedding", "tool", "flow"]),
            "status": st.sampled_from(["ok", "error"]),
            "model": st.sampled_from([None, "m", "n"]),
            "session_id": st.sampled_from([None, "s", "t"]),
            "user_id": st.sampled_from([None, "u", "v"]),
            "endpoint": st.sampled_from([None, "e"]),
            "flow": st.sampled_from([None, "f"]),
            "prompt_tokens": st.sampled_from([None, 0, 3]),
            "cost_micros": st.sampled_from([None, 0, 5]),
            "duration_ns": st.sampled_from([0, 10**6, 5 * 10**9]),
        }
    )
    spans = draw(
        st.lists(st.tuples(st.sampled_from(TRACES), st.integers(1, 3), fields), min_size=1, max_size=8, unique_by=lambda one: one[:2])
    )
    return Shape(tuple(spans), tuple(draw(st.lists(st.booleans(), min_size=2, max_size=2))))


def rows_of(workspace_id: str, shape: Shape, *, name: str) -> list[Row]:
    """Rows of each signal. Their texts have the word `name`: what else tells two workspaces apart is the workspace alone."""
    made: list[Row] = []
    for number, span, fields in shape.spans:
        start_ns = BASE_NS + number * MINUTE_NS
        texts: dict[str, Any] = {"flowyard.input": {"q": name}, "x": span}
        parent = None if span == 1 else 1
        made.append(
            make_span(number, span, parent, name=name, start_ns=start_ns + span, workspace_id=workspace_id, attributes=texts, **fields)
        )
    for number in {number for number, _, _ in shape.spans}:
        at_ns = BASE_NS + number * MINUTE_NS
        scored: dict[str, Any] = {"trace_id": trace_id(number), "name": "good", "label": name, "author": "a"}
        made += [
            LogRecord(log_id=f"l{number}", at_ns=at_ns, body=name, workspace_id=workspace_id),
            MetricPoint(point_id=f"p{number}", name=name, at_ns=at_ns, value=1.0, workspace_id=workspace_id),
            Score(score_id=f"s{number}", at_ns=at_ns, workspace_id=workspace_id, **scored),
        ]
    return made


ASKED = itertools.count()


@settings(
    max_examples=int(os.environ.get("FLOWYARD_FUZZ_EXAMPLES", "80")) // 40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(mine=shapes(), theirs=shapes(), first=st.booleans())
def test_no_question_is_answered_with_another_workspace_s_rows(
    services: Any, engine: Engine, workspaces: dict[str, tuple[str, str]], tmp_path: Path, mine: Shape, theirs: Shape, first: bool
) -> None:
    """Whatever rows two workspaces have, each is told what it would be told were the other not there."""
    (my_id, my_key), (their_id, their_key) = workspaces["default"], workspaces["other"]

    def ask(*shapes: tuple[str, Shape, str], of: str = "default") -> dict[str, Any]:
        number = next(ASKED)
        with engine.begin() as connection:
            connection.execute(delete(telemetry_segments))
            connection.execute(delete(telemetry_spools))
        folder = tmp_path / str(number)
        with TelemetryApp.over(services, engine, folder / "spools", SegmentFiles(folder / "segments")) as app:
            for workspace_id, shape, name in shapes:
                rows = rows_of(workspace_id, shape, name=name)
                half = len(rows) // 2
                for part, rolled in zip((rows[:half], rows[half:]), shape.rolls, strict=True):
                    app.put(part, roll=rolled)
            key = my_key if of == "default" else their_key
            return app.ask(of, key, traces=TRACES, period=PERIOD, name=f"data{number}")

    here, there = (my_id, mine, "alpha"), (their_id, theirs, "beta")
    both = (there, here) if first else (here, there)
    alone, together = ask(here), ask(*both)
    for question, answer in alone.items():
        if question != "overview":  # its counts are some seconds old
            assert together[question] == answer, question
    assert "beta" not in str(list(together.values()))
    other = str(list(ask(*both, of="other").values()))
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
