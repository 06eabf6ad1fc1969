"""What a gateway counts of deployments, and tells the database."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from flowyard.endpoints.figures import Counts, GatewayCounts, Sample, bucket_of, merged, total, upper_end
from flowyard.endpoints.memory_figures import MemoryFigures
from flowyard.foundation.clock import now_ns
from flowyard.storage.sql.figures import SqlFigureStore
from flowyard.wire.endpoints import RequestSettings
from support.endpoint_routes import deployment, endpoint
from support.installation import eventually


def put(gateway: Any, **fields: Any) -> None:
    gateway.source.put_endpoint(endpoint({"blue": 100}, deployment("blue", gateway.replica_address, **fields)))
    time.sleep(0.2)


def score(gateway: Any) -> int:
    return gateway.request("POST", "/endpoints/support/score", body={"question": "hi"}).status


def told(gateway: Any) -> Counts:
    return total(gateway.figures.read(["blue"])["blue"])


def test_requests_errors_and_durations_are_told_by_deployment(gateway: Any) -> None:
    put(gateway)
    assert [score(gateway) for _ in range(3)] == [200] * 3
    gateway.replica.answers["/score"] = (500, b"application/json", b"{}")
    assert score(gateway) == 500
    counts = eventually(lambda: (found := told(gateway)).requests == 4 and found)
    assert (counts.failed, counts.errors, counts.in_flight, counts.waiting) == (1, {"500": 1}, 0, 0)
    assert sum(counts.durations.values()) == 4
    assert 0 < counts.open_s < 5


def test_what_is_under_way_and_waits_is_told_while_it_is(gateway: Any) -> None:
    gateway.replica.delay_s = 2.5
    put(gateway, request=RequestSettings(max_concurrent_requests_per_instance=1, max_queue_wait_ms=9000))
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(score, gateway) for _ in range(2)]
        eventually(lambda: told(gateway).waiting == 1)
        assert [answer.result() for answer in answers] == [200, 200]
    counts = eventually(lambda: (found := told(gateway)).requests == 2 and found)
    # One was under way for 2.5 s, the other waited as long and was then answered.
    assert counts.open_s == pytest.approx(7.5, abs=1.5)
    assert counts.waiting == 0


def test_what_a_limit_refuses_and_who_leaves_count_for_no_deployment(gateway: Any) -> None:
    from flowyard.wire.limits import Limits

    put(gateway)
    gateway.source.set_limits(Limits(requests_per_minute=1))
    time.sleep(0.3)
    assert [score(gateway) for _ in range(3)] == [200, 429, 429]
    eventually(lambda: told(gateway).requests == 1)
    time.sleep(1.2)
    assert told(gateway).requests == 1


def test_answers_are_sampled_only_where_somebody_wants_them(gateway: Any) -> None:
    put(gateway)
    score(gateway)
    put(gateway, sample=2)
    threads = [threading.Thread(target=score, args=(gateway,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken: list[Sample] = []

    def some() -> bool:
        taken.extend(gateway.figures.take_samples("blue"))
        return bool(taken)

    eventually(some)
    assert 1 <= len(taken) <= 5
    assert {sample.request for sample in taken} == {'{"question": "hi"}'}
    assert all(sample.answer for sample in taken)


def test_a_database_that_is_away_loses_no_count(gateway: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(gateway)

    def away(rows: Any, samples: Any) -> None:
        raise ConnectionError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(gateway.figures, "tell", away)
        assert score(gateway) == 200
        time.sleep(1.5)
    eventually(lambda: told(gateway).requests == 1)


def test_buckets_keep_durations_to_nine_per_cent() -> None:
    for seconds in (0.0001, 0.001, 0.0123, 0.5, 1.0, 7.7, 600.0):
        assert seconds <= upper_end(bucket_of(seconds)) * 1.0000001
        assert upper_end(bucket_of(seconds)) <= seconds * 1.0906
    counts = Counts(requests=100, durations={bucket_of(0.1): 94, bucket_of(1.0): 6})
    assert counts.quantile_s(0.9) == pytest.approx(0.1, rel=0.1)
    assert counts.quantile_s(0.95) == pytest.approx(1.0, rel=0.1)
    assert (counts.slower(0.5), counts.slower(2.0), Counts().quantile_s(0.5)) == (6, 0, None)


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest, engine: Engine) -> Any:
    return MemoryFigures() if request.param == "memory" else SqlFigureStore(engine)


def row(gateway: str, **fields: Any) -> GatewayCounts:
    return GatewayCounts(deployment_id="d1", gateway=gateway, counts=Counts(**fields))


def test_counts_of_gateways_are_summed_from_a_moment_on(store: Any) -> None:
    store.tell([row("a", requests=10, errors={"500": 2}, durations={3: 10}, open_s=2.0), row("b", requests=1)], [])
    before = {found.gateway: found.counts for found in store.read(["d1"])["d1"]}
    store.tell(
        [row("a", requests=15, errors={"500": 2, "503": 1}, durations={3: 12, -9: 3}, open_s=4.0, in_flight=2, replicas={"r": 2})], []
    )
    store.tell([row("c", requests=4, waiting=1)], [])
    counts = total(store.read(["d1"])["d1"], before)
    assert (counts.requests, counts.errors, counts.durations, counts.open_s) == (9, {"503": 1}, {3: 2, -9: 3}, 2.0)
    assert (counts.in_flight, counts.waiting, counts.replicas) == (2, 1, {"r": 2})
    assert merged([counts, counts]).requests == 18
    assert store.read([]) == {}


def test_a_gateway_that_is_silent_has_nothing_under_way(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store.tell([row("a", requests=10, in_flight=5, waiting=3, replicas={"r": 5})], [])
    monkeypatch.setattr("flowyard.endpoints.figures.now_ns", lambda: now_ns() + 6_000_000_000)
    counts = total(store.read(["d1"])["d1"])
    assert (counts.requests, counts.in_flight, counts.waiting, counts.replicas) == (10, 0, 0, {})
    store.forget_before(now_ns() + 1)
    assert store.read(["d1"]) == {"d1": []}


def test_samples_are_taken_once(store: Any) -> None:
    samples = [Sample(deployment_id="d1", request=f"q{number}", answer="a") for number in range(3)]
    store.tell([], [*samples, Sample(deployment_id="d2", request="q", answer="a")])
    assert sorted(store.take_samples("d1"), key=lambda sample: sample.request) == samples
    assert store.take_samples("d1") == []
    assert len(store.take_samples("d2")) == 1


def test_the_calls_of_a_flow_are_told_as_its_endpoint_s_and_are_no_requests_to_it(gateway: Any) -> None:
    gateway.replica.delay_s = 1.5
    put(gateway)
    scored = threading.Thread(target=score, args=(gateway,))
    scored.start()
    seen = eventually(lambda: [request for request in gateway.replica.seen if request.path == "/score"])[0]
    body = {"model": "script/scripted", "messages": [{"role": "user", "content": "hi"}]}
    gateway.source.put_route("chat", targets=[{"model": "script/scripted"}])
    time.sleep(0.2)
    for model in ("script/scripted", "chat"):
        sent = {**body, "model": model}
        assert gateway.request("POST", "/v1/chat/completions", body=sent, traceparent=seen.headers["traceparent"]).status == 200
    span = gateway.span(lambda record: record.kind == "llm")
    assert (span.endpoint, span.deployment) == ("support", "blue")
    scored.join()
    assert gateway.request("POST", "/v1/chat/completions", body=body).status == 200
    eventually(lambda: told(gateway).requests)
    time.sleep(1.2)
    assert told(gateway).requests == 1
    assert [record.endpoint for record in gateway.sink.records if record.kind == "llm"] == ["support", "support", None]
