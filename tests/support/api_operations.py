"""The operations of the API, as its OpenAPI schema tells them."""

from typing import Any

from flowyard.server.app import create_app


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of every operation."""
    schema = create_app(None).openapi()
    return [(method, path, operation) for path, found in schema["paths"].items() for method, operation in found.items()]


def filled(path: str, name: str = "nothing", workspace: str = "default") -> str:
    """Return `path` with its parameters filled in."""
    words = path.replace("{workspace}", workspace).split("/")
    return "/".join(name if word.startswith("{") else word for word in words)


OPERATIONS = operations()
