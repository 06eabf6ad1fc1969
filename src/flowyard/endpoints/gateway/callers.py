"""What callers say of a request, in headers and in OpenAI's fields: which conversation, which end user, which call again, how long."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import msgspec

from flowyard.endpoints.errors import BodyInvalidError
from flowyard.endpoints.gateway.exchange import Exchange
from flowyard.tracing.baggage import parse_baggage

SESSION_HEADER, USER_HEADER = b"x-flowyard-session", b"x-flowyard-user"
REPLAY_HEADER = b"x-flowyard-replay-of"
#: Seconds that the client gives the whole call.
TIMEOUT_HEADER = b"x-flowyard-timeout"
_LONGEST_S = 86_400.0
_REPLAYED = re.compile(rb"([0-9a-f]{32})-([0-9a-f]{16})")
#: Longer ids are cut.
_LONGEST = 200
_NONE: dict[str, msgspec.Raw] = {}


class _Inputs(msgspec.Struct):
    session_id: object = None


_SESSION_INPUT = b'"session_id"'
_inputs = msgspec.json.Decoder(_Inputs).decode


class Caller(NamedTuple):
    """Ids as the caller gave them; None where nothing was said. `endpoint` and `deployment` are those of a request that runs."""

    session_id: str | None
    user_id: str | None
    endpoint: str | None = None
    deployment: str | None = None


_SAYING = frozenset({SESSION_HEADER, USER_HEADER, b"baggage"})
_NOBODY = Caller(None, None)


def caller_of(exchange: Exchange, fields: Mapping[str, msgspec.Raw] = _NONE) -> Caller:
    """Return what a request says of its conversation and user; the first that says it counts.

    The conversation: ``x-flowyard-session``; ``session.id`` (OpenInference) or ``gen_ai.conversation.id`` (OpenTelemetry) in the W3C
    header ``baggage``; the body's ``conversation`` (OpenAI's responses); ``session_id`` or ``conversation_id`` in its ``metadata``.
    The user: ``x-flowyard-user``; ``user.id`` or ``enduser.id`` in ``baggage``; ``safety_identifier``, ``user``; ``metadata.user_id``.

    Args:
        exchange: the request.
        fields: of a model call's body.
    """
    headers = exchange.headers
    if not fields and _SAYING.isdisjoint(headers):
        return _NOBODY
    carried = parse_baggage(headers[b"baggage"]) if b"baggage" in headers else {}
    about = _object(fields.get("metadata"))
    session = (
        _header(headers.get(SESSION_HEADER))
        or _text(carried.get("session.id"))
        or _text(carried.get("gen_ai.conversation.id"))
        or _conversation(fields.get("conversation"))
        or _text(about.get("session_id"))
        or _text(about.get("conversation_id"))
    )
    user = (
        _header(headers.get(USER_HEADER))
        or _text(carried.get("user.id"))
        or _text(carried.get("enduser.id"))
        or _text(_value(fields.get("safety_identifier")))
        or _text(_value(fields.get("user")))
        or _text(about.get("user_id"))
    )
    return Caller(session, user)


def score_caller(exchange: Exchange, body: bytes) -> Caller:
    """Return what a request to a flow says of its conversation and user: as `caller_of`, and at last the input ``session_id``."""
    found = caller_of(exchange)
    # Most inputs have none: a look for the name spares reading them here.
    if found.session_id is not None or _SESSION_INPUT not in body:
        return found
    try:
        return found._replace(session_id=_text(_inputs(body).session_id))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return found  # who runs the flow says what is wrong with it


def replayed(exchange: Exchange) -> dict[str, str]:
    """Return the attributes that name the call which a request repeats: ``x-flowyard-replay-of: <trace id>-<span id>``; none otherwise."""
    value = exchange.headers.get(REPLAY_HEADER)
    found = None if value is None else _REPLAYED.fullmatch(value)
    if found is None:
        return {}
    return {"flowyard.replay.trace_id": found[1].decode(), "flowyard.replay.span_id": found[2].decode()}


def timeout_of(exchange: Exchange) -> float | None:
    """Return how many seconds the client gives the whole call; None: it does not say.

    Raises:
        BodyInvalidError: the header is no number of seconds.
    """
    given = exchange.header(TIMEOUT_HEADER)
    if given is None:
        return None
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST_S:
        raise BodyInvalidError(
            f"The header {TIMEOUT_HEADER.decode()} is {given[:100]!r}.", remedy=f"Give a number of seconds, up to {_LONGEST_S:g}."
        )
    return seconds


def _conversation(raw: msgspec.Raw | None) -> str | None:
    found = _value(raw)
    return _text(cast("dict[str, Any]", found).get("id") if isinstance(found, dict) else found)


def _object(raw: msgspec.Raw | None) -> dict[str, Any]:
    found = _value(raw)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _value(raw: msgspec.Raw | None) -> object:
    try:
        return None if raw is None else msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None  # the body was not looked into so far; who answers the call says what is wrong with it


def _header(value: bytes | None) -> str | None:
    return None if value is None else _text(value.decode("utf-8", "replace"))


def _text(value: object) -> str | None:
    return value.strip()[:_LONGEST] or None if isinstance(value, str) else None
