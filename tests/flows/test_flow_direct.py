"""A quick flow is answered by a call, as it is on the loop."""

import json
from pathlib import Path
from typing import Any

import urllib3

from flowyard.flows import load_flow
from flowyard.flows.serving import create_app
from support.asgi_server import serving
from support.flow_folders import python_node, write_flow

DAG = {
    "inputs": {"x": {"type": "int"}},
    "outputs": {"out": {"type": "int", "reference": "${a}"}, "score": {"type": "int", "reference": "${a}", "evaluation_only": True}},
    "nodes": [python_node("a", x="${inputs.x}")],
}
DIVIDE = "from promptflow.core import tool\n\n@tool\ndef run(x):\n    return 10 // x\n"


def post(url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> urllib3.BaseHTTPResponse:
    sent = {"content-type": "application/json"} | (headers or {})
    return urllib3.request("POST", url, body=json.dumps(body).encode(), headers=sent, retries=False, timeout=20)


def test_a_quick_flow_is_answered_by_a_call_as_it_is_on_the_loop(tmp_path: Path) -> None:
    app: Any = create_app(load_flow(write_flow(tmp_path, DAG, a__py=DIVIDE)), token="t", limit=1000)
    headers = {b"flowyard-replica-token": b"t", b"content-type": b"application/json"}
    body = b'{"x": 5}'
    assert app.direct(headers, body) is None, "nobody knows yet that it is quick"
    with serving(app) as url:
        for _ in range(33):
            assert post(f"{url}/score", {"x": 5}, {"flowyard-replica-token": "t"}).json() == {"out": 2}
        for given in ({"x": 5}, {"x": 0}):
            general = post(f"{url}/score", given, {"flowyard-replica-token": "t"})
            head, _, answered = app.direct(headers, json.dumps(given).encode()).partition(b"\r\n\r\n")
            fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
            assert int(head.split()[1]) == general.status
            assert fields[b"content-type"].decode() == general.headers["content-type"]
            assert len(fields[b"flowyard-trace-id"]) == len(general.headers["flowyard-trace-id"])
            assert json.loads(answered) == general.json()
    assert app.direct(headers | {b"flowyard-replica-token": b"u"}, body) is None
    assert app.direct(headers | {b"accept": b"text/event-stream"}, body) is None
    assert app.direct(headers | {b"accept": b"image/png"}, body) is None
    assert app.direct(headers, b"not JSON") is None
    assert app.direct(headers, b"{}") is None
    assert app.direct(headers, body + b" " * 1000) is None


def test_a_line_that_is_answered_by_a_call_leaves_no_context_behind(tmp_path: Path) -> None:
    tool = "from contextvars import ContextVar\nfrom promptflow.core import tool\nseen = ContextVar('seen', default=0)\n\n"
    tool += "@tool\ndef run(x):\n    before = seen.get()\n    seen.set(x)\n    return before\n"
    app: Any = create_app(load_flow(write_flow(tmp_path, DAG, a__py=tool)))
    with serving(app) as url:
        for _ in range(33):
            post(f"{url}/score", {"x": 5})
    assert [app.direct({}, b'{"x": 7}').endswith(b'{"out":0}') for _ in range(3)] == [True] * 3
