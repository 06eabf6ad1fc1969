"""JSON in and out, once for the whole product (msgspec underneath)."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from flowyard.foundation.errors import InvalidInputError, Location

T = TypeVar("T")


def to_json(value: Any) -> bytes:
    """Encode dataclasses, structs and plain values as compact UTF-8 JSON."""
    return msgspec.json.encode(value)


def from_json(data: bytes | str) -> Any:
    """Decode JSON.

    Raises:
        InvalidInputError: `data` is no JSON; the message says at which byte.
    """
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"The body is no JSON: {error}.", remedy="Send a UTF-8 JSON document.") from error


def decode(data: bytes | str, kind: type[T]) -> T:
    """Decode JSON into `kind`, checking every type.

    Raises:
        InvalidInputError: `data` does not fit; the message names the place as msgspec does (``$.a.b``).
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise _misfit(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"The body is no JSON: {error}.", remedy="Send a UTF-8 JSON document.") from error


def convert(value: Any, kind: type[T]) -> T:
    """Turn plain values (as JSON or YAML gives them) into `kind`, checking every type.

    Raises:
        InvalidInputError: the value does not fit.
    """
    try:
        return msgspec.convert(value, type=kind)
    except msgspec.ValidationError as error:
        raise _misfit(error) from error


def packed_list(items: Sequence[bytes]) -> bytes:
    """Return the msgpack list of `items`, each of which is msgpack already."""
    count = len(items)
    if count < 1 << 4:
        head = (0x90 | count).to_bytes(1, "big")
    else:
        head = b"\xdc" + count.to_bytes(2, "big") if count < 1 << 16 else b"\xdd" + count.to_bytes(4, "big")
    return head + b"".join(items)


def plain(value: Any) -> Any:
    """Return `value` as dicts, lists, strings, numbers, booleans and None only."""
    return msgspec.to_builtins(value)


def _misfit(error: msgspec.ValidationError) -> InvalidInputError:
    message, _, path = str(error).partition(" - at `")
    pointer = path.rstrip("`").removeprefix("$").replace(".", "/").replace("[", "/").replace("]", "")
    return InvalidInputError(f"{message}.", remedy="Correct the value there.", location=Location(pointer=pointer or None))
