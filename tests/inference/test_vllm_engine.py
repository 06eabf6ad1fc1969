"""vLLM's process, with a stand-in for its command: how it is started, found ready, ended, and what is said where it cannot start.

No GPU takes part: that a real vLLM loads a model is not tested here.
"""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
import urllib3

from flowyard.catalog.cards import read_card
from flowyard.catalog.errors import CardInvalidError
from flowyard.catalog.service import Catalog
from flowyard.catalog.shelf import CardShelf
from flowyard.compute.errors import ProcessFailedError
from flowyard.inference.engines import engine_spec
from flowyard.inference.engines.settings import EngineSettings
from flowyard.testing.process_host import alive, eventually, running_supervisor

SETTINGS = EngineSettings(kind="vllm", task="chat", model_file="model.safetensors", context=2048, parallel=8)
#: What vLLM's server does as far as it matters here: its words, its key, its health, its end.
STAND_IN = """#!PYTHON
import json, os, signal, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

assert sys.argv[1] == "serve"
words = dict(zip(sys.argv[3::2], sys.argv[4::2]))
if "BROKEN" in os.listdir(sys.argv[2]):
    sys.exit("ValueError: no available memory for the cache blocks")
began = time.monotonic()

class Handler(BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def reply(self, status, what):
        data = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.reply(200 if time.monotonic() - began > 0.7 else 503, {})

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        right = self.headers["authorization"] == "Bearer " + os.environ["VLLM_API_KEY"]
        self.reply(200 if right else 401, {"words": words, "folder": sys.argv[2], "environment": sorted(os.environ), "pid": os.getpid()})

server = ThreadingHTTPServer((words["--host"], int(words["--port"])), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
print("stand-in of vLLM", flush=True)
server.serve_forever()
"""
CARD = """
name: big
display_name: Big
publisher: Somebody
task: chat-completion
license: MIT
description: A model.
intended_use: Trying.
limits: None.
parameters: 1
context_length: 4096
languages: [en]
capabilities: [chat]
sample_input: {}
engine: {kind: vllm, task: chat, model_file: model.safetensors}
files: [{name: model.safetensors, bytes: 1, sha256: SUM, sources: ["https://models.example.com/big"]}]
""".replace("SUM", "a" * 64)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH with a driver that knows a card, and the stand-in."""
    folder = tmp_path / "bin"
    folder.mkdir()
    put(folder / "nvidia-smi", "#!/bin/sh\necho 'GPU 0: NVIDIA Something (UUID: GPU-1)'\n")
    put(folder / "vllm", STAND_IN.replace("PYTHON", sys.executable))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("FLOWYARD_DATABASE_URL", "postgresql://somewhere")
    return folder


def put(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o755)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "big"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"x")
    return folder


@pytest.mark.usefixtures("programs")
def test_it_is_started_as_vllm_wants_it_and_ends_with_its_process(model: Path, tmp_path: Path) -> None:
    spec = engine_spec("big", model, SETTINGS, api_key="mine")
    with running_supervisor(tmp_path / "logs") as host:
        status = host.ensure(spec)
        assert status.address is not None

        def ask(key: str) -> urllib3.BaseHTTPResponse:
            url = f"http://{status.address}/v1/chat/completions"
            return urllib3.request("POST", url, json={}, headers={"authorization": f"Bearer {key}"}, retries=False)

        assert ask("other").status == 401
        told: dict[str, Any] = ask("mine").json()
        assert told["folder"] == str(model)
        assert told["words"] == {
            "--served-model-name": "big",
            "--host": "127.0.0.1",
            "--port": status.address.rpartition(":")[2],
            "--max-model-len": "2048",
            "--max-num-seqs": "8",
        }
        assert {"HF_HUB_OFFLINE", "VLLM_NO_USAGE_STATS"} <= set(told["environment"])
        assert "FLOWYARD_DATABASE_URL" not in told["environment"]
        host.stop(spec.name)
        eventually(lambda: not alive(told["pid"]))


@pytest.mark.usefixtures("programs")
def test_a_killed_vllm_is_started_again(model: Path, tmp_path: Path) -> None:
    spec = engine_spec("big", model, SETTINGS, api_key="mine")
    with running_supervisor(tmp_path / "logs") as host:
        address = host.ensure(spec).address
        url = f"http://{address}/v1/chat/completions"
        pid = urllib3.request("POST", url, json={}, headers={"authorization": "Bearer mine"}, retries=False).json()["pid"]
        os.kill(pid, 9)
        eventually(lambda: (now := host.get(spec.name)) is not None and now.state == "ready" and now.restarts == 1)


def test_what_it_needs_and_does_not_find_is_told(programs: Path, model: Path, tmp_path: Path) -> None:
    def refused() -> str:
        with running_supervisor(tmp_path / "logs") as host, pytest.raises(ProcessFailedError) as error:
            host.ensure(engine_spec("big", model, SETTINGS, api_key="mine"))
        return f"{error.value} {error.value.remedy}"

    (model / "BROKEN").touch()
    said = refused()
    assert "vLLM ended with exit code 1" in said
    assert "lower context or parallel" in said
    put(programs / "nvidia-smi", "#!/bin/sh\necho 'No devices were found'\nexit 6\n")
    said = refused()
    assert "vLLM needs an NVIDIA card" in said
    assert "base_url" in said
    put(programs / "nvidia-smi", "#!/bin/sh\necho 'GPU 0: NVIDIA Something'\n")
    (programs / "vllm").unlink()
    assert 'pip install "flowyard[vllm]"' in refused()


def test_an_installation_has_cards_of_its_own(tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    (cards / "big.yaml").write_text(CARD)
    (cards / "bad.yaml").write_text(CARD.replace("license: MIT", "licence: MIT"))
    shelf = CardShelf([cards], {})
    assert shelf.cards().keys() == {"big"}
    (problem,) = shelf.problems()
    assert "bad.yaml" in problem
    assert "licen" in problem
    catalog = Catalog(tmp_path / "models")
    assert {"big", "smollm2-135m"} <= {model.name for model in catalog.list()}
    with pytest.raises(CardInvalidError, match="vLLM serves chat"):
        read_card(CARD.replace("task: chat,", "task: embedding,"), "big.yaml")
