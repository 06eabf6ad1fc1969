"""``flowyard flow build``: what is written, what is left out, and that it runs with nothing but what was written."""

import base64
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import urllib3

from flowyard.flows.build.bundle import build
from flowyard.flows.build.errors import BuildError, OutputExistsError
from flowyard.flows.build.formats import Format
from flowyard.flows.build.wheel import write_wheel
from flowyard.flows.errors import InvalidFlowError
from support.flow_folders import llm_node, python_node, write_flow

DAG = {
    "inputs": {"x": {"type": "string"}},
    "outputs": {"out": {"type": "string", "reference": "${a.output}"}},
    "nodes": [python_node("a", x="${inputs.x}")],
}
CHAT = {
    "inputs": {"question": {"type": "string"}},
    "outputs": {"answer": {"type": "string", "reference": "${ask.output}"}},
    "nodes": [llm_node("ask", question="${inputs.question}")],
}
TOOL = "from promptflow.core import tool\n\n@tool\ndef run(x: str) -> str:\n    return x.upper()\n"
SECRET = "sk-never-in-a-build-4711"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_flow(tmp_path / "shout", DAG, a__py=TOOL, requirements__txt="promptflow[azure]\njinja2>=3\n")


@pytest.fixture
def connection(tmp_path: Path) -> Path:
    file = tmp_path / "model.yaml"
    file.write_text(f"name: my model\ntype: open_ai\napi_key: {SECRET}\nbase_url: http://127.0.0.1:9/v1\norganization: ${{env:ORG}}\n")
    return file


