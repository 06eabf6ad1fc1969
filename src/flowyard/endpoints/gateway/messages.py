"""Prompts and completions in OpenTelemetry's form.

``gen_ai.input.messages`` and ``gen_ai.output.messages`` are lists of ``{role, parts: [{type, content}]}`` (OpenTelemetry semantic
conventions for GenAI, JSON schemas of the input and output messages).
"""

from typing import Any, cast

import msgspec


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: Any = None


class _ToolCall(msgspec.Struct):
    id: str | None = None
    function: _Function | None = None


class Message(msgspec.Struct):
    """A message of the OpenAI protocol, as far as it is recorded."""

    role: str = "assistant"
    content: Any = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None
    tool_call_id: str | None = None


def message_parts(message: Message) -> dict[str, Any]:
    """Return one message in OpenTelemetry's form."""
    content = message.content
    if message.role == "tool":
        parts: list[dict[str, Any]] = [{"type": "tool_call_response", "id": message.tool_call_id, "response": content}]
    elif isinstance(content, str):
        parts = [{"type": "text", "content": content}]
    elif isinstance(content, list):
        parts = [_part(part) for part in cast("list[Any]", content)]
    else:
        parts = []
    if message.refusal:
        parts.append({"type": "refusal", "content": message.refusal})
    for call in message.tool_calls or ():
        function = call.function or _Function()
        parts.append({"type": "tool_call", "id": call.id, "name": function.name, "arguments": function.arguments})
    return {"role": message.role, "parts": parts}


def text_message(role: str, text: str) -> dict[str, Any]:
    """Return a message that is one text."""
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def _part(part: Any) -> dict[str, Any]:
    if not isinstance(part, dict):
        return {"type": "text", "content": str(part)}
    fields = cast("dict[str, Any]", part)
    if fields.get("type") in {"text", "input_text", "output_text"}:
        return {"type": "text", "content": fields.get("text", "")}
    return fields
