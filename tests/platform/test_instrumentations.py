"""Applications instrumented the stock way send their traces to a running platform: with prompts, tokens and costs, as one tree."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.wire.traces import TraceDetail
from support.installation import Platform

pytestmark = pytest.mark.integration

BEGIN = """
import os
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
"""
OPENAI = """
from openai import OpenAI
with trace.get_tracer("app").start_as_current_span("handle") as span:
    span.set_attribute("session.id", os.environ["SESSION"])
    carrier = {}
    propagate.inject(carrier)
    answer = OpenAI().chat.completions.create(
        model=os.environ["MODEL"], messages=[{"role": "user", "content": "What is the weather in Oslo?"}], extra_headers=carrier
    )
    assert answer.choices[0].message.content == "It is sunny in Oslo.", answer
provider.shutdown()
"""
APPLICATIONS = {
    "openai with OpenInference": f"""{BEGIN}
from openinference.instrumentation.openai import OpenAIInstrumentor
OpenAIInstrumentor().instrument(tracer_provider=provider)
{OPENAI}""",
    "openai with OpenLLMetry": f"""{BEGIN}
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
OpenAIInstrumentor().instrument(tracer_provider=provider)
{OPENAI}""",
    "LangChain with OpenInference": f"""{BEGIN}
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI
from openinference.instrumentation.langchain import LangChainInstrumentor
LangChainInstrumentor().instrument(tracer_provider=provider)
prompt = ChatPromptTemplate.from_messages([("user", "What is the weather in {{city}}?")])
chain = prompt | ChatOpenAI(model=os.environ["MODEL"]) | StrOutputParser()
with trace.get_tracer("app").start_as_current_span("handle") as span:
    span.set_attribute("session.id", os.environ["SESSION"])
    assert chain.invoke({{"city": "Oslo"}}) == "It is sunny in Oslo."
provider.shutdown()
""",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform, without a model of its own."""
    models = tmp_path_factory.mktemp("models")
    with Platform.up(tmp_path_factory.mktemp("home"), models) as opened:
        yield opened


@pytest.fixture(scope="module")
def ws(running: Platform) -> Workspace:
    return Workspace(url=running.url, api_key=key_of(running))


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A provider of OpenAI's protocol that answers from a script; its address."""
    script = tmp_path_factory.mktemp("script") / "answers.yaml"
    script.write_text("rules:\n  - match: '(?i)weather in (\\w+)'\n    answer: It is sunny in $1.\n")
    command = [sys.executable, "-m", "flowyard.inference.providers.scripted_app", "--script", str(script), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        output: Any = process.stdout
        yield output.readline().strip()
        process.terminate()


def key_of(running: Platform) -> str:
    return json.loads((running.home / "credentials.json").read_text())["api_key"]


def run_application(source: str, running: Platform, *, base_url: str, key: str, model: str, session: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "OPENAI_", "FLOWYARD_"))}
    environment |= {
        "OTEL_EXPORTER_OTLP_ENDPOINT": running.url,
        "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{key_of(running)}",
        "OTEL_SERVICE_NAME": "weather-app",
        "OPENAI_BASE_URL": base_url,
        "OPENAI_API_KEY": key,
        "MODEL": model,
        "SESSION": session,
    }
    done = subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Failed to export" not in done.stderr, done.stderr[-3000:]


def trace_of(ws: Workspace, session: str, spans: int) -> TraceDetail:
    deadline = time.monotonic() + 20
    while True:
        found = list(ws.traces.list(q=f"session:{session}"))
        detail = ws.traces.get(found[0].trace_id) if found else None
        if detail is not None and len(detail.spans) >= spans:
            return detail
        assert time.monotonic() < deadline, f"{len(detail.spans) if detail else 0} spans came"
        time.sleep(0.1)


@pytest.mark.parametrize("name", APPLICATIONS)
def test_an_application_that_calls_a_provider(running: Platform, ws: Workspace, upstream: str, name: str) -> None:
    session = f"direct-{list(APPLICATIONS).index(name)}"
    url = upstream.rstrip("/")
    base_url = url if url.endswith("/v1") else f"{url}/v1"
    run_application(APPLICATIONS[name], running, base_url=base_url, key="any", model="gpt-4o-mini", session=session)
    detail = trace_of(ws, session, 2)
    calls = [span for span in detail.spans if span.kind == "llm"]
    assert [span.model for span in calls] == ["gpt-4o-mini"]
    (call,) = calls
    assert call.prompt_tokens
    assert call.completion_tokens
    assert call.cost is not None
    assert int(call.cost.micros) >= 0
    assert detail.trace.cost == call.cost
    assert (detail.trace.prompt_tokens, detail.trace.completion_tokens) == (call.prompt_tokens, call.completion_tokens)
    assert "weather in Oslo" in json.dumps(call.attributes["gen_ai.input.messages"])
    assert "It is sunny in Oslo." in json.dumps(call.attributes["gen_ai.output.messages"])
    known = {span.span_id for span in detail.spans}
    assert [span.name for span in detail.spans if span.parent_id not in known] == ["handle"], "it is one tree"
    assert any(found.trace_id == detail.trace.trace_id for found in ws.traces.list(q='"sunny in oslo" model:gpt-4o-mini'))


@pytest.mark.parametrize("name", [name for name in APPLICATIONS if name.startswith("openai")])
def test_a_call_through_the_gateway_is_one_tree_and_counts_once(running: Platform, ws: Workspace, upstream: str, name: str) -> None:
    from flowyard.wire.connections import ConnectionWrite

    script = "rules:\n  - match: '(?i)weather in (\\w+)'\n    answer: It is sunny in $1.\n"
    ws.connections.replace(ConnectionWrite(name="fake", type="scripted", configs={"script": script}))
    session = f"gateway-{list(APPLICATIONS).index(name)}"
    before = ws.telemetry.figures(["count", "tokens"], since="1h", q="model:fake/gpt-4o-mini").rows[0]
    run_application(
        APPLICATIONS[name], running, base_url=f"{running.url}/v1", key=key_of(running), model="fake/gpt-4o-mini", session=session
    )
    detail = trace_of(ws, session, 3)
    assert {"handle", "chat fake/gpt-4o-mini"} <= {span.name for span in detail.spans}
    known = {span.span_id for span in detail.spans}
    assert [span.name for span in detail.spans if span.parent_id not in known] == ["handle"], "it is one tree"
    ours = next(span for span in detail.spans if span.name == "chat fake/gpt-4o-mini" and "scope.name" not in span.attributes)
    assert (detail.trace.prompt_tokens, detail.trace.cost) == (ours.prompt_tokens, ours.cost)
    after = ws.telemetry.figures(["count", "tokens"], since="1h", q="model:fake/gpt-4o-mini").rows[0]
    assert int(after[0] or 0) - int(before[0] or 0) == 1
    assert int(after[1] or 0) - int(before[1] or 0) == (ours.prompt_tokens or 0) + (ours.completion_tokens or 0)
