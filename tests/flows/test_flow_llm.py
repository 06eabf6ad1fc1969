"""LLM nodes: what is sent to which kind of connection, parameters, retries, tools, streams."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import ModelParameterError
from flowyard.flows.nodes.errors import FunctionsError, NodeInputError, ToolsError
from flowyard.flows.nodes.parameters import request_parameters
from flowyard.flows.ports import ChatTarget
from flowyard.flows.rules import validate
from flowyard.foundation import bridge
from flowyard.inference.client import ModelClient
from flowyard.inference.errors import ModelRateLimitedError, ModelRequestRefusedError
from flowyard.inference.retries import PATIENT, RetriableError, Retries
from flowyard.wire.flows import FlowTestEvent
from support.flow_folders import llm_node, scripted, write_flow

SCHEMA = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}}
FUNCTION = {"name": "f", "parameters": {"type": "object", "properties": {"x": {"type": "string"}}}}
TOOL = {"type": "function", "function": FUNCTION}


class _Models(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append((self.path, dict(self.headers.items()), body))  # type: ignore[attr-defined]
        text = {"message": {"role": "assistant", "content": "ok"}} if "messages" in body else {"text": "ok"}
        usage = {"prompt_tokens": 3, "completion_tokens": 1}
        data = json.dumps({"choices": [{"index": 0, "finish_reason": "stop", **text}], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def models() -> Iterator[tuple[str, list[Any]]]:
    """A server of models, and what it was asked: path, headers, body."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Models)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", server.seen  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def ask(
    folder: Path, connection: dict[str, Any], template: str = "user:\n{{q}}\n", inputs: dict[str, Any] | None = None, **node: Any
) -> Any:
    """A flow of one LLM node."""
    made = llm_node("ask", q="${inputs.q}") | node
    made["inputs"] = made["inputs"] | (inputs or {})
    dag = {
        "inputs": {"q": {"type": "object", "default": "hi"}, "v": {"type": "object", "default": ""}},
        "outputs": {"out": {"type": "object", "reference": "${ask}"}},
        "nodes": [made],
    }
    return load_flow(write_flow(folder, dag, ask__jinja2=template), {"model": connection})


@pytest.mark.parametrize(
    ("connection", "path", "header"),
    [
        ({"type": "open_ai", "api_key": "k", "base_url": "URL/v1"}, "/v1/chat/completions", ("authorization", "Bearer k")),
        (
            {"type": "open_ai", "api_key": "k", "organization": "o", "base_url": "URL/v1"},
            "/v1/chat/completions",
            ("openai-organization", "o"),
        ),
        ({"type": "serverless", "api_key": "k", "api_base": "URL"}, "/v1/chat/completions", ("authorization", "Bearer k")),
        ({"type": "local", "base_url": "URL/v1"}, "/v1/chat/completions", ("content-type", "application/json")),
        (
            {"type": "azure_open_ai", "api_key": "k", "api_base": "URL", "api_version": "2024-02-01"},
            "/openai/deployments/large/chat/completions?api-version=2024-02-01",
            ("api-key", "k"),
        ),
    ],
)
def test_the_connections_type_chooses_the_provider(
    tmp_path: Path, models: tuple[str, list[Any]], connection: dict[str, str], path: str, header: tuple[str, str]
) -> None:
    url, seen = models
    given = {key: value.replace("URL", url) for key, value in connection.items()}
    record = ask(tmp_path, given, inputs={"deployment_name": "large"}).run({})
    assert record.outputs == {"out": "ok"}
    assert (record.node("ask").prompt_tokens, record.node("ask").completion_tokens) == (3, 1)
    asked, headers, body = seen[0]
    assert asked == path
    assert {name.lower(): value for name, value in headers.items()}[header[0]] == header[1]
    assert body == {"messages": [{"role": "user", "content": "hi"}], "model": "large"}


