"""What a judge sends to a server that speaks the protocol, and what it does when the server refuses part of it."""

import gc
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from flowyard.evaluation import FluencyEvaluator
from flowyard.flows.errors import LineFailedError


class Server:
    """Keeps what it was asked, and refuses the parameters that it does not know."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.refuses: dict[str, str] = {}
        self.url = ""

    def answer(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.asked.append((path, headers, body))
        for name, message in self.refuses.items():
            if name in body:
                return 400, {"error": {"message": message, "type": "invalid_request_error", "param": name}}
        content = json.dumps({"reason": "r", "score": 4})
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        return 200, {"id": "1", "model": "m", "choices": [choice], "usage": {"prompt_tokens": 30, "completion_tokens": 7}}


@pytest.fixture
def server() -> Iterator[Server]:
    kept = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, answer = kept.answer(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        kept.url = f"http://127.0.0.1:{listening.server_port}"
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield kept
        listening.shutdown()


def test_openai_is_asked_as_the_prompt_says(server: Server) -> None:
    result = FluencyEvaluator({"model": "gpt", "api_key": "secret", "base_url": f"{server.url}/v1"})(response="Fine.")
    assert (result["fluency"], result["fluency_properties"]["total_tokens"]) == (4.0, 37)
    path, headers, body = server.asked[0]
    assert (path, headers["authorization"]) == ("/v1/chat/completions", "Bearer secret")
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("gpt", 0, 800)
    assert body["response_format"]["json_schema"]["schema"]["required"] == ["reason", "score"]
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "Fine." in body["messages"][1]["content"]
    assert "Fine." not in body["messages"][0]["content"]


def test_azure_is_asked_at_its_deployment(server: Server) -> None:
    place = {"azure_endpoint": server.url, "azure_deployment": "judge", "api_key": "secret", "api_version": "2024-10-21"}
    assert FluencyEvaluator(place)(response="Fine.")["fluency"] == 4.0
    path, headers, _ = server.asked[0]
    assert (path, headers["api-key"]) == ("/openai/deployments/judge/chat/completions?api-version=2024-10-21", "secret")


def test_what_a_model_refuses_by_name_is_left_out_from_then_on(server: Server) -> None:
    server.refuses = {
        "max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "temperature": "Unsupported value: 'temperature' does not support 0 with this model.",
        "response_format": "response_format of type json_schema is not supported.",
    }
    made = FluencyEvaluator({"model": "m", "api_key": "k", "base_url": f"{server.url}/v1"})
    assert made(response="Fine.")["fluency"] == 4.0
    assert len(server.asked) == 4
    assert made(response="Fine again.")["fluency"] == 4.0
    assert len(server.asked) == 5
    assert not {"max_tokens", "temperature", "response_format"} & set(server.asked[-1][2])


def test_another_refusal_fails_the_row_at_once(server: Server) -> None:
    server.refuses = {"messages": "The content was filtered."}
    with pytest.raises(LineFailedError, match="The content was filtered"):
        FluencyEvaluator({"model": "m", "api_key": "k", "base_url": f"{server.url}/v1"})(response="Fine.")
    assert len(server.asked) == 1


def test_a_judge_that_goes_closes_its_connections(server: Server) -> None:
    connection = {"type": "open_ai", "configs": {"base_url": f"{server.url}/v1"}, "secrets": {"api_key": "k"}}
    made = FluencyEvaluator({"connection": "mine", "model": "m"}, connections={"mine": connection})
    assert made(response="Fine.")["fluency"] == 4.0
    # An open session that is collected warns, and a warning fails the test.
    del made
    for _ in range(3):
        gc.collect()
        time.sleep(0.05)
