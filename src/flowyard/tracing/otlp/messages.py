"""Prompts, completions and documents that instrumentations spread over many attributes, gathered into lists.

``gen_ai.prompt.0.role`` and its like come from OpenLLMetry, ``llm.input_messages.0.message.content`` from OpenInference.
"""

from typing import Any, cast

import msgspec

_decode = msgspec.json.Decoder().decode
_MOST = 10_000
_DIGITS = 10


def gather(attributes: dict[str, Any], prefix: str) -> list[Any]:
    """Take what stands under ``<prefix>.<number>.…`` out of `attributes` and return it as a list of nested dicts."""
    start = prefix + "."
    names = [name for name in attributes if name.startswith(start) and _is_number(name[len(start) :].partition(".")[0])]
    tree: dict[str, Any] = {}
    for name in names:
        place = tree
        *path, last = name[len(start) :].split(".")
        for step in path:
            inner = place.get(step)
            if not isinstance(inner, dict):
                inner = place[step] = {}
            place = cast("dict[str, Any]", inner)
        place[last] = attributes.pop(name)
    return cast("list[Any]", _lists(tree)) if tree else []


def _is_number(text: str) -> bool:
    return len(text) < _DIGITS and text.isdecimal()


def _lists(value: Any) -> Any:
    """Turn dicts whose keys are all numbers into lists, in the numbers' order."""
    if not isinstance(value, dict):
        return value
    fields = {str(key): _lists(item) for key, item in cast("dict[str, Any]", value).items()}
    if fields and len(fields) <= _MOST and all(_is_number(key) for key in fields):
        return [fields[key] for key in sorted(fields, key=int)]
    return fields


def from_openllmetry(items: list[Any]) -> list[dict[str, Any]]:
    """Return messages of ``gen_ai.prompt`` or ``gen_ai.completion`` in the form of the GenAI conventions."""
    return [_message(item, item.get("role"), item.get("content"), item.get("tool_calls")) for item in _dicts(items)]


def from_openinference(items: list[Any]) -> list[dict[str, Any]]:
    """Return messages of ``llm.input_messages`` or ``llm.output_messages`` in the form of the GenAI conventions."""
    found: list[dict[str, Any]] = []
    for item in _dicts(items):
        message = _dict(item.get("message"))
        content: Any = message.get("content")
        if content is None and message.get("contents"):
            content = [_content(part) for part in _dicts(message["contents"])]
        calls = [_dict(call.get("tool_call")) for call in _dicts(message.get("tool_calls"))]
        found.append(_message(message, message.get("role"), content, calls))
    return found


def from_json(value: Any) -> Any:
    """Return a value that may have come as the text of JSON: a list or an object; anything else as it is."""
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return _decode(value)
        except (msgspec.MsgspecError, RecursionError):
            return value
    return value


def _message(item: dict[str, Any], role: Any, content: Any, calls: Any) -> dict[str, Any]:
    content = from_json(content) if isinstance(content, str) and content.startswith('[{"') else content
    parts: list[dict[str, Any]] = []
    tool_call_id = item.get("tool_call_id")
    if tool_call_id is not None and role == "tool":
        parts.append({"type": "tool_call_response", "id": tool_call_id, "response": content})
    elif isinstance(content, list):
        parts += (_part(part) for part in cast("list[Any]", content))
    elif content is not None and content != "":
        parts.append({"type": "text", "content": content})
    for call in _dicts(calls):
        function = _dict(call.get("function")) or call
        parts.append({"type": "tool_call", "id": call.get("id"), "name": function.get("name"), "arguments": function.get("arguments")})
    message: dict[str, Any] = {"role": str(role or "user"), "parts": parts}
    if item.get("finish_reason") is not None:
        message["finish_reason"] = item["finish_reason"]
    return message


def _part(part: Any) -> dict[str, Any]:
    if not isinstance(part, dict):
        return {"type": "text", "content": str(part)}
    fields = cast("dict[str, Any]", part)
    if fields.get("type") in {"text", "input_text", "output_text"}:
        return {"type": "text", "content": fields.get("text", fields.get("content", ""))}
    return fields


def _content(part: dict[str, Any]) -> dict[str, Any]:
    content = _dict(part.get("message_content"))
    image: Any = content.get("image")
    if isinstance(image, dict):
        url: Any = _dict(cast("dict[str, Any]", image).get("image")).get("url")
        return {"type": "image_url", "image_url": {"url": url}}
    return {"type": "text", "content": content.get("text", "")}


def _dict(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _dicts(items: Any) -> list[dict[str, Any]]:
    listed = cast("list[Any]", items) if isinstance(items, list) else []
    return [cast("dict[str, Any]", item) for item in listed if isinstance(item, dict)]
