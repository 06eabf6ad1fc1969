"""Every process of the platform is killed in turn: it comes back, nothing acknowledged is lost, no child is left over."""

import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from support.installation import Platform, alive, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

CHAT = {"model": "smollm2-135m", "messages": [{"role": "user", "content": "Say hi."}], "max_tokens": 8, "temperature": 0}


@pytest.fixture(scope="module")
def scored(platform: Platform) -> Platform:
    """The platform with an endpoint `words` that serves the demo flow without a model."""
    platform.run("endpoint", "create", "words")
    platform.run("endpoint", "deploy", "words", "--flow", "demo-python")
    assert platform.json("endpoint", "invoke", "words", "--inputs", "text=one two three")["words"] == 3
    return platform


def score(platform: Platform) -> Any:
    return platform.request("POST", "/endpoints/words/score", {"text": "one two"})


def test_a_killed_replica_is_back_and_its_callers_waited(scored: Platform) -> None:
    name = next(name for name in scored.processes() if name.startswith("replica/"))
    pid = scored.kill(name)
    statuses = [score(scored).status for _ in range(20)]
    scored.back(name, pid)
    # One whose answer had not begun waits at the address that the supervisor kept.
    assert statuses == [200] * 20


def test_a_killed_engine_is_back_and_answers_the_next_call(scored: Platform) -> None:
    assert scored.request("POST", "/v1/chat/completions", CHAT).status == 200
    pid = scored.kill("engine/smollm2-135m")
    assert scored.request("POST", "/v1/chat/completions", CHAT, timeout=100).status == 200
    scored.back("engine/smollm2-135m", pid)


def test_a_killed_gateway_is_back_and_the_requests_meanwhile_are_answered(scored: Platform) -> None:
    pid = scored.kill("gateway")
    statuses = [score(scored).status for _ in range(10)]
    assert statuses == [200] * 10
    assert scored.back("gateway", pid)["address"] == scored.url.removeprefix("http://")


def test_connections_made_while_a_gateway_is_away_are_answered_by_the_one_that_stood_by(scored: Platform) -> None:
    host, _, port = scored.url.removeprefix("http://").partition(":")
    eventually(lambda: standing_by(scored))
    (waiting,) = standing_by(scored)
    pid = scored.kill("gateway")
    sockets = [socket.create_connection((host, int(port)), timeout=60) for _ in range(50)]
    for connection in sockets:
        connection.sendall(b"GET /health HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")
    answers = [connection.makefile("rb").readline() for connection in sockets]
    for connection in sockets:
        connection.close()
    assert answers == [b"HTTP/1.1 200 OK\r\n"] * 50
    assert scored.back("gateway", pid)["pid"] == waiting


def standing_by(platform: Platform) -> list[int]:
    """The gateways that have loaded and wait."""
    kept = {process["pid"] for process in platform.processes().values()}
    program = b"flowyard.server.mains.gateway_main"
    return [pid for pid in platform.descendants() if pid not in kept and program in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_a_killed_server_loses_no_acknowledged_key(scored: Platform) -> None:
    scored.run("key", "create", "kept", "--role", "reader")
    pid = scored.kill("server")
    # The data plane does not notice.
    assert score(scored).status == 200
    scored.back("server", pid)
    assert "kept" in [key["name"] for key in scored.json("key", "list")]


def test_a_worker_killed_in_the_middle_of_a_deploy_finishes_it(scored: Platform, tmp_path: Path) -> None:
    flow = tmp_path / "slow"
    flow.mkdir()
    (flow / "flow.dag.yaml").write_text(
        "inputs: {text: {type: string}}\noutputs: {text: {type: string, reference: '${say.output}'}}\n"
        "nodes:\n- {name: say, type: python, source: {type: code, path: say.py}, inputs: {text: '${inputs.text}'}}\n"
    )
    # Its import waits for a file, so that the worker dies while the replica is on its way.
    go = tmp_path / "go"
    (flow / "say.py").write_text(
        "import time\nfrom pathlib import Path\nfrom promptflow.core import tool\n\n"
        f"while not Path({str(go)!r}).exists():\n    time.sleep(0.05)\n\n"
        "@tool\ndef say(text: str) -> str:\n    return text\n"
    )
    scored.run("endpoint", "create", "slow")
    job = scored.json("endpoint", "deploy", "slow", "--flow", str(flow), "--no-wait")
    eventually(lambda: scored.job(job["id"])["status"] == "running")
    pid = scored.kill("worker")
    scored.back("worker", pid)
    go.touch()
    eventually(lambda: scored.job(job["id"])["status"] == "completed", within_s=60)
    assert scored.request("POST", "/endpoints/slow/score", {"text": "still here"}).json() == {"text": "still here"}
    replicas = [name for name in scored.processes() if name.startswith("replica/")]
    assert len(replicas) == len({name.split("/")[1] for name in replicas}), "the deploy that went on started no second replica"


def test_traces_of_calls_before_a_kill_are_there_after_it(scored: Platform) -> None:
    answer = score(scored)
    trace = next(value for name, value in answer.headers.items() if name.lower() == "traceparent").split("-")[1]
    time.sleep(0.3)  # the bound within which a span is durable
    pids = [scored.kill(name) for name in ("gateway", "server")]
    for name, pid in zip(("gateway", "server"), pids, strict=True):
        scored.back(name, pid)
    spans = eventually(
        lambda: (found := scored.request("GET", f"/api/v1/workspaces/default/traces/{trace}")).status == 200 and found.json()["spans"]
    )
    assert {"http", "flow", "node"} <= {span["kind"] for span in spans}


def test_children_end_with_a_killed_supervisor_and_all_is_there_after_the_next_start(scored: Platform) -> None:
    children = scored.descendants()
    assert len(children) >= 4
    os.kill(scored.supervisor.pid, signal.SIGKILL)
    scored.supervisor.wait(10)
    eventually(lambda: not any(alive(pid) for pid in children), within_s=10)
    scored.restart()
    assert eventually(lambda: score(scored).status == 200, within_s=60)
    again = eventually(lambda: (found := scored.request("POST", "/endpoints/slow/score", {"text": "again"})).status == 200 and found)
    assert again.json() == {"text": "again"}


def test_sigterm_stops_every_child_and_lets_a_request_in_flight_end(scored: Platform) -> None:
    children = scored.descendants()
    answers: list[int] = []
    long = CHAT | {"max_tokens": 60}
    caller = threading.Thread(target=lambda: answers.append(scored.request("POST", "/v1/chat/completions", long).status))
    caller.start()
    eventually(lambda: "engine/smollm2-135m" in scored.processes())
    scored.supervisor.terminate()
    assert scored.supervisor.wait(40) == 0
    caller.join(20)
    assert answers == [200]
    assert not any(alive(pid) for pid in children)
