"""Real replicas under the real supervisor, behind a real gateway on a real database."""

import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sqlalchemy import Engine

from flowyard.compute.errors import ProcessFailedError
from flowyard.connections.model import ResolvedConnection
from flowyard.endpoints.gateway.build import GatewayParts, build_gateway
from flowyard.identity.model import Caller
from flowyard.inference.providers.scripted_app import ScriptedApp
from flowyard.storage.sql.directory import SqlDirectory
from flowyard.testing.process_host import eventually, running_supervisor
from flowyard.tracing.sinks import MemorySink
from flowyard.wire.endpoints import DeploymentCreate, DeploymentSettings, EndpointCreate, Probe, RequestSettings
from support.asgi_server import serving
from support.memory_installation import MemoryCatalog, Served
from support.online_installation import FLOW, TOOL, Online, online

pytestmark = pytest.mark.integration


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Once, on SQLite: what is tested here does not depend on the database."""
    path = tmp_path / "metadata.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


class Platform:
    """A gateway and what it serves."""

    def __init__(self, url: str, installation: Online, key: str, sink: MemorySink) -> None:
        self.url = url
        self.installation = installation
        self.sink = sink
        self.pool = urllib3.PoolManager(retries=False, headers={"authorization": f"Bearer {key}"}, maxsize=20)

    def deploy(self, version: str, **fields: Any) -> Any:
        self.installation.write_flow(version=version)
        job = self.installation.service.deploy(self.installation.caller, "support", DeploymentCreate(flow="answers", **fields))
        return self.installation.run(job)

    def score(self, question: str = "q") -> Any:
        return self.pool.request("POST", f"{self.url}/endpoints/support/score", json={"question": question})


@pytest.fixture
def platform(engine: Engine, tmp_path: Path, caller: Caller) -> Iterator[Platform]:
    with running_supervisor(tmp_path / "logs") as host:
        installation = online(engine, tmp_path / "home", host, caller)
        (tmp_path / "home" / "spools").mkdir(parents=True)
        key = installation.keys.issue("w1", "test", "invoker", scope="")
        source = SqlDirectory(engine, installation.keys, None, installation.connections)  # type: ignore[arg-type]
        sink = MemorySink()
        parts = GatewayParts(source=source, host=host, local=MemoryCatalog(), sink=sink, server="127.0.0.1:1")
        installation.service.create(caller, EndpointCreate(name="support"))
        with Served(lambda: build_gateway(parts)) as served:
            yield Platform(served.url, installation, key, sink)


def test_from_a_flow_folder_to_an_answer_and_its_trace(platform: Platform, tmp_path: Path) -> None:
    platform.deploy("1")
    answer = platform.score("hello")
    assert answer.json()["answer"].startswith("1 hello")
    (span,) = platform.sink.records
    assert answer.headers["flowyard-trace-id"] == span.trace_id
    folder = tmp_path / "home" / "spools"
    eventually(lambda: any(folder.rglob("replica-support-blue-*.spool")))


def test_flex_flows_and_prompties_are_deployed_alike(platform: Platform) -> None:
    installation = platform.installation
    folder = installation.home / "workspaces" / installation.caller.workspace / "flows" / "answers"
    folder.mkdir(parents=True)
    (folder / "flow.flex.yaml").write_text("entry: code:Answer\nsample: {init: {greeting: hi}}\n")
    source = "class Answer:\n    def __init__(self, greeting):\n        self.greeting = greeting\n"
    (folder / "code.py").write_text(
        f"{source}    def __call__(self, question):\n        return {{'answer': self.greeting + ' ' + question}}\n"
    )
    create = DeploymentCreate(flow="answers")
    installation.run(installation.service.deploy(installation.caller, "support", create))
    assert platform.score("ann").json() == {"answer": "hi ann"}
    installation.run(installation.service.deploy(installation.caller, "support", replace(create, init={"greeting": "ahoy"})))
    assert platform.score("ann").json() == {"answer": "ahoy ann"}
    (folder / "flow.flex.yaml").unlink()
    with serving(ScriptedApp("rules: [{echo: true}]", key="k")) as url:
        (folder / "ask.prompty").write_text(
            f"---\nmodel:\n  configuration: {{type: openai, model: m, api_key: k, base_url: '{url}/v1'}}\n"
            "inputs:\n  question: {type: string}\n---\nuser:\n{{question}}\n"
        )
        installation.run(installation.service.deploy(installation.caller, "support", create))
        assert platform.score("ship ahoy").json() == "ship ahoy"


def test_a_deployment_changes_the_connection_of_an_llm_node(platform: Platform) -> None:
    installation = platform.installation
    folder = installation.write_flow(
        flow="""
