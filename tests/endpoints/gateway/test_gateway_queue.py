"""Deployments that bound their requests: what is over waits at the gateway, for so long and no longer."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from flowyard.endpoints.errors import DeploymentOverloadedError
from flowyard.endpoints.gateway import balance
from flowyard.endpoints.gateway.balance import Balancer
from flowyard.endpoints.gateway.ports import DeploymentRoute
from flowyard.monitoring import metrics
from flowyard.wire.endpoints import RequestSettings
from support.endpoint_routes import deployment, endpoint
from support.memory_installation import Served
from support.recording_upstream import Upstream


def bounded(*addresses: str, name: str = "blue", each: int | None = 1, wait_ms: int | None = 2000, timeout_ms: int | None = None) -> Any:
    bounds = RequestSettings(max_concurrent_requests_per_instance=each, max_queue_wait_ms=wait_ms, request_timeout_ms=timeout_ms)
    return deployment(name, *addresses, request=bounds)


def put(gateway: Any, route: DeploymentRoute) -> None:
    gateway.source.put_endpoint(endpoint({route.name: 100}, route))
    time.sleep(0.2)


def score(gateway: Any, **headers: str) -> Any:
    return gateway.request("POST", "/endpoints/support/score", body={"question": "hi"}, **headers)


def test_requests_over_the_bound_wait_for_their_turn(gateway: Any) -> None:
    gateway.replica.delay_s = 0.1
    put(gateway, bounded(gateway.replica_address, wait_ms=9000))
    with ThreadPoolExecutor(4) as pool:
        begun = time.monotonic()
        answers = list(pool.map(lambda _: score(gateway), range(4)))
        took = time.monotonic() - begun
    assert [answer.status for answer in answers] == [200] * 4
    assert took >= 0.4


def test_who_waited_too_long_is_told_when_to_come_again(gateway: Any) -> None:
    gateway.replica.delay_s = 1.5
    put(gateway, bounded(gateway.replica_address, wait_ms=100))
    first = threading.Thread(target=lambda: score(gateway))
    first.start()
    time.sleep(0.3)
    begun = time.monotonic()
    answer = score(gateway)
    assert time.monotonic() - begun < 1
    problem = answer.json()
    assert (answer.status, problem["code"], problem["extra"]["reason"]) == (429, "DeploymentOverloaded", "queue_wait")
    assert answer.headers["retry-after"] == "1"
    assert "max_queue_wait_ms" in problem["detail"]
    assert gateway.span(lambda record: record.error_type == "DeploymentOverloaded")
    first.join()
    gateway.replica.delay_s = 0
    assert score(gateway).status == 200


def test_an_answer_that_does_not_begin_in_time_is_a_504(gateway: Any) -> None:
    gateway.replica.delay_s = 5
    put(gateway, bounded(gateway.replica_address, each=None, timeout_ms=200))
    begun = time.monotonic()
    answer = score(gateway)
    assert (answer.status, answer.json()["code"]) == (504, "ReplicaTimeout")
    assert "request_timeout_ms (200)" in answer.json()["remedy"]
    assert time.monotonic() - begun < 3


def test_a_stream_that_is_cut_ends_with_an_error_event(gateway: Any) -> None:
    dying = Upstream("dying")
    dying.answers["/score"] = (200, b"text/event-stream", b"")
    dying.streams["/score"] = [b'data: {"answer": "a"}\n\n', b'data: {"answer": "b"}\n\n', b"data: never\n\n"]
    dying.chunk_delay_s = 0.5
    with Served(lambda: dying, lifespan="off") as served:
        put(gateway, deployment("blue", served.address))
        threading.Timer(0.75, served.drop_connections).start()
        answer = score(gateway, accept="text/event-stream")
    text = answer.data.decode()
    assert text.startswith('data: {"answer": "a"}\n\ndata: {"answer": "b"}\n\n')
    last = text.strip().split("\n\n")[-1].strip()
    assert last.startswith("event: error\ndata: ")
    assert '"code":"ReplicaUnavailable"' in last
    assert gateway.span(lambda record: record.status == "error")


def test_the_first_in_the_queue_is_the_first_out_and_a_new_replica_takes_it() -> None:
    async def scenario() -> None:
        balancer, one = Balancer(), bounded("a")
        whole, now = endpoint({}, one), one
        held = await balancer.admit(whole, one, lambda: now)
        order: list[str] = []

        async def wait(name: str) -> None:
            replica = await balancer.admit(whole, one, lambda: now)
            order.append(f"{name} {replica.address}")

        tasks = [asyncio.create_task(wait(name)) for name in ("first", "second", "third")]
        await asyncio.sleep(0)
        assert balancer.waiting(one.id) == 3
        tasks[1].cancel()
        await asyncio.sleep(0)
        balancer.release(one, held)
        await tasks[0]
        now = bounded("a", "b")
        await tasks[2]
        assert order == ["first a", "third b"]
        assert balancer.waiting(one.id) == 0

    asyncio.run(scenario())


def test_a_request_that_lost_its_replica_waits_in_front() -> None:
    async def scenario() -> None:
        balancer, one = Balancer(), bounded("a")
        held = await balancer.admit(endpoint({}, one), one, lambda: one)
        order: list[str] = []

        async def wait(name: str, **more: Any) -> None:
            order.append(name)
            balancer.release(one, await balancer.admit(endpoint({}, one), one, lambda: one, **more))
            order.append(f"{name} done")

        tasks = [asyncio.create_task(wait("new")), asyncio.create_task(wait("lost", avoid=held))]
        await asyncio.sleep(0.01)
        balancer.release(one, held)
        await asyncio.gather(*tasks)
        assert order == ["new", "lost", "lost done", "new done"]

    asyncio.run(scenario())


def test_the_queue_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balance, "MOST_WAITING", 2)

    async def scenario() -> None:
        balancer, one = Balancer(), bounded("a", wait_ms=50)
        whole = endpoint({}, one)
        await balancer.admit(whole, one, lambda: one)
        waiting = [asyncio.create_task(balancer.admit(whole, one, lambda: one)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(DeploymentOverloadedError) as refused:
            await balancer.admit(whole, one, lambda: one)
        assert refused.value.extra["reason"] == "queue_full"
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(error) for error in ended] == [DeploymentOverloadedError] * 2
        assert balancer.waiting(one.id) == 0

    asyncio.run(scenario())


def test_the_scrape_tells_how_many_wait(gateway: Any) -> None:
    gateway.replica.delay_s = 1
    put(gateway, bounded(gateway.replica_address, wait_ms=9000))
    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(score, gateway) for _ in range(3)]
        time.sleep(0.4)
        gateway.request("GET", "/metrics")
        assert [answer.result().status for answer in answers] == [200] * 3
    readings = gateway.server.seen[-1].json()[metrics.REPLICA_WAITING.name]
    assert [["w1", "support", "blue", "gateway"], 2] in [reading[:2] for reading in readings]
