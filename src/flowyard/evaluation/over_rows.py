"""An evaluator over the rows of a file: here and now, without a server."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowyard.data.errors import RowError
from flowyard.data.rows import DataSet
from flowyard.evaluation.model import EvaluatorInfo, Result
from flowyard.evaluation.registry import evaluator_class
from flowyard.evaluation.results import missing
from flowyard.flows import load_flow
from flowyard.flows.ports import ModelResolver
from flowyard.flows.runs.errors import MappingError
from flowyard.flows.runs.mapping import ColumnMapping
from flowyard.flows.runtime.batch import run_batch
from flowyard.foundation.errors import FlowyardError, Problem
from flowyard.tracing.recorder import Recorder


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A row with what the evaluator said of it, or why it could say nothing. `line` counts from 0, in the order of the data."""

    line: int
    inputs: dict[str, Any]
    outputs: Result = field(default_factory=dict[str, Any])
    error: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All rows, and the metrics of those that have a result."""

    evaluator: str
    rows: list[Scored]
    metrics: dict[str, float]
    warnings: list[str] = field(default_factory=list[str])

    @property
    def failed(self) -> int:
        """How many rows have no result."""
        return sum(row.error is not None for row in self.rows)


def evaluate(  # noqa: PLR0913 - each is a thing of its own that a caller may want
    name: str,
    data: DataSet,
    *,
    mapping: Mapping[str, Any] | None = None,
    init: Mapping[str, Any] | None = None,
    connections: Mapping[str, Mapping[str, Any]] | None = None,
    resolver: ModelResolver | None = None,
    recorder: Recorder | None = None,
    concurrency: int = 16,
) -> Evaluation:
    """Run the evaluator `name` over `data`. A row that cannot be evaluated has its reason; its neighbours are not touched.

    Args:
        name: the evaluator.
        data: the rows.
        mapping: input to ``${data.column}``, for the rows of an exported run also ``${run.inputs.name}`` or ``${run.outputs.name}``, or a
            literal; an input that is not mapped takes the column of its name.
        init: settings of the evaluator: thresholds, and a judge's ``model_config``.
        connections: connections by name, for judges.
        resolver: finds the models of connections that are not given.
        recorder: takes spans.
        concurrency: rows at once at most.

    Raises:
        UnknownEvaluatorError, EvaluatorLoadError: there is no such evaluator.
        MappingError: the mapping has a form that is not known, or names an input that the evaluator has not.
        EvaluatorSettingError, EntryInitError: the settings do not fit.
        DataError: a file cannot be read at all.
    """
    found = evaluator_class(name)
    columns = ColumnMapping(_checked(found.info, mapping or {}), _SOURCES)
    flow = load_flow(found, connections, init=init, resolver=resolver, recorder=recorder)
    rows = list(_rows(found.info, data, columns))
    good = [row for row in rows if row.error is None]
    try:
        record = run_batch(flow, [row.inputs for row in good], concurrency=concurrency)
    finally:
        flow.close()
    for row, line in zip(good, record.lines, strict=True):
        rows[row.line] = Scored(line=row.line, inputs=row.inputs, outputs=line.outputs, error=line.error)
    return Evaluation(evaluator=name, rows=rows, metrics=record.metrics, warnings=record.warnings)


_SOURCES = frozenset({"data", "run.inputs", "run.outputs"})


def _sources(row: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return where the mapping finds a row's columns. A row of an exported run has that run's inputs and outputs."""
    found: dict[str, Mapping[str, Any]] = {"data": row}
    for part in ("inputs", "outputs"):
        if isinstance(row.get(part), dict):
            found[f"run.{part}"] = row[part]
    return found


def _checked(info: EvaluatorInfo, mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    known = taken(info)
    for name in mapping:
        if name not in known:
            raise MappingError(
                f"The evaluator {info.name} has no input {name!r}.",
                remedy=f"It takes {', '.join(known)}.",
                extra={"input": name},
            )
    return mapping


def taken(info: EvaluatorInfo) -> tuple[str, ...]:
    """Return every input that an evaluator takes."""
    return (*info.inputs, *info.optional, *(("conversation",) if info.conversation else ()))


def _rows(info: EvaluatorInfo, data: DataSet, columns: ColumnMapping) -> Iterator[Scored]:
    for line, row in enumerate(data.rows()):
        if isinstance(row, RowError):
            yield Scored(line=line, inputs={}, error=row.problem())
            continue
        try:
            yield Scored(line=line, inputs=_inputs(info, row, columns))
        except FlowyardError as error:
            yield Scored(line=line, inputs={}, error=error.problem())


def _inputs(info: EvaluatorInfo, row: Mapping[str, Any], columns: ColumnMapping) -> dict[str, Any]:
    """Return a row's inputs. A null is no value: as text it would be the word None."""
    given = {name: row[name] for name in taken(info) if name in row} | columns.inputs(_sources(row))
    found = {name: value for name, value in given.items() if value is not None}
    lacking = next((name for name in info.inputs if name not in found), None)
    if lacking is not None and not (info.conversation and "conversation" in found):
        raise missing(info, lacking)
    return found
