"""A flow over HTTP, on a real server, with a scripted model."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import urllib3

from flowyard.flows import load_flow, process
from flowyard.flows.model import FlowOptions
from flowyard.flows.runtime.line import Engine
from flowyard.flows.serving import create_app
from flowyard.flows.serving.lanes import Lanes
from flowyard.flows.serving.quick import QuickPath, own_time
from flowyard.flows.serving.requests import InitConfigError, init_config
from flowyard.foundation.errors import InvalidInputError
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.sinks import MemorySink
from support.asgi_server import serving
from support.flow_folders import ECHO, llm_node, python_node, scripted, write_flow

JSON = {"content-type": "application/json"}
PYTHON_DAG = {
    "inputs": {"x": {"type": "int"}},
    "outputs": {"out": {"type": "int", "reference": "${a}"}, "score": {"type": "int", "reference": "${a}", "evaluation_only": True}},
    "nodes": [python_node("a", x="${inputs.x}")],
}
CHAT_DAG = {
    "inputs": {"question": {"type": "string", "is_chat_input": True}, "chat_history": {"type": "list", "is_chat_history": True}},
    "outputs": {
        "answer": {"type": "string", "reference": "${ask.output}", "is_chat_output": True},
        "echo": {"type": "string", "reference": "${inputs.question}"},
    },
    "nodes": [llm_node("ask", question="${inputs.question}", chat_history="${inputs.chat_history}")],
}
DIVIDE = "from promptflow.core import tool\n\n@tool\ndef run(x):\n    return 10 // x\n"


def post(url: str, body: bytes | dict[str, Any], headers: dict[str, str] | None = None, **options: Any) -> urllib3.BaseHTTPResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return urllib3.request("POST", url, body=data, headers=JSON | (headers or {}), retries=False, timeout=20, **options)


@pytest.fixture(scope="module")
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture(scope="module")
def python_url(tmp_path_factory: pytest.TempPathFactory, sink: MemorySink) -> Iterator[str]:
    flow = load_flow(write_flow(tmp_path_factory.mktemp("python"), PYTHON_DAG, a__py=DIVIDE), recorder=Recorder(sink))
    with serving(create_app(flow)) as url:
        yield url


@pytest.fixture(scope="module")
def chat_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    script = (
        "rules: [{match: slow, delay_ms: 20000, answer: late}, {match: bad, error: {status: 400, message: No.}}, {answer: one two three}]"
    )
    folder = write_flow(tmp_path_factory.mktemp("chat"), CHAT_DAG, ask__jinja2="user:\n{{question}}\n")
    with serving(create_app(load_flow(folder, scripted(script)))) as url:
        yield url


def test_score(python_url: str) -> None:
    answer = post(f"{python_url}/score", {"x": "5"})
    assert (answer.status, answer.json()) == (200, {"out": 2})


def test_a_single_input_may_come_as_plain_text(python_url: str) -> None:
    assert post(f"{python_url}/score", b"2", {"content-type": "text/plain"}).json() == {"out": 5}


@pytest.mark.parametrize(
    ("body", "status", "code", "nested"),
    [
        (b"{no", 400, "InputTypeError", "UserError"),
        (b"[1]", 400, "InvalidInput", "UserError"),
        (b"{}", 400, "InputNotFound", "UserError"),
        (b"", 400, "InputTypeError", "UserError"),
        (b'{"x": "many"}', 400, "InputTypeError", "UserError"),
        (b'{"x": 0}', 400, "ToolExecutionError", "UserError"),
        (b"\xff\xfe", 400, "InvalidInput", "UserError"),
    ],
)
def test_bad_requests_are_problems_with_prompt_flows_status(python_url: str, body: bytes, status: int, code: str, nested: str) -> None:
    answer = post(f"{python_url}/score", body)
    problem = answer.json()
    assert (answer.status, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["error"]["code"] == nested
    assert problem["error"]["message"] == problem["detail"]
    assert "traceback" not in answer.data.decode().lower()


def test_a_failure_says_node_file_and_line(python_url: str) -> None:
    problem = post(f"{python_url}/score", {"x": 0}).json()
    assert problem["location"] == {"file": "a.py", "line": 5}
    assert problem["extra"]["node"] == "a"


def test_a_large_body_is_refused(tmp_path: Path) -> None:
    flow = load_flow(write_flow(tmp_path, PYTHON_DAG, a__py=ECHO))
    with serving(create_app(flow, limit=100)) as url:
        assert post(f"{url}/score", b" " * 200).status == 413
        chunks = iter([b" " * 80, b" " * 80])
        answer = urllib3.request("POST", f"{url}/score", body=chunks, headers=JSON, retries=False)
        assert answer.status == 413


def test_other_routes(python_url: str) -> None:
    assert urllib3.request("GET", f"{python_url}/health").json()["status"] == "Healthy"
    assert urllib3.request("GET", f"{python_url}/version").status == 200
    assert urllib3.request("GET", f"{python_url}/nothing").status == 404
    assert urllib3.request("GET", f"{python_url}/score").status == 404


def test_swagger(python_url: str, chat_url: str) -> None:
    plain = urllib3.request("GET", f"{python_url}/swagger.json").json()
    operation = plain["paths"]["/score"]["post"]
    assert operation["requestBody"]["content"]["application/json"]["schema"] == {
        "type": "object",
        "properties": {"x": {"type": "integer"}},
        "required": ["x"],
    }
    assert list(operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]) == ["out"]
    assert plain["paths"]["/feedback"]["post"]["parameters"][0]["name"] == "flatten"
    chat = urllib3.request("GET", f"{chat_url}/swagger.json").json()["paths"]["/score"]["post"]
    properties = chat["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert properties["question"]["x-chat-input"]
    assert properties["chat_history"]["x-chat-history"]
    assert chat["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["answer"]["x-chat-output"]


def test_swagger_shows_the_flows_sample(tmp_path: Path) -> None:
    folder = write_flow(tmp_path, PYTHON_DAG, a__py=ECHO, samples__json='[{"x": 41}]')
    with serving(create_app(load_flow(folder))) as url:
        swagger = urllib3.request("GET", f"{url}/swagger.json").json()
        assert swagger["paths"]["/score"]["post"]["requestBody"]["content"]["application/json"]["example"] == {"x": 41}


def test_a_token_guards_the_flow(tmp_path: Path) -> None:
    flow = load_flow(write_flow(tmp_path, PYTHON_DAG, a__py=ECHO))
    with serving(create_app(flow, token="t0k3n")) as url:
        assert post(f"{url}/score", {"x": 1}).status == 401
        assert post(f"{url}/score", {"x": 1}, {"flowyard-replica-token": "wrong"}).status == 401
        assert post(f"{url}/score", {"x": 1}, {"flowyard-replica-token": "t0k3n"}).json() == {"out": 1}
        assert urllib3.request("GET", f"{url}/health").status == 200


def test_traceparent_is_honoured(python_url: str, sink: MemorySink) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = post(f"{python_url}/score", {"x": 1}, {"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    assert answer.headers["flowyard-trace-id"] == trace
    spans = [span for span in sink.records if span.trace_id == trace]
    assert {span.kind for span in spans} == {"flow", "node"}
    assert next(span.parent_id for span in spans if span.kind == "flow") == "b7ad6b7169203331"


def test_chat_as_json(chat_url: str) -> None:
    answer = post(f"{chat_url}/score", {"question": "hi"}, {"accept": "application/json"})
    assert answer.json() == {"answer": "one two three", "echo": "hi"}


def events(answer: urllib3.BaseHTTPResponse) -> list[Any]:
    return [json.loads(line[6:]) for line in answer.data.decode().split("\n") if line.startswith("data: ")]


def test_chat_as_a_stream(chat_url: str) -> None:
    answer = post(f"{chat_url}/score", {"question": "hi"}, {"accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = events(answer)
    assert found[0] == {"echo": "hi"}
    assert len(found) > 2
    assert "".join(event["answer"] for event in found[1:]) == "one two three"


def test_what_does_not_stream_is_json_for_who_takes_it(python_url: str) -> None:
    assert post(f"{python_url}/score", {"x": 5}, {"accept": "text/event-stream, application/json"}).json() == {"out": 2}
    assert post(f"{python_url}/score", {"x": 5}, {"accept": "text/event-stream, */*;q=0.1"}).json() == {"out": 2}
    assert post(f"{python_url}/score", {"x": 0}, {"accept": "text/event-stream"}).status == 400


@pytest.mark.parametrize("accept", ["text/event-stream", "text/html", "image/png, text/html"])
def test_an_answer_that_the_caller_does_not_take_is_406(python_url: str, accept: str) -> None:
    answer = post(f"{python_url}/score", {"x": 5}, {"accept": accept})
    assert (answer.status, answer.json()["code"]) == (406, "NotAcceptable")
    assert answer.json()["error"]["message"].startswith(f"Media type {accept} in Accept header is not acceptable.")


def test_json_is_read_whatever_its_type_is_said_to_be(python_url: str) -> None:
    assert post(f"{python_url}/score", b'{"x": 5}', {"content-type": "text/plain"}).json() == {"out": 2}


def test_text_for_several_inputs_is_refused(chat_url: str) -> None:
    answer = post(f"{chat_url}/score", b"hello")
    assert (answer.status, answer.json()["code"]) == (400, "InvalidInput")
    assert "more than one input" in answer.json()["detail"]


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}


def feedback_spans(sink: MemorySink) -> list[Any]:
    return [span for span in sink.records if span.name == "promptflow-feedback"]


def test_feedback_joins_the_trace_of_its_answer(python_url: str, sink: MemorySink) -> None:
    answer = post(f"{python_url}/score", {"x": 5}, TRACEPARENT)
    said = post(f"{python_url}/feedback", b'{"stars": 5}', TRACEPARENT | {"baggage": "user=ann%20b;p=1, broken, team=red"})
    assert (said.status, said.json()) == (200, {"status": "Feedback received."})
    assert said.headers["flowyard-trace-id"] == answer.headers["flowyard-trace-id"] == TRACE
    span = feedback_spans(sink)[-1]
    assert (span.trace_id, span.parent_id) == (TRACE, "00f067aa0ba902b7")
    assert span.attributes == {"feedback": '{"stars": 5}', "user": "ann b", "team": "red"}


@pytest.mark.parametrize(
    ("body", "score"),
    [
        ({"value": 1}, ("feedback", 1.0, None, None)),
        ({"value": False, "comment": "wrong city"}, ("feedback", 0.0, None, "wrong city")),
        ({"name": "tone", "label": "kind"}, ("tone", None, "kind", None)),
        ({"name": "<b>", "value": 0.25}, ("feedback", 0.25, None, None)),
        ({"value": "5", "comment": "stars"}, ("feedback", None, None, "stars")),
        ({"value": 10**400, "label": ""}, None),
        ({"stars": 5}, None),
        ([{"value": 1}], None),
    ],
)
def test_feedback_that_says_a_score_is_one(python_url: str, sink: MemorySink, body: Any, score: tuple[Any, ...] | None) -> None:
    before = len(sink.scores)
    assert post(f"{python_url}/feedback", body, TRACEPARENT).status == 200
    found = [(one.name, one.value, one.label, one.comment) for one in sink.scores[before:]]
    assert found == ([] if score is None else [score])
    assert all(one.trace_id == TRACE for one in sink.scores)
    assert post(f"{python_url}/feedback", body).status == 200
    assert len(sink.scores) == before + len(found)


@pytest.mark.parametrize(
    ("body", "attributes"),
    [
        (b'{"stars": 5, "why": {"a": [1]}, "tags": ["x", {"y": 1}], "ok": true}',
         {"stars": 5, "why": '{"a": [1]}', "tags": ["x", '{"y": 1}'], "ok": True}),
        (b"[1, 2]", {"feedback": "[1, 2]"}),
        (b"plain words", {"feedback": "plain words"}),
        (b"", {"feedback": ""}),
    ],
)  # fmt: skip
def test_flattened_feedback(python_url: str, sink: MemorySink, body: bytes, attributes: dict[str, Any]) -> None:
    assert post(f"{python_url}/feedback?flatten=true", body).status == 200
    assert feedback_spans(sink)[-1].attributes == attributes


def test_feedback_has_a_limit_and_needs_the_token(tmp_path: Path) -> None:
    flow = load_flow(write_flow(tmp_path, PYTHON_DAG, a__py=ECHO))
    with serving(create_app(flow, token="t0k3n")) as url:
        assert post(f"{url}/feedback", b"{}").status == 401
        assert post(f"{url}/feedback", b"x" * 2_000_000, {"flowyard-replica-token": "t0k3n"}).status == 413
        assert post(f"{url}/feedback", b"{}", {"flowyard-replica-token": "t0k3n"}).json() == {"status": "Feedback received."}


def test_a_large_body_and_answer(tmp_path: Path) -> None:
    dag = {"inputs": {"x": {"type": "string"}}, "outputs": {"out": {"type": "string", "reference": "${a}"}}, "nodes": PYTHON_DAG["nodes"]}
    text = "ä" * 3_000_000
    with serving(create_app(load_flow(write_flow(tmp_path, dag, a__py=ECHO)))) as url:
        assert post(f"{url}/score", {"x": text}).json() == {"out": text}


def test_the_body_of_a_flow_without_inputs_is_not_looked_at(tmp_path: Path) -> None:
    dag = {"outputs": {"out": {"type": "int", "reference": "${a}"}}, "nodes": [python_node("a", x=7)]}
    with serving(create_app(load_flow(write_flow(tmp_path, dag, a__py=ECHO)))) as url:
        assert post(f"{url}/score", b"anything").json() == {"out": 7}


def test_a_stream_that_fails_ends_with_an_error_event(chat_url: str) -> None:
    answer = post(f"{chat_url}/score", {"question": "bad"}, {"accept": "text/event-stream"})
    assert b"event: error" in answer.data
    assert events(answer)[-1]["code"] == "BadRequestError"


def test_a_client_that_goes_away_ends_the_line(chat_url: str) -> None:
    with pytest.raises(urllib3.exceptions.TimeoutError):
        urllib3.request("POST", f"{chat_url}/score", body=b'{"question": "slow"}', headers=JSON, timeout=0.3, retries=False)
    began = time.monotonic()
    assert post(f"{chat_url}/score", {"question": "hi"}).status == 200
    assert time.monotonic() - began < 10


def test_included_fields(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat_url: str) -> None:
    monkeypatch.setenv("PROMPTFLOW_RESPONSE_INCLUDED_FIELDS", '["echo"]')
    folder = write_flow(tmp_path, CHAT_DAG, ask__jinja2="user:\n{{question}}\n")
    with serving(create_app(load_flow(folder, scripted()))) as url:
        assert post(f"{url}/score", {"question": "hi"}).json() == {"echo": "hi"}
        swagger = urllib3.request("GET", f"{url}/swagger.json").json()["paths"]["/score"]["post"]
        assert list(swagger["responses"]["200"]["content"]["application/json"]["schema"]["properties"]) == ["echo"]


def test_included_fields_bring_back_what_is_for_evaluation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PF_RESPONSE_INCLUDED_FIELDS", '["score"]')
    with serving(create_app(load_flow(write_flow(tmp_path, PYTHON_DAG, a__py=DIVIDE)))) as url:
        assert post(f"{url}/score", {"x": 5}).json() == {"score": 2}


@pytest.mark.parametrize("value", ["answer", "{}", "[1]"])
def test_included_fields_that_are_no_list_of_names_stop_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PROMPTFLOW_RESPONSE_INCLUDED_FIELDS", value)
    flow = load_flow(write_flow(tmp_path, PYTHON_DAG, a__py=DIVIDE))
    with pytest.raises(InvalidInputError, match="no JSON list of names"):
        create_app(flow)


def test_arguments_of_a_class_from_the_environment() -> None:
    assert init_config({"PF_FLOW_INIT_CONFIG": '{"word": "w", "n": 2}'}) == {"word": "w", "n": 2}
    assert init_config({}) == {}
    for text in ("{", "[1]"):
        with pytest.raises(InitConfigError, match="can't be deserialized"):
            init_config({"PF_FLOW_INIT_CONFIG": text})


def test_generators_stream_too(tmp_path: Path) -> None:
    tool = "from promptflow.core import tool\n\n@tool\ndef run(x):\n    for n in range(x):\n        yield str(n)\n"
    with serving(
        create_app(load_flow(write_flow(tmp_path, PYTHON_DAG | {"outputs": {"out": {"type": "string", "reference": "${a}"}}}, a__py=tool)))
    ) as url:
        assert [event["out"] for event in events(post(f"{url}/score", {"x": 3}, {"accept": "text/event-stream"}))] == ["0", "1", "2"]
        assert post(f"{url}/score", {"x": 3}).json() == {"out": "012"}


def test_the_loop_runs_only_flows_that_are_quick_for_long() -> None:
    path = QuickPath()
    for _ in range(31):
        path.took(50_000)
    assert not path.here
    path.took(50_000)
    assert path.here
    path.took(500_000_000)
    assert not path.here
    for _ in range(255):
        path.took(50_000)
    assert not path.here
    path.took(50_000)
    assert path.here
    for _ in range(40):
        path.took(4_000_000)
    assert not path.here
    for _ in range(5000):
        path.took(4_000_000)
    assert not path.here


def test_a_line_that_only_computes_takes_what_it_computes_and_one_that_waits_takes_what_the_clock_says() -> None:
    def compute() -> str:
        until = time.thread_time() + 0.02
        while time.thread_time() < until:
            pass
        return "computed"

    value, took_ns = own_time(compute)
    assert value == "computed"
    assert took_ns >= 15_000_000
    assert own_time(lambda: time.sleep(0.03))[1] >= 29_000_000


_SHARE = """
import os, sys, time
from flowyard.flows.serving.quick import own_time

