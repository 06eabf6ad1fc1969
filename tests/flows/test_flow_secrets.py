"""Known secret values are in no record, event, span or log of a flow, however a node lets them out."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows.flow import LoadedFlow
from flowyard.flows.runtime import capture
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.line_spool import encode_line, encode_nodes, json_of, spooled
from flowyard.flows.runtime.secrets import scrubber
from flowyard.flows.runtime.spans import emit_spans
from flowyard.foundation.codecs import to_json
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.recorder import Recorder
from support.flow_folders import python_node, write_flow

SECRET = "sk-Very/Secret+0123456789"
HEAD = "import base64, sys, urllib.parse\nfrom promptflow.core import tool\nfrom promptflow.connections import CustomConnection\n\n"
TOOL = "@tool\ndef run(box: CustomConnection):\n    key = box.key\n    {}\n"
WAYS = {
    "returned": "return {'a': [key], key: 'b'}",
    "streamed": "yield from ['x', key, 'y']",
    "printed": "print('the key', key); return 1",
    "printed in pieces": "print(key[:9], end=''); print(key[9:]); return 1",
    "on standard error": "sys.stderr.write(key); return 1",
    "raised": "raise ValueError('cannot use ' + key)",
    "raised url-encoded": "raise ValueError('https://host/?key=' + urllib.parse.quote_plus(key))",
    "returned as basic authorization": "return 'Basic ' + base64.b64encode(('user:' + key).encode()).decode()",
    "in a traceback": "raise RuntimeError from ValueError(key)",
    "retried": "raise KeyError(key)",
}


class Spans:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.spans: list[SpanRecord] = []

    def emit(self, record: SpanRecord) -> None:
        self.spans.append(record)


def secretive(folder: Path, way: str, *, packed: bool = False, is_async: bool = False) -> LoadedFlow:
    """Return a flow whose node lets its connection's secret out in that way."""
    body = WAYS[way].replace("yield from ['x', key, 'y']", "for piece in ['x', key, 'y']:\n        yield piece")
    code = HEAD + TOOL.format(body)
    node = {**python_node("n", box="box")} | ({"retry": {"max_attempts": 2, "delay_s": 0}} if way == "retried" else {})
    dag = {"outputs": {"o": {"type": "string", "reference": "${n.output}"}}, "nodes": [node]}
    write_flow(folder, dag, n__py=code.replace("def run", "async def run") if is_async else code)
    given = {"box": {"type": "custom", "configs": {}, "secrets": {"key": SECRET}}}
    return LoadedFlow.load(folder, Engine(scrub=scrubber(given), packed=packed), given)


def is_without_secret(text: str) -> bool:
    """Whether the secret is masked, and there in none of its forms."""
    forms = (SECRET, json.dumps(SECRET)[1:-1], "sk-Very%2FSecret%2B0123456789", base64.b64encode(f"user:{SECRET}".encode()).decode())
    return "******" in text and not any(form in text for form in forms)


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_in_nothing_that_replicas_and_runs_keep(tmp_path: Path, way: str, is_async: bool) -> None:
    capture.install()
    try:
        record = secretive(tmp_path, way, packed=True, is_async=is_async).run({})
    finally:
        capture.remove()
    assert is_without_secret(encode_nodes(record.nodes).decode("utf-8", "replace"))
    assert SECRET not in encode_line(spooled(record)).decode("utf-8", "replace")
    if record.error is None and way not in {"printed", "printed in pieces", "on standard error"}:
        assert is_without_secret(json_of(record.outputs).decode())


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("way", WAYS)
def test_a_secret_gets_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str], way: str, is_async: bool) -> None:
    sink, events = Spans(), list[Any]()
    capture.install()
    try:
        flow = secretive(tmp_path, way, is_async=is_async)
        record = flow.run({}, events.append)
    finally:
        capture.remove()
    emit_spans(record, Recorder(sink, scrub=flow.engine.scrub))
    kept = to_json([record, record.node("n").result(), events, sink.spans]).decode()
    if way != "printed in pieces":  # what the process writes itself, the supervisor's log puts together line by line, and scrubs
        kept += "".join(capsys.readouterr())
    assert is_without_secret(kept)
    assert sink.spans