def test_an_input_named_prompt_takes_the_place_of_the_file(tmp_path: Path, models: tuple[str, list[Any]]) -> None:
    url, seen = models
    given = {"type": "serverless", "api_key": "k", "api_base": url}
    flow = ask(tmp_path, given, "user:\n{{other}}\n", {"prompt": "system:\nSay {{q}}\n"})
    assert "TemplateVariableNotFed" not in {finding.code for finding in validate(tmp_path)[1]}
    assert flow.run({"q": "{{prompt}}\nuser:\nmore"}).status == "completed"
    assert seen[0][2]["messages"] == [{"role": "system", "content": "Say {{prompt}}\nuser:\nmore"}]


def test_a_prompt_from_outside_is_no_template(tmp_path: Path, models: tuple[str, list[Any]]) -> None:
    url, seen = models
    prompt = {"name": "p", "type": "prompt", "source": {"type": "code", "path": "p.jinja2"}, "inputs": {"q": "${inputs.q}"}}
    made = llm_node("ask", prompt="${p.output}", secret="hidden")
    dag = {"inputs": {"q": {"type": "string"}}, "outputs": {"out": {"type": "string", "reference": "${ask}"}}, "nodes": [prompt, made]}
    folder = write_flow(tmp_path, dag, ask__jinja2="", p__jinja2="user:\n{{q}}\n")
    flow = load_flow(folder, {"model": {"type": "serverless", "api_key": "k", "api_base": url}})
    assert flow.run({"q": "{{secret}}"}).status == "completed"
    assert seen[0][2]["messages"] == [{"role": "user", "content": "{{secret}}"}]


def test_every_parameter_reaches_the_model(tmp_path: Path, models: tuple[str, list[Any]]) -> None:
    url, seen = models
    given = {
        "temperature": "0.5", "top_p": 0.9, "n": 2, "stop": '["a", "b"]', "max_tokens": "20", "presence_penalty": 0.1,
        "frequency_penalty": "0.2",
        "logit_bias": '{"5": 1}', "user": "u", "seed": 7, "response_format": SCHEMA, "tools": [TOOL], "tool_choice": "auto",
    }  # fmt: skip
    ask(tmp_path, {"type": "serverless", "api_base": url}, inputs=given)()
    body = seen[0][2]
    assert body["response_format"] == SCHEMA
    assert {key: body[key] for key in ("temperature", "top_p", "n", "stop", "max_tokens", "logit_bias", "user", "seed", "tool_choice")} == {
        "temperature": 0.5, "top_p": 0.9, "n": 2, "stop": ["a", "b"], "max_tokens": 20, "logit_bias": {"5": 1}, "user": "u", "seed": 7,
        "tool_choice": "auto",
    }  # fmt: skip
    assert (body["presence_penalty"], body["frequency_penalty"], body["tools"]) == (0.1, 0.2, [TOOL])


def test_completions_have_promptflows_bound(tmp_path: Path, models: tuple[str, list[Any]]) -> None:
    url, seen = models
    flow = ask(tmp_path, {"type": "serverless", "api_base": url}, "say {{q}}", api="completion", inputs={"suffix": "s", "echo": "true"})
    assert flow() == {"out": "ok"}
    assert seen[0][2] == {"prompt": "say hi", "model": "scripted", "suffix": "s", "echo": True, "max_tokens": 16}
    ask(tmp_path, {"type": "serverless", "api_base": url}, "say {{q}}", api="completion", inputs={"max_tokens": "inf"})()
    assert "max_tokens" not in seen[1][2]


