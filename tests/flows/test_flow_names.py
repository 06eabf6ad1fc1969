"""promptflow's names without promptflow: every one that flows in the wild import, and what stands behind them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.nodes.connections import connection_object
from flowyard.flows.promptflow import connections
from flowyard.flows.promptflow.client import PFClient, load_run
from flowyard.flows.promptflow.exceptions import ErrorTarget, PromptflowException, SystemErrorException, UserErrorException
from flowyard.flows.promptflow.flow import Flow, FlowContext
from flowyard.flows.promptflow.internal import ErrorResponse, convert_multimedia_data_to_string, get_logger, load_yaml
from flowyard.flows.promptflow.runtime import build_connection_dict, get_resource_management_scope
from flowyard.flows.promptflow.tools import prompts
from flowyard.foundation.errors import FlowyardError
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.sinks import MemorySink
from support.flow_folders import python_node, write_flow

NAMES = """
from promptflow import tool, log_metric, ToolProvider, log_flow_metric
from promptflow import PFClient, load_flow
from promptflow.core import tool, log_metric, ToolProvider, Prompty, AsyncPrompty, Flow, AsyncFlow
from promptflow.core import AzureOpenAIModelConfiguration, OpenAIModelConfiguration, ModelConfiguration, log_flow_metric
from promptflow.core._flow import Prompty
from promptflow.core._connection import AzureOpenAIConnection
from promptflow.core._model_configuration import AzureOpenAIModelConfiguration
from promptflow.connections import AzureOpenAIConnection, OpenAIConnection, CustomConnection, CognitiveSearchConnection
from promptflow.connections import CustomStrongTypeConnection, ServerlessConnection, SerpConnection, AzureContentSafetyConnection
from promptflow.connections import AzureAIServicesConnection, FormRecognizerConnection, QdrantConnection, WeaviateConnection
from promptflow.tracing import trace, start_trace, ThreadPoolExecutorWithContext
from promptflow.client import PFClient, load_flow, load_run
from promptflow.contracts.multimedia import Image, PFBytes, Text
from promptflow.contracts.types import Secret, FilePath, PromptTemplate, AssistantDefinition
from promptflow.entities import AzureOpenAIConnection, CustomConnection, InputSetting, DynamicList, Run, FlowContext
from promptflow.exceptions import UserErrorException, SystemErrorException, ValidationException, ErrorTarget
from promptflow._internal import register_connections
from promptflow.runtime.connections import build_connection_dict
from promptflow.runtime.utils._utils import get_resource_management_scope
from promptflow._core.tool import tool, InputSetting, DynamicList, GeneratedBy, ToolProvider
from promptflow._core.tool import INPUTS_TO_ESCAPE_PARAM_KEY
from promptflow._core.metric_logger import log_metric
from promptflow._internal import tool, ToolProvider, ErrorResponse, ExceptionPresenter
from promptflow._utils.logger_utils import get_logger
from promptflow._utils.yaml_utils import load_yaml
from promptflow._sdk._errors import InvalidRunStatusError
from promptflow._sdk.entities import Run
from promptflow.tools.aoai import chat as aoai_chat, completion, AzureOpenAI
from promptflow.tools.openai import chat as openai_chat, completion, OpenAI
from promptflow.tools.common import render_jinja_template, parse_chat, build_messages, handle_openai_error, PromptResult
from promptflow.tools import AzureOpenAI, OpenAI
from promptflow.tools.exception import WrappedOpenAIError, LLMError, JinjaTemplateError
from promptflow.tools.embedding import embedding
from promptflow_vectordb.core.contracts import SearchResultEntity
"""
LINES = NAMES.strip().splitlines()
DAG = {"inputs": {}, "outputs": {"out": {"type": "object", "reference": "${a}"}}, "nodes": [python_node("a", "tools.py")]}


def outcome(tmp_path: Path, source: str, recorder: Recorder | None = None) -> Any:
    return load_flow(write_flow(tmp_path, DAG, tools__py=source), recorder=recorder)()["out"]


def test_names_in_a_flow(tmp_path: Path) -> None:
    tool = "import promptflow\nimport promptflow.tools.common\nimport promptflow.core as core\nfrom promptflow.tools import common\n"
    assert outcome(tmp_path, f"{tool}{NAMES}\n@core.tool\ndef run():\n    assert promptflow.tools.common is common\n    return 1\n") == 1
    assert "promptflow" not in sys.modules


def test_names_in_a_flow_process() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"from flowyard.flows.promptflow import names\nnames.install()\n{NAMES}\n"
         "import promptflow.core._flow, promptflow.tools.common, promptflow._utils.yaml_utils\n"
         "assert promptflow.tools.common is promptflow.tools.prompts is __import__('sys').modules['promptflow.tools.common']\n"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "import promptflow.rag",
        "from promptflow.azure import PFClient",
        "from promptflow.core import nothing",
        "import promptflow_vectordb.tool.rerank",
    ],
)
def test_names_that_are_not_there_say_so(tmp_path: Path, line: str) -> None:
    with pytest.raises(FlowyardError, match=r"cannot be imported: (ModuleNotFound|Import)Error"):
        outcome(tmp_path, f"from promptflow.core import tool\n{line}\n\n@tool\ndef run():\n    return 1\n")


def test_results_of_lookups_as_objects(tmp_path: Path) -> None:
    source = """from promptflow.core import tool
