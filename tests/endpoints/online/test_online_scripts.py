"""Scoring scripts: as Azure ML runs them, in real replicas behind a real gateway."""

import asyncio
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sqlalchemy import Engine

from flowyard.compute.errors import ProcessFailedError
from flowyard.endpoints.errors import DeploymentInvalidError, ScriptFailedError
from flowyard.endpoints.gateway.build import GatewayParts, build_gateway
from flowyard.endpoints.online.scripts.names import MODULES
from flowyard.endpoints.online.scripts.raw_http import AMLRequest
from flowyard.endpoints.online.scripts.script import Script
from flowyard.flows.collecting import names
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.model import Caller
from flowyard.storage.sql.directory import SqlDirectory
from flowyard.testing.process_host import eventually, running_supervisor
from flowyard.tracing.sinks import MemorySink
from flowyard.wire.endpoints import DeploymentCreate, DeploymentSettings, EndpointCreate, RequestSettings
from support.memory_installation import MemoryCatalog, Served
from support.online_installation import Online, online

SCORE = """
import json, logging, os
from beside import factor

def init():
    global weight
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "sums/weight.txt")) as file:
        weight = int(file.read())
    logging.getLogger().setLevel(logging.INFO)
    print("init done", os.environ["MODE"])

def run(raw_data):
    data = json.loads(raw_data)["data"]
    if data == "bad":
        raise ValueError("bad data")
    return [factor * weight * value for value in data]
"""
RAW = """
from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse

@rawhttp
def run(request):
    if request.headers["Content-Type"] == "text/plain":
        def words():
            for word in request.get_data(as_text=True).split():
                yield f"data: {word}\\n\\n"
        response = AMLResponse(words(), 200)
        response.headers["Content-Type"] = "text/event-stream"
        return response
    if request.content_type == "application/json" and request.json.get("wrong"):
        return AMLResponse({"error": "wrong"}, 422, json_str=True)
    return AMLResponse(bytes(reversed(request.get_data(False))), 200)
"""


