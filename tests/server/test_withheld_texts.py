"""What a trace read of documents with access tags is told by no question to those who lack the tags, and whole to the others."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from flowyard.foundation.clock import now_ns
from flowyard.identity.model import Caller
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.guards import SqlGuardStore
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.tracing.guarding import TraceGuards
from flowyard.tracing.model import SpanEvent
from flowyard.tracing.signals import LogRecord, Score
from flowyard.wire.identity import ApiKeyCreate
from support.questions import INTO_TEXTS, Row, TelemetryApp
from support.spans import make_span, trace_id

MINUTE_NS = 60 * 10**9
TAGS = ("hr", "board", "o'hara")
documents = st.lists(st.lists(st.sampled_from(TAGS), max_size=2, unique=True), max_size=3)


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{home / 'metadata.db'}")
    yield opened
    opened.dispose()


def mark_of(number: int) -> str:
    return f"wage{number:02}mark"


def rows_of(workspace_id: str, number: int, start_ns: int) -> list[Row]:
    """Rows of each signal of one trace, all of whose texts have its mark."""
    text = f"alpha {mark_of(number)}"
    common: dict[str, Any] = {"workspace_id": workspace_id, "start_ns": start_ns, "model": "m"}
    spans = [
        make_span(number, 1, kind="flow", attributes={"flowyard.input": {"q": text}, "flowyard.output": text}, **common),
        make_span(number, 2, 1, kind="retrieval", attributes={"retrieval.documents": [{"content": text}], "x": text}, **common),
        make_span(
            number, 3, 1, kind="llm", status="error", status_message=text, events=[SpanEvent("exception", start_ns, {"what": text})],
            attributes={"gen_ai.input.messages": [{"role": "user", "content": text}], "http.route": "/v1"}, prompt_tokens=7, **common,
        ),
    ]  # fmt: skip
    told: dict[str, Any] = {"at_ns": start_ns, "workspace_id": workspace_id, "trace_id": trace_id(number)}
    log = LogRecord(log_id=f"{number:032x}", body=text, attributes={"x": text}, **told)
    score = Score(score_id=f"s{number}-{start_ns}", name="good", value=1.0, label=text, comment=text, author="a", **told)
    return [*spans, log, score]


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_no_question_tells_what_a_trace_read(services: Any, owner_key: str, engine: Engine, tmp_path: Path) -> None:
    owner: Caller = services.sign_in.by_key(owner_key).enter()
    keys = {role: services.keys.create(owner, ApiKeyCreate(name=role, role=role)).secret for role in ("contributor", "owner")}
    guards, numbers = TraceGuards(SqlGuardStore(engine), services.access), iter(range(1, 10_000))
    files = SegmentFiles(tmp_path / "segments")
    seen: set[tuple[bool, bool]] = set()
    with TelemetryApp.over(services, engine, tmp_path / "spools", files) as app:

        @settings(max_examples=1, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
        @example([[["hr"]], [[], ["board"]]], {"board"}, False)
        @example([[["hr", "o'hara"], ["board"]], [[]]], {"hr"}, True)
        @given(st.lists(documents, min_size=2, max_size=3), st.sets(st.sampled_from(TAGS)), st.booleans())
        def holds(read: list[list[list[str]]], tags: set[str], roll: bool) -> None:
            services.access.set(owner, "key", "contributor", sorted(tags))
            traces, start_ns = [next(numbers) for _ in read], now_ns() - 10 * MINUTE_NS
            for number, found in zip(traces, read, strict=True):
                guards.note(owner.workspace_id, trace_id(number), found)
                app.put(rows_of(owner.workspace_id, number, start_ns), roll=roll)
            for role, key in keys.items():
                name = f"{role}-{traces[0]}"
                answers = app.ask("default", key, traces=traces, period=(start_ns - MINUTE_NS, now_ns() + MINUTE_NS), name=name)
                for number, found in zip(traces, read, strict=True):
                    open_ = role == "owner" or all(not one or tags & set(one) for one in found)
                    for question, answer in answers.items():
                        assert open_ or mark_of(number) not in json.dumps(answer), question
                    detail = answers[f"trace {number}"]
                    assert detail["trace"]["withheld"] is not open_
                    assert (detail["trace"]["spans"], detail["trace"]["prompt_tokens"], detail["spans"][2]["status"]) == (3, 7, "error")
                    assert (mark_of(number) in json.dumps(answers["sql"])) is open_
                    for asked in ({"text": "alpha"}, *({"q": about} for about in INTO_TEXTS)):
                        assert (trace_id(number) in json.dumps(answers[f"traces {asked}"])) is open_, asked
                    assert trace_id(number) in json.dumps(answers["traces {}"])
                    seen.add((role == "owner", open_))

        holds()
        assert seen == {(False, False), (False, True), (True, True)}


def test_guards_hand_on_what_was_read(services: Any, owner_key: str, engine: Engine) -> None:
    owner: Caller = services.sign_in.by_key(owner_key).enter()
    services.keys.create(owner, ApiKeyCreate(name="reads", role="reader"))
    reader = services.sign_in.by_key(services.keys.create(owner, ApiKeyCreate(name="other", role="reader")).secret).enter()
    guards, workspace = TraceGuards(SqlGuardStore(engine), services.access), owner.workspace_id
    first, second, third = map(trace_id, (1, 2, 3))
    guards.note(workspace, first, [["hr", "board"], []])
    guards.note(workspace, first, [["board", "hr"]])
    guards.note(workspace, third, [[]])
    guards.hand_on(workspace, [(first, second), (third, "f" * 32)])
    assert guards.lacked(reader, [first, second, third, None]) == guards.all_lacked(reader) == {first, second}
    assert guards.lacked(owner, [first]) == guards.all_lacked(owner) == frozenset()
    services.access.set(owner, "key", "other", ["board"])
    assert guards.lacked(reader, [first, second]) == guards.all_lacked(reader) == frozenset()
