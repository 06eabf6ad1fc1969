"""On a whole platform, under load: traffic moves in steps and back, replicas come and go, are killed, hang and run out of memory."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local_model import model_store  # noqa: F401
from support.installation import Platform, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

FLOW = (
    "inputs: {text: {type: string}}\noutputs: {text: {type: string, reference: '${say.output}'}}\n"
    "nodes:\n- {name: say, type: python, source: {type: code, path: say.py}, inputs: {text: '${inputs.text}'}}\n"
)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, model_store: Path) -> Iterator[Platform]:  # noqa: F811
    """A platform of its own, once, on SQLite: what the database has to do with it is tested beside each store."""
    with Platform.up(tmp_path_factory.mktemp("home"), model_store) as running:
        yield running


def write_flow(folder: Path, body: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "flow.dag.yaml").write_text(FLOW)
    (folder / "say.py").write_text(
        f"import os\nimport time\nfrom promptflow.core import tool\n\n@tool\ndef say(text: str) -> str:\n    {body}\n"
    )
    return str(folder)


@contextmanager
def load(platform: Platform, endpoint: str, callers: int = 3, pause_s: float = 0.02) -> Iterator[Counter[int]]:
    """Call an endpoint all the time; yields how often it answered with which status."""
    stop, statuses = threading.Event(), Counter[int]()

    def call() -> None:
        while not stop.is_set():
            statuses[platform.request("POST", f"/endpoints/{endpoint}/score", {"text": "hi"}).status] += 1
            time.sleep(pause_s)

    threads = [threading.Thread(target=call) for _ in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def rollout(platform: Platform, endpoint: str) -> dict[str, Any]:
    return platform.request("GET", f"/api/v1/workspaces/default/endpoints/{endpoint}/rollouts").json()["items"][0]


def shown(platform: Platform, endpoint: str, deployment: str = "blue") -> dict[str, Any]:
    found = platform.request("GET", f"/api/v1/workspaces/default/endpoints/{endpoint}").json()
    return next(entry for entry in found["deployments"] if entry["name"] == deployment)


@pytest.fixture(scope="module")
def two(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """The platform with an endpoint `two`: `blue` answers, `green` too, `red` fails a third of the time."""
    folder = tmp_path_factory.mktemp("flows")
    platform.run("endpoint", "create", "two")
    good, bad = 'return "blue"', "return text if time.time_ns() // 1000 % 3 else 1 / 0"
    for name, body in (("blue", good), ("green", good.replace("blue", "green")), ("red", bad)):
        platform.run("endpoint", "deploy", "two", "--flow", write_flow(folder / name, body), "--deployment", name)
    return platform


def test_a_rollout_goes_to_its_end_though_the_worker_is_killed_in_between(two: Platform) -> None:
    with load(two, "two") as statuses:
        words = ("--steps", "30,100", "--every", "5s", "--min-requests", "10", "--max-p95-ratio", "50")
        judged = ("--evaluator", "regex", "--init", "pattern=^green$", "--min-score", "1", "--sample", "5")
        words = (*words, *judged, "--column-mapping", "response=${run.outputs.text}")
        two.run("endpoint", "rollout", "start", "two", "--to", "green", *words)
        eventually(lambda: rollout(two, "two")["steps"][0]["requests"] > 0)
        pid = two.kill("worker")
        two.back("worker", pid)
        ended = eventually(lambda: (found := rollout(two, "two"))["state"] != "running" and found, within_s=90)
    assert (ended["state"], [step["state"] for step in ended["steps"]]) == ("completed", ["passed", "passed"]), ended
    assert all(step["requests"] >= 10 and (step["score"], step["scored"]) == (1.0, 5) for step in ended["steps"])
    assert set(statuses) == {200}
    assert two.request("POST", "/endpoints/two/score", {"text": "hi"}).json() == {"text": "green"}


def test_a_deployment_that_fails_gets_no_traffic_any_more_and_the_reason_is_kept(two: Platform) -> None:
    before = two.json("endpoint", "show", "two")["traffic"]
    with load(two, "two", callers=4):
        words = ("--steps", "50,100", "--every", "30s", "--min-requests", "20")
        two.run("endpoint", "rollout", "start", "two", "--to", "red", *words)
        ended = eventually(lambda: (found := rollout(two, "two"))["state"] != "running" and found, within_s=60)
        assert ended["state"] == "rolled_back", ended
        assert "errors" in ended["detail"]
        time.sleep(1)
        after = Counter(two.request("POST", "/endpoints/two/score", {"text": "hi"}).status for _ in range(20))
    assert after == {200: 20}
    assert two.json("endpoint", "show", "two")["traffic"] == before
    assert "Step 1 (50 %)" in two.run("endpoint", "rollout", "show", "two")


@pytest.fixture(scope="module")
def slow(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """The platform with an endpoint `slow` whose replicas take 0.2 s, one request at a time, are scaled from 1 to 3, and ask who lives."""
    folder = tmp_path_factory.mktemp("flows")
    platform.run("endpoint", "create", "slow")
    digest = platform.json("endpoint", "deploy", "slow", "--flow", write_flow(folder / "slow", "time.sleep(0.2)\n    return text"))
    body = {
        "name": "blue",
        "snapshot": digest["deployments"][0]["digest"],
        "flow": "slow",
        "settings": {
            "request": {"max_concurrent_requests_per_instance": 1, "max_queue_wait_ms": 20000},
            "liveness_probe": {"initial_delay": 0, "period": 1, "timeout": 1, "failure_threshold": 2},
            "scale": {"type": "target_utilization", "min_instances": 1, "max_instances": 3, "cool_down_s": 6},
        },
    }
    job = platform.request("POST", "/api/v1/workspaces/default/endpoints/slow/deployments", body).json()
    eventually(lambda: platform.job(job["id"])["status"] == "completed", within_s=60)
    return platform


def test_replicas_follow_the_load_and_no_request_is_dropped(slow: Platform) -> None:
    with load(slow, "slow", callers=4, pause_s=0) as statuses:
        eventually(lambda: [replica["state"] for replica in shown(slow, "slow")["replicas"]] == ["ready"] * 3, within_s=60)
    with load(slow, "slow", callers=1, pause_s=0.2) as after:
        eventually(lambda: len(shown(slow, "slow")["replicas"]) <= 2, within_s=60)
    assert (set(statuses), set(after)) == ({200}, {200})
    changes = slow.json("endpoint", "scaling", "slow")
    assert {change["by"] for change in changes} == {"autoscaler"}
    assert max(change["after"] for change in changes) == 3
    metrics = slow.json("endpoint", "metrics", "slow", "--since", "10m")
    assert metrics["figures"][0]["errors"] == 0
    assert metrics["figures"][0]["p50_ms"] >= 200
    lines = slow.run("endpoint", "metrics", "slow", "--since", "2h", "--grain", "minute").splitlines()
    assert 4 <= len(lines) < 15, "only minutes with requests"


def test_replicas_that_are_killed_hang_or_run_out_of_memory_cost_no_caller_an_error(slow: Platform) -> None:
    slow.run("endpoint", "scale", "slow", "--instances", "3")
    eventually(lambda: [replica["state"] for replica in shown(slow, "slow")["replicas"]] == ["ready"] * 3, within_s=60)
    with load(slow, "slow", callers=3, pause_s=0.05) as statuses:
        time.sleep(0.5)
        first, second, _ = (replica["pid"] for replica in shown(slow, "slow")["replicas"])
        # What the kernel does to a process that takes more memory than there is.
        os.kill(first, signal.SIGKILL)
        os.kill(second, signal.SIGSTOP)

        def others() -> bool:
            replicas = shown(slow, "slow")["replicas"]
            return [item["state"] for item in replicas] == ["ready"] * 3 and not {item["pid"] for item in replicas} & {first, second}

        eventually(others, within_s=90)
        time.sleep(0.5)
    assert set(statuses) == {200}, statuses


def test_a_deployment_that_never_gets_ready_leaves_the_old_one_and_tells_its_last_lines(slow: Platform, tmp_path: Path) -> None:
    broken = write_flow(tmp_path / "broken", "return text")
    with (tmp_path / "broken" / "say.py").open("a") as code:
        code.write("\nraise RuntimeError('the weights are not there')\n")
    with load(slow, "slow", callers=1, pause_s=0.05) as statuses:
        slow.run("endpoint", "deploy", "slow", "--flow", broken, code=1)
    assert set(statuses) == {200}
    told = shown(slow, "slow")
    assert told["state"] == "healthy"
    assert "the weights are not there" in told["error"]["detail"]
    assert "the weights are not there" in slow.run("endpoint", "show", "slow")
