"""The OpenAPI schema: what the framework tells, with problem details, credentials and each operation's permission (``x-permission``)."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from flowyard.identity.permissions import Permission
from flowyard.identity.sign_in import SESSION_COOKIE
from flowyard.server.deps import get_principal, permission_of
from flowyard.server.problems import PROBLEM_RESPONSE, PROBLEM_SCHEMAS

_SECURITY: dict[str, Any] = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key."},
    "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the schema of all routes, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _make(app)
    return app.openapi_schema


def _make(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    for context in iter_route_contexts(app.routes):
        path = schema["paths"].get(context.path_format, {})
        for method in context.methods or ():
            operation = path.get(method.lower())
            if operation is not None:
                _complete(operation, context.dependant)
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas.update(PROBLEM_SCHEMAS)
    components["securitySchemes"] = _SECURITY
    schema["security"] = [{name: []} for name in _SECURITY]
    return schema


def _complete(operation: dict[str, Any], dependant: Dependant) -> None:
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = PROBLEM_RESPONSE
    calls = list(_calls(dependant))
    permissions: list[Permission] = []
    for call in calls:
        permission = permission_of(call)
        if permission is not None:
            permissions.append(permission)
    if permissions:
        operation["x-permission"] = _one(permissions)
    elif get_principal not in calls:
        operation["security"] = []


def _one(permissions: list[Permission]) -> Permission:
    if len(set(permissions)) > 1:
        raise ValueError(f"one route asks for {permissions}: a route needs exactly one permission")
    return permissions[0]


def _calls(dependant: Dependant) -> Iterator[Any]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _calls(dependency)