from promptflow_vectordb.core.contracts import SearchResultEntity

@tool
def run():
    found = SearchResultEntity.from_dict({"text": "a", "metadata": {"source": {"url": "a.md"}}, "additional_fields": {}, "score": 0.5})
    return [found.text, found.metadata["source"]["url"], found.as_dict()["vector"]]
"""
    assert outcome(tmp_path, source) == ["a", "a.md", None]


def test_typed_connections_have_promptflows_attributes() -> None:
    azure = connections.AzureOpenAIConnection(api_base="https://x", api_key="k", name="n")
    assert (azure.api_base, azure.api_key, azure.api_type, azure.api_version, azure.auth_mode, azure.resource_id) == (
        "https://x", "k", "azure", "2024-02-01", "key", None,
    )  # fmt: skip
    assert (azure.name, azure.type, azure.class_name, azure.module) == (
        "n",
        "AzureOpenAI",
        "AzureOpenAIConnection",
        "promptflow.connections",
    )
    assert azure.secrets == {"api_key": "k"}
    assert dict(azure) == {**azure.configs, **azure.secrets}
    azure.api_version = "v2"
    azure.api_key = "k2"
    assert (azure.configs["api_version"], azure["api_key"]) == ("v2", "k2")
    assert "k2" not in f"{azure!r}{azure}"
    openai = connections.OpenAIConnection("k")
    assert (openai.api_key, openai.organization, openai.base_url) == ("k", None, None)
    assert connections.SerpConnection("k").api_key == "k"
    assert connections.FormRecognizerConnection("k", "e").api_type == "Form Recognizer"
    assert connections.CognitiveSearchConnection("b", "k").api_version == "2023-11-01"
    with pytest.raises(AttributeError, match="has no 'nothing'"):
        _ = openai.nothing
    with pytest.raises(KeyError):
        openai["nothing"]
    with pytest.raises(TypeError, match="missing: api_base"):
        connections.AzureOpenAIConnection()


def test_connections_signed_in_by_identity_have_no_key() -> None:
    made = connection_object(
        "c", {"type": "azure_open_ai", "configs": {"api_base": "b", "auth_mode": "meid_token"}, "secrets": {"api_key": "k"}}
    )
    assert (made.api_key, made.auth_mode, made.secrets) == (None, "meid_token", {})
    with pytest.raises(UserErrorException, match="pip install azure-identity"):
        made.get_token()


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("azure_open_ai", {"azure_endpoint": "e"}, {"api_base": "e", "api_type": "azure"}),
        ("open_ai", {"base_url": "u", "organization": "o"}, {"base_url": "u", "organization": "o"}),
        ("serverless", {"api_base": "b"}, {"api_base": "b"}),
        ("cognitive_search", {"api_base": "b"}, {"api_base": "b", "api_version": "2023-11-01"}),
        ("azure_ai_services", {"endpoint": "e"}, {"endpoint": "e", "auth_mode": "key"}),
        ("azure_content_safety", {"endpoint": "e"}, {"endpoint": "e", "api_version": "2023-10-01", "api_type": "Content Safety"}),
        ("form_recognizer", {"endpoint": "e"}, {"endpoint": "e", "api_version": "2023-07-31"}),
        ("serp", {}, {}),
        ("qdrant", {"api_base": "b"}, {"api_base": "b"}),
        ("weaviate", {"api_base": "b"}, {"api_base": "b"}),
        ("custom", {"anything": "a"}, {"anything": "a"}),
        ("local", {"base_url": "u"}, {"base_url": "u"}),
    ],
)
def test_every_type_of_connection(kind: str, given: dict[str, str], expected: dict[str, str]) -> None:
    made = connection_object("c", {"type": kind, "configs": given, "secrets": {"api_key": "k"}})
    assert {key: getattr(made, key) for key in expected} == expected
    assert (made.api_key, made.name, made.kind, made["api_key"]) == ("k", "c", kind, "k")


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "OPENAI_API_VERSION", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UserErrorException, match="AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY"):
        connections.AzureOpenAIConnection.from_env()
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert connections.OpenAIConnection.from_env("n").api_key == "k"
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "e")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "a")
    made = connections.AzureOpenAIConnection.from_env()
    assert (made.api_base, made.api_key, made.api_version) == ("e", "a", "2024-02-01")


STRONG = """from promptflow.core import tool
from promptflow.connections import CustomConnection, CustomStrongTypeConnection
from promptflow.contracts.types import Secret