os.sched_setaffinity(0, {int(sys.argv[1])})

def compute():
    until = time.thread_time() + 0.05
    while time.thread_time() < until:
        pass
    return time.perf_counter()

shares = []
while not shares or (min(shares) > 0.8 and len(shares) < 40):
    began = time.perf_counter()
    ended, took_ns = own_time(compute)
    shares.append(took_ns / 1e9 / (ended - began))
print(min(shares))
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processes cannot be bound to a processor here")
def test_a_line_is_not_slow_because_others_have_the_processor() -> None:
    """In a process of its own: where other threads of the process wait for the interpreter too, a line waits, and that counts."""
    processor = min(os.sched_getaffinity(0))
    busy = f"import os, time; os.sched_setaffinity(0, {{{processor}}}); end = time.monotonic() + 20\nwhile time.monotonic() < end: pass"
    with subprocess.Popen([sys.executable, "-c", busy]) as other:
        told = subprocess.run([sys.executable, "-c", _SHARE, str(processor)], capture_output=True, text=True, check=True)
        other.kill()
    assert float(told.stdout) < 0.8


async def test_lanes_grow_for_lines_that_wait() -> None:
    with ThreadPoolExecutor(16) as pool:
        waiting = Lanes(lambda: pool, 16)
        await asyncio.gather(*(waiting.run(lambda: time.sleep(0.05)) for _ in range(64)))
        assert waiting.lanes > 1
        numbers = await asyncio.gather(*(waiting.run(lambda number=number: number) for number in range(200)))
        assert numbers == list(range(200))


