"""Every error as RFC 9457 problem details, and what the OpenAPI schema says of them."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any, cast

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from flowyard.foundation.codecs import plain, to_json
from flowyard.foundation.errors import PROBLEM_JSON, FlowyardError, InvalidInputError, Location, Problem, nearest
from flowyard.server.errors import HttpError, MalformedRequestError, MethodNotAllowedError, RouteNotFoundError

_LOCATION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Location",
    "description": "Where something is wrong: a file with line and column (from 1), or a JSON pointer.",
    "properties": {
        "file": {"type": "string"},
        "line": {"type": "integer"},
        "column": {"type": "integer"},
        "pointer": {"type": "string"},
    },
}
_PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Problem details (RFC 9457): `code` is stable, `detail` says what is wrong, `remedy` what to do.",
    "required": ["type", "code", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "code": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "remedy": {"type": "string"},
        "location": {"$ref": "#/components/schemas/Location"},
        "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}},
        "extra": {"type": "object"},
    },
}
# What was sent under these names is not repeated.
_SECRET = frozenset({"secrets", "api_key", "token"})
PROBLEM_SCHEMAS = {"Location": _LOCATION_SCHEMA, "Problem": _PROBLEM_SCHEMA}
PROBLEM_RESPONSE: dict[str, Any] = {
    "description": "Problem details",
    "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def problem_body(error: FlowyardError, instance: str | None) -> bytes:
    """Return an error as the JSON of problem details, without the members that say nothing."""
    return to_json(_sparse(plain(error.problem(instance))))


def problem_response(request: Request, error: FlowyardError) -> Response:
    """Return an error as an answer; `instance` is the request's id."""
    status = error.problem().status
    headers = {"WWW-Authenticate": 'Bearer realm="flowyard"'} if status == 401 else None
    return Response(problem_body(error, _instance(request)), status_code=status, headers=headers, media_type=PROBLEM_JSON)


def on_flowyard_error(request: Request, error: Exception) -> Response:
    """Answer one of our own errors."""
    if not isinstance(error, FlowyardError):
        raise TypeError(type(error).__name__)
    return problem_response(request, error)


def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the web framework refused: unknown addresses, methods, bodies."""
    if not isinstance(error, HTTPException):
        raise TypeError(type(error).__name__)
    response = problem_response(request, _from_http(request, error))
    if error.headers:
        response.headers.update(error.headers)
    return response


def on_validation_error(request: Request, error: Exception) -> Response:
    """Answer a request that does not fit: all that is wrong with it, each with its place."""
    if not isinstance(error, RequestValidationError):
        raise TypeError(type(error).__name__)
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        reason = str(found[0].get("ctx", {}).get("error", "")).rstrip(".")
        position = found[0]["loc"][-1]
        return problem_response(
            request,
            MalformedRequestError(f"The body is no JSON: {reason} at character {position}.", remedy="Send a JSON document as UTF-8."),
        )
    known = _body_fields(request)
    findings = tuple(_finding(item, known) for item in found)
    first = findings[0]
    return problem_response(
        request,
        InvalidInputError(
            first.detail if len(findings) == 1 else f"{first.detail} ({len(findings)} things are wrong.)",
            remedy=first.remedy,
            location=first.location,
            findings=findings,
        ),
    )


def _from_http(request: Request, error: HTTPException) -> FlowyardError:
    path = request.url.path
    match error.status_code:
        case 404:
            return RouteNotFoundError(f"There is nothing at {path!r}.", remedy="The API's addresses are in /api/v1/openapi.json.")
        case 405:
            return MethodNotAllowedError(f"{path!r} does not take {request.method}.", remedy="See /api/v1/openapi.json.")
        case 400:
            return MalformedRequestError("The body cannot be read.", remedy="Send a JSON document as UTF-8.")
        case status:
            return HttpError(status, str(error.detail))


def _finding(item: Any, known: Sequence[str]) -> Problem:
    place, *rest = item["loc"]
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in rest)
    name = str(rest[-1]) if rest else str(place)
    kind = str(item["type"])
    remedy = None
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        like = nearest(name, list(known))
        detail = f"Unknown key {name!r}."
        remedy = f"Did you mean {like!r}?" if like else (f"Known keys: {', '.join(known)}." if known else None)
    elif kind == "missing":
        detail = "The body is missing." if place == "body" and not rest else f"{name!r} is missing in the {place}."
    else:
        silent = isinstance(item.get("input"), dict | list) or not _SECRET.isdisjoint(map(str, rest))
        got = "" if silent else f", got {_short(item['input'])}"
        detail = f"{name!r} in the {place}: {str(item['msg']).rstrip('.')}{got}."
    return Problem(
        code=InvalidInputError.code,
        title=InvalidInputError.title,
        status=InvalidInputError.status,
        detail=detail,
        remedy=remedy,
        location=Location(pointer=pointer) if pointer else None,
    )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]}…"


def _body_fields(request: Request) -> tuple[str, ...]:
    route = request.scope.get("route")
    kind = route.body_field.field_info.annotation if isinstance(route, APIRoute) and route.body_field else None
    return tuple(field.name for field in fields(kind)) if isinstance(kind, type) and is_dataclass(kind) else ()


def _instance(request: Request) -> str | None:
    request_id = request.scope.get("state", {}).get("request_id")
    return f"urn:uuid:{request_id}" if request_id else None


def _sparse(value: Any) -> Any:
    if isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        return {key: _sparse(item) for key, item in found.items() if item not in (None, (), [], {})}
    return [_sparse(item) for item in cast("Sequence[Any]", value)] if isinstance(value, list | tuple) else value
