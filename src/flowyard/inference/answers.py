"""What a server's error answer means."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from flowyard.inference.errors import (
    ModelAccessDeniedError,
    ModelCallError,
    ModelQuotaExceededError,
    ModelRateLimitedError,
    ModelRequestRefusedError,
)
from flowyard.inference.retries import RetriableError, retry_after_s

_LONGEST_TEXT = 2_000
_TOO_LONG = "Shorten the prompt, ask for fewer tokens (max_tokens), or take a model with a longer context."
#: What to do about a refused request, by its `error.code` or `error.type` (OpenAI's, and llama.cpp's).
_REFUSED = {"context_length_exceeded": _TOO_LONG, "exceed_context_size_error": _TOO_LONG}


def error_of(status: int, headers: Mapping[str, str], body: bytes) -> ModelCallError:
    """Turn an answer with `status` >= 400 (or a redirect, which is never followed) into the error to raise."""
    message, code, kind = _told(body)
    text = f"HTTP {status}: {message or 'no reason given'}"
    told: dict[str, Any] = {"upstream_status": status, "upstream_code": code, "upstream_type": kind}
    if status == 429:
        if "insufficient_quota" in {code, kind}:
            return ModelQuotaExceededError(text, remedy="Raise the account's quota, or use another connection.", **told)
        limited = ModelRateLimitedError(text, remedy="Send less at once, or try later.", **told)
        limited.retry_after_s = retry_after_s(headers)
        return limited
    if status in {401, 403}:
        return ModelAccessDeniedError(text, remedy="Check the key of the connection, and what it may use.", **told)
    if status >= 500 or status == 408:
        failed = RetriableError(text, remedy="Try later; the server's own log says more.", **told)
        failed.retry_after_s = retry_after_s(headers)
        return failed
    if status >= 400:
        missing = "Check the name of the model or deployment, and the connection's address." if status == 404 else None
        return ModelRequestRefusedError(text, remedy=_REFUSED.get(code or "") or _REFUSED.get(kind or "") or missing, **told)
    return ModelCallError(f"HTTP {status} is no answer.", remedy="Check the connection's address.", **told)


def error_in_stream(chunk: dict[str, Any]) -> ModelCallError | None:
    """Return the error that a streamed chunk tells of, or None when it is an ordinary one."""
    error = chunk.get("error")
    if not error:
        return None
    message, code, kind = _parts(error)
    return ModelCallError(f"The answer broke off: {message}", upstream_code=code, upstream_type=kind)


def _told(body: bytes) -> tuple[str, str | None, str | None]:
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return body[:_LONGEST_TEXT].decode("utf-8", "replace").strip(), None, None
    if isinstance(parsed, dict):
        fields = cast("dict[str, Any]", parsed)
        # OpenAI and Azure nest it under `error`; FastAPI says `detail`; RFC 9457 says `detail` and `code`.
        return _parts(fields.get("error") or fields)
    return str(parsed)[:_LONGEST_TEXT], None, None


def _parts(error: Any) -> tuple[str, str | None, str | None]:
    if not isinstance(error, dict):
        return str(error)[:_LONGEST_TEXT], None, None
    fields = cast("dict[str, Any]", error)
    message = fields.get("message") or fields.get("detail") or fields
    return str(message)[:_LONGEST_TEXT], _text(fields.get("code")), _text(fields.get("type"))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
