"""Two gateways behind one port: limits and revocations hold over both, one that is killed drops nothing new, a scrape tells of both."""

import json
import os
import signal
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client import parser

from flowyard import Workspace
from flowyard.wire.connections import ConnectionWrite
from support.installation import Platform, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

CHAT = {"model": "fake/gpt-4o-mini", "messages": [{"role": "user", "content": "hello"}]}
NAMES = ("gateway", "gateway/2")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("gateways")
    (folder / "models").mkdir()
    with Platform.up(folder / "home", folder / "models", settings={"FLOWYARD_GATEWAYS": "2"}) as platform:
        ws = Workspace(url=platform.url, api_key=platform.api_key, workspace="default")
        ws.connections.create(ConnectionWrite(name="fake", type="scripted", configs={"script": "rules: [{answer: Good day.}]"}))
        for _ in range(5):
            eventually(lambda: chat(platform) == 200)
        yield platform


def chat(platform: Platform, key: str | None = None) -> int:
    """Ask over a connection of its own; 0: it broke."""
    try:
        return platform.request("POST", "/v1/chat/completions", CHAT, {"Authorization": f"Bearer {key}"} if key else None).status
    except OSError:
        return 0


def chats(platform: Platform, count: int, key: str) -> Counter[int]:
    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(chat, [platform] * count, [key] * count))


def answered(platform: Platform, key: str, status: int) -> dict[str, float]:
    """How many chats each gateway has answered with this status."""
    page = platform.request("GET", "/metrics", headers={"Authorization": f"Bearer {key}", "Accept": "text/plain"})
    assert page.status == 200, page.body
    found: dict[str, float] = {}
    for family in parser.text_string_to_metric_families(page.body.decode()):
        for sample in family.samples:
            if sample.name == "http_server_request_duration_seconds_count" and sample.labels["http_route"] == "/v1/chat/completions":
                mine = sample.value if sample.labels["http_response_status_code"] == str(status) else 0
                found[sample.labels["process"]] = found.get(sample.labels["process"], 0) + mine
    return found


@pytest.fixture(scope="module")
def monitor(running: Platform) -> str:
    return running.json("key", "create", "prometheus", "--role", "monitor")["secret"]


def test_both_are_shown(running: Platform) -> None:
    processes = running.processes()
    assert {processes[name]["address"] for name in NAMES} == {running.url.removeprefix("http://")}
    pids = {str(processes[name]["pid"]) for name in NAMES}
    assert pids <= {gateway["gateway"].rpartition(":")[2] for gateway in running.json("gateway", "status")}


def test_a_scrape_tells_of_both_whichever_it_reaches(running: Platform, monitor: str) -> None:
    key = running.json("key", "create", "counted", "--role", "invoker")["secret"]
    before = sum(eventually(lambda: answered(running, monitor, 200)).values())
    asked = 0

    def both() -> bool:
        nonlocal asked
        assert chats(running, 20, key) == {200: 20}
        asked += 20
        return min(answered(running, monitor, 200).get(name, 0) for name in NAMES) >= 5

    eventually(both)
    eventually(lambda: sum(answered(running, monitor, 200).values()) == before + asked, within_s=10)

    def calls() -> dict[str, float]:
        page = running.request("GET", "/metrics", headers={"Authorization": f"Bearer {monitor}", "Accept": "text/plain"})
        told = [sample for family in parser.text_string_to_metric_families(page.body.decode()) for sample in family.samples]
        return {sample.labels["process"]: sample.value for sample in told if sample.name == "gen_ai_server_request_duration_seconds_count"}

    # Each scrape may reach another gateway, which knows of the others as they were up to a second ago.
    eventually(lambda: sum(calls().values()) == before + asked, within_s=10)
    assert set(calls()) == set(NAMES)


def test_a_limit_holds_over_both(running: Platform, monitor: str) -> None:
    key = running.json("key", "create", "limited", "--role", "invoker", "--requests-per-minute", "60")["secret"]
    begun = time.time()
    found = chats(running, 150, key)
    minutes = int(time.time() // 60 - begun // 60) + 1
    assert set(found) == {200, 429}
    # What the other gateway holds of its slice when the last one is asked for may stay unused.
    assert 60 - 6 <= found[200] <= 60 * minutes
    eventually(lambda: min(answered(running, monitor, 429).get(name, 0) for name in NAMES) > 0, within_s=10)


def test_a_revoked_key_is_refused_by_both_within_a_second(running: Platform, monitor: str) -> None:
    key = running.json("key", "create", "leaver", "--role", "invoker")["secret"]
    assert chats(running, 20, key) == {200: 20}
    running.run("key", "revoke", "leaver")
    time.sleep(1.0)
    assert chats(running, 60, key) == {401: 60}
    eventually(lambda: min(answered(running, monitor, 401).get(name, 0) for name in NAMES) > 0, within_s=10)


def away_until(running: Platform, name: str, old: int) -> float:
    """Wait until a killed process is ready again, and return when the supervisor last said that it is not."""
    told = json.loads((running.home / "supervisor.json").read_text())
    headers = {"Authorization": f"Bearer {told['token']}"}
    seen, until = time.time(), time.monotonic() + 40
    while time.monotonic() < until:
        asked = time.time()
        request = urllib.request.Request(f"http://{told['control']}/processes?prefix=gateway", headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            found = next(each for each in json.loads(answer.read()) if each["name"] == name)
        if found["state"] == "ready" and found["pid"] != old:
            return seen
        seen = asked
        time.sleep(0.01)
    raise AssertionError(f"{name} is not back after 40 s")


@pytest.mark.parametrize("name", NAMES)
def test_while_one_is_killed_the_other_takes_all_that_comes(running: Platform, name: str) -> None:
    requests: list[tuple[float, float, int]] = []
    over = threading.Event()

    def call() -> None:
        while not over.is_set():
            begun = time.time()
            status = chat(running)
            requests.append((begun, time.time(), status))

    callers = [threading.Thread(target=call) for _ in range(4)]
    for caller in callers:
        caller.start()
    time.sleep(0.5)
    pid = running.processes()[name]["pid"]
    os.kill(pid, signal.SIGKILL)
    killed = time.time()
    away = away_until(running, name, pid)
    time.sleep(0.5)
    over.set()
    for caller in callers:
        caller.join()
    # Only a connection that the killed one held may break.
    assert [status for begun, _, status in requests if begun > killed and status != 200] == []
    assert {status for _, _, status in requests} <= {0, 200}
    assert [begun for begun, ended, _ in requests if killed < begun and ended < away], "nobody waited for it"
    assert running.processes()[name]["address"] == running.url.removeprefix("http://")
