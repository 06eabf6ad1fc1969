"""What a script with ``@rawhttp`` sees and answers; the names are those of ``azureml.contrib.services``."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl

from flowyard.foundation.errors import InvalidInputError

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "flowyard_raw_http"


class RequestHeaders(dict[str, str]):
    """Headers, found by their names in any spelling."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        super().__init__((name.lower(), value) for name, value in pairs)

    def __getitem__(self, name: str) -> str:
        """Return a header. Raises KeyError where it was not sent."""
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        """Whether a header was sent."""
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, key: str, default: Any = None) -> Any:
        """Return a header, or `default`."""
        return super().get(key.lower(), default)


class AMLRequest:
    """A request as it came."""

    def __init__(self, method: str, path: str, query: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        self.method = method
        self.path = path
        self.full_path = f"{path}?{query}"
        self.query_string = query.encode()
        self.args = dict(parse_qsl(query, keep_blank_values=True))
        self.headers = RequestHeaders(headers)
        self.data = body

    @property
    def content_type(self) -> str | None:
        """The header ``Content-Type``."""
        return self.headers.get("content-type")

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return self.get_json()

    def get_data(self, cache: bool = True, as_text: bool = False) -> bytes | str:
        """Return the body: bytes, or text when `as_text`."""
        del cache
        return self.data.decode("utf-8") if as_text else self.data

    def get_json(self) -> Any:
        """Return the body, read as JSON.

        Raises:
            InvalidInputError: it is none.
        """
        return read_json(self.data)


class AMLResponse:
    """An answer. `message` is text, bytes, an iterable of pieces (each is sent as it comes), or with `json_str` any JSON value."""

    def __init__(self, message: Any, status_code: int, json_str: bool = False, run_function_failed: bool = False) -> None:
        self.status_code = status_code
        self.run_function_failed = run_function_failed
        self.headers: dict[str, str] = {"Content-Type": "application/json" if json_str else "text/html; charset=utf-8"}
        self.body: Any = json.dumps(message, default=as_plain) if json_str else message

    def set_data(self, value: bytes | str) -> None:
        """Replace the body."""
        self.body = value


def rawhttp(function: F) -> F:
    """Let ``run`` get the request as an `AMLRequest`."""
    setattr(function, _MARK, True)
    return function


def wants_request(function: Callable[..., Any]) -> bool:
    """Whether `function` is one for `rawhttp`."""
    return bool(getattr(function, _MARK, False))


def read_json(body: bytes) -> Any:
    """Read a request's body as JSON.

    Raises:
        InvalidInputError: it is none.
    """
    try:
        return json.loads(body)
    except (ValueError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"The body is no JSON: {error}.", remedy="Send a UTF-8 JSON document.") from error


def read_object(body: bytes) -> dict[str, Any]:
    """Read a request's body as a JSON object.

    Raises:
        InvalidInputError: it is none.
    """
    found = read_json(body)
    if not isinstance(found, dict):
        raise InvalidInputError("The body is no JSON object.", remedy="Send an object with a member for each parameter of run().")
    return cast("dict[str, Any]", found)


def as_plain(value: Any) -> Any:
    """Return what JSON has for an array or a number of numpy, a data frame, and what else says how it is a list or a mapping.

    Raises:
        TypeError: it says nothing.
    """
    if isinstance(value, Mapping):
        return dict(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if callable(frame := getattr(value, "to_dict", None)):
        return frame(orient="records") if hasattr(value, "columns") else frame()
    if callable(array := getattr(value, "tolist", None)):
        return array()
    raise TypeError(f"{type(value).__name__} is nothing that JSON has")
