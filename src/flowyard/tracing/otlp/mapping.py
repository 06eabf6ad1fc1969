"""What attributes of the many conventions mean: the tables, and the reading of one span's attributes.

Sources: OpenTelemetry's semantic conventions for GenAI (old and new names) and HTTP; OpenInference; OpenLLMetry (``traceloop.*``,
``llm.*``); prompt flow 1.18.
"""

from typing import Any, cast

from flowyard.tracing.model import SpanKind
from flowyard.tracing.otlp.messages import from_json, from_openinference, from_openllmetry, gather

#: Which attribute tells the kind, and by which words. The first that says something known decides.
KINDS: tuple[tuple[str, dict[str, SpanKind]], ...] = (
    (
        "openinference.span.kind",
        {
            "LLM": "llm",
            "EMBEDDING": "embedding",
            "RETRIEVER": "retrieval",
            "RERANKER": "retrieval",
            "TOOL": "tool",
            "CHAIN": "function",
            "AGENT": "function",
            "GUARDRAIL": "function",
            "EVALUATOR": "function",
            "PROMPT": "function",
        },
    ),
    (
        "gen_ai.operation.name",
        {
            "chat": "llm",
            "text_completion": "llm",
            "generate_content": "llm",
            "embeddings": "embedding",
            "execute_tool": "tool",
            "invoke_agent": "function",
            "create_agent": "function",
            "invoke_workflow": "function",
        },
    ),
    ("llm.request.type", {"chat": "llm", "completion": "llm", "embedding": "embedding", "rerank": "retrieval"}),
    ("traceloop.span.kind", {"workflow": "function", "task": "function", "agent": "function", "tool": "tool"}),
    (
        "span_type",
        {"LLM": "llm", "Embedding": "embedding", "Retrieval": "retrieval", "Tool": "tool", "Function": "function", "Flow": "flow"},
    ),
)

#: Fields of a span, and the attributes that tell them; the first that is there counts. What is named here is not kept twice.
FIELDS: dict[str, tuple[str, ...]] = {
    "model": (
        "gen_ai.request.model", "llm.model_name", "embedding.model_name", "reranker.model_name", "llm.request.model", "llm.response.model",
        "gen_ai.response.model",
    ),
    "provider": ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "llm.vendor"),
    "prompt_tokens": (
        "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt", "llm.usage.prompt_tokens",
        "embedding.token_count.prompt", "__computed__.cumulative_token_count.prompt",
    ),
    "completion_tokens": (
        "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion", "llm.usage.completion_tokens",
        "__computed__.cumulative_token_count.completion",
    ),
    "session_id": ("session.id", "gen_ai.conversation.id", "traceloop.association.properties.session_id", "langfuse.session.id"),
    "user_id": ("user.id", "enduser.id", "traceloop.association.properties.user_id", "langfuse.user.id"),
    "error_type": ("error.type",),
    "run_id": ("batch_run_id",),
    "line": ("line_number",),
    "node": ("gen_ai.agent.name", "traceloop.entity.name"),
}  # fmt: skip
#: Said by the column, so that keeping the attribute too would say it twice.
_SAID = frozenset({"session.id", "user.id", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"})
#: What went in and came out, as one value.
SIDES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("flowyard.input", ("input.value", "traceloop.entity.input", "gen_ai.tool.call.arguments")),
    ("flowyard.output", ("output.value", "traceloop.entity.output", "gen_ai.tool.call.result")),
)
_PROMPT_FLOW = {"flowyard.input": ("inputs",), "flowyard.output": ("output",)}
_INPUTS, _OUTPUTS = "gen_ai.input.messages", "gen_ai.output.messages"
_MODEL_KINDS = frozenset({"llm", "embedding"})


def kind_of(attributes: dict[str, Any]) -> SpanKind:
    """Return what a span is of, by its attributes."""
    for name, kinds in KINDS:
        found = kinds.get(str(attributes.get(name)))
        if found is not None:
            return found
    if "gen_ai.request.model" in attributes or "llm.model_name" in attributes:
        return "llm"
    if "http.request.method" in attributes or "http.method" in attributes:
        return "http"
    return "internal"


def take_fields(attributes: dict[str, Any], kind: SpanKind) -> dict[str, Any]:
    """Return the span's fields that its attributes tell, typed; attributes that say no more than the field are taken out."""
    found: dict[str, Any] = {}
    for field, names in FIELDS.items():
        for name in names:
            value = attributes.get(name)
            if value is None:
                continue
            typed = _typed(field, value)
            if typed is not None:
                found[field] = typed
                if name in _SAID:
                    del attributes[name]
                break
    if kind not in _MODEL_KINDS:
        # Tokens count where the provider was called. A framework's sum over its children stays an attribute.
        for field, name in (("prompt_tokens", "gen_ai.usage.input_tokens"), ("completion_tokens", "gen_ai.usage.output_tokens")):
            count = found.pop(field, None)
            if count is not None:
                attributes.setdefault(name, count)
    return found


def _typed(field: str, value: Any) -> Any:
    if field in {"prompt_tokens", "completion_tokens", "line"}:
        try:
            count = int(value)
        except (TypeError, ValueError, OverflowError):
            return None
        return count if 0 <= count < 1 << 62 else None
    return value if isinstance(value, str) and value else (str(value) if value not in ("", None) else None)


def fold(attributes: dict[str, Any]) -> None:
    """Put prompts, completions, documents, input and output of any convention under the names that ours has."""
    if any(".0." in name for name in attributes):  # most spans have no lists spread over attributes
        _fold_spread(attributes)
    for name in (_INPUTS, _OUTPUTS):
        if name in attributes:
            attributes[name] = from_json(attributes[name])
    told = {"flowyard.input": _INPUTS in attributes, "flowyard.output": _OUTPUTS in attributes}
    for target, names in SIDES:
        more = _PROMPT_FLOW[target] if attributes.get("framework") == "promptflow" else ()
        for name in (*names, *more):
            value = attributes.pop(name, None)
            # A model call's input.value is its whole request: the messages that were read from it say the same.
            if value is not None and not told[target]:
                attributes.setdefault(target, from_json(value))
        attributes.pop(names[0].replace(".value", ".mime_type"), None)
    for name in ("gen_ai.system_instructions", "gen_ai.tool.definitions", "llm.invocation_parameters", "llm.tools"):
        if name in attributes:
            attributes[name] = from_json(attributes[name])


def _fold_spread(attributes: dict[str, Any]) -> None:
    for target, openllmetry, openinference in (
        (_INPUTS, "gen_ai.prompt", "llm.input_messages"),
        (_OUTPUTS, "gen_ai.completion", "llm.output_messages"),
    ):
        spread = from_openllmetry(gather(attributes, openllmetry)) or from_openinference(gather(attributes, openinference))
        if spread:
            attributes.setdefault(target, spread)
    documents = gather(attributes, "retrieval.documents")
    if documents:
        attributes["retrieval.documents"] = [_document(document) for document in documents]


def _document(item: Any) -> Any:
    document: Any = cast("dict[str, Any]", item).get("document") if isinstance(item, dict) else None
    if not isinstance(document, dict):
        return cast("Any", item)
    known = cast("dict[str, Any]", document)
    return {name: from_json(value) if name == "metadata" else value for name, value in known.items()}
