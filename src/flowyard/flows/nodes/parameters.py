"""The parameters of LLM nodes: which there are, and how what the YAML says becomes what the protocol wants."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

from flowyard.flows.errors import ModelParameterError
from flowyard.flows.model import Constant, NodeSpec
from flowyard.flows.nodes.errors import FunctionsError, NodeInputError, ToolsError
from flowyard.foundation.errors import Location

Apis = Literal["both", "chat", "completion"]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError("expected a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("expected a finite number")
    return number


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError("expected a whole number")
    return int(value)


def _limit(value: Any) -> int | None:
    return None if isinstance(value, str) and value.lower() == "inf" else _whole(value)


def _flag(value: Any) -> bool:
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise TypeError("expected true or false")
    return value


def _stops(value: Any) -> Any:
    if isinstance(value, str):
        return value if not value.lstrip().startswith("[") else _stops(json.loads(value))
    if not isinstance(value, list):
        raise TypeError("expected a text or a list of texts")
    texts = [str(item) for item in cast("list[Any]", value)]
    return texts or None


def _structure(value: Any) -> Any:
    found = json.loads(value) if isinstance(value, str) else value
    if not isinstance(found, dict | list):
        raise TypeError("expected a mapping or a list, or its JSON text")
    return found or None  # pyright: ignore[reportUnknownVariableType]


def _choice(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        return json.loads(value)
    return value


def _text(value: Any) -> str:
    return str(value)


_TABLE: dict[str, tuple[Apis, Callable[[Any], Any]]] = {
    "temperature": ("both", _number),
    "top_p": ("both", _number),
    "n": ("both", _whole),
    "stop": ("both", _stops),
    "max_tokens": ("both", _limit),
    "max_completion_tokens": ("chat", _limit),
    "presence_penalty": ("both", _number),
    "frequency_penalty": ("both", _number),
    "logit_bias": ("both", _structure),
    "user": ("both", _text),
    "seed": ("both", _whole),
    "response_format": ("chat", _structure),
    "functions": ("chat", _structure),
    "function_call": ("chat", _choice),
    "tools": ("chat", _structure),
    "tool_choice": ("chat", _choice),
    "reasoning_effort": ("chat", _text),
    "suffix": ("completion", _text),
    "logprobs": ("both", lambda value: value if isinstance(value, bool) else _whole(value)),
    "echo": ("completion", _flag),
    "best_of": ("completion", _whole),
}
_MODEL_NAMES = ("deployment_name", "model")

#: An input of this name takes the place of the template.
INSTEAD = "prompt"
#: Every input of an LLM node that is no template variable.
PARAMETERS = frozenset({*_TABLE, *_MODEL_NAMES, "stream"})


def model_name(values: Mapping[str, Any]) -> str | None:
    """Return the model that an LLM node's inputs name: ``deployment_name``, else ``model``."""
    return next((str(values[name]) for name in _MODEL_NAMES if values.get(name)), None)


def checked_literals(node: NodeSpec) -> dict[str, Any]:
    """Return nothing when the literal parameters of an LLM node can be sent: a node that cannot run does not load.

    Raises:
        NodeInputError: one cannot.
    """
    for name, binding in node.inputs.items():
        value = binding.value.value if isinstance(binding.value, Constant) else None
        if name not in _TABLE or value in (None, ""):
            continue
        try:
            _TABLE[name][1](value)
        except (TypeError, ValueError, OverflowError) as error:
            raise NodeInputError(
                f"Input {name!r} of node {node.name!r} is {value!r:.200}: {error}.",
                remedy="Correct it in the node's inputs.",
                location=Location(file=binding.place.file, line=binding.place.line, column=binding.place.column),
            ) from error
    return {}


