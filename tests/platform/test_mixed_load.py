"""Mixed traffic while deployments are replaced, scaled and rolled back, and replicas, server, worker and the two gateways are killed.

A minute by default; ``FLOWYARD_TEST_MIXED_LOAD_S`` makes it longer (``make soak``: ten minutes). What is promised: every request that had
not begun to be answered is answered, rightly. Excused are only connections that a gateway held when it was killed, and a stream whose
replica was killed after it began, when it says so. In the second half nothing is killed any more: what runs then is watched for growth.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import urllib3

from support.installation import PATIENCE_S, Platform, eventually
from support.mixed_load import Caller, Excused, whole_stream

SECONDS = float(os.environ.get("FLOWYARD_TEST_MIXED_LOAD_S", "60"))

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300 + 3 * SECONDS)]

WORDS = """
inputs: {text: {type: string}}
outputs: {text: {type: string, reference: "${say.output}"}}
nodes:
- {name: say, type: python, source: {type: code, path: say.py}, inputs: {text: "${inputs.text}"}}
"""
SAY = "from promptflow.core import tool\n\n@tool\ndef say(text: str) -> str:\n    return 'VERSION ' + text[::-1]\n"
STREAM = """
inputs: {text: {type: string}}
outputs: {words: {type: string, reference: "${say.output}", is_chat_output: true}}
nodes:
- {name: say, type: python, source: {type: code, path: say.py}, inputs: {text: "${inputs.text}"}}
"""
SAY_WORDS = """
import time
from promptflow.core import tool

@tool
def say(text: str):
    for number in range(10):
        time.sleep(0.02)
        yield f"{text}{number} "
    yield "END"
"""
ASK = """
inputs: {text: {type: string}}
outputs: {answer: {type: string, reference: "${ask.output}"}}
nodes:
- name: ask
  type: llm
  source: {type: code, path: ask.jinja2}
  connection: script
  api: chat
  inputs: {deployment_name: scripted, text: "${inputs.text}"}
"""
SCRIPT = "{rules: [{match: stream, answer: one two three four five six seven eight, chunk_delay_ms: 15}, {echo: true}]}"
STEPS = 7
#: From then on the second half is long enough to see each process warm.
LONG_S = 300
MIB = 1024 * 1024


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform with three endpoints, two replicas each: a flow, one that streams, and one that asks a model; and that model."""
    place = tmp_path_factory.mktemp("mixed")
    (place / "models").mkdir()
    with Platform.up(place / "home", place / "models", settings={"FLOWYARD_GATEWAYS": "2", "FLOWYARD_STANDBY": "on"}) as running:
        connection = {"name": "script", "type": "scripted", "configs": {"script": SCRIPT}}
        assert running.request("POST", "/api/v1/workspaces/default/connections", connection).status == 201
        write(place / "words", flow__dag__yaml=WORDS, say__py=SAY.replace("VERSION", "v0"))
        write(place / "stream", flow__dag__yaml=STREAM, say__py=SAY_WORDS)
        write(place / "ask", flow__dag__yaml=ASK, ask__jinja2="# user:\n{{text}}\n")
        for name in ("words", "stream", "ask"):
            running.run("endpoint", "create", name)
            running.run("endpoint", "deploy", name, "--flow", str(place / name), "--instance-count", "2")
        yield running


class Happenings:
    """What happens to the platform meanwhile, one thing after the other, again and again."""

    def __init__(self, platform: Platform, flow: Path, over: threading.Event) -> None:
        self.platform = platform
        self.flow = flow
        self.gateway_kills, self.replica_kills = Excused(), Excused()
        self.versions = 0
        self.done: list[str] = []
        self._over = over
        self._half = time.monotonic() + SECONDS / 2

    def run(self) -> None:
        """Go round until it is over; each step has ended before the next begins."""
        changes: list[Callable[[], None]] = [self.replace, self.scale, self.roll_back]
        steps: list[Callable[[], None]] = [
            self.replace, self.kill_replica, self.scale, self.kill_server, self.roll_back, self.kill_gateway, self.kill_worker
        ]  # fmt: skip
        while not self._over.is_set():
            for step in changes if self.is_calm() else steps:
                if self._over.wait(2.0):
                    return
                step()
                self.done.append(step.__name__)

    def is_calm(self) -> bool:
        """Whether nothing is killed any more: all has happened, and half of the time is over."""
        return len(set(self.done)) == STEPS and time.monotonic() > self._half

    def replace(self) -> None:
        self.versions += 1
        (self.flow / "say.py").write_text(SAY.replace("VERSION", f"v{self.versions}"))
        self.platform.run("endpoint", "deploy", "words", "--flow", str(self.flow), "--instance-count", "2")

    def scale(self) -> None:
        self.platform.run("endpoint", "deploy", "words", "--flow", str(self.flow), "--instance-count", "3")

    def roll_back(self) -> None:
        self.platform.run("endpoint", "rollback", "words")

    def kill_replica(self) -> None:
        self.replica_kills.begin()
        for endpoint in ("words", "stream", "ask"):
            (deployment,) = self.platform.json("endpoint", "show", endpoint)["deployments"]
            name = deployment["replicas"][0]["name"]
            self.platform.back(name, self.platform.kill(name))
        self.replica_kills.end()

    def kill_server(self) -> None:
        self.platform.back("server", self.platform.kill("server"))

    def kill_worker(self) -> None:
        self.platform.back("worker", self.platform.kill("worker"))

    def kill_gateway(self) -> None:
        self.gateway_kills.begin()
        name = ("gateway", "gateway/2")[len(self.gateway_kills.times) % 2]
        self.platform.back(name, self.platform.kill(name))
        self.gateway_kills.end()


