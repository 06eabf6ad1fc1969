"""A node's retry and time limit, with the same meaning on this thread, on threads beside one another, and on an event loop."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows.flow import LoadedFlow
from flowyard.flows.resolvers.direct import DirectResolver
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.timeouts import abandoned_threads
from support.flow_folders import llm_node, python_node, scripted, write_flow

HEAD = "import asyncio, threading, time\nfrom promptflow.core import tool\ncalls = []\n"
SYNC_FLAKY = "@tool\ndef run(fails):\n    calls.append(1)\n    print('call', len(calls))\n    if len(calls) <= fails:\n        raise KeyError('not yet')\n    return len(calls)\n"  # noqa: E501
ASYNC_FLAKY = SYNC_FLAKY.replace("def run", "async def run").replace("    return", "    await asyncio.sleep(0)\n    return")
DRIVERS = ["alone", "pooled", "loop"]


def load(folder: Path, code: str, driver: str, *, policies: dict[str, Any], **inputs: Any) -> LoadedFlow:
    """A flow whose node `n` has the policies; with the driver ``pooled`` another node that blocks runs beside it."""
    nodes = [{**python_node("n", **inputs), **policies}]
    files = {"n__py": HEAD + code}
    if driver == "pooled":
        nodes.append(python_node("beside"))
        files["beside__py"] = HEAD + "@tool\ndef run():\n    time.sleep(0.01)\n    return 'beside'\n"
    write_flow(folder, {"outputs": {"o": {"type": "string", "reference": "${n.output}"}}, "nodes": nodes}, **files)
    return LoadedFlow.load(folder, Engine(), {})


def flaky(folder: Path, driver: str, fails: int, **policies: Any) -> LoadedFlow:
    return load(folder, ASYNC_FLAKY if driver == "loop" else SYNC_FLAKY, driver, policies=policies, fails=fails)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_node_that_fails_is_tried_again_and_its_record_says_why(tmp_path: Path, driver: str) -> None:
    record = flaky(tmp_path, driver, 2, retry={"max_attempts": 3, "delay_s": 0.01}).run({})
    node = record.node("n")
    assert (record.outputs, node.status) == ({"o": 3}, "completed")
    assert [(each.code, each.detail) for each in node.failed_attempts] == [("KeyError", "'not yet'")] * 2
    assert [attempt.code for attempt in node.result().attempts] == ["KeyError", "KeyError"]


@pytest.mark.parametrize("driver", DRIVERS)
def test_when_every_attempt_fails_the_last_reason_is_the_node_s(tmp_path: Path, driver: str) -> None:
    record = flaky(tmp_path, driver, 9, retry={"max_attempts": 2, "delay_s": 0}).run({})
    node = record.node("n")
    assert (record.status, node.status, len(node.failed_attempts)) == ("failed", "failed", 1)
    assert node.error is not None
    assert node.error.code == "ToolExecutionError"
    assert node.error.location is not None
    assert node.error.location.file == "n.py"


def test_only_the_named_failures_are_tried_again(tmp_path: Path) -> None:
    other = flaky(tmp_path / "a", "alone", 1, retry={"max_attempts": 5, "delay_s": 0, "on": ["ValueError", "NodeTimeout"]}).run({})
    assert (other.status, len(other.node("n").failed_attempts)) == ("failed", 0)
    base = flaky(tmp_path / "b", "alone", 1, retry={"max_attempts": 5, "delay_s": 0, "on": ["LookupError"]}).run({})
    assert (base.status, len(base.node("n").failed_attempts)) == ("completed", 1)


@pytest.mark.parametrize("name", ["BadRequestError", "ModelRequestRefused", "ModelCallError", "FlowyardError"])
def test_a_model_s_failure_is_known_by_all_its_names(tmp_path: Path, name: str) -> None:
    node = {**llm_node("n", x="1"), "retry": {"max_attempts": 2, "delay_s": 0, "on": [name]}}
    write_flow(tmp_path, {"outputs": {"o": {"type": "string", "reference": "${n.output}"}}, "nodes": [node]}, n__jinja2="user:\n{{x}}\n")
    given = scripted("rules: [{error: {status: 400, message: broken}}]")
    record = LoadedFlow.load(tmp_path, Engine(resolver=DirectResolver(given)), given).run({})
    assert [each.code for each in record.node("n").failed_attempts] == ["BadRequestError"]


def test_the_delay_grows_with_each_failure(tmp_path: Path) -> None:
    flow = flaky(tmp_path, "alone", 2, retry={"max_attempts": 3, "delay_s": 0.1, "backoff": 3})
    start = time.monotonic()
    flow.run({})
    assert 0.4 <= time.monotonic() - start < 2


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_node_over_its_limit_fails_and_its_line_goes_on_failing(tmp_path: Path, driver: str) -> None:
    code = "@tool\ndef run():\n    time.sleep(1.5)\n    print('too late')\n    return 1\n"
    if driver == "loop":
        code = "@tool\nasync def run():\n    await asyncio.sleep(1.5)\n    return 1\n"
    flow = load(tmp_path, code, driver, policies={"timeout_s": 0.1})
    start = time.monotonic()
    record = flow.run({})
    assert time.monotonic() - start < 1
    node = record.node("n")
    assert node.error is not None
    assert (record.status, node.status, node.error.code) == ("failed", "failed", "NodeTimeout")
    assert record.error is not None
    assert record.error.code == "NodeTimeout"
    assert "0.1 s" in record.error.detail
    assert abandoned_threads() == (0 if driver == "loop" else 1)
    deadline = time.monotonic() + 5
    while abandoned_threads() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert abandoned_threads() == 0
    assert node.logs == []


@pytest.mark.parametrize("driver", ["alone", "loop"])
def test_each_attempt_has_the_limit_for_itself(tmp_path: Path, driver: str) -> None:
    body = "    calls.append(1)\n    if len(calls) == 1:\n        {}sleep(0.4)\n    return len(calls)\n"
    code = "@tool\ndef run():\n" + body.format("time.")
    if driver == "loop":
        code = "@tool\nasync def run():\n" + body.format("await asyncio.")
    record = load(tmp_path, code, driver, policies={"timeout_s": 0.2, "retry": {"max_attempts": 2, "delay_s": 0}}).run({})
    assert record.outputs == {"o": 2}
    assert [each.code for each in record.node("n").failed_attempts] == ["NodeTimeout"]


@pytest.mark.parametrize("driver", ["alone", "loop"])
@pytest.mark.parametrize("policies", [{"retry": {"delay_s": 0}}, {"timeout_s": 5}, {"timeout_s": 5, "retry": {"delay_s": 0}}])
def test_a_generator_streams_on_under_both(tmp_path: Path, driver: str, policies: dict[str, Any]) -> None:
    code = "@tool\ndef run():\n    calls.append(1)\n    yield from ['a', 'b', len(calls)]\n"
    if driver == "loop":
        code = "@tool\nasync def run():\n    calls.append(1)\n    for piece in ['a', 'b', len(calls)]:\n        yield piece\n"
    events: list[Any] = []
    record = load(tmp_path, code, driver, policies=policies).run({}, events.append)
    assert record.outputs == {"o": "ab1"}
    assert [event.text for event in events if event.kind == "chunk"] == ["a", "b", "1"]


@pytest.mark.parametrize("driver", ["alone", "loop"])
def test_a_generator_is_tried_again_until_its_first_piece_is_there(tmp_path: Path, driver: str) -> None:
    code = "@tool\ndef run(late):\n    calls.append(1)\n    if len(calls) == 1 and not late:\n        raise OSError('x')\n    yield len(calls)\n    if late:\n        raise OSError('late')\n"  # noqa: E501
    if driver == "loop":
        code = code.replace("def run", "async def run")
    policies = {"retry": {"max_attempts": 3, "delay_s": 0}, "timeout_s": 9}
    early = load(tmp_path / "early", code, driver, policies=policies, late=False).run({})
    assert early.outputs == {"o": "2"}
    late = load(tmp_path / "late", code, driver, policies=policies, late=True).run({})
    assert (late.status, late.node("n").failed_attempts) == ("failed", [])
    assert late.error is not None
    assert "late" in late.error.detail


@pytest.mark.parametrize("driver", ["alone", "loop"])
def test_the_limit_covers_all_pieces_of_a_generator(tmp_path: Path, driver: str) -> None:
    code = "@tool\ndef run():\n    for number in range(20):\n        time.sleep(0.05)\n        yield number\n"
    if driver == "loop":
        code = code.replace("def run", "async def run").replace("time.sleep", "await asyncio.sleep")
    record = load(tmp_path, code, driver, policies={"timeout_s": 0.2}).run({})
    assert record.error is not None
    assert (record.status, record.error.code) == ("failed", "NodeTimeout")


def test_a_canceled_line_stops_trying(tmp_path: Path) -> None:
    flow = flaky(tmp_path, "pooled", 99, retry={"max_attempts": 50, "delay_s": 0.1, "backoff": 1})
    (tmp_path / "beside.py").write_text(HEAD + "@tool\ndef run():\n    time.sleep(0.15)\n    raise ValueError('beside')\n")
    flow = LoadedFlow.load(tmp_path, Engine(), {})
    start = time.monotonic()
    record = flow.run({})
    assert record.status == "failed"
    assert time.monotonic() - start < 2
    assert record.node("n").status == "canceled"
    deadline = time.monotonic() + 5
    before = -1
    while time.monotonic() < deadline and before != len(record.node("n").failed_attempts):
        before = len(record.node("n").failed_attempts)
        time.sleep(0.3)
    assert before < 10


def test_a_node_without_policies_is_called_as_it_is(tmp_path: Path) -> None:
    flow = load(tmp_path, SYNC_FLAKY, "alone", policies={}, fails=0)
    call = flow.plan.line.steps[0].executable.call
    assert call.__module__ not in {"flowyard.flows.runtime.attempts", "flowyard.flows.runtime.cache"}
    assert threading.active_count() < 200