@pytest.mark.parametrize(("kind", "expected"), [("azure_open_ai", "a\n['b']".replace("['b']", "b")), ("serverless", "['a', ['b']]")])
def test_lists_print_as_they_do_there(tmp_path: Path, models: tuple[str, list[Any]], kind: str, expected: str) -> None:
    url, seen = models
    ask(tmp_path, {"type": kind, "api_base": url, "api_key": "k"})(q=["a", ["b"]])
    assert seen[0][2]["messages"][0]["content"] == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [("temperature", "hot"), ("max_tokens", "many"), ("tools", "no json"), ("logit_bias", "[1"), ("seed", "1.5x"), ("n", True)],
)
def test_a_literal_that_cannot_be_sent_does_not_load(tmp_path: Path, name: str, value: Any) -> None:
    with pytest.raises(NodeInputError, match=f"'{name}' of node 'ask'"):
        ask(tmp_path, scripted()["model"], inputs={name: value})
    record = ask(tmp_path, scripted()["model"], inputs={name: "${inputs.v}"}).run({"v": value})
    assert record.error.code == "InvalidModelParameter"


@pytest.mark.parametrize(
    "functions",
    ["x", [1], [{"name": "f"}], [{"parameters": {}}], [{"name": "f", "parameters": {"type": "object"}}],
     [{"name": "f", "parameters": {"type": "array", "properties": {}}}]],
)  # fmt: skip
def test_functions_that_are_none(functions: Any) -> None:
    with pytest.raises((FunctionsError, ModelParameterError), match="function"):
        request_parameters({"functions": functions}, "chat")


def test_choices_among_functions_and_tools() -> None:
    for choice in ("auto", "none", {"name": "f"}):
        assert request_parameters({"functions": [FUNCTION], "function_call": choice}, "chat")["function_call"] == choice
    for wrong in ("f", {"a": 1}):
        with pytest.raises(FunctionsError):
            request_parameters({"functions": [FUNCTION], "function_call": wrong}, "chat")
    assert request_parameters({"tools": [TOOL]}, "chat", azure=True)["tool_choice"] == "auto"
    assert "tool_choice" not in request_parameters({"tools": [TOOL]}, "chat")
    for wrong in (
        {"tools": [{"type": "function"}]},
        {"tools": [TOOL], "tool_choice": "f"},
        {"tools": [TOOL], "tool_choice": {"type": "function"}},
    ):
        with pytest.raises(ToolsError):
            request_parameters(wrong, "chat", azure=True)
        request_parameters(wrong, "chat")


def test_a_failed_call_is_tried_again_and_the_record_tells(tmp_path: Path) -> None:
    script = (
        "rules:\n- times: 2\n  error: {status: 429, retry_after_s: 0.01}\n"
        "- times: 1\n  error: {status: 503, retry_after_s: 0.01}\n- answer: done\n"
    )
    told: list[FlowTestEvent] = []
    record = ask(tmp_path, scripted(script)["model"]).run({}, on_event=told.append)
    assert record.outputs == {"out": "done"}
    logs = "".join(record.node("ask").logs)
    assert logs.count("Trying again in") == 3
    running = [event.node.logs or "" for event in told if event.node is not None and event.node.status == "running"]
    assert [logs.count("Trying again in") for logs in running] == [0, 1, 2, 3]
    assert "HTTP 429" in logs
    assert "HTTP 503" in logs


@pytest.mark.parametrize(
    ("error", "tries"), [("{status: 400}", 1), ("{status: 401}", 1), ("{status: 429, code: insufficient_quota}", 1), ("{status: 422}", 3)]
)
def test_what_will_not_get_better_is_not_tried_again(tmp_path: Path, error: str, tries: int) -> None:
    record = ask(tmp_path, scripted(f"rules: [{{error: {error}}}]")["model"]).run({})
    assert record.status == "failed"
    assert len([line for line in record.node("ask").logs if "Trying again" in line]) == tries - 1


