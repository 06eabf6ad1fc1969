"""What is kept of a line and of each node in it. Spans, events and results are all made from these records."""

import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec

from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import Problem
from flowyard.tracing.rows import plain as bounded
from flowyard.wire.flow_terms import NodeKind, NodeStatus

if TYPE_CHECKING:
    from flowyard.wire.flows import NodeResult

LineStatus = Literal["running", "completed", "failed"]
_DEPTH_LIMIT = 50


class FailedAttempt(msgspec.Struct, kw_only=True, frozen=True):
    """A call of a node that failed and was tried again: the error's code, what it said, and how long the call took."""

    code: str
    detail: str
    duration_ns: int


class Exchange(msgspec.Struct, kw_only=True):
    """A call of a model: the bodies of request and response; `streamed`: the response was put together from its pieces."""

    request: dict[str, Any]
    response: dict[str, Any] | None = None
    duration_ns: int | None = None
    streamed: bool = False


class NodeRecord(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """One node in one line. Times are UTC nanoseconds and nanoseconds; `inputs` and `output` are JSON values.

    Attributes:
        failed_attempts: the calls before the last one.
        cached: the output was kept from an earlier call; this one cost nothing, and `saved_` says what it would have.
        exchanges: its calls of models, where the engine keeps them.
    """

    node: str
    kind: NodeKind
    status: NodeStatus = "pending"
    span_id: str = ""
    start_ns: int = 0
    duration_ns: int = 0
    inputs: dict[str, Any] | None = None
    output: Any = None
    error: Problem | None = None
    logs: list[str] = []
    model: str | None = None
    connection: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    failed_attempts: list[FailedAttempt] = []
    cached: bool = False
    saved_prompt_tokens: int | None = None
    saved_completion_tokens: int | None = None
    exchanges: list[Exchange] | None = None

    def result(self) -> "NodeResult":
        """Return the record as it goes over the wire."""
        from flowyard.wire.flows import ModelExchange, NodeAttempt, NodeResult

        ended = self.status not in {"pending", "running"}
        return NodeResult(
            node=self.node,
            kind=self.kind,
            status=self.status,
            duration_ms=self.duration_ns / 1e6 if ended else None,
            inputs=self.inputs,
            output=self.output,
            error=plain(self.error) if self.error else None,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            logs="".join(self.logs) or None,
            attempts=tuple(NodeAttempt(each.code, each.detail, each.duration_ns / 1e6) for each in self.failed_attempts),
            cached=self.cached,
            saved_prompt_tokens=self.saved_prompt_tokens,
            saved_completion_tokens=self.saved_completion_tokens,
            exchanges=tuple(
                ModelExchange(
                    request=each.request,
                    response=each.response,
                    duration_ms=each.duration_ns / 1e6 if each.duration_ns is not None else None,
                    streamed=each.streamed,
                )
                for each in (self.exchanges or ())
                if ended
            ),
        )


class LineRecord(msgspec.Struct, kw_only=True, gc=False):
    """One line of a flow: what went in, what came out, and its nodes in the order in which they began.

    `inputs` and `outputs` are JSON values, or JSON itself (`msgspec.Raw`) where the engine was told to pack lines.
    `reduce` holds what the aggregation needs of the line (`Plan.reduce_needs`), where it was not run over this line alone.
    """

    flow: str
    trace_id: str
    span_id: str
    parent_id: str | None = None
    status: LineStatus = "running"
    start_ns: int = 0
    duration_ns: int = 0
    inputs: dict[str, Any] = {}
    outputs: dict[str, Any] = {}
    error: Problem | None = None
    nodes: list[NodeRecord] = []
    metrics: dict[str, Any] = {}
    warnings: list[str] = []
    reduce: list[Any] = []

    def node(self, name: str) -> NodeRecord:
        """Return the record of that node.

        Raises:
            KeyError: it did not take part.
        """
        for record in self.nodes:
            if record.node == name:
                return record
        raise KeyError(name)


def pack(value: Any) -> msgspec.Raw:
    """Return a copy of `value` as msgpack that stands for JSON; what JSON cannot hold is as `json_value` has it."""
    try:
        return msgspec.Raw(_encode(value))
    except (TypeError, ValueError, OverflowError, RecursionError):
        return msgspec.Raw(_encode(bounded(json_value(value))))


def pack_json(value: Any) -> msgspec.Raw | None:
    """Return `value` as JSON, or None where that takes more than plain values: what `json_value` changes, or may have to."""
    try:
        data = _encode_json(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None
    return None if b"null" in data else msgspec.Raw(data)  # which is what numbers that are not finite become


class Opaque(str):
    """The text of an object that has no form in JSON."""

    __slots__ = ()


def has_opaque(value: Any) -> bool:
    """Whether something in `value`, as `json_value` gave it, has no form in JSON."""
    kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
    if kind is dict or kind is list:
        for item in value.values() if kind is dict else value:
            if type(item) in _MAY_BE_OPAQUE and has_opaque(item):
                return True
    return kind is Opaque


_ATOMS = frozenset({int, bool, type(None)})
_MAY_BE_OPAQUE = frozenset({dict, list, Opaque})


def json_value(value: Any, depth: int = 0) -> Any:  # noqa: PLR0911
    """Return a copy of `value` that JSON can hold: what it cannot becomes its text, objects that mean something become that."""
    kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
    if kind is str:
        return value if value.isascii() else _encodable(value)
    if kind in _ATOMS:
        return value
    if depth > _DEPTH_LIMIT:
        return "..."
    if kind is dict:
        return {
            key if type(key) is str else _key(key): item
            if type(item) in _ATOMS or (type(item) is str and item.isascii())
            else json_value(item, depth + 1)
            for key, item in value.items()
        }
    if kind is list or kind is tuple:
        return [item if type(item) in _ATOMS or (type(item) is str and item.isascii()) else json_value(item, depth + 1) for item in value]
    if kind is float:
        return value if math.isfinite(value) else str(value)
    return _json_object(value, depth)


def _key(key: Any) -> str:
    return str(plain(key) if isinstance(key, Enum | bytes) else key)


def _encodable(text: str) -> str:
    """Return `text` with halves of surrogate pairs, which UTF-8 cannot hold, written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _json_object(value: Any, depth: int) -> Any:  # noqa: PLR0911
    if isinstance(value, str):
        return _encodable(str.__str__(value))
    if isinstance(value, bool | int | float):
        return json_value(float(value) if isinstance(value, float) else int(value), depth + 1)
    describe = getattr(cast("object", value).__class__, "__flowyard_json__", None)
    if describe is not None:
        return describe(value)
    if is_dataclass(value) and not isinstance(value, type):
        return json_value(asdict(value), depth + 1)
    if isinstance(value, Mapping):
        return {_key(key): json_value(item, depth + 1) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, set | frozenset | list | tuple):
        return [json_value(item, depth + 1) for item in cast("list[Any]", value)]
    try:
        return plain(value)
    except TypeError:
        return _last_resort(value, depth)


def _last_resort(value: Any, depth: int) -> Any:
    dump = getattr(value, "model_dump", None)  # pydantic, without importing it
    if callable(dump):
        return json_value(dump(), depth + 1)
    item = getattr(value, "item", None)  # a numpy scalar
    if callable(item) and getattr(value, "shape", None) == ():
        return json_value(item(), depth + 1)
    return Opaque(f"{value!r:.2000}")


_encode = msgspec.msgpack.Encoder(enc_hook=json_value).encode
_encode_json = msgspec.json.Encoder().encode
