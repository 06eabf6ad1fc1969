"""A past run of prompt flow, as ``pf run create`` leaves it below ``~/.promptflow/.runs/<name>``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import InvalidInputError, Location


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLine:
    """A row of a past run: what went in, and what came out or the innermost code of its error. `tokens` a model took, 0 for none."""

    line: int
    inputs: dict[str, Any]
    completed: bool
    outputs: dict[str, Any]
    error: str | None
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A past run."""

    name: str
    lines: tuple[PastLine, ...]
    metrics: dict[str, Any]


def read_past_run(folder: Path) -> PastRun:
    """Read the run in `folder`: its ``flow_artifacts``, and its metrics.

    Raises:
        InvalidInputError: it is no such folder, or a record in it cannot be read.
    """
    artifacts = folder / "flow_artifacts"
    if not artifacts.is_dir():
        raise InvalidInputError(
            f"{str(folder)!r} is no run of prompt flow: it has no flow_artifacts.",
            remedy="Name the folder of one run, for instance ~/.promptflow/.runs/<run name>.",
        )
    lines = sorted((line for file in sorted(artifacts.glob("*.jsonl")) for line in _lines(file)), key=lambda line: line.line)
    metrics = folder / "metrics.json"
    found: Any = from_json(metrics.read_bytes()) if metrics.is_file() else {}
    return PastRun(name=folder.resolve().name, lines=tuple(lines), metrics=_mapping(found))


def _lines(file: Path) -> Iterator[PastLine]:
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip():
            continue
        try:
            record = _mapping(from_json(text))
        except InvalidInputError as error:
            raise InvalidInputError(
                f"A record of the past run is no JSON: {error.message}",
                remedy="Copy the run's folder again.",
                location=Location(file=str(file), line=number),
            ) from error
        yield _line(record)


def _line(record: dict[str, Any]) -> PastLine:
    run = _mapping(record.get("run_info"))
    inputs = _mapping(run.get("inputs"))
    output = run.get("output")
    return PastLine(
        line=int(record.get("line_number") or 0),
        inputs={name: value for name, value in inputs.items() if name != "line_number"},
        completed=run.get("status") == "Completed",
        outputs=_mapping(output) if isinstance(output, dict) else {"output": output},
        error=_innermost(run.get("error")),
        tokens=int(_mapping(run.get("system_metrics")).get("total_tokens") or 0),
    )


def _innermost(error: Any) -> str | None:
    code: str | None = None
    while isinstance(error, dict):
        found = cast("dict[str, Any]", error)
        code = str(found["code"]) if found.get("code") else code
        error = found.get("innerError")
    return code


def _mapping(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
