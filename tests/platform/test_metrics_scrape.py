"""Prometheus scrapes a running platform at its one port, and every process writes its log as JSON."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import parser

from flowyard import Workspace
from flowyard.monitoring.metrics import METRICS
from flowyard.wire.connections import ConnectionWrite
from support.installation import Platform, eventually

pytestmark = pytest.mark.integration

CHAT = {"model": "fake/gpt-4o-mini", "messages": [{"role": "user", "content": "hello"}]}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("monitored")
    (folder / "models").mkdir()
    with Platform.up(folder / "home", folder / "models", settings={"FLOWYARD_LOG_FORMAT": "json"}) as platform:
        yield platform


def scrape(platform: Platform, key: str) -> list[Any]:
    answer = platform.request("GET", "/metrics", headers={"Authorization": f"Bearer {key}", "Accept": "text/plain"})
    assert answer.status == 200, answer.body
    return [sample for family in parser.text_string_to_metric_families(answer.body.decode()) for sample in family.samples]


def value(samples: list[Any], name: str, **labels: str) -> float | None:
    found = [s.value for s in samples if s.name == name and all(s.labels[key] == wanted for key, wanted in labels.items())]
    return sum(found) if found else None


def test_one_scrape_tells_of_all_processes(running: Platform) -> None:
    ws = Workspace(url=running.url, api_key=running.api_key, workspace="default")
    script = "rules:\n  - {match: fail, error: {status: 429, message: Slow down.}}\n  - {answer: Good day.}\n"
    ws.connections.create(ConnectionWrite(name="fake", type="scripted", configs={"script": script}))
    eventually(lambda: running.request("POST", "/v1/chat/completions", CHAT).status == 200)
    assert running.request("POST", "/v1/chat/completions", {**CHAT, "stream": True}).status == 200
    failing = {**CHAT, "messages": [{"role": "user", "content": "fail"}]}
    assert running.request("POST", "/v1/chat/completions", failing).status == 429
    assert running.request("GET", "/api/v1/workspaces/default/jobs").status == 200

    key = running.json("key", "create", "prometheus", "--role", "monitor")["secret"]
    eventually(lambda: value(scrape(running, key), "flowyard_processes", role="worker", state="ready"))
    found = scrape(running, key)
    answered = "http_server_request_duration_seconds_count"
    assert (value(found, answered, process="gateway", http_route="/v1/chat/completions", http_response_status_code="200") or 0) >= 2
    assert value(found, answered, process="server", http_route="/api/v1/workspaces/{workspace}/jobs", http_response_status_code="200")
    calls = "gen_ai_server_request_duration_seconds_count"
    assert (value(found, calls, gen_ai_request_model="fake/gpt-4o-mini", error_type="") or 0) >= 2
    assert value(found, calls, gen_ai_request_model="fake/gpt-4o-mini", error_type="429") == 1
    assert value(found, "gen_ai_server_time_to_first_token_seconds_count", gen_ai_request_model="fake/gpt-4o-mini") == 1
    assert (value(found, "gen_ai_client_token_usage_sum", gen_ai_token_type="input") or 0) > 0
    for name in ("supervisor", "gateway", "server", "worker"):
        assert (value(found, "flowyard_process_cpu_seconds_total", process=name) or 0) > 0, name
        assert (value(found, "flowyard_process_resident_memory_bytes", process=name) or 0) > 10_000_000, name
    assert value(found, "flowyard_scrape_missing_parts") == 0
    assert {s.name.removesuffix("_bucket").removesuffix("_count").removesuffix("_sum") for s in found} <= set(METRICS)
    # What a counter showed, it never takes back.
    later = scrape(running, key)
    for sample in found:
        if sample.name.endswith(("_total", "_count", "_bucket")):
            assert (value(later, sample.name, **sample.labels) or 0) >= sample.value, sample


def test_nobody_scrapes_without_a_key(running: Platform) -> None:
    assert running.request("GET", "/metrics", headers={"Authorization": ""}).status == 401
    key = running.json("key", "create", "caller", "--role", "invoker")["secret"]
    refused = running.request("GET", "/metrics", headers={"Authorization": f"Bearer {key}"})
    assert (refused.status, refused.json()["code"]) == (403, "PermissionDenied")


def test_logs_are_json(running: Platform) -> None:
    logs: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((running.home / "logs").rglob("*.log")):
        logs[path.stem] = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    assert {"gateway", "server", "worker"} <= set(logs)
    for name, lines in logs.items():
        assert all({"time", "level", "logger", "message"} <= set(line) for line in lines), name
    assert any(logs.values())
