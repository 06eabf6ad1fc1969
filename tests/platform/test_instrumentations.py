"""Applications instrumented the stock way send their traces to a running platform: with prompts, tokens and costs, as one tree."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.wire.connections import ConnectionWrite
from flowyard.wire.traces import TraceDetail
from support.installation import Platform

pytestmark = pytest.mark.integration

# The environment that `make .make/tests` makes of tests/support/llama_index: LlamaIndex wants an older openai than the others.
LLAMA_INDEX = Path(__file__).resolve().parents[2] / ".make/llama-index/bin/python"

BEGIN = """
import os
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
model = os.environ["MODEL"]
"""
CALLS = {
    "openai": """
from openai import OpenAI
def ask(headers):
    messages = [{"role": "user", "content": "What is the weather in Oslo?"}]
    return OpenAI().chat.completions.create(model=model, messages=messages, max_tokens=20, extra_headers=headers).choices[0].message.content
""",
    "LangChain": """
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI
def ask(headers):
    prompt = ChatPromptTemplate.from_messages([("user", "What is the weather in {city}?")])
    chain = prompt | ChatOpenAI(model=model, max_tokens=20, default_headers=headers) | StrOutputParser()
    return chain.invoke({"city": "Oslo"})
""",
    "LlamaIndex": """
from llama_index.core.chat_engine import SimpleChatEngine
from llama_index.llms.openai import OpenAI
from llama_index.llms.openai_like import OpenAILike
def ask(headers):
    # OpenAI takes OpenAI's models only.
    client = OpenAI if model == "gpt-4o-mini" else OpenAILike
    more = {} if client is OpenAI else {"is_chat_model": True}
    llm = client(model=model, api_base=os.environ["OPENAI_BASE_URL"], max_tokens=20, default_headers=headers, **more)
    return str(SimpleChatEngine.from_defaults(llm=llm).chat("What is the weather in Oslo?"))
""",
}
INSTRUMENTATIONS = {
    "openai with OpenInference": ("openinference.instrumentation.openai.OpenAIInstrumentor",),
    "openai with OpenLLMetry": ("opentelemetry.instrumentation.openai.OpenAIInstrumentor",),
    "LangChain with OpenInference": ("openinference.instrumentation.langchain.LangChainInstrumentor",),
    "LangChain with OpenLLMetry": ("opentelemetry.instrumentation.langchain.LangchainInstrumentor",),
    "LlamaIndex with OpenInference": ("openinference.instrumentation.llama_index.LlamaIndexInstrumentor",),
    # Calls of OpenAI's models are left to the other one.
    "LlamaIndex with OpenLLMetry": (
        "opentelemetry.instrumentation.llamaindex.LlamaIndexInstrumentor",
        "opentelemetry.instrumentation.openai.OpenAIInstrumentor",
    ),
}
END = """
with trace.get_tracer("app").start_as_current_span("handle") as span:
    span.set_attribute("session.id", os.environ["SESSION"])
    headers = {}
    propagate.inject(headers)
    print(ask(headers))
provider.shutdown()
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, model_store: Path) -> Iterator[Platform]:
    """A platform with the local model, and a connection to a provider that answers from a script."""
    with Platform.up(tmp_path_factory.mktemp("home"), model_store) as opened:
        script = "rules:\n  - match: '(?i)weather in (\\w+)'\n    answer: It is sunny in $1.\n"
        ws = Workspace(url=opened.url, api_key=opened.api_key)
        ws.connections.replace(ConnectionWrite(name="fake", type="scripted", configs={"script": script}))
        yield opened


@pytest.fixture(scope="module")
def ws(running: Platform) -> Workspace:
    return Workspace(url=running.url, api_key=running.api_key)


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


def run_application(name: str, running: Platform, *, base_url: str, key: str, model: str, session: str) -> str:
    """Run an application as its own program would run, and return what the model answered."""
    package = name.split(maxsplit=1)[0]
    parts = [instrumentor.rpartition(".") for instrumentor in INSTRUMENTATIONS[name]]
    instrument = "".join(f"from {module} import {made}\n{made}().instrument(tracer_provider=provider)\n" for module, _, made in parts)
    python = str(LLAMA_INDEX) if package == "LlamaIndex" else sys.executable
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "OPENAI_", "FLOWYARD_"))}
    environment |= {
        "OTEL_EXPORTER_OTLP_ENDPOINT": running.url,
        "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{running.api_key}",
        "OTEL_SERVICE_NAME": "weather-app",
        "OPENAI_BASE_URL": base_url,
        "OPENAI_API_KEY": key,
        "MODEL": model,
        "SESSION": session,
    }
    command = [python, "-c", BEGIN + instrument + CALLS[package] + END]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Failed to export" not in done.stderr, done.stderr[-3000:]
    return done.stdout.strip()


