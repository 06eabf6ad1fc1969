"""Scores and data made of traces, over HTTP and from Python, on a real control plane that indexes its spools."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.foundation.errors import RemoteError
from flowyard.wire.scores import Score, ScoreWrite
from support.spans import make_span, spool, trace_id

CHAT: dict[str, Any] = {
    "gen_ai.input.messages": [
        {"role": "system", "parts": [{"type": "text", "content": "Be short."}]},
        {"role": "user", "parts": [{"type": "text", "content": "Where?"}]},
    ],
    "gen_ai.output.messages": [{"role": "assistant", "parts": [{"type": "text", "content": "Here."}], "finish_reason": "stop"}],
}


@pytest.fixture
def traces(server: Any, ws: Workspace) -> None:
    spool(
        server.services.settings.home / "spools",
        [
            make_span(1, 1, name="POST", kind="http", workspace_id=""),
            make_span(
                1,
                2,
                1,
                kind="flow",
                name="f",
                workspace_id="",
                attributes={"flowyard.input": {"q": "one", "k": 2}, "flowyard.output": {"answer": "yes"}},
            ),
            make_span(
                2,
                1,
                kind="flow",
                name="f",
                workspace_id="",
                attributes={"flowyard.input": {"q": "two"}, "flowyard.output": {"a": 1, "b": [2]}},
            ),
            make_span(
                3,
                1,
                kind="llm",
                name="chat",
                model="m",
                workspace_id="",
                attributes=CHAT,
                prompt_tokens=1,
                completion_tokens=1,
                cost_micros=0,
            ),
            make_span(4, 1, kind="http", name="nothing", workspace_id=""),
        ],
    )
    until(lambda: len(list(ws.traces.list())) == 4)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)


def refused(call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(RemoteError) as caught:
        call(*arguments, **options)
    return caught.value.remote.code


def names(scores: tuple[Score, ...]) -> list[tuple[str, float | None]]:
    return [(score.name, score.value) for score in scores]


def test_a_score_is_given_replaced_and_taken_back(ws: Workspace) -> None:
    trace = trace_id(7)
    first = ws.scores.give(ScoreWrite(trace_id=trace, value=1, comment="good"))
    assert (first.name, first.source, first.comment) == ("feedback", "api", "good")
    ws.scores.give(ScoreWrite(trace_id=trace.upper(), name="tone", label="rude", span_id="00000000000000aA"))
    until(lambda: names(ws.scores.list(trace)) == [("feedback", 1.0), ("tone", None)])
    second = ws.scores.give(ScoreWrite(trace_id=trace, value=0))
    until(lambda: names(ws.scores.list(trace)) == [("tone", None), ("feedback", 0.0)])
    assert refused(ws.scores.withdraw, first.score_id) == "ScoreNotFound", "it was replaced"
    ws.scores.withdraw(second.score_id)
    until(lambda: names(ws.scores.list(trace)) == [("tone", None)])
    assert refused(ws.scores.withdraw, second.score_id) == "ScoreNotFound"
    assert ws.scores.list(trace_id(8)) == ()


@pytest.mark.parametrize(
    "written",
    [
        ScoreWrite(trace_id="x", value=1),
        ScoreWrite(trace_id=trace_id(1)),
        ScoreWrite(trace_id=trace_id(1), value=1, span_id="1"),
        ScoreWrite(trace_id=trace_id(1), value=1, name=""),
        ScoreWrite(trace_id=trace_id(1), value=1, name="1st"),
        ScoreWrite(trace_id=trace_id(1), label="x" * 201),
        ScoreWrite(trace_id=trace_id(1), comment="x" * 10_001),
    ],
)
def test_a_score_that_is_none_is_refused(ws: Workspace, written: ScoreWrite) -> None:
    assert refused(ws.scores.give, written) == "InvalidInput"


def test_no_workspace_sees_the_scores_of_another(server: Any, ws: Workspace, owner_key: str) -> None:
    given = ws.scores.give(ScoreWrite(trace_id=trace_id(7), value=1))
    until(lambda: len(ws.scores.list(trace_id(7))) == 1)
    principal = server.services.sign_in.by_key(owner_key)
    mine = principal.enter()
    other = type(mine)(
        **{**{name: getattr(mine, name) for name in mine.__dataclass_fields__}, "workspace_id": "another", "workspace": "another"}
    )
    assert server.services.scores.of_trace(other, trace_id(7)) == ()
    with pytest.raises(Exception, match="There is no score"):
        server.services.scores.withdraw(other, given.score_id)


@pytest.mark.usefixtures("traces")
def test_data_is_made_of_traces_with_their_scores(ws: Workspace, tmp_path: Path) -> None:
    ws.scores.give(ScoreWrite(trace_id=trace_id(1), name="helpful", value=0.5))
    until(lambda: [trace.trace_id for trace in ws.traces.list(q="score.helpful<1")] == [trace_id(1)])
    made = ws.data.create_from_traces("bad", q="score.helpful<1", description="to look at")
    assert (made.rows, made.version, made.origin["traces"], made.origin["q"]) == (1, "1", [trace_id(1)], "score.helpful<1")
    (row,) = ws.data.preview("bad").rows
    assert row.values == {
        "q": "one", "k": 2, "output": "yes", "score.helpful": 0.5, "trace_id": trace_id(1), "started_at": "2026-11-18T11:06:41.001000Z",
    }  # fmt: skip
    (edge,) = ws.lineage.edges("data/bad/1")
    assert (edge.source, edge.activity) == (f"trace/{trace_id(1)}", "traces")
    both = ws.data.create_from_traces("bad", [trace_id(2), trace_id(4), trace_id(1), trace_id(2)])
    assert (both.version, both.rows, both.origin["traces"]) == ("2", 2, [trace_id(2), trace_id(1)])
    assert ws.data.preview("bad").rows[0].values["output.b"] == [2]


@pytest.mark.usefixtures("traces")
def test_data_for_fine_tuning_is_made_of_model_calls(ws: Workspace, tmp_path: Path) -> None:
    made = ws.data.create_from_traces("examples", since="2026-11-18T00:00:00Z", form="chat")
    assert made.origin["traces"] == [trace_id(3)]
    ws.data.download("examples", tmp_path / "chat.jsonl")
    assert json.loads((tmp_path / "chat.jsonl").read_text()) == {
        "messages": [
            {"role": "system", "content": "Be short."},
            {"role": "user", "content": "Where?"},
            {"role": "assistant", "content": "Here."},
        ]
    }


@pytest.mark.usefixtures("traces")
def test_nothing_to_make_data_of_is_said(ws: Workspace) -> None:
    assert refused(ws.data.create_from_traces, "x", q="model:none") == "InvalidInput"
    assert refused(ws.data.create_from_traces, "x", [trace_id(4)]) == "InvalidInput"
    assert refused(ws.data.create_from_traces, "x", q="modle:x") == "InvalidSearch"
    assert refused(ws.data.create_from_traces, "x", ["\u00e4" * 32]) == "InvalidInput"
    assert refused(ws.data.create_from_traces, "x", since="yesterday") == "InvalidInput"
    assert refused(ws.data.create_from_traces, "x", limit=0) == "InvalidInput"
    assert ws.data.list() == ()


@pytest.mark.usefixtures("traces")
def test_the_first_rows_of_data_are_seen_before_it_is_made_of_traces(ws: Workspace) -> None:
    every = ws.data.preview_from_traces(since="2026-11-18T00:00:00Z", rows=50)
    assert (every.traces, every.more) == (4, False)
    assert len(every.rows) == 3  # of one trace nothing can be made
    first = ws.data.preview_from_traces(since="2026-11-18T00:00:00Z", rows=1, limit=2)
    assert (first.rows, first.traces) == (every.rows[:1], 4)
    assert ws.data.preview_from_traces([trace_id(1)]).rows[0]["q"] == "one"
    assert ws.data.preview_from_traces(q="model:none") == type(every)(rows=(), traces=0, more=False)
    assert refused(ws.data.preview_from_traces, q="modle:x") == "InvalidSearch"
    assert ws.data.list() == ()
