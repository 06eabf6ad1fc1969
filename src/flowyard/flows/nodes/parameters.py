"""The parameters of LLM nodes: which there are, and how what the YAML says becomes what the protocol wants."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

from flowyard.flows.errors import ModelParameterError

Apis = Literal["both", "chat", "completion"]


def _number(value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError("expected a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("expected a finite number")
    return value if isinstance(value, int | float) else number


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
        return value
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

#: Every input of an LLM node that is no template variable.
PARAMETERS = frozenset({*_TABLE, *_MODEL_NAMES, "stream"})


def model_name(values: Mapping[str, Any]) -> str | None:
    """Return the model that an LLM node's inputs name: ``deployment_name``, else ``model``."""
    return next((str(values[name]) for name in _MODEL_NAMES if values.get(name)), None)


def request_parameters(values: Mapping[str, Any], api: str) -> dict[str, Any]:
    """Return the request's parameters. Empty ones are left out, so is ``max_tokens: inf``; ``tools`` win over ``functions``.

    Raises:
        ModelParameterError: a value cannot be sent.
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
    if "tools" in body:
        body.pop("functions", None)
        body.pop("function_call", None)
    return body