def request_parameters(values: Mapping[str, Any], api: str, *, azure: bool = False) -> dict[str, Any]:
    """Return the request's parameters. Empty ones are left out, so is ``max_tokens: inf``; ``tools`` win over ``functions``.

    Args:
        values: the node's inputs that are parameters.
        api: ``chat`` or ``completion``.
        azure: check tools and their choice as prompt flow does for Azure OpenAI; others may take more.

    Raises:
        ModelParameterError: a value cannot be sent.
        FunctionsError, ToolsError: functions, tools or the choice among them are not what the API takes.
    """
    body: dict[str, Any] = {}
    for name, value in values.items():
        apis, read = _TABLE.get(name, (None, _text))
        if apis is None or value is None or value == "" or apis not in {"both", api}:
            continue
        try:
            found = read(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise ModelParameterError(
                f"The parameter {name!r} is {value!r}: {error}.", remedy="Correct it in the node's inputs."
            ) from error
        if found is not None:
            body[name] = found
    if api == "completion":
        return {"max_tokens": 16, **body} if "max_tokens" not in values or values["max_tokens"] in (None, "") else body
    _offered(body, azure=azure)
    return body


def _offered(body: dict[str, Any], *, azure: bool) -> None:
    """Settle what the model may call."""
    if "tools" in body:
        body.pop("functions", None)
        body.pop("function_call", None)
        if azure:
            _check_tools(body["tools"])
            body["tool_choice"] = body.get("tool_choice") or "auto"
            _check_tool_choice(body["tool_choice"])
        return
    body.pop("tool_choice", None)
    if "functions" not in body:
        body.pop("function_call", None)
        return
    for index, function in enumerate(_listed(body["functions"], "functions", FunctionsError)):
        _check_function(f"function {index}", function, FunctionsError)
    choice = body["function_call"] = body.get("function_call") or "auto"
    if choice not in ("auto", "none") and not (isinstance(choice, dict) and "name" in choice):
        raise FunctionsError(f"function_call is {choice!r}.", remedy='Write auto, none, or {"name": "my_function"}.')


def _listed(value: Any, name: str, error: type[FunctionsError | ToolsError]) -> list[Any]:
    if not isinstance(value, list):
        raise error(f"{name} is {value!r:.200}, expected a list.", remedy=f"Give {name} as a list of mappings.")
    return cast("list[Any]", value)


def _check_function(place: str, function: Any, error: type[FunctionsError | ToolsError]) -> None:
    remedy = 'Write {"name": ..., "description": ..., "parameters": {"type": "object", "properties": {...}}}.'
    if not isinstance(function, dict):
        raise error(f"{place} is {function!r:.200}, expected a mapping.", remedy=remedy)
    fields = cast("dict[str, Any]", function)
    schema = fields.get("parameters")
    for key in ("name", "parameters"):
        if key not in fields:
            raise error(f"{place} has no {key!r}.", remedy=remedy)
    if (
        not isinstance(schema, dict)
        or cast("dict[str, Any]", schema).get("type") != "object"
        or not isinstance(cast("dict[str, Any]", schema).get("properties"), dict)
    ):
        raise error(f"The parameters of {place}, {fields['name']!r}, are no JSON schema of an object.", remedy=remedy)


def _check_tools(tools: Any) -> None:
    for index, tool in enumerate(_listed(tools, "tools", ToolsError)):
        fields = cast("dict[str, Any]", tool) if isinstance(tool, dict) else {}
        for key in ("type", "function"):
            if key not in fields:
                raise ToolsError(f"tool {index} has no {key!r}.", remedy='Write {"type": "function", "function": {...}}.')
        _check_function(f"tool {index}", fields["function"], ToolsError)


def _check_tool_choice(choice: Any) -> None:
    fields = cast("dict[str, Any]", choice) if isinstance(choice, dict) else {}
    named = isinstance(fields.get("function"), dict) and "name" in fields["function"] and "type" in fields
    if choice not in ("auto", "none", "required") and not named:
        raise ToolsError(f"tool_choice is {choice!r}.", remedy='Write auto, none, or {"type": "function", "function": {"name": ...}}.')