inputs: {question: {type: string}}
outputs: {answer: {type: string, reference: "${ask.output}"}}
environment_variables: {PAID_ORGANIZATION: of-the-flow}
nodes:
- name: ask
  type: llm
  source: {type: code, path: ask.jinja2}
  connection: paid
  api: chat
  inputs: {model: m, question: "${inputs.question}"}
"""
    )
    (folder / "ask.jinja2").write_text("# user:\n{{question}}")
    configs = {"base_url": "http://127.0.0.1:9/v1", "organization": "ours"}
    installation.connections.held = [
        ResolvedConnection(workspace_id="w1", name="paid", type="open_ai", configs=configs, secrets={"api_key": "old"})
    ]
    with serving(ScriptedApp("rules: [{echo: true}]", key="new")) as url:
        variables = {"PAID_BASE_URL": f"{url}/v1", "PAID_API_KEY": "new"}
        create = DeploymentCreate(flow="answers", environment_variables=variables)
        installation.run(installation.service.deploy(installation.caller, "support", create))
        answer = platform.score("ship ahoy")
    assert answer.json() == {"answer": "ship ahoy"}
    assert b"new" not in b"".join(file.read_bytes() for file in installation.home.rglob("*.spool"))


def test_what_a_caller_gets_wrong_is_a_4xx_with_a_problem(platform: Platform) -> None:
    platform.deploy("1")
    answer = platform.pool.request(
        "POST",
        f"{platform.url}/endpoints/support/score",
        body=b"[1]",
        headers={**platform.pool.headers, "content-type": "application/json"},
    )
    assert 400 <= answer.status < 500
    assert answer.json()["code"]
    swagger = platform.pool.request("GET", f"{platform.url}/endpoints/support/swagger.json").json()
    assert "question" in str(swagger)
    assert platform.pool.request("GET", f"{platform.url}/endpoints/support/health").json()["status"] == "Healthy"


def test_replacing_a_deployment_drops_no_request(platform: Platform) -> None:
    platform.deploy("1")
    stop = threading.Event()
    statuses: list[int] = []
    versions: list[str] = []

    def call() -> None:
        while not stop.is_set():
            answer = platform.score()
            statuses.append(answer.status)
            versions.append(answer.json().get("answer", "")[:1])

    callers = [threading.Thread(target=call) for _ in range(4)]
    for caller in callers:
        caller.start()
    platform.deploy("2")
    time.sleep(0.5)
    stop.set()
    for caller in callers:
        caller.join()
    assert set(statuses) == {200}
    assert {"1", "2"} <= set(versions)
    assert platform.score().json()["answer"].startswith("2")


def test_a_killed_replica_is_survived(platform: Platform) -> None:
    platform.deploy("1")
    pid = int(platform.score().json()["answer"].split()[-1])
    stop = threading.Event()
    statuses: list[int] = []

    def call() -> None:
        while not stop.is_set():
            statuses.append(platform.score().status)

    callers = [threading.Thread(target=call) for _ in range(4)]
    for caller in callers:
        caller.start()
    time.sleep(0.3)
    os.kill(pid, signal.SIGKILL)
    time.sleep(2)
    stop.set()
    for caller in callers:
        caller.join()
    assert set(statuses) == {200}
    assert int(platform.score().json()["answer"].split()[-1]) != pid


def test_a_stream_whose_replica_is_killed_ends_with_an_error_event(platform: Platform) -> None:
    tool = """
import os
import time
from promptflow.core import tool

@tool
def say(question: str):
    yield str(os.getpid())
    for number in range(100):
        time.sleep(0.1)
        yield f" {number}"