class Service(CustomStrongTypeConnection):
    key: Secret
    url: str = "default"


@tool
def run(c: Service, d: CustomConnection):
    e = d.convert_to_strong_type(to_class="Service", module=__import__(__name__, fromlist=["x"]))
    assert isinstance(e, CustomStrongTypeConnection)
    assert d.is_secret("key")
    return [type(c).__name__, c.key, c.url, c.secrets, c.custom_type, e.key, e.url, d.key, d.url]
"""


def test_strong_custom_connections_of_a_flow(tmp_path: Path) -> None:
    dag = {**DAG, "nodes": [python_node("a", "tools.py", c="mine", d="mine")]}
    values = {"mine": {"type": "custom", "configs": {"url": "u"}, "secrets": {"key": "k"}}}
    found = load_flow(write_flow(tmp_path, dag, tools__py=STRONG), values)()["out"]
    assert found == ["Service", "k", "u", {"key": "k"}, "Service", "k", "u", "k", "u"]
    found = load_flow(write_flow(tmp_path, dag, tools__py=STRONG), {"mine": {"type": "custom", "secrets": {"key": "k"}}}).run({})
    assert "has no 'url'" in str(found.error)


def test_a_strong_connection_that_names_no_class() -> None:
    custom = connections.CustomConnection({"k": "v"}, {"custom_type": "Nothing", "module": "no_such_module"}, name="c")
    with pytest.raises(UserErrorException, match="no_such_module"):
        custom.convert_to_strong_type()


def test_exceptions_of_promptflow() -> None:
    class MineError(UserErrorException):
        pass

    error = MineError(message_format="{a} and {b}", a=1, target=ErrorTarget.TOOL)
    assert (error.message, str(error), error.target, error.error_codes) == ("1 and <b>", "1 and <b>", "Tool", ["UserError", "MineError"])
    assert PromptflowException().message == "PromptflowException"
    body = ErrorResponse.from_exception(error)
    assert body.to_dict()["error"]["innerError"] == {"code": "MineError", "innerError": None}
    assert (body.innermost_error_code, body.response_code) == ("MineError", 400)
    assert ErrorResponse.from_exception(SystemErrorException("x")).response_code == 500


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [("UserErrorException", "UserError", 400), ("SystemErrorException", "SystemError", 500), ("Mine", "Mine", 400)],
)
def test_a_tool_that_raises_one_fails_by_its_name(tmp_path: Path, kind: str, code: str, status: int) -> None:
    source = (
        "from promptflow.core import tool\nfrom promptflow.exceptions import SystemErrorException, UserErrorException\n\n"
        f"class Mine(UserErrorException):\n    pass\n\n@tool\ndef run():\n    raise {kind}('no')\n"
    )
    error = load_flow(write_flow(tmp_path, DAG, tools__py=source)).run({}).error
    assert (error.code, error.status) == (code, status)
    assert "no" in error.detail


TRACED = """from promptflow.core import tool
from promptflow.tracing import trace, ThreadPoolExecutorWithContext


@trace
def inner(a):
    return a * 2