def archive(**files: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("requirements.txt", "")
        for name, text in files.items():
            packed.writestr(name.replace("__", "/").replace("_py", ".py").replace("_txt", ".txt"), text)
    return target.getvalue()


class Platform:
    def __init__(self, url: str, installation: Online, key: str, sink: MemorySink) -> None:
        self.url = f"{url}/endpoints/support"
        self.installation = installation
        self.sink = sink
        self.pool = urllib3.PoolManager(retries=False, headers={"authorization": f"Bearer {key}"}, maxsize=20)

    def deploy(self, data: bytes, **fields: Any) -> Any:
        digest = self.installation.snapshots.receive(data).digest
        create = DeploymentCreate(**{"snapshot": digest, "script": "score.py", **fields})
        return self.installation.run(self.installation.service.deploy(self.installation.caller, "support", create))

    def score(self, body: bytes, content_type: str = "application/json") -> Any:
        headers = {**self.pool.headers, "content-type": content_type}
        return self.pool.request("POST", f"{self.url}/score", body=body, headers=headers)


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Once, on SQLite: what is tested here does not depend on the database."""
    path = tmp_path / "metadata.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


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


@pytest.mark.integration
def test_a_script_finds_its_model_and_answers(platform: Platform) -> None:
    files = archive(code__score_py=SCORE, code__beside_py="factor = 2\n", model__sums__weight_txt="10")
    settings = DeploymentSettings(request=RequestSettings(max_concurrent_requests_per_instance=2))
    platform.deploy(files, environment_variables={"MODE": "quiet"}, settings=settings)
    answer = platform.score(b'{"data": [1, 2]}')
    assert (answer.status, answer.json()) == (200, [20, 40])
    span = platform.sink.records[-1]
    assert answer.headers["flowyard-trace-id"] == span.trace_id
    refused = platform.score(b'{"data": "bad"}')
    assert (refused.status, refused.json()["code"]) == (500, "ScriptFailed")
    assert "score.py: run() failed: ValueError: bad data" in refused.json()["detail"]
    assert refused.json()["location"] == {"file": "score.py", "line": 15}
    (lines,) = platform.installation.service.logs(platform.installation.caller, "support")
    assert "init done quiet" in lines.lines
    assert any("ValueError: bad data" in line for line in lines.lines)
    (blue,) = platform.installation.service.get(platform.installation.caller, "support").deployments
    assert (blue.script, blue.flow, blue.model) == ("score.py", None, None)
    spools = platform.installation.home / "spools"
    eventually(lambda: any(spools.rglob("replica-support-blue-*.spool")))
    assert platform.pool.request("GET", f"{platform.url}/health").json()["status"] == "Healthy"
    assert "/score" in platform.pool.request("GET", f"{platform.url}/swagger.json").json()["paths"]
    assert platform.pool.request("POST", f"{platform.url}/feedback", body=b'{"value": 1}').status == 200
    chat = platform.pool.request("POST", f"{platform.url}/v1/chat/completions", body=b'{"model": "x", "messages": []}')
    assert "serves a script, not a model" in chat.json()["error"]["message"]


@pytest.mark.integration
def test_raw_http_and_a_script_that_cannot_begin(platform: Platform) -> None:
    platform.deploy(archive(code__score_py=RAW))
    answer = platform.score(b"abc", "image/png")
    assert (answer.data, answer.headers["content-type"]) == (b"cba", "text/html; charset=utf-8")
    assert platform.score(b'{"wrong": 1}').status == 422
    stream = platform.score(b"one two", "text/plain")
    assert stream.data == b"data: one\n\ndata: two\n\n"
    with pytest.raises(ProcessFailedError, match=r"score.py: init\(\) failed: KeyError: 'MODE'"):
        platform.deploy(archive(code__score_py='import os\ndef init():\n    os.environ["MODE"]\ndef run(data):\n    return data\n'))
    assert platform.score(b"abc", "image/png").data == b"cba"
    (blue,) = platform.installation.service.get(platform.installation.caller, "support").deployments
    assert blue.state == "healthy"
    assert "KeyError" in str((blue.error or {}).get("detail"))


def test_what_is_no_script_is_refused(installation: Online) -> None:
    installation.service.create(installation.caller, EndpointCreate(name="support"))
    digest = installation.snapshots.receive(archive(code__score_py=SCORE)).digest
    for fields, match in (
        ({"script": "other.py", "snapshot": digest}, "no script 'other.py'"),
        ({"script": "score.py", "flow": "answers"}, "comes with a snapshot"),
        ({"script": "score.py", "snapshot": digest, "init": {"a": 1}}, "A script takes no init"),
    ):
        with pytest.raises(DeploymentInvalidError, match=match):
            installation.service.deploy(installation.caller, "support", DeploymentCreate(**fields))


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes a script of a text in this process, and has it answer a body."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "modules", dict(sys.modules))

    def answer(text: str, body: bytes = b"{}") -> Any:
        (tmp_path / "score.py").write_text(text)
        made = Script(tmp_path, "score.py", 1)
        try:
            return asyncio.run(made.run(AMLRequest("POST", "/score", "", [("content-type", "application/json")], body)))
        finally:
            made.close()

    return answer


def test_what_run_returns_becomes_json(script: Any) -> None:
    assert script("def run(data): return data", b"text").body == '"text"'
    array = "class Array:\n    def tolist(self): return [1, 2]\ndef run(data): return {'a': Array()}"
    assert json.loads(script(array).body) == {"a": [1, 2]}
    assert json.loads(script("async def run(data): return 3").body) == 3
    with pytest.raises(ScriptFailedError, match="object is nothing that JSON has"):
        script("def run(data): return object()")
    with pytest.raises(ScriptFailedError, match="has no function run"):
        script("def init(): pass")
    with pytest.raises(ScriptFailedError, match="cannot be imported: ModuleNotFoundError"):
        script("import absent_package\ndef run(data): return 1")


def test_parameters_of_a_decorated_run_are_the_members_of_the_body(script: Any, tmp_path: Path) -> None:
    package = tmp_path / "inference_schema"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "schema_util.py").write_text("def is_schema_decorated(run): return hasattr(run, 'marked')\n")
    (package / "schema_decorators.py").write_text(
        "def input_schema(*a, **k):\n    def mark(f):\n        f.marked = 1\n        return f\n    return mark\n"
    )
    text = "from inference_schema.schema_decorators import input_schema\n@input_schema('a', None)\ndef run(a, b=1): return a + b"
    assert script(text, b'{"a": 4}').body == "5"
    with pytest.raises(InvalidInputError, match="no JSON object"):
        script(text, b"[4]")


def test_the_names_of_azure_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "modules", {name: module for name, module in sys.modules.items() if not name.startswith("azureml")})
    names.install(MODULES)
    from azureml.contrib.services.aml_request import AMLRequest as Asked  # pyright: ignore[reportMissingImports]
    from azureml_inference_server_http.api.aml_response import AMLResponse as Answered  # pyright: ignore[reportMissingImports]

    asked = Asked("POST", "/score", "a=1&b=", [("X-Own", "kept")], b'{"a": 1}')
    assert (asked.args, asked.headers["x-own"], asked.headers.get("X-OWN"), asked.json) == ({"a": "1", "b": ""}, "kept", "kept", {"a": 1})
    assert "X-own" in asked.headers
    assert Answered("x", 201).status_code == 201
