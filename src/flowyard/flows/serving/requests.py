"""What a caller of ``/score`` sends: the flow's inputs in the body, and what they want back in ``Accept``."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flowyard.flows.errors import FlowError
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import InvalidInputError

_JSON_TYPES = frozenset({"application/json", "application/*", "*/*"})
_EVENT_STREAM = "text/event-stream"
_FIELDS_VARIABLES = ("PROMPTFLOW_RESPONSE_INCLUDED_FIELDS", "PF_RESPONSE_INCLUDED_FIELDS")
#: The variable that tells a served flow what its class is made with: a JSON object, as in prompt flow.
INIT_VARIABLE = "PF_FLOW_INIT_CONFIG"


class NotAcceptableError(FlowError):
    """The caller takes none of the media types that the answer can have."""

    code = "NotAcceptable"
    title = "The answer has another media type"
    status = 406

    def __init__(self, wanted: str) -> None:
        super().__init__(
            f"Media type {wanted} in Accept header is not acceptable. Supported media type(s) - application/json",
            remedy="Send Accept: application/json, and text/event-stream besides where an output streams.",
        )


class InitConfigError(InvalidInputError):
    """``PF_FLOW_INIT_CONFIG`` is not what it has to be."""

    code = "InvalidFlowInitConfig"
    title = "The arguments of the flow's class are not valid"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the caller takes. Events only where they are named; JSON also by a wildcard, or by naming nothing."""

    text: str
    json: bool
    events: bool

    @classmethod
    def of(cls, header: bytes) -> "Accepted":
        """Read an ``Accept`` header.

        Raises:
            NotAcceptableError: it allows neither JSON nor events.
        """
        text = header.decode("latin-1").lower()
        if not text.strip():
            return _ANYTHING
        kinds = {part.partition(";")[0].strip() for part in text.split(",")}
        found = cls(text, bool(kinds & _JSON_TYPES), _EVENT_STREAM in kinds)
        if not found.json and not found.events:
            raise NotAcceptableError(text)
        return found

    def require_json(self) -> None:
        """Return when the caller takes JSON.

        Raises:
            NotAcceptableError: they do not.
        """
        if not self.json:
            raise NotAcceptableError(self.text)


_ANYTHING = Accepted("", json=True, events=False)


def read_inputs(names: Collection[str], body: bytes, content_type: bytes = b"") -> dict[str, Any]:
    """Return the flow's inputs that `body` holds: a JSON object, whatever its type is said to be.

    For a flow with one input it may be that input's text: what is no JSON, or no JSON object and not said to be JSON.
    The body of a flow without inputs is not looked at.

    Raises:
        InvalidInputError: it is neither.
    """
    if not names:
        return {}
    try:
        found: Any = from_json(body)
    except InvalidInputError:
        return {_only(names): _text(body)}
    if isinstance(found, dict):
        return cast("dict[str, Any]", found)
    if len(names) == 1 and b"json" not in (content_type.lower() or b"json"):
        return {_only(names): _text(body)}
    raise InvalidInputError(
        f"The body must be a JSON object of the flow's inputs, got {type(found).__name__}.",
        remedy=f'Send for instance {{"{next(iter(names))}": ...}}.',
    )


def _only(names: Collection[str]) -> str:
    if len(names) > 1:
        raise InvalidInputError(
            "The body is no JSON, and the flow has more than one input.", remedy=f"Send a JSON object with {', '.join(names)}."
        )
    return next(iter(names))


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            f"The body is neither JSON nor text: {error}.", remedy="Send UTF-8; files go as base64 in a JSON string."
        ) from error


def included_fields(environment: Mapping[str, str] | None = None) -> frozenset[str] | None:
    """Return the outputs that ``PROMPTFLOW_RESPONSE_INCLUDED_FIELDS`` (or ``PF_…``) lists, None where it is not set.

    Raises:
        InvalidInputError: it is no JSON list of names.
    """
    env = os.environ if environment is None else environment
    listed = next((env[name] for name in _FIELDS_VARIABLES if env.get(name)), None)
    if listed is None:
        return None
    try:
        wanted: Any = from_json(listed)
    except InvalidInputError:
        wanted = None
    if not isinstance(wanted, list) or not all(isinstance(name, str) for name in cast("list[Any]", wanted)):
        raise InvalidInputError(f"{_FIELDS_VARIABLES[0]} is no JSON list of names: {listed!r}.", remedy='Write ["a", "b"].')
    return frozenset(cast("list[str]", wanted))


def init_config(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the arguments of the flow's class that ``PF_FLOW_INIT_CONFIG`` gives, empty where it is not set.

    Raises:
        InitConfigError: it is no JSON object.
    """
    text = (os.environ if environment is None else environment).get(INIT_VARIABLE)
    if not text:
        return {}
    try:
        found: Any = from_json(text)
    except InvalidInputError:
        found = None
    if not isinstance(found, dict):
        raise InitConfigError(f"{INIT_VARIABLE} can't be deserialized to json: {text!r}.", remedy='Write {"argument": value, ...}.')
    return cast("dict[str, Any]", found)
