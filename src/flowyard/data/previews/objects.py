"""JSON lines and JSON: objects with the line where each begins, and what is wrong with the file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from flowyard.data.previews.findings import Findings
from flowyard.data.previews.lines import Lines

_REMEDY = "Correct the line; the other rows are not touched."
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Item:
    """An object of a file: the line where it begins (of JSON: its number), or why it cannot be read."""

    line: int
    row: dict[str, Any] | None
    error: str | None = None


def json_lines(lines: Lines, name: str, findings: Findings) -> Iterator[Item]:
    """Yield the objects of a file of JSON lines."""
    for text in lines:
        if text.strip(_SPACE):
            yield _read(text, lines.number, name, findings)


def _read(text: str, line: int, name: str, findings: Findings) -> Item:
    try:
        return _object(json.loads(text.strip(_SPACE)), line, name, findings)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
        column = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        return _broken(line, name, f"{reason[:1].lower()}{reason[1:]}{column}", findings)


def _object(found: Any, line: int, name: str, findings: Findings, what: str = "Line") -> Item:
    if isinstance(found, dict):
        return Item(line, cast("dict[str, Any]", found))
    return _broken(line, name, f"expected a JSON object, got {type(found).__name__}", findings, what)


def _broken(line: int, name: str, reason: str, findings: Findings, what: str = "Line") -> Item:
    message = f"{what} {line} of {name} cannot be read: {reason}"
    findings.add("BrokenRow", "error", f"{message}.", remedy=_REMEDY, file=name, line=line if what == "Line" else None)
    return Item(line, None, message)


def json_file(file: BinaryIO, name: str, findings: Findings, budget: int) -> Iterator[Item]:
    """Yield the objects of a JSON file: of a list, of columns (name to list), or the one that it is.

    Of a file larger than `budget` bytes only a list is read, as far as that goes.
    """
    data = file.read(budget)
    text = data.decode("utf-8-sig", "replace")
    if not file.read(1):
        yield from _whole(text, name, findings)
        return
    start = text.find("[")
    if text[:start].strip(_SPACE) or start < 0:
        findings.add("TooLarge", "warning", f"{name} is one large object: it is not shown.", remedy="Write one object a line (.jsonl).")
        return
    yield from _listed(text, start + 1, name, findings)


def _whole(text: str, name: str, findings: Findings) -> Iterator[Item]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        at = error.lineno if isinstance(error, json.JSONDecodeError) else None
        findings.add(
            "InvalidJson", "error", f"{name} is no JSON: {error}.", file=name, line=at,
            remedy="Correct the file, or write one object a line (.jsonl).",
        )  # fmt: skip
        start = text.find("[")
        if start >= 0 and not text[:start].strip(_SPACE):
            yield from _listed(text, start + 1, name, findings)
        return
    for number, item in enumerate(_items(found), 1):
        yield _object(item, number, name, findings, "Item")


def _items(found: Any) -> list[Any]:
    if isinstance(found, list):
        return cast("list[Any]", found)
    if not isinstance(found, dict):
        return [found]
    columns = cast("dict[str, Any]", found)
    lists = [cast("list[Any]", value) for value in columns.values() if isinstance(value, list)]
    if lists and len(lists) == len(columns) and len({len(value) for value in lists}) == 1:
        return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return [columns]


def _listed(text: str, at: int, name: str, findings: Findings) -> Iterator[Item]:
    """Yield the items of a list whose end may be missing, as far as they are whole."""
    decoder, number = json.JSONDecoder(), 0
    while True:
        while at < len(text) and text[at] in f",{_SPACE}":
            at += 1
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        number += 1
        yield _object(found, number, name, findings, "Item")
