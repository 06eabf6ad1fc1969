"""Tool calls that hold for small models: a required or named tool becomes a JSON schema, and the answer a tool call again.

llama.cpp leaves ``tool_choice: required`` to the model and its template, and small models answer with prose. With the schema
``{"name": const, "arguments": <the tool's parameters>}`` the grammar leaves them no choice. All functions are pure; requests
without a forced choice pass unchanged.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec

from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.inference.jsonvalues import as_list, as_object

# Without a bound a small model may fill a string until its context ends.
_LONGEST_STRING = 256
_LONGEST_ARRAY = 16

_HEAD = re.compile(r'\s*\{\s*"name"\s*:\s*"((?:[^"\\]|\\.)*)"\s*,\s*"arguments"\s*:\s*')
_TAIL = re.compile(r"(?:\s*\}\s*|\s+)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """What `rewrite_request` did, so that the answer can be turned back."""

    tools: tuple[str, ...]


def rewrite_request(body: dict[str, Any]) -> tuple[dict[str, Any], Rewrite | None]:
    """Return the chat request to send to llama.cpp, and how to read the answer; None when it is as usual.

    Raises:
        InvalidInputError: the named tool is not among the tools, or a tool has no name.
    """
    tools = _functions(body.get("tools"))
    chosen = _chosen(body.get("tool_choice"), tools)
    if not chosen:
        return body, None
    kept = {key: value for key, value in body.items() if key not in {"tools", "tool_choice", "parallel_tool_calls", "response_format"}}
    kept["messages"] = _instructed(body.get("messages"), chosen)
    kept["response_format"] = {"type": "json_schema", "json_schema": {"name": "tool_call", "strict": True, "schema": _schema(chosen)}}
    return kept, Rewrite(tools=tuple(tool["name"] for tool in chosen))


def rewrite_response(answer: dict[str, Any], rewrite: Rewrite) -> dict[str, Any]:
    """Return a whole answer with its JSON text as tool calls. A choice that was cut off keeps its text."""
    identifier = str(answer.get("id", ""))
    choices = [_called(choice, identifier, rewrite) for choice in as_list(answer.get("choices"))]
    return {**answer, "choices": choices}


@dataclass(slots=True)
class _Choice:
    """How far one choice of a stream is. `held` is text that may be the closing brace of the outer object."""

    head: str = ""
    held: str = ""
    named: bool = False


@dataclass(slots=True)
class StreamRewriter:
    """Turns the chunks of a stream: the tool's name goes out as soon as it is known, its arguments as they come."""

    rewrite: Rewrite
    _choices: dict[int, _Choice] = field(default_factory=dict[int, _Choice])

    def feed(self, chunk: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the chunks to send for one that came, in order; maybe none."""
        choices = as_list(chunk.get("choices"))
        if not choices:
            return [chunk]
        sent: list[dict[str, Any]] = []
        for choice in choices:
            state = self._choices.setdefault(int(choice.get("index", 0)), _Choice())
            sent += [{**chunk, "choices": [turned]} for turned in self._turn(choice, state, str(chunk.get("id", "")))]
        return sent

    def _turn(self, choice: dict[str, Any], state: _Choice, identifier: str) -> list[dict[str, Any]]:
        delta = as_object(choice.get("delta"))
        turned: list[dict[str, Any]] = []
        if "role" in delta:
            turned.append({**choice, "delta": {"role": delta["role"], "content": None}, "finish_reason": None})
        calls = _take(state, str(delta.get("content") or ""), identifier, int(choice.get("index", 0)))
        turned += [{**choice, "delta": {"tool_calls": [call]}, "finish_reason": None} for call in calls]
        reason = choice.get("finish_reason")
        if reason:
            turned.append({**choice, "delta": {}, "finish_reason": "tool_calls" if reason == "stop" and state.named else reason})
        return turned


def _take(state: _Choice, text: str, identifier: str, index: int) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []
    if not text:
        return calls
    if not state.named:
        state.head += text
        found = _HEAD.match(state.head)
        if not found:
            return calls
        state.named = True
        name = msgspec.json.decode(f'"{found[1]}"')
        calls.append({"index": 0, "id": _call_id(identifier, index), "type": "function", "function": {"name": name, "arguments": ""}})
        text = state.head[found.end() :]
    text = state.held + text
    tail = _TAIL.search(text)
    state.held = tail[0] if tail else ""
    passed = text[: len(text) - len(state.held)]
    if passed:
        calls.append({"index": 0, "function": {"arguments": passed}})
    return calls


def _called(choice: dict[str, Any], identifier: str, rewrite: Rewrite) -> dict[str, Any]:
    message = as_object(choice.get("message"))
    try:
        call = as_object(msgspec.json.decode(str(message.get("content") or "")))
    except msgspec.DecodeError:
        return choice
    if call.get("name") not in rewrite.tools:
        return choice
    function = {"name": call["name"], "arguments": msgspec.json.encode(call.get("arguments") or {}).decode()}
    calls = [{"id": _call_id(identifier, int(choice.get("index", 0))), "type": "function", "function": function}]
    reason = choice.get("finish_reason")
    return {
        **choice,
        "message": {**message, "content": None, "tool_calls": calls},
        "finish_reason": "tool_calls" if reason == "stop" else reason,
    }


def _call_id(identifier: str, index: int) -> str:
    return f"call_{identifier.rpartition('-')[2]}_{index}"


def _functions(tools: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, tool in enumerate(as_list(tools)):
        function = as_object(as_object(tool).get("function"))
        if not isinstance(function.get("name"), str):
            raise InvalidInputError(
                "A tool has no function with a name.", remedy="Name it.", location=Location(pointer=f"/tools/{number}/function/name")
            )
        found.append(function)
    return found


def _chosen(choice: Any, tools: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if choice == "required":
        if not tools:
            raise InvalidInputError(
                "tool_choice is 'required' and there are no tools.",
                remedy="Give tools, or leave tool_choice out.",
                location=Location(pointer="/tool_choice"),
            )
        return tools
    if not isinstance(choice, dict):
        return []
    name = as_object(as_object(choice).get("function")).get("name")
    chosen = [tool for tool in tools if tool["name"] == name]
    if not chosen:
        known = ", ".join(repr(tool["name"]) for tool in tools) or "none"
        raise InvalidInputError(
            f"tool_choice names {name!r}; the tools are: {known}.",
            remedy="Name one of these.",
            location=Location(pointer="/tool_choice/function/name"),
        )
    return chosen


def _schema(tools: list[dict[str, Any]]) -> dict[str, Any]:
    shared: dict[str, Any] = {}
    options = [
        {
            "type": "object",
            "properties": {"name": {"const": tool["name"]}, "arguments": _arguments(tool.get("parameters"), f"t{number}_", shared)},
            "required": ["name", "arguments"],
            "additionalProperties": False,
        }
        for number, tool in enumerate(tools)
    ]
    schema: dict[str, Any] = options[0] if len(options) == 1 else {"anyOf": options}
    return {**schema, "$defs": shared} if shared else schema


def _arguments(parameters: Any, prefix: str, shared: dict[str, Any]) -> dict[str, Any]:
    """Return a tool's parameters as part of a bigger schema: what it defines for itself moves into `shared`, with `prefix`."""
    given: dict[str, Any] = as_object(parameters) or {"type": "object", "properties": {}}
    for keyword in ("$defs", "definitions"):
        for name, part in as_object(given.get(keyword)).items():
            shared[prefix + name] = _bounded(part, prefix)
    return _bounded({key: value for key, value in given.items() if key not in {"$defs", "definitions", "$schema"}}, prefix)


def _bounded(part: Any, prefix: str) -> Any:
    if isinstance(part, list):
        return [_bounded(item, prefix) for item in as_list(part)]
    if not isinstance(part, dict):
        return part
    given = as_object(part)
    made = {key: _bounded(value, prefix) for key, value in given.items()}
    reference = given.get("$ref")
    if isinstance(reference, str):
        made["$ref"] = re.sub(r"^#/(?:\$defs|definitions)/", f"#/$defs/{prefix}", reference)
    if given.get("type") == "string" and not given.keys() & {"maxLength", "enum", "const", "pattern", "format"}:
        made["maxLength"] = _LONGEST_STRING
    if given.get("type") == "array" and "maxItems" not in given:
        made["maxItems"] = max(_LONGEST_ARRAY, int(given.get("minItems") or 0))
    return made


def _instructed(messages: Any, tools: list[dict[str, Any]]) -> list[Any]:
    """Return the messages with the tools described in the system message, since the model's template leaves them out."""
    described = "\n".join(msgspec.json.encode(tool).decode() for tool in tools)
    text = f'Call one of these functions. Answer with JSON only: {{"name": ..., "arguments": {{...}}}}.\n{described}'
    given = as_list(messages)
    first = as_object(given[0]) if given else {}
    if first.get("role") == "system" and isinstance(first.get("content"), str):
        return [{**first, "content": f"{first['content']}\n\n{text}"}, *given[1:]]
    return [{"role": "system", "content": text}, *given]