"""
    flow = FLOW.replace("type: string, reference", "type: string, is_chat_output: true, reference")
    platform.installation.write_flow(flow=flow, tool=tool)
    create = DeploymentCreate(flow="answers", instance_count=2)
    platform.installation.run(platform.installation.service.deploy(platform.installation.caller, "support", create))
    headers = {**platform.pool.headers, "accept": "text/event-stream"}
    url = f"{platform.url}/endpoints/support/score"
    answer = platform.pool.request("POST", url, json={"question": "q"}, headers=headers, preload_content=False)
    pieces = answer.stream(64)
    text = next(pieces).decode()
    os.kill(int(re.search(r"\d+", text)[0]), signal.SIGKILL)
    text += b"".join(pieces).decode()
    last = text.strip().split("\n\n")[-1]
    assert last.startswith("event: error\ndata: ")
    assert "ReplicaUnavailable" in last
    assert platform.pool.request("POST", url, json={"question": "q"}, headers=headers, preload_content=False).status == 200


def test_of_two_replicas_the_one_that_is_slow_gets_what_the_other_leaves(platform: Platform, tmp_path: Path) -> None:
    # The first to start takes ten times as long as the other.
    slow = f"""
import os
import time
from pathlib import Path
from promptflow.core import tool

try:
    Path({str(tmp_path / "first")!r}).touch(exist_ok=False)
    WAIT_S = 0.5
except FileExistsError:
    WAIT_S = 0.05

@tool
def say(question: str) -> str:
    time.sleep(WAIT_S)
    return f"{{WAIT_S}} {{os.getpid()}}"
"""
    platform.installation.write_flow(tool=slow)
    bounds = RequestSettings(max_concurrent_requests_per_instance=1, max_queue_wait_ms=20_000)
    create = DeploymentCreate(flow="answers", instance_count=2, settings=DeploymentSettings(request=bounds))
    platform.installation.run(platform.installation.service.deploy(platform.installation.caller, "support", create))
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: platform.score(), range(40)))
    assert {answer.status for answer in answers} == {200}
    by_wait = Counter(answer.json()["answer"].split()[0] for answer in answers)
    assert by_wait["0.05"] > 2 * by_wait["0.5"] > 0


def test_a_hung_replica_is_survived_by_two(platform: Platform) -> None:
    probe = Probe(initial_delay=0, period=1, timeout=1, failure_threshold=2)
    platform.deploy("1", instance_count=2, settings=DeploymentSettings(liveness_probe=probe))
    pid = int(platform.score().json()["answer"].split()[-1])
    statuses: list[int] = []
    callers = [threading.Thread(target=lambda: statuses.append(platform.score().status)) for _ in range(8)]
    os.kill(pid, signal.SIGSTOP)
    for caller in callers:
        caller.start()

    def ended() -> bool:
        platform.installation.reconciler.tick()
        return not any(caller.is_alive() for caller in callers)

    eventually(ended, within_s=60)
    assert statuses == [200] * 8

    def both() -> bool:
        platform.installation.reconciler.tick()
        (blue,) = platform.installation.service.get(platform.installation.caller, "support").deployments
        return [replica.state for replica in blue.replicas] == ["ready", "ready"] and pid not in {item.pid for item in blue.replicas}

    eventually(both, within_s=60)


def test_a_flow_that_cannot_start_says_its_last_lines_and_leaves_the_old_one(platform: Platform) -> None:
    platform.deploy("1")
    folder = platform.installation.write_flow(tool="import nothing_of_that_name\n" + TOOL)
    job = platform.installation.service.deploy(platform.installation.caller, "support", DeploymentCreate(flow="answers"))
    with pytest.raises(ProcessFailedError, match="nothing_of_that_name"):
        platform.installation.run(job)
    (blue,) = platform.installation.service.get(platform.installation.caller, "support").deployments
    assert "nothing_of_that_name" in blue.error["detail"]
    assert platform.score().json()["answer"].startswith("1")
    assert folder.is_dir()


def test_replicas_come_back_after_the_supervisor_lost_them(platform: Platform) -> None:
    platform.deploy("1")
    host = platform.installation.host
    for status in host.find("replica/"):
        host.stop(status.name)

    def answers() -> bool:
        platform.installation.reconciler.tick()
        return platform.score().status == 200

    eventually(answers)