async def test_a_canceled_wait_for_a_lane_leaves_no_lane_behind() -> None:
    with ThreadPoolExecutor(2) as pool:
        lanes = Lanes(lambda: pool, 1)
        first = asyncio.create_task(lanes.run(lambda: time.sleep(0.05)))
        await asyncio.sleep(0)
        second = asyncio.create_task(lanes.run(lambda: 2))
        await asyncio.sleep(0)
        second.cancel()
        await first
        assert await lanes.run(lambda: 3) == 3


def test_many_requests_at_once_switch_to_the_loop_and_stay_right(python_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: post(f"{python_url}/score", {"x": number % 5 + 1}).json()["out"], range(200)))
    assert answers == [10 // (number % 5 + 1) for number in range(200)]


FLEX = """
from dataclasses import dataclass

@dataclass
class Said:
    output: str

class Speaker:
    def __init__(self, word: str = "none"):
        self.word = word

    def __call__(self, q: str):
        found = f"{self.word}:{q}"
        return {"text": found, "dict": {"output": found}, "record": Said(found), "stream": iter([found, "!"])}[q]
"""


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("question", "answer"),
    [("text", "hi:text"), ("dict", {"output": "hi:dict"}), ("record", {"output": "hi:record"}), ("stream", "hi:stream!")],
)
def test_a_flex_flow_answers_what_its_entry_returned(tmp_path: Path, question: str, answer: Any, packed: bool) -> None:
    """Also with an engine as replicas have it."""
    (tmp_path / "flow.flex.yaml").write_text("entry: speak:Speaker\n")
    (tmp_path / "speak.py").write_text(FLEX)
    flow = process.load(tmp_path, Engine(packed=packed), {}, options=FlowOptions(init={"word": "hi"}))
    with serving(create_app(flow)) as url:
        assert post(f"{url}/score", {"q": question}).json() == answer


IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_images_go_in_and_come_out(tmp_path: Path) -> None:
    dag = {
        "inputs": {"picture": {"type": "image"}},
        "outputs": {"out": {"type": "image", "reference": "${a.output}"}},
        "nodes": [python_node("a", x="${inputs.picture}")],
    }
    with serving(create_app(load_flow(write_flow(tmp_path, dag, a__py=ECHO)))) as url:
        picture = {"data:image/png;base64": IMAGE}
        assert post(f"{url}/score", {"picture": picture}).json() == {"out": picture}
        refused = post(f"{url}/score", {"picture": {"data:image/png;path": "/etc/hostname"}})
    assert (refused.status, refused.json()["error"]["code"]) == (400, "UserError")
    assert refused.json()["error"]["innerError"]["code"] == refused.json()["code"]
