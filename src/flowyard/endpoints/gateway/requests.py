"""A model call's body: read once, rewritten only where it must be."""

from dataclasses import dataclass
from typing import Any, cast

import msgspec

from flowyard.endpoints.errors import BodyInvalidError
from flowyard.foundation.errors import Location
from flowyard.inference.engines.llamacpp_patterns import with_patterns
from flowyard.inference.engines.llamacpp_tools import Rewrite, rewrite_request
from flowyard.inference.providers.base import Operation

_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_STREAMS_USAGE: frozenset[Operation] = frozenset({"chat/completions", "completions"})
_ASK_USAGE = msgspec.Raw(b'{"include_usage":true}')


@dataclass(slots=True)
class ModelRequest:
    """A body with its fields undecoded, in their order.

    Attributes:
        data: the bytes as they came.
        fields: every field's own bytes.
        model: the name that the caller gave.
        stream: whether the answer is to be streamed.
        hide_usage: we asked for the usage of the stream and the caller did not.
        rewrite: how to turn the answer of a forced tool call back; None when it is as usual.
    """

    data: bytes
    fields: dict[str, msgspec.Raw]
    model: str
    stream: bool
    hide_usage: bool = False
    rewrite: Rewrite | None = None

    def body(self, operation: Operation, model: str, *, local: bool) -> bytes:
        """Return the body to send: the bytes as they came, unless the model has another name there or the usage must be asked for.

        `local` models get a forced tool call as a schema, and patterns of schemas and tools as their engine takes them.

        Raises:
            InvalidInputError: the forced tool is not among the tools.
            PatternUnsupportedError: the engine cannot hold a model to a pattern.
        """
        self.rewrite = None
        changed = model != self.model or "model" not in self.fields
        if changed:
            self.fields["model"] = msgspec.Raw(msgspec.json.encode(model))
        if self.stream and operation in _STREAMS_USAGE and self._ask_usage():
            changed = self.hide_usage = True
        said = _patterns_said(self.fields) if local else {}
        fields = {**self.fields, **said}
        if local and operation == "chat/completions" and "tool_choice" in fields:
            sent, self.rewrite = rewrite_request(msgspec.json.decode(msgspec.json.encode(fields)))
            if self.rewrite is not None:
                return msgspec.json.encode(sent)
        return msgspec.json.encode(fields) if changed or said else self.data

    def _ask_usage(self) -> bool:
        raw = self.fields.get("stream_options")
        options: Any = msgspec.json.decode(raw) if raw is not None else None
        if not options:
            self.fields["stream_options"] = _ASK_USAGE
            return True
        if not isinstance(options, dict) or cast("dict[str, Any]", options).get("include_usage"):
            return False
        self.fields["stream_options"] = msgspec.Raw(msgspec.json.encode({**options, "include_usage": True}))
        return True


def read_request(data: bytes, *, model: str | None = None) -> ModelRequest:
    """Read a body. `model` fills in where the address says which model it is.

    Raises:
        BodyInvalidError: it is no JSON object, or names no model.
    """
    try:
        fields = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BodyInvalidError(f"The body is no JSON object: {error}.", remedy="Send a JSON object with model and messages.") from error
    given = _value(fields, "model")
    if model is None and (not isinstance(given, str) or not given):
        raise BodyInvalidError(
            f"model is {given!r}, expected a name.",
            remedy="Set model to a catalog model, <connection>/<model> or endpoint:<name>; GET /v1/models lists them.",
            location=Location(pointer="/model"),
        )
    return ModelRequest(data, fields, given if isinstance(given, str) else model or "", stream=_value(fields, "stream") is True)


def _patterns_said(fields: dict[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    """Return the fields whose schemas have patterns, those as llama.cpp takes them."""
    held = {name: bytes(fields.get(name, b"")) for name in ("response_format", "tools")}
    return {
        name: msgspec.Raw(msgspec.json.encode(with_patterns(msgspec.json.decode(value), f"/{name}")))
        for name, value in held.items()
        if b'"pattern"' in value
    }


def _value(fields: dict[str, msgspec.Raw], name: str) -> Any:
    raw = fields.get(name)
    return None if raw is None else msgspec.json.decode(raw)
