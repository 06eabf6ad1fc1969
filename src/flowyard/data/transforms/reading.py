"""Transforms as files and one line have them, read into what the API takes::

source: azureml:questions:2
name: clean-questions
inputs: {labels: azureml:labels@latest}
steps:
  - normalize: {columns: [question]}
  - deduplicate: {columns: [question], near: 0.8}
  - sql: SELECT data.*, labels.topic FROM data JOIN labels USING (id)
  - python: clean.py:tidy
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, cast, get_args

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from flowyard.data.transforms.errors import TransformError
from flowyard.data.transforms.model import KINDS
from flowyard.foundation.codecs import convert
from flowyard.foundation.errors import InvalidInputError, Location, nearest
from flowyard.wire.transforms import OnError, TransformStep

# PyYAML has no types.
_load = cast("Callable[[str], Any]", yaml.safe_load)
_compose = cast("Callable[..., Node | None]", yaml.compose)  # pyright: ignore[reportUnknownMemberType]
#: What a step that is given as a text means by it.
_SHORT = {"sql": "query", "python": "function"}
_LINE = re.compile(r"(sql|python):\s*(?P<text>[^{|>\s].*)", re.DOTALL)
_BODIES: dict[str, type] = {
    one.name: next(kind for kind in get_args(one.type) if kind is not type(None)) for one in fields(TransformStep) if one.type is not str
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformFile:
    """What a file says. `code`: the folder of Python steps' code, as an absolute path."""

    steps: tuple[TransformStep, ...]
    source: str | None = None
    name: str | None = None
    inputs: dict[str, str] = field(default_factory=dict[str, str])
    code: Path | None = None
    on_error: OnError = "fail"
    version: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])


def read_file(path: Path) -> TransformFile:
    """Read a transform.

    Raises:
        TransformError: the file is not there, is no YAML, or something in it is not valid; `location` has the line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TransformError(f"{str(path)!r} cannot be read: {error}.", remedy="Check the path; the file is UTF-8.") from error
    try:
        return _file(path, _yaml(text))
    except InvalidInputError as error:
        raise TransformError(error.message, remedy=error.remedy, location=_placed(path, text, error.location)) from error


def read_step(text: str) -> Any:
    """Read a step as a command line has it: ``normalize: {columns: [q]}``, ``deduplicate``, ``sql: SELECT ...``, ``python: clean.py:tidy``.

    Raises:
        TransformError: it is none.
    """
    found = _LINE.fullmatch(text.strip())
    if found is not None:
        return {found[1]: found["text"]}
    made = _yaml(text)
    return {made: None} if isinstance(made, str) else made


def read_steps(written: Any) -> tuple[TransformStep, ...]:
    """Return steps of what YAML or JSON has.

    Raises:
        TransformError: it is no list of steps; `location` points at what is wrong.
    """
    if not isinstance(written, list):
        raise TransformError(
            "`steps` is no list.", remedy="Write each step as an entry: - normalize: {}", location=Location(pointer="/steps")
        )
    return tuple(_step(f"/steps/{index}", step) for index, step in enumerate(cast("list[Any]", written)))


def _step(place: str, written: Any) -> TransformStep:
    if isinstance(written, str):
        written = {written: None}
    if not isinstance(written, dict) or len(cast("dict[Any, Any]", written)) != 1:
        raise TransformError(
            "A step is one key with what it says.", remedy=f"Write one of {', '.join(KINDS)}.", location=Location(pointer=place)
        )
    kind, body = next(iter(cast("dict[str, Any]", written).items()))
    _known(kind, KINDS, "step", Location(pointer=f"{place}/{kind}"))
    if isinstance(body, str) and kind in _SHORT:
        body = {_SHORT[kind]: body}
    body = {} if body is None else body
    if not isinstance(body, dict):
        raise TransformError(f"{kind} says {body!r}, not keys with values.", location=Location(pointer=f"{place}/{kind}"))
    said = cast("dict[str, Any]", body)
    for key in said:
        _known(str(key), tuple(one.name for one in fields(_BODIES[kind])), f"key of {kind}", Location(pointer=f"{place}/{kind}/{key}"))
    try:
        return convert({kind: said}, TransformStep)
    except InvalidInputError as error:
        inner = error.location.pointer if error.location is not None else None
        raise TransformError(error.message, remedy=error.remedy, location=Location(pointer=place + (inner or ""))) from error


def _file(path: Path, written: Any) -> TransformFile:
    if not isinstance(written, dict):
        raise TransformError("The file is no mapping.", remedy="Write steps: and below it a list.", location=Location(pointer=""))
    said = cast("dict[str, Any]", written)
    known = tuple(one.name for one in fields(TransformFile))
    for key in said:
        _known(str(key), (*known, "$schema"), "key", Location(pointer=f"/{key}"))
    steps = read_steps(said.get("steps"))
    code = said.get("code", ".")
    if not isinstance(code, str):
        raise TransformError("`code` is no path.", remedy="Write the folder's path from the file.", location=Location(pointer="/code"))
    needed = any(step.python is not None for step in steps)
    rest = {key: value for key, value in said.items() if key not in {"steps", "code", "$schema"}}
    made = convert({**rest, "steps": []}, TransformFile)
    return replace(made, steps=steps, code=(path.parent / code).resolve() if needed else None)


def _known(name: str, known: tuple[str, ...], what: str, place: Location) -> None:
    if name in known:
        return
    near = nearest(name, known)
    raise TransformError(
        f"There is no {what} {name[:80]!r}.", remedy=f"Did you mean {near!r}?" if near else f"There are {', '.join(known)}.", location=place
    )


def _yaml(text: str) -> Any:
    try:
        return _load(text)
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        place = Location(line=mark.line + 1, column=mark.column + 1) if mark is not None else None
        raise TransformError(f"It is no YAML: {getattr(error, 'problem', None) or error}.", location=place) from error


def _placed(path: Path, text: str, place: Location | None) -> Location:
    """Return the line in the file of what a location points at, or of the nearest thing around it."""
    if place is None or place.pointer is None:
        return Location(file=str(path), line=place.line if place else None, column=place.column if place else None)
    node = _compose(text)
    for part in place.pointer.split("/")[1:]:
        inner = _inner(node, part)
        if inner is None:
            break
        node = inner
    mark = node.start_mark if node is not None else None
    return Location(file=str(path), line=mark.line + 1 if mark else None, column=mark.column + 1 if mark else None, pointer=place.pointer)


def _inner(node: Node | None, part: str) -> Node | None:
    if isinstance(node, MappingNode):
        return next((value for key, value in node.value if isinstance(key, ScalarNode) and key.value == part), None)
    if isinstance(node, SequenceNode) and part.isdecimal() and int(part) < len(node.value):
        return node.value[int(part)]
    return None