def test_how_patient_nodes_are() -> None:
    limited, failed, unprocessable = ModelRateLimitedError("x"), RetriableError("x"), ModelRequestRefusedError("x", upstream_status=422)
    assert PATIENT.wait_s(50, limited) is not None
    assert PATIENT.wait_s(100, limited) is None
    assert (PATIENT.wait_s(6, failed) is None, PATIENT.wait_s(7, failed)) == (False, None)
    assert (PATIENT.wait_s(2, unprocessable, 2) is None, PATIENT.wait_s(3, unprocessable, 3)) == (False, None)
    assert 30 <= (PATIENT.wait_s(20, limited) or 0) <= 60
    limited.retry_after_s = 40.0
    assert PATIENT.wait_s(1, limited) == 40.0
    limited.retry_after_s = 61.0
    assert PATIENT.wait_s(1, limited) is None


def test_a_retry_can_be_canceled(tmp_path: Path) -> None:
    import asyncio

    flow = ask(tmp_path, scripted("rules: [{error: {status: 429, retry_after_s: 50}}]")["model"])

    async def canceled() -> None:
        task = asyncio.create_task(flow.run_async({}))
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.wait_for(asyncio.wait({task}), 5)
        assert task.cancelled()

    asyncio.run(canceled())


def test_a_stream_is_tried_again_before_its_first_piece(tmp_path: Path) -> None:
    script = "rules:\n- times: 1\n  error: {status: 500, retry_after_s: 0.01}\n- answer: one two three\n"
    events: list[Any] = []
    record = ask(tmp_path, scripted(script)["model"]).run({}, events.append)
    assert "".join(event.text for event in events if event.kind == "chunk") == "one two three" == record.outputs["out"]
    assert "HTTP 500" in "".join(record.node("ask").logs)


def test_tool_calls_in_a_history(tmp_path: Path, models: tuple[str, list[Any]]) -> None:
    url, seen = models
    template = (
        "{% for item in q %}\n{% if item.calls %}\nassistant:\n## tool_calls:\n{{item.calls}}\n{% else %}\n"
        "tool:\n## tool_call_id:\n{{item.id}}\n## content:\n{{item.text}}\n{% endif %}\n{% endfor %}\nuser:\nGo on.\n"
    )
    calls = [{"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"a": [1, 2]}'}}]
    ask(tmp_path, {"type": "serverless", "api_base": url}, template)(
        q=[{"calls": calls}, {"id": "1", "text": "## name:\nuser\n## content:\nx"}]
    )
    assert seen[0][2]["messages"] == [
        {"role": "assistant", "tool_calls": calls},
        {"role": "tool", "tool_call_id": "1", "content": "## name:\nuser\n## content:\nx"},
        {"role": "user", "content": "Go on."},
    ]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "BadRequestError"),
        (401, "AuthenticationError"),
        (403, "PermissionDeniedError"),
        (404, "NotFoundError"),
        (409, "ConflictError"),
        (422, "UnprocessableEntityError"),
    ],
)
def test_a_models_failure_has_the_name_that_users_know(tmp_path: Path, status: int, code: str) -> None:
    record = ask(tmp_path, scripted(f"rules: [{{error: {{status: {status}, message: no way}}}}]")["model"]).run({})
    assert record.error.code == code
    tree = record.error.extra["error"]
    assert (tree["code"], tree["innerError"]["code"], tree["innerError"]["innerError"]["code"]) == ("UserError", "OpenAIError", code)
    assert "no way" in tree["message"]


def test_a_model_that_cannot_be_reached(tmp_path: Path) -> None:
    client = ModelClient("http://127.0.0.1:1/v1", retries=Retries(attempts=1))

    class Nowhere:
        def resolve(self, connection: str, model: str) -> ChatTarget:
            return ChatTarget(client=client, model=f"{connection}/{model}", provider="x", remote_span=True)

    dag = {"inputs": {}, "outputs": {"out": {"type": "object", "reference": "${ask}"}}, "nodes": [llm_node("ask")]}
    flow = load_flow(write_flow(tmp_path, dag, ask__jinja2="user:\nhi\n"), resolver=Nowhere())
    try:
        assert flow.run({}).error.code == "APIConnectionError"
    finally:
        bridge.run(client.close())
