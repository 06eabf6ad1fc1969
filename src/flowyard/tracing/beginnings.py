"""Beginnings of large values: what rows of telemetry have of prompts and documents that stand apart (`storage.telemetry.payloads`)."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

import msgspec

#: A value whose JSON is longer, in bytes, is large.
LARGE_BYTES = 32 * 1024
#: The attribute that says which others are only beginnings: their names, and the `Reference` of the whole.
APART = "flowyard.payloads"
#: The name in `APART` of a log record's body.
BODY = "flowyard.body"
#: A beginning is shorter. It has so many characters of a text and items of a list or an object; the first that are short enough are taken.
BEGINNING_BYTES = 8 * 1024
_BEGINNINGS = ((4000, 1000), (1000, 200), (200, 20))

_attributes = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_encode = msgspec.json.Encoder().encode
_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)

#: Takes the JSON of a value in, and returns its SHA-256 in hexadecimal digits.
Keep = Callable[[bytes], str]


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands for the whole of a value: its SHA-256, and the bytes of its JSON (None: written by an earlier version)."""

    sha256: str
    bytes: int | None = None


class _Event(msgspec.Struct):
    name: str
    at_ns: int
    attributes: dict[str, msgspec.Raw] = {}


_events = msgspec.json.Decoder(list[_Event]).decode


def references(apart: Any) -> dict[str, Reference]:
    """Return what the attribute `APART` says; of what is not of our making, nothing."""
    if not isinstance(apart, dict):
        return {}
    told: dict[Any, Any] = {**apart}
    found = {name: _reference(value) for name, value in told.items() if isinstance(name, str)}
    return {name: reference for name, reference in found.items() if reference is not None}


def _reference(value: Any) -> Reference | None:
    try:
        return Reference(value) if isinstance(value, str) else msgspec.convert(value, Reference)
    except msgspec.ValidationError:
        return None


def short_attributes(attributes: bytes, keep: Keep) -> bytes:
    """Return the JSON of attributes with the beginnings of large values, which `keep` gets; as it is when it cannot be read."""
    try:
        short = _short(_attributes(attributes), keep)
    except _UNREADABLE:
        return attributes
    return attributes if short is None else _encode(short)


def short_events(events: bytes, keep: Keep) -> bytes:
    """Return the JSON of a span's events, the attributes of each as `short_attributes` returns them."""
    try:
        found = _events(events)
        short = [_short(event.attributes, keep) for event in found]
    except _UNREADABLE:
        return events
    if all(one is None for one in short):
        return events
    return _encode(
        [
            {"name": event.name, "at_ns": event.at_ns, "attributes": event.attributes if one is None else one}
            for event, one in zip(found, short, strict=True)
        ]
    )


def short_log(body: str, attributes: bytes, keep: Keep) -> tuple[str, bytes]:
    """Return a log record's body and attributes with the beginnings of what is large, which `keep` gets."""
    attributes = short_attributes(attributes or b"{}", keep)
    value = _encode(body)
    if len(value) <= LARGE_BYTES:
        return body, attributes
    try:
        values: dict[str, Any] = {**_attributes(attributes)}
        known = references(msgspec.json.decode(values[APART])) if APART in values else {}
    except _UNREADABLE:
        return body, attributes
    values[APART] = {**known, BODY: Reference(keep(value), len(value))}
    return msgspec.json.decode(bytes(_beginning(value)), type=str), _encode(values)


def _short(attributes: Mapping[str, msgspec.Raw], keep: Keep) -> dict[str, Any] | None:
    """Return attributes with the beginnings of large values; None: none of them are.

    Raises:
        msgspec.MsgspecError: a value cannot be read.
        ValueError: the same.
        RecursionError: it is nested too deep.
    """
    large = {name: bytes(value) for name, value in attributes.items() if len(bytes(value)) > LARGE_BYTES}
    if not large:
        return None
    beginnings = {name: _beginning(value) for name, value in large.items()}
    known = references(msgspec.json.decode(attributes[APART])) if APART in attributes else {}
    kept = {name: Reference(keep(value), len(value)) for name, value in large.items()}
    return {**attributes, **beginnings, APART: {**known, **kept}}


def _beginning(value: bytes) -> msgspec.Raw:
    whole = msgspec.json.decode(value)
    for text, items in _BEGINNINGS:
        short = _encode(_cut(whole, text, items))
        if len(short) <= BEGINNING_BYTES:
            return msgspec.Raw(short)
    return msgspec.Raw(_encode(value[: BEGINNING_BYTES // 2].decode("utf-8", "ignore") + "…"))


def _cut(value: Any, text: int, items: int) -> Any:
    """Return a value with its form: texts by their beginnings, lists by their first and last items."""
    match value:
        case str():
            return value if len(value) <= text else f"{value[:text]}…"
        case list():
            held: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
            kept = held if len(held) <= items else [*held[: items // 2], *held[-(items // 2) :]]
            return [_cut(item, text, items) for item in kept]
        case dict():
            fields: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
            return {name: _cut(item, text, items) for name, item in islice(fields.items(), items)}
        case _:
            return value