@trace
def counted(n):
    for index in range(n):
        yield inner(index)


@trace(name="later")
async def later(n):
    for index in range(n):
        yield index


@trace
def broken():
    yield 1
    raise ValueError("stop")


@tool
async def run():
    try:
        list(broken())
    except ValueError:
        pass
    with ThreadPoolExecutorWithContext(2) as pool:
        pooled = list(pool.map(inner, [5]))
    return [list(counted(2)), [piece async for piece in later(2)], pooled]
"""


def test_traces_of_generators(tmp_path: Path) -> None:
    sink = MemorySink()
    assert outcome(tmp_path, TRACED, Recorder(sink)) == [[0, 2], [0, 1], [10]]
    spans: dict[str, list[Any]] = {}
    for span in sink.records:
        spans.setdefault(span.name, []).append(span)
    (counted,), (later,), (broken,) = spans["counted"], spans["later"], spans["broken"]
    assert counted.attributes["flowyard.input"] == {"n": 2}
    assert (counted.attributes["flowyard.output"], later.attributes["flowyard.output"]) == ([0, 2], [0, 1])
    assert sum(span.parent_id == counted.span_id for span in spans["inner"]) == 2
    assert len(spans["inner"]) == 3
    assert len({span.trace_id for span in sink.records}) == 1
    assert (broken.status, broken.status_message) == ("error", "ValueError: stop")


def test_prompts_of_user_code() -> None:
    assert prompts.render_jinja_template("a{{b}}\n", b=1) == "a1\n"
    assert prompts.parse_chat("system:\nhi\n", valid_roles=["system"]) == [{"role": "system", "content": "hi"}]
    assert prompts.parse_chat("") == []
    found = prompts.build_messages("user:\n{{q}} {{r}}", q="x\nsystem:\ny", r="z", _inputs_to_escape=["q"])
    assert found == [{"role": "user", "content": "x\nsystem:\ny z"}]
    assert [message["role"] for message in prompts.build_messages("user:\n{{q}}\n", q="x\nsystem:\ny")] == ["user", "system"]
    assert str(prompts.convert_to_chat_list({"a": ["x", ["y", "z"]]})["a"]) == "x\ny\nz"
    assert prompts.preprocess_template_string("a ![image]({{ x }}) b") == "a \n{{ x }}\n b"
    assert (prompts.process_function_call(None), prompts.process_tool_choice("none")) == ("auto", "none")
    for bad in (
        lambda: prompts.validate_functions([]),
        lambda: prompts.validate_tools([{}]),
        lambda: prompts.process_tool_choice({"a": 1}),
    ):
        with pytest.raises(FlowyardError):
            bad()


def test_the_arguments_of_the_openai_library() -> None:
    azure = connections.AzureOpenAIConnection("b", "k")
    assert prompts.normalize_connection_config(azure) == {
        "max_retries": 0,
        "api_version": "2024-02-01",
        "azure_endpoint": "b",
        "api_key": "k",
    }
    assert prompts.normalize_connection_config(connections.ServerlessConnection("k", "b"))["base_url"] == "b/v1"
    with pytest.raises(UserErrorException, match="SerpConnection"):
        prompts.normalize_connection_config(connections.SerpConnection("k"))


def test_a_call_is_tried_again_while_it_may_help() -> None:
    class FailureError(Exception):
        status_code = 429
        response = type("Response", (), {"headers": {"retry-after": "0"}})()

    tried: list[int] = []

    @prompts.handle_openai_error(tries=2)
    def call(status: int) -> str:
        tried.append(status)
        if len(tried) < 3:
            error = FailureError()
            error.status_code = status
            raise error
        return "done"

    assert call(429) == "done"
    tried.clear()
    with pytest.raises(FailureError):
        call(400)
    assert tried == [400]


def test_private_helpers(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [1]\n")
    assert load_yaml(tmp_path / "a.yaml") == {"a": [1]}
    with (tmp_path / "a.yaml").open() as file:
        assert load_yaml(file) == {"a": [1]}
    assert get_logger("tests.names").isEnabledFor(20)
    assert convert_multimedia_data_to_string([{"a": 1}]) == [{"a": 1}]


def test_a_client_tests_and_runs_flows(tmp_path: Path) -> None:
    scorer = (
        "from typing import List\nfrom promptflow.core import tool, log_metric\n\n@tool\ndef run(scores: List[int]):\n"
        "    log_metric('mean', sum(scores) / len(scores))\n"
    )
    double = (
        "from promptflow.core import tool\n\n@tool\ndef run(x: int):\n    if x == 3:\n        raise ValueError('three')\n    return x * 2\n"
    )
    nodes = [python_node("double", x="${inputs.x}"), python_node("score", scores="${double.output}") | {"aggregation": True}]
    dag = {"inputs": {"x": {"type": "int"}}, "outputs": {"y": {"type": "int", "reference": "${double.output}"}}, "nodes": nodes}
    flow = write_flow(tmp_path / "flow", dag, double__py=double, score__py=scorer)
    (tmp_path / "rows.jsonl").write_text("".join(f'{{"n": {n}}}\n' for n in range(4)))
    client = PFClient(home=tmp_path / "home")
    assert client.test(flow, inputs={"x": 5}) == {"y": 10}
    run = client.run(flow, data=tmp_path / "rows.jsonl", column_mapping={"x": "${data.n}"}, name="first", tags={"a": "b"})
    assert (run.name, run.status, run.tags) == ("first", "Completed", {"a": "b"})
    assert client.get_metrics(run) == {"mean": 2.0}
    rows = {row["inputs.line_number"]: row for row in client.runs.rows(run)}
    assert [rows[n].get("outputs.y") for n in range(4)] == [0, 2, 4, None]
    (tmp_path / "run.yaml").write_text("flow: flow\nrun: first\ncolumn_mapping:\n  x: ${run.outputs.y}\n")
    asked = load_run(tmp_path / "run.yaml", params_override=[{"name": "second"}])
    again = client.runs.create_or_update(asked)
    assert [row["outputs.y"] for row in client.runs.rows(again)] == [0, 4, 8]
    assert [run.name for run in client.runs.list()] == ["second", "first"]
    client.runs.archive("first")
    assert [run.name for run in client.runs.list()] == ["second"]
    with pytest.raises(FlowyardError, match="no 'colum_mapping'"):
        client.run(flow, colum_mapping={})


def test_a_clients_connections() -> None:
    client = PFClient(connections={"a": {"type": "open_ai", "api_key": "k"}})
    client.connections.create_or_update(connections.CustomConnection({"s": "1"}, {"c": "2"}, name="b"))
    assert [(made.name, made.kind) for made in client.connections.list()] == [("a", "open_ai"), ("b", "custom")]
    client.connections.create_or_update(connections.OpenAIConnection("******", base_url="https://u", name="a"))
    found = client.connections.get("a")
    assert (found.api_key, found.base_url) == ("k", "https://u")
    client.connections.delete("a")
    with pytest.raises(FlowyardError, match="no connection 'a'"):
        client.connections.get("a")


def test_a_flows_context(tmp_path: Path) -> None:
    source = (
        "from promptflow.core import tool\nfrom promptflow.connections import CustomConnection\n\n"
        "@tool\ndef run(x: int, c: CustomConnection = None):\n    return [x, c and c.url]\n"
    )
    dag = {
        "inputs": {},
        "outputs": {"out": {"type": "object", "reference": "${a}"}},
        "nodes": [python_node("a", "tools.py", x=1, c="none")],
    }
    flow = Flow.load(write_flow(tmp_path, dag, tools__py=source))
    made = connections.CustomConnection({}, {"url": "u"}, name="mine")
    flow.context = FlowContext(connections={"a": {"c": made}}, overrides={"nodes.a.inputs.x": "7"})
    assert flow() == {"out": [7, "u"]}
    flow.context = FlowContext(overrides={"x": 1})
    with pytest.raises(FlowyardError, match="override 'x'"):
        flow()


def test_what_tool_packages_ask_of_the_hosted_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    assert get_resource_management_scope() == "https://management.azure.com/.default"
    monkeypatch.setenv("AZURE_RESOURCE_MANAGER", "https://management.chinacloudapi.cn/")
    assert get_resource_management_scope() == "https://management.chinacloudapi.cn/.default"
    with pytest.raises(UserErrorException, match=r"The connections mine of an Azure ML workspace.*flowyard connection create"):
        build_connection_dict(["mine"], subscription_id="s", resource_group="g", workspace_name="w", credential=None)
