"""Messages of telemetry as a chat model takes them: what fine-tuning and replays feed on."""

from typing import Any, cast

from flowyard.foundation.codecs import to_json


def chat_messages(recorded: Any) -> list[dict[str, Any]]:
    """Return recorded messages in the form of ``/v1/chat/completions``.

    Args:
        recorded: a span's ``gen_ai.input.messages`` or ``gen_ai.output.messages``: a list of messages with ``content`` (OpenAI) or
            ``parts`` (OpenTelemetry's conventions); what is no message is left out.
    """
    if not isinstance(recorded, list):
        return []
    return [message for item in cast("list[Any]", recorded) if isinstance(item, dict) for message in _chat(cast("dict[str, Any]", item))]


def _chat(message: dict[str, Any]) -> list[dict[str, Any]]:
    role = str(message.get("role") or "user")
    parts: Any = message.get("parts")
    if not isinstance(parts, list):
        kept = {name: message[name] for name in ("content", "tool_calls", "tool_call_id", "name") if message.get(name) is not None}
        return [{"role": role, **kept}] if kept else []
    fields = [cast("dict[str, Any]", part) for part in cast("list[Any]", parts) if isinstance(part, dict)]
    responses = [_response(part) for part in fields if part.get("type") == "tool_call_response"]
    content = [part for part in fields if part.get("type") not in {"tool_call", "tool_call_response"}]
    calls = [_call(part) for part in fields if part.get("type") == "tool_call"]
    if not content and not calls:
        return responses
    told: dict[str, Any] = {"role": role, "content": _content(content)}
    if calls:
        told["tool_calls"] = calls
    return [told, *responses]


def _content(parts: list[dict[str, Any]]) -> Any:
    """Return one text where there is nothing but text, a list of parts otherwise, None where there is nothing."""
    if all(part.get("type") in {"text", "refusal", "reasoning"} for part in parts):
        return "\n".join(str(part.get("content") or "") for part in parts if part.get("type") != "reasoning") or None
    return [{"type": "text", "text": part.get("content") or ""} if part.get("type") == "text" else part for part in parts]


def _call(part: dict[str, Any]) -> dict[str, Any]:
    arguments = part.get("arguments")
    return {
        "id": part.get("id"),
        "type": "function",
        "function": {"name": part.get("name"), "arguments": arguments if isinstance(arguments, str) else _json(arguments)},
    }


def _response(part: dict[str, Any]) -> dict[str, Any]:
    response = part.get("response", part.get("result"))
    return {"role": "tool", "tool_call_id": part.get("id"), "content": response if isinstance(response, str) else _json(response)}


def _json(value: Any) -> str:
    return to_json(value).decode()