def contents(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """Parse a Dockerfile: instruction and arguments, comments left out and continued lines joined."""
    lines = re.sub(r"\\\n", " ", "\n".join(line for line in dockerfile.split("\n") if not line.startswith("#")))
    found = [line.split(None, 1) for line in lines.splitlines() if line.strip()]
    return [(name.upper(), re.sub(r"\s+", " ", rest)) for name, rest in found]


def test_the_dockerfile_keeps_the_rules(tmp_path: Path, folder: Path) -> None:
    built = build(folder, tmp_path / "out", Format.DOCKER, tmp_path / "home")
    found = instructions((tmp_path / "out" / "Dockerfile").read_text())
    names = [name for name, _ in found]
    assert set(names) <= {"FROM", "ENV", "RUN", "WORKDIR", "COPY", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD"}
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-[a-z]+", found[0][1])
    user = [rest for name, rest in found if name == "USER"]
    assert len(user) == 1
    assert int(user[0]) > 0
    assert names.index("USER") < names.index("CMD")
    assert all(index < names.index("USER") for index, name in enumerate(names) if name in {"RUN", "COPY"})
    (check,) = [rest for name, rest in found if name == "HEALTHCHECK"]
    assert "/health" in json.loads(check.partition("CMD ")[2])[2]
    command = json.loads(found[-1][1])
    assert command[:3] == ["flowyard", "flow", "serve"]
    for source in [rest.split()[0] for name, rest in found if name == "COPY"]:
        assert (tmp_path / "out" / source).exists()
    lines = (tmp_path / "out" / "requirements.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+|\./wheels/flowyard-\S+\.whl", line) for line in lines)
    assert {"jinja2", "uvicorn", "msgspec", "markupsafe"} <= set(built.packages)
    assert not any("promptflow" in line or line.startswith("pytest") for line in lines)
    assert built.dropped == ("promptflow[azure]",)
    assert set(built.files) == {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*") if file.is_file()}


def test_secrets_stay_here(tmp_path: Path, connection: Path) -> None:
    folder = write_flow(tmp_path / "chat", CHAT, ask__jinja2="user:\n{{question}}\n")
    (folder / "flow.dag.yaml").write_text((folder / "flow.dag.yaml").read_text().replace("connection: model", "connection: my model"))
    built = build(folder, tmp_path / "out", Format.DOCKER, tmp_path / "home", connection_files=[connection])
    assert SECRET.encode() not in contents(tmp_path / "out")
    text = (tmp_path / "out" / "connections" / "my_model.yaml").read_text()
    assert "api_key: ${env:MY_MODEL_API_KEY}" in text
    assert "organization: ${env:ORG}" in text
    assert "base_url: http://127.0.0.1:9/v1" in text
    assert built.variables == ("ORG", "MY_MODEL_API_KEY")
    assert json.loads((tmp_path / "out" / "settings.json").read_text()) == {"ORG": "", "MY_MODEL_API_KEY": ""}
    assert "-e MY_MODEL_API_KEY" in (tmp_path / "out" / "Dockerfile").read_text()


def test_custom_connections_keep_their_shape(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"name: mine\ntype: custom\nconfigs: {{place: here}}\nsecrets: {{key: {SECRET}, other: '${{env:OTHER}}'}}\n")
    build(folder, tmp_path / "out", Format.EXECUTABLE, tmp_path / "home", connection_files=[file])
    text = (tmp_path / "out" / "connections" / "mine.yaml").read_text()
    assert text == "name: mine\ntype: custom\nconfigs:\n  place: here\nsecrets:\n  key: ${env:MINE_KEY}\n  other: ${env:OTHER}\n"


def test_several_connections_of_one_file_become_a_file_each(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(f"- {{name: one, type: serp, api_key: {SECRET}}}\n- {{name: two, type: serp, api_key: {SECRET}2}}\n")
    built = build(folder, tmp_path / "out", Format.DOCKER, tmp_path / "home", connection_files=[file])
    assert built.variables == ("ONE_API_KEY", "TWO_API_KEY")
    assert {"connections/one.yaml", "connections/two.yaml"} <= set(built.files)
    assert SECRET.encode() not in contents(tmp_path / "out")


def test_a_model_without_a_connection_is_told(tmp_path: Path) -> None:
    folder = write_flow(tmp_path / "chat", CHAT, ask__jinja2="user:\n{{question}}\n")
    with pytest.raises(BuildError, match="'model', which was not given") as caught:
        build(folder, tmp_path / "out", Format.DOCKER, tmp_path / "home")
    assert "--connections-file" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_what_it_includes_comes_along(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "words.py").write_text("WORD = 'x'\n")
    folder = write_flow(tmp_path / "flow", DAG | {"additional_includes": ["../shared/words.py"]}, a__py=TOOL)
    build(folder, tmp_path / "out", Format.EXECUTABLE, tmp_path / "home")
    assert (tmp_path / "out" / "flow" / "words.py").read_text() == "WORD = 'x'\n"


def test_the_output_is_never_somebody_elses(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work")
    for output in (tmp_path / "out", folder, folder / "dist"):
        with pytest.raises(OutputExistsError):
            build(folder, output, Format.DOCKER, tmp_path / "home")
    assert (tmp_path / "out" / "thesis.txt").read_text() == "years of work"
    build(folder, tmp_path / "dist", Format.DOCKER, tmp_path / "home")
    build(folder, tmp_path / "dist", Format.EXECUTABLE, tmp_path / "home")
    assert not (tmp_path / "dist" / "Dockerfile").exists()


def test_what_cannot_be_built(tmp_path: Path, folder: Path) -> None:
    (folder / "requirements.txt").write_text("jinja2\n-e ./here\n")
    with pytest.raises(BuildError, match=r"requirements\.txt:2: .* is no wheel"):
        build(folder, tmp_path / "out", Format.DOCKER, tmp_path / "home")
    (folder / "a.py").unlink()
    with pytest.raises(InvalidFlowError):
        build(folder, tmp_path / "out", Format.DOCKER, tmp_path / "home")


def test_the_wheel_is_whole_and_always_the_same(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = write_wheel(tmp_path / "one"), write_wheel(tmp_path / "two")
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        names = set(archive.namelist())
        (record,) = [name for name in names if name.endswith("/RECORD")]
        listed = [line.split(",") for line in archive.read(record).decode().splitlines()]
        assert {line[0] for line in listed} == names
        for name, digest, size in listed:
            if digest:
                data = archive.read(name)
                assert len(data) == int(size)
                expected = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
                assert digest == f"sha256={expected}"
    assert "flowyard/flows/serving/app.py" in names
    assert not any(name.startswith(("flowyard/server/", "flowyard/storage/")) or "__pycache__" in name for name in names)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def score(port: int, process: subprocess.Popen[str], within_s: float) -> str:
    deadline = time.monotonic() + within_s
    while True:
        try:
            answer = urllib3.request("POST", f"http://127.0.0.1:{port}/score", body=b'{"x": "hi"}', retries=False, timeout=5)
        except urllib3.exceptions.HTTPError:
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline
            time.sleep(0.2)
            continue
        return answer.data.decode()


def clean(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing of this checkout is found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "FLOWYARD_"))}
    return {**kept, "FLOWYARD_HOME": str(tmp_path / "elsewhere")}


@pytest.mark.integration
def test_an_image_runs_what_was_written(tmp_path: Path, folder: Path) -> None:
    """Do by hand what the Dockerfile says: a fresh Python, its RUN, its CMD."""
    output = tmp_path / "out"
    build(folder, output, Format.DOCKER, tmp_path / "home")
    found = instructions((output / "Dockerfile").read_text())
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "image")], check=True)
    (install,) = [rest.partition(" pip ")[2].split() for name, rest in found if name == "RUN" and " pip " in rest]
    python = tmp_path / "image" / "bin" / "python"
    # This Python's pip installs there: to give that one a pip of its own took longer than all that the image needs.
    pip = [sys.executable, "-m", "pip", "--python", str(python), "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, *install], cwd=output, env=clean(tmp_path), check=True)
    where = subprocess.run([str(python), "-c", "import flowyard; print(flowyard.__file__)"], capture_output=True, text=True, check=True)
    assert where.stdout.startswith(str(tmp_path / "image"))
    port = free_port()
    words = json.loads(found[-1][1])
    words[words.index("--port") + 1] = str(port)
    program = [str(python.parent / words[0]), *words[1:]]
    process = subprocess.Popen(program, cwd=output, env=clean(tmp_path), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        assert score(port, process, 60) == '{"out":"HI"}'
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.integration
def test_an_executable_folder_runs_by_itself(tmp_path: Path, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from flowyard.cli.entry import main; main()", "flow", "build", "--flow", str(folder), "--output",
         str(tmp_path / "out"), "--format", "executable", "--json"],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "run.py" in json.loads(done.stdout)["files"]
    moved = (tmp_path / "out").rename(tmp_path / "moved elsewhere")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, str(moved / "run.py"), "--port", str(port)], cwd="/", env=clean(tmp_path), stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert score(port, process, 110) == '{"out":"HI"}'
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0
