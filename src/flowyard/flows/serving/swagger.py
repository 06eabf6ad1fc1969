"""The OpenAPI document of a flow's server."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

from flowyard.flows.model import FlowSpec
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.version import __version__

_SCHEMAS: dict[str, dict[str, Any]] = {
    "int": {"type": "integer"},
    "double": {"type": "number"},
    "bool": {"type": "boolean"},
    "list": {"type": "array", "items": {}},
    "object": {"type": "object", "additionalProperties": {}},
    "image": {"type": "object", "additionalProperties": {}},
}

_FEEDBACK: dict[str, Any] = {
    "post": {
        "summary": "Say what an answer was like",
        "description": "Kept in the trace that the W3C header traceparent names.",
        "operationId": "feedback",
        "parameters": [
            {
                "name": "flatten",
                "in": "query",
                "description": "Keep each member of the object as an attribute of its own",
                "required": False,
                "schema": {"type": "boolean"},
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object", "additionalProperties": {}}}}},
        "responses": {"200": {"description": "It was kept"}},
    }
}


def openapi(flow: FlowSpec, *, hidden: Collection[str] = (), sample: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the OpenAPI 3 document of the flow's server; chat flows carry ``x-chat-input``, ``x-chat-history`` and ``x-chat-output``.

    Args:
        flow: the flow.
        hidden: outputs that callers do not get.
        sample: an example of the inputs; None: the defaults that there are.
    """
    inputs = {
        name: _property(spec.type, spec.description, spec.default if spec.has_default else None) for name, spec in flow.inputs.items()
    }
    for name, spec in flow.inputs.items():
        if spec.enum:
            inputs[name]["enum"] = list(spec.enum)
        if spec.is_chat_input:
            inputs[name]["x-chat-input"] = True
        if name == flow.chat_history:
            inputs[name]["x-chat-history"] = True
    outputs = {name: _property(spec.type, spec.description) for name, spec in flow.outputs.items() if name not in hidden}
    for name, spec in flow.outputs.items():
        if spec.is_chat_output and name in outputs:
            outputs[name]["x-chat-output"] = True
    required = [name for name, spec in flow.inputs.items() if not (spec.has_default or spec.in_code) and name != flow.chat_history]
    body: dict[str, Any] = {"type": "object", "properties": inputs}
    example = sample or {name: spec.default for name, spec in flow.inputs.items() if spec.has_default}
    if required:
        body["required"] = required
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"Flow {flow.name}",
            "version": __version__,
            "x-flow-name": flow.name,
            "x-chat-history": flow.chat_history,
            "x-chat-input": flow.chat_input,
            "x-chat-output": flow.chat_output,
            "x-flow-type": flow.purpose,
        },
        "components": {"securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}}},
        "security": [{"bearerAuth": []}],
        "paths": {
            "/score": {"post": _score(flow, body, example, outputs)},
            "/feedback": _FEEDBACK,
            "/health": {
                "get": {"summary": "Whether the flow answers", "operationId": "health", "responses": {"200": {"description": "It does"}}}
            },
        },
    }


def _score(flow: FlowSpec, body: dict[str, Any], example: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Any]:
    problem = {"description": "Problem details (RFC 9457)", "content": {"application/problem+json": {"schema": {"type": "object"}}}}
    return {
        "summary": f"Run the flow {flow.name}",
        "operationId": "score",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body, "example": example}}},
        "responses": {
            "200": {
                "description": "The flow's outputs; with Accept: text/event-stream and an output that streams, its pieces",
                "content": {
                    "application/json": {"schema": {"type": "object", "properties": outputs}},
                    "text/event-stream": {"schema": {"type": "string"}},
                },
            },
            "default": problem,
        },
    }


def read_sample(folder: Path) -> dict[str, Any] | None:
    """Return the first object of the flow's ``samples.json``, None where there is no such list."""
    file = folder / "samples.json"
    if not file.is_file():
        return None
    try:
        found: Any = from_json(file.read_bytes())
    except InvalidInputError:
        return None
    first: Any = cast("list[Any]", found)[0] if isinstance(found, list) and found else None
    return cast("dict[str, Any]", first) if isinstance(first, dict) else None


def _property(kind: str, description: str | None, default: Any = None) -> dict[str, Any]:
    found = dict(_SCHEMAS.get(kind, {"type": "string"}))
    if description:
        found["description"] = description
    if default is not None:
        found["default"] = default
    return found
