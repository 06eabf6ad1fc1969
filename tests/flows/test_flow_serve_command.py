"""``flowyard flow serve`` as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3

from support.flow_folders import ECHO, llm_node, python_node, write_flow

pytestmark = pytest.mark.integration

DAG = {
    "inputs": {"x": {"type": "string"}},
    "outputs": {"out": {"type": "string", "reference": "${a.output}"}},
    "nodes": [python_node("a", x="${inputs.x}")],
}
SHOUT = """
import os
from promptflow.core import tool

@tool
def run(x: str) -> str:
    print("working on", x)
    return f"{x.upper()} {os.environ.get('MODE')} {os.getpid()}"
"""
CHAT = {
    "inputs": {"question": {"type": "string"}},
    "outputs": {"answer": {"type": "string", "reference": "${ask.output}"}},
    "nodes": [llm_node("ask", question="${inputs.question}")],
}
COMMAND = [sys.executable, "-c", "from flowyard.cli.entry import main; main()", "flow", "serve"]


def start(home: Path, *words: str, **variables: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "FLOWYARD_HOME": str(home), **variables}
    return subprocess.Popen(
        [*COMMAND, "--port", "0", "--json", *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@contextmanager
def serving(home: Path, *words: str, **variables: str) -> Generator[tuple[str, subprocess.Popen[str]]]:
    process = start(home, *words, **variables)
    try:
        told = ""
        assert process.stdout is not None
        for line in process.stdout:
            told += line
            if line.startswith("}"):
                break
        assert told, process.communicate(timeout=20)[1]
        yield json.loads(told)["url"], process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def score(url: str, body: dict[str, Any], **headers: str) -> urllib3.BaseHTTPResponse:
    sent = {"content-type": "application/json", **headers}
    return urllib3.request("POST", f"{url}/score", body=json.dumps(body).encode(), headers=sent, timeout=20, retries=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_flow(tmp_path / "shout", DAG, a__py=SHOUT)


def test_it_serves_and_ends_cleanly(tmp_path: Path, folder: Path) -> None:
    with serving(tmp_path, "--flow", str(folder), "--environment-variables", "MODE=fast") as (url, process):
        assert score(url, {"x": "hi"}).json()["out"].startswith("HI fast ")
        assert urllib3.request("GET", f"{url}/health").json()["status"] == "Healthy"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
    assert list((tmp_path / "spools").glob("flow-serve*"))


def test_web_pages_of_others_are_kept_out(tmp_path: Path, folder: Path) -> None:
    with serving(tmp_path, "--flow", str(folder)) as (url, _):
        assert score(url, {"x": "hi"}, origin="https://elsewhere.example").status == 403
        assert score(url, {"x": "hi"}, host="elsewhere.example").status == 403
        answer = score(url, {"x": "hi"}, origin=url)
        assert answer.status == 200
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_a_busy_port_is_told(tmp_path: Path, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--flow", str(folder), "--port", str(port)], capture_output=True, text=True, timeout=30, check=False
        )
    assert done.returncode == 2
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr


def test_workers_share_the_port_and_are_replaced(tmp_path: Path, folder: Path) -> None:
    with serving(tmp_path, "--flow", str(folder), "--workers", "2") as (url, process):
        pid = int(score(url, {"x": "hi"}).json()["out"].split()[-1])
        assert pid != process.pid
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.3)  # what was on its way to that process is lost with it
        answers = {score(url, {"x": "hi"}).json()["out"].split()[-1] for _ in range(20)}
        assert str(pid) not in answers
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_workers_that_cannot_start_end_it(tmp_path: Path) -> None:
    broken = write_flow(tmp_path / "broken", DAG, a__py=SHOUT + "raise RuntimeError('no such thing')\n")
    process = start(tmp_path, "--flow", str(broken), "--workers", "2")
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "no such thing" in errors


def test_models_need_a_connection_or_an_installation(tmp_path: Path) -> None:
    folder = write_flow(tmp_path / "chat", CHAT, ask__jinja2="user:\n{{question}}\n")
    process = start(tmp_path / "empty", "--flow", str(folder))
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "--connections-file" in errors
    assert "flowyard up" in errors


def test_connections_of_a_file_and_of_the_environment(tmp_path: Path) -> None:
    folder = write_flow(tmp_path / "chat", CHAT, ask__jinja2="user:\n{{question}}\n")
    file = tmp_path / "model.yaml"
    file.write_text("name: model\ntype: scripted\nscript: '{answers: [from the file]}'\n")
    with serving(tmp_path, "--flow", str(folder), "--connections-file", str(file)) as (url, _):
        assert score(url, {"question": "hi"}).json() == {"answer": "from the file"}
    script = "{answers: [from the environment]}"
    with serving(tmp_path, "--flow", str(folder), "--connections-file", str(file), MODEL_SCRIPT=script) as (url, _):
        assert score(url, {"question": "hi"}).json() == {"answer": "from the environment"}


def test_a_flow_that_is_not_there(tmp_path: Path) -> None:
    process = start(tmp_path, "--flow", str(tmp_path / "nothing"))
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "nothing" in errors


def test_an_echo_over_the_whole_command_line(tmp_path: Path) -> None:
    folder = write_flow(tmp_path / "echo", DAG, a__py=ECHO)
    process = subprocess.Popen(
        [*COMMAND, "--source", str(folder), "--port", "0", "--engine", "fastapi", "--skip-open-browser"],
        env={**os.environ, "FLOWYARD_HOME": str(tmp_path)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        words = process.stdout.readline()
        done = subprocess.run(["/bin/sh", "-c", f"{words.strip()} -s"], capture_output=True, text=True, timeout=20, check=False)
        assert json.loads(done.stdout) == {"out": "..."}
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Stopped." in errors
