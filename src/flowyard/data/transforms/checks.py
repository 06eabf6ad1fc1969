"""What is wrong with steps, as far as it shows before they run."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flowyard.data.transforms.errors import TransformError
from flowyard.data.transforms.model import NumberedStep, kind_of, pointer
from flowyard.foundation.errors import Location
from flowyard.wire.transforms import (
    DeduplicateStep,
    FilterLanguageStep,
    FilterLengthStep,
    MapColumnsStep,
    PythonStep,
    SqlStep,
    TransformStep,
)

#: Steps of one transform, and characters of one statement.
MOST_STEPS, LONGEST_QUERY = 50, 100_000
_TABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_FUNCTION = re.compile(r"(?P<file>[A-Za-z0-9_][\w./-]*\.py):(?P<name>[A-Za-z_]\w*)")
_OWN_NAMES = frozenset({"data"})


def numbered(steps: tuple[TransformStep, ...]) -> tuple[NumberedStep, ...]:
    """Return steps with their places.

    Raises:
        TransformError: there are none or too many, or one is not valid; `location` points at it.
    """
    if not 1 <= len(steps) <= MOST_STEPS:
        raise TransformError(f"A transform has 1 to {MOST_STEPS} steps, not {len(steps)}.", location=Location(pointer="/steps"))
    found: list[NumberedStep] = []
    for number, step in enumerate(steps, 1):
        try:
            kind_of(step)
        except TransformError as error:
            error.location = pointer(number)
            raise
        made = NumberedStep(number=number, step=step)
        for field, message, remedy in _faults(made.body):
            raise TransformError(
                f"Step {number} ({made.kind}): {message}.", remedy=remedy, location=pointer(number, made.kind, *([field] if field else []))
            )
        found.append(made)
    return tuple(found)


def check_inputs(names: Iterable[str]) -> None:
    """Refuse what cannot be the name of a table.

    Raises:
        TransformError: a name is none.
    """
    for name in names:
        if not _TABLE.fullmatch(name) or name.lower() in _OWN_NAMES:
            raise TransformError(
                f"{name[:80]!r} cannot be the name of an input.",
                remedy="Use letters, digits and _, beginning with a letter, and not data, which is the rows so far.",
                location=Location(pointer=f"/inputs/{name[:80]}"),
            )


def check_code(steps: tuple[NumberedStep, ...], code: Path | None) -> None:
    """Look whether the code of Python steps is there.

    Raises:
        TransformError: it is not.
    """
    for step in steps:
        if not isinstance(step.body, PythonStep):
            continue
        file = step.body.function.partition(":")[0]
        if code is None or not (code / file).is_file():
            missing = "the transform has no code" if code is None else f"the code has no file {file!r}"
            raise TransformError(
                f"Step {step.number} (python): {missing}.",
                remedy="Upload the folder with it, and name the upload as `code`.",
                location=pointer(step.number, "python", "function"),
            )


_Fault = tuple[str, str, str | None]


def _faults(step: Any) -> Iterable[_Fault]:
    match step:
        case FilterLengthStep():
            yield from _length(step)
        case FilterLanguageStep():
            yield from _language(step)
        case DeduplicateStep():
            yield from _deduplicate(step)
        case MapColumnsStep():
            yield from _columns(step)
        case SqlStep(query=query) if not 0 < len(query.strip()) <= len(query) <= LONGEST_QUERY:
            yield "query", f"it needs one SELECT of at most {LONGEST_QUERY} characters", None
        case PythonStep(function=function):
            found = _FUNCTION.fullmatch(function)
            if found is None or ".." in found["file"]:
                yield "function", f"{function[:200]!r} names no function", "Write file.py:function, the path from the code's folder."
        case _:
            return


def _length(step: FilterLengthStep) -> Iterable[_Fault]:
    if step.min < 0 or (step.max is not None and step.max < step.min):
        yield "min", "min is 0 or more, and max at least min", None


def _language(step: FilterLanguageStep) -> Iterable[_Fault]:
    if not step.languages:
        yield "languages", "it names no language", "Write for instance languages: [en, de]."
    if not 0 <= step.confidence <= 1:
        yield "confidence", "a confidence is 0 to 1", None


def _deduplicate(step: DeduplicateStep) -> Iterable[_Fault]:
    if step.near is not None and not 0.5 <= step.near <= 1:
        yield "near", f"near is a similarity of 0.5 to 1, not {step.near:g}", "0.8 finds texts that differ in some words."
    if not 2 <= step.shingle <= 20:
        yield "shingle", "a shingle has 2 to 20 characters", None


def _columns(step: MapColumnsStep) -> Iterable[_Fault]:
    if step.keep and step.drop:
        yield "drop", "it has both keep and drop", "Name what stays, or what goes."
    if not (step.rename or step.keep or step.drop or step.cast or step.add):
        yield "", "it changes nothing", "Give rename, keep, drop, cast or add."
    for name in (*step.rename.values(), *step.add):
        if not name or name.startswith("__"):
            yield "rename", f"{name!r} cannot be the name of a column", "Names that begin with __ are ours."
