"""Errors as answers: OpenAI's shape under ``/v1``, problem details elsewhere."""

from http import HTTPStatus
from typing import Any

from flowyard.endpoints.errors import LimitedError
from flowyard.endpoints.gateway.exchange import Exchange
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import PROBLEM_JSON, FlowyardError

_OPENAI_CODES = {
    "ModelNotFound": "model_not_found",
    "EndpointNotFound": "model_not_found",
    "Unauthenticated": "invalid_api_key",
    "ModelRateLimited": "rate_limit_exceeded",
    "ModelQuotaExceeded": "insufficient_quota",
    "LimitReached": "rate_limit_exceeded",
    "BudgetSpent": "insufficient_quota",
}
_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_MODEL_HELD = frozenset({"ModelNotFound", "EndpointNotFound", "ModelNotPulled", "OperationUnsupported"})


def openai_error(error: FlowyardError) -> bytes:
    """Return ``{"error": {message, type, code, param}}``; the message says the remedy too, for that is all that clients show."""
    kind = _OPENAI_TYPES.get(error.status) or (
        "invalid_request_error" if error.status < HTTPStatus.INTERNAL_SERVER_ERROR else "server_error"
    )
    upstream: dict[str, Any] = error.extra
    told = {
        "message": str(error),
        "type": upstream.get("upstream_type") or kind,
        "code": upstream.get("upstream_code") or _OPENAI_CODES.get(error.code, error.code),
        "param": "model" if error.code in _MODEL_HELD else None,
    }
    return to_json({"error": told})


def problem(error: FlowyardError, instance: str) -> bytes:
    """Return problem details."""
    return to_json(error.problem(instance))


async def answer_error(exchange: Exchange, error: FlowyardError, *, openai: bool) -> None:
    """Send `error`, unless an answer has begun already."""
    if exchange.started:
        return
    extra = [(b"www-authenticate", b"Bearer")] if error.status == HTTPStatus.UNAUTHORIZED else []
    if "retry_after_s" in error.extra:
        extra.append((b"retry-after", b"%d" % error.extra["retry_after_s"]))
    if isinstance(error, LimitedError):
        extra += error.headers
    if openai:
        await exchange.reply(error.status, openai_error(error), extra=extra)
    else:
        await exchange.reply(error.status, problem(error, exchange.path), PROBLEM_JSON.encode(), extra)
