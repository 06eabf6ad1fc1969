"""What attributes of the many conventions mean: the tables, and the reading of one span's attributes.

Sources: OpenTelemetry's semantic conventions for GenAI (old and new names) and HTTP; OpenInference; OpenLLMetry (``traceloop.*``,
``llm.*``); prompt flow 1.18.
"""

from dataclasses import dataclass
from functools import lru_cache
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
SAID = frozenset({"session.id", "user.id", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"})
#: What went in and came out, as one value.
SIDES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("flowyard.input", ("input.value", "traceloop.entity.input", "gen_ai.tool.call.arguments")),
    ("flowyard.output", ("output.value", "traceloop.entity.output", "gen_ai.tool.call.result")),
)
_PROMPT_FLOW = {"flowyard.input": ("inputs",), "flowyard.output": ("output",)}
_INPUTS, _OUTPUTS = "gen_ai.input.messages", "gen_ai.output.messages"
_MIME = ".mime_type"
_SIDED = frozenset(name for side, names in SIDES for name in (*names, *_PROMPT_FLOW[side], names[0].replace(".value", _MIME)))
_TEXTS = (_INPUTS, _OUTPUTS, "gen_ai.system_instructions", "gen_ai.tool.definitions", "llm.invocation_parameters", "llm.tools")
_OF_MODELS, _OF_HTTP = frozenset({"gen_ai.request.model", "llm.model_name"}), frozenset({"http.request.method", "http.method"})
_MOST_NAMES, _LONGEST_NAME = 64, 200
MODEL_KINDS = frozenset({"llm", "embedding"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What of the tables concerns a span with attributes of certain names. An application's spans have few sets of names.

    `kinds` and `fields` are those of `KINDS` and `FIELDS` whose attributes are there, `texts` the attributes whose text may be JSON; `kind`
    is that of a span whose attributes name none, and `spread` and `sided` tell whether there are lists spread over attributes, and `SIDES`.
    """

    kind: SpanKind
    kinds: tuple[tuple[str, dict[str, SpanKind]], ...]
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    texts: tuple[str, ...]
    spread: bool
    sided: bool


def reading_of(attributes: dict[str, Any]) -> Reading:
    """Return how the attributes are to be read; it is remembered by their names, unless these are many or long."""
    names = tuple(attributes)
    fit = len(names) <= _MOST_NAMES and max(map(len, names), default=0) <= _LONGEST_NAME
    return _remembered(names) if fit else _reading(names)


def _reading(names: tuple[str, ...]) -> Reading:
    there = set(names)
    kind: SpanKind = "llm" if there & _OF_MODELS else "http" if there & _OF_HTTP else "internal"
    fields = ((field, tuple(name for name in of if name in there)) for field, of in FIELDS.items())
    return Reading(
        kind=kind,
        kinds=tuple((name, kinds) for name, kinds in KINDS if name in there),
        fields=tuple((field, of) for field, of in fields if of),
        texts=tuple(name for name in _TEXTS if name in there),
        spread=any(".0." in name for name in names),
        sided=bool(there & _SIDED),
    )


_remembered = lru_cache(maxsize=512)(_reading)


def kind_of(attributes: dict[str, Any], reading: Reading) -> SpanKind:
    """Return what a span is of, by its attributes."""
    for name, kinds in reading.kinds:
        found = kinds.get(str(attributes[name]))
        if found is not None:
            return found
    return reading.kind


def take_fields(attributes: dict[str, Any], kind: SpanKind, reading: Reading) -> dict[str, Any]:
    """Return the span's fields that its attributes tell, typed; attributes that say no more than the field are taken out."""
    found: dict[str, Any] = {}
    for field, names in reading.fields:
        for name in names:
            value = attributes.get(name)
            if value is None:
                continue
            typed = _typed(field, value)
            if typed is not None:
                found[field] = typed
                if name in SAID:
                    del attributes[name]
                break
    if kind not in MODEL_KINDS:
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


def fold(attributes: dict[str, Any], reading: Reading) -> None:
    """Put prompts, completions, documents, input and output of any convention under the names that ours has."""
    if reading.spread:
        _fold_spread(attributes)
    for name in reading.texts:
        attributes[name] = from_json(attributes[name])
    if reading.sided:
        _fold_sides(attributes)


def _fold_sides(attributes: dict[str, Any]) -> None:
    told = {"flowyard.input": _INPUTS in attributes, "flowyard.output": _OUTPUTS in attributes}
    for target, names in SIDES:
        more = _PROMPT_FLOW[target] if attributes.get("framework") == "promptflow" else ()
        for name in (*names, *more):
            value = attributes.pop(name, None)
            # A model call's input.value is its whole request: the messages that were read from it say the same.
            if value is not None and not told[target]:
                attributes.setdefault(target, from_json(value))
        attributes.pop(names[0].replace(".value", _MIME), None)


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