def trace_of(ws: Workspace, session: str, spans: int) -> TraceDetail:
    deadline = time.monotonic() + 20
    while True:
        found = list(ws.traces.list(q=f"session:{session}"))
        detail = ws.traces.get(found[0].trace_id) if found else None
        if detail is not None and len(detail.spans) >= spans:
            return detail
        assert time.monotonic() < deadline, f"{len(detail.spans) if detail else 0} spans came"
        time.sleep(0.1)


def is_one_tree(detail: TraceDetail) -> bool:
    known = {span.span_id for span in detail.spans}
    return [span.name for span in detail.spans if span.parent_id not in known] == ["handle"]


@pytest.mark.parametrize("name", INSTRUMENTATIONS)
def test_an_application_that_calls_a_provider(running: Platform, ws: Workspace, upstream: str, name: str) -> None:
    session = f"direct-{list(INSTRUMENTATIONS).index(name)}"
    url = upstream.rstrip("/")
    base_url = url if url.endswith("/v1") else f"{url}/v1"
    answer = run_application(name, running, base_url=base_url, key="any", model="gpt-4o-mini", session=session)
    assert answer == "It is sunny in Oslo."
    detail = trace_of(ws, session, 2)
    calls = [span for span in detail.spans if span.kind == "llm" and span.prompt_tokens]
    assert [span.model for span in calls] == ["gpt-4o-mini"]
    (call,) = calls
    assert call.completion_tokens
    assert call.cost is not None
    assert int(call.cost.micros) > 0
    assert detail.trace.cost == call.cost
    assert (detail.trace.prompt_tokens, detail.trace.completion_tokens) == (call.prompt_tokens, call.completion_tokens)
    assert "weather in Oslo" in json.dumps(call.attributes["gen_ai.input.messages"])
    assert answer in json.dumps(call.attributes["gen_ai.output.messages"])
    assert is_one_tree(detail)
    assert any(found.trace_id == detail.trace.trace_id for found in ws.traces.list(q='"sunny in oslo" model:gpt-4o-mini'))


@pytest.mark.parametrize(
    ("name", "model"),
    [
        *((name, "smollm2-135m") for name in INSTRUMENTATIONS),
        *((name, "fake/gpt-4o-mini") for name in INSTRUMENTATIONS if name.startswith("openai")),
    ],
)
def test_a_call_through_the_gateway_is_one_tree_and_counts_once(running: Platform, ws: Workspace, name: str, model: str) -> None:
    session = f"gateway-{list(INSTRUMENTATIONS).index(name)}-{model.partition('/')[0]}"
    before = ws.telemetry.figures(["count", "tokens"], since="1h", q=f"model:{model}").rows[0]
    answer = run_application(name, running, base_url=f"{running.url}/v1", key=running.api_key, model=model, session=session)
    detail = trace_of(ws, session, 3)
    assert {"handle", f"chat {model}"} <= {span.name for span in detail.spans}
    assert is_one_tree(detail)
    ours = next(span for span in detail.spans if span.name == f"chat {model}" and "scope.name" not in span.attributes)
    assert ours.prompt_tokens
    assert ours.completion_tokens
    assert ours.cost is not None
    assert int(ours.cost.micros) == 0, "what runs here costs nothing"
    assert "weather in Oslo" in json.dumps(ours.attributes["gen_ai.input.messages"])
    assert json.dumps(answer)[1:-1] in json.dumps(ours.attributes["gen_ai.output.messages"])
    assert (detail.trace.prompt_tokens, detail.trace.completion_tokens) == (ours.prompt_tokens, ours.completion_tokens)
    assert detail.trace.cost == ours.cost
    after = ws.telemetry.figures(["count", "tokens"], since="1h", q=f"model:{model}").rows[0]
    assert int(after[0] or 0) - int(before[0] or 0) == 1
    assert int(after[1] or 0) - int(before[1] or 0) == ours.prompt_tokens + ours.completion_tokens
