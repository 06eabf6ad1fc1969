"""The OpenAPI document of a model deployment."""

from typing import Any


def model_swagger(endpoint: str, model: str) -> dict[str, Any]:
    """Return an OpenAPI 3.0 document for ``/score`` and the chat route of the endpoint."""
    chat: dict[str, Any] = {
        "type": "object",
        "required": ["messages"],
        "properties": {
            "messages": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["role", "content"],
                    "properties": {"role": {"type": "string"}, "content": {"type": "string"}},
                },
            },
            "max_tokens": {"type": "integer"},
            "temperature": {"type": "number"},
            "stream": {"type": "boolean", "default": False},
        },
        "example": {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 64},
    }
    operation: dict[str, Any] = {
        "requestBody": {"required": True, "content": {"application/json": {"schema": chat}}},
        "responses": {"200": {"description": "A chat completion (OpenAI protocol)", "content": {"application/json": {}}}},
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": endpoint, "version": "1.0", "description": f"Model {model} at the endpoint {endpoint}."},
        "components": {"securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}}},
        "security": [{"bearerAuth": []}],
        "paths": {
            f"/endpoints/{endpoint}/score": {"post": {**operation, "operationId": "score", "summary": "Call the model"}},
            f"/endpoints/{endpoint}/v1/chat/completions": {"post": {**operation, "operationId": "chat", "summary": "Chat completion"}},
        },
    }