class Memory:
    """The memory of each process, first when it was warm and last."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._seen: dict[int, float] = {}
        self.first: dict[int, tuple[str, int]] = {}
        self.last: dict[int, int] = {}

    def look(self) -> None:
        for name, process in self._platform.processes().items():
            pid = process["pid"]
            if pid is None or not (size := rss(pid)):
                continue
            if time.monotonic() - self._seen.setdefault(pid, time.monotonic()) > SECONDS / 8:
                self.first.setdefault(pid, (name, size))
                self.last[pid] = size

    def grown(self) -> dict[str, str]:
        """Processes that take more than a third and 24 MiB more than when they were warm."""
        return {
            name: f"{size / MIB:.0f} -> {self.last[pid] / MIB:.0f} MiB"
            for pid, (name, size) in self.first.items()
            if self.last[pid] > size * 4 / 3 + 24 * MIB
        }


def rss(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def callers(platform: Platform, happenings: Happenings) -> list[Caller]:
    headers = {"Authorization": f"Bearer {platform.api_key}", "Content-Type": "application/json"}

    def words(number: int, answer: urllib3.BaseHTTPResponse) -> str | None:
        text = answer.json().get("text", "") if answer.status == 200 else ""
        right = text.startswith("v") and text.partition(" ")[2] == str(number)[::-1]
        return None if right else f"HTTP {answer.status}: {answer.data[:300]!r}"

    def echoed(number: int, answer: urllib3.BaseHTTPResponse) -> str | None:
        return None if answer.status == 200 and f"say {number}" in answer.data.decode() else f"HTTP {answer.status}: {answer.data[:300]!r}"

    def chat(text: str, **more: Any) -> dict[str, Any]:
        return {"model": "script/scripted", "messages": [{"role": "user", "content": text}], **more}

    def caller(name: str, path: str, rate: float, body: Any, check: Any, sent: dict[str, str] | None = None) -> Caller:
        return Caller(
            name=name, url=platform.url + path, headers=headers | (sent or {}), body=body, check=check, rate=rate,
            gateway_kills=happenings.gateway_kills, stream_cuts=happenings.replica_kills,
        )  # fmt: skip

    streamed = {"Accept": "text/event-stream"}
    return [
        caller("flow", "/endpoints/words/score", 10, lambda number: {"text": str(number)}, words),
        caller("flow too", "/endpoints/words/score", 10, lambda number: {"text": str(number)}, words),
        caller(
            "stream of a flow", "/endpoints/stream/score", 2, lambda number: {"text": f"w{number}-"},
            lambda number, answer: whole_stream(answer, "END"), streamed,
        ),
        caller("flow that asks a model", "/endpoints/ask/score", 4, lambda number: {"text": f"say {number}"}, echoed),
        caller("model", "/v1/chat/completions", 4, lambda number: chat(f"say {number}"), echoed),
        caller(
            "stream of a model", "/v1/chat/completions", 2, lambda number: chat("stream", stream=True),
            lambda number, answer: whole_stream(answer, "[DONE]"),
        ),
    ]  # fmt: skip


def test_no_request_is_dropped(platform: Platform) -> None:
    over = threading.Event()
    happenings, memory = Happenings(platform, platform.home.parent / "words", over), Memory(platform)
    asking = callers(platform, happenings)
    threads = [caller.start(over) for caller in asking]
    happening = ThreadPoolExecutor(1).submit(happenings.run)
    until = time.monotonic() + SECONDS
    try:
        while not happening.done() and (time.monotonic() < until or len(happenings.done) < STEPS):
            memory.look()
            time.sleep(SECONDS / 20)
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE_S)
    told = {caller.name: dict(caller.counts) for caller in asking}
    assert [wrong for caller in asking for wrong in caller.wrong] == [], told
    happening.result(PATIENCE_S)
    assert all(caller.counts["answered"] > SECONDS * caller.rate / 3 for caller in asking), told
    assert len(set(happenings.done)) == STEPS, happenings.done
    if SECONDS >= LONG_S:
        assert {"server", "worker", "gateway", "gateway/2"} <= {name for name, _ in memory.first.values()}
    assert memory.grown() == {}
    eventually(lambda: platform.request("POST", "/endpoints/words/score", {"text": "x"}).status == 200)
