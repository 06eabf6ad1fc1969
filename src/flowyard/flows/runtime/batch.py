"""Many rows in this process: what `LoadedFlow.run_batch` does. Runs that are kept go through `flows.runs`."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flowyard.flows.errors import EngineError
from flowyard.flows.runtime.failures import line_problem
from flowyard.flows.runtime.lanes import Crew, Lanes, Tasks
from flowyard.flows.runtime.record import LineRecord, NodeRecord
from flowyard.foundation.errors import FlowyardError, Problem
from flowyard.tracing.context import new_context

if TYPE_CHECKING:
    from flowyard.flows.flow import LoadedFlow

Inputs = Mapping[str, Any]
#: What a row without inputs has: with none at all, the flow's sample would be taken for it.
_NOTHING: Inputs = {"line_number": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord:
    """What came of many rows.

    Attributes:
        lines: a record for each row, in the order of the rows; a failed one has its `error`.
        metrics: what the aggregation logged.
        aggregation: a record for each aggregation node.
        error: why the aggregation failed, or None.
        warnings: of the aggregation.
    """

    lines: list[LineRecord]
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])
    aggregation: list[NodeRecord] = field(default_factory=list[NodeRecord])
    error: Problem | None = None
    warnings: list[str] = field(default_factory=list[str])

    @property
    def completed(self) -> int:
        """How many rows completed."""
        return sum(line.error is None for line in self.lines)


def run_batch(flow: "LoadedFlow", rows: Iterable[Inputs], *, concurrency: int) -> BatchRecord:
    """Run `rows` through `flow`, up to `concurrency` at once, then the aggregation over the rows that completed."""
    given = list(rows)
    lines: list[LineRecord] = [LineRecord(flow=flow.name, trace_id="", span_id="")] * len(given)

    def work(_: int, number: int) -> None:
        lines[number] = run_row(flow, given[number])

    async def work_async(_: int, number: int) -> None:
        lines[number] = await run_row_async(flow, given[number])

    crew: Crew[int] = Tasks(work_async, concurrency) if flow.plan.is_async else Lanes(work, concurrency)
    for number in range(len(given)):
        crew.put(number)
    crew.close()
    good = [(line.inputs, line.reduce) for line in lines if line.error is None]
    if not flow.plan.reduce.steps or not good:
        return BatchRecord(lines=lines)
    reduced = flow.reduce(good)
    return BatchRecord(
        lines=lines, metrics=dict(reduced.metrics), aggregation=reduced.nodes, error=reduced.error, warnings=reduced.warnings
    )


def run_row(flow: "LoadedFlow", inputs: Inputs) -> LineRecord:
    """Run one row; inputs that do not fit are a failed record too."""
    try:
        return flow.run(inputs or _NOTHING, aggregate=False)
    except FlowyardError as error:
        return refused(flow, inputs, error)
    except BaseException as error:  # noqa: BLE001 - whatever it is costs this row, whose record says so; its lane goes on
        return refused(flow, inputs, EngineError(error))


async def run_row_async(flow: "LoadedFlow", inputs: Inputs) -> LineRecord:
    """Run one row on this loop as `run_row` does."""
    try:
        return await flow.run_async(inputs or _NOTHING, aggregate=False)
    except FlowyardError as error:
        return refused(flow, inputs, error)
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001 - see `run_row`; a cancel passes
        return refused(flow, inputs, EngineError(error))


def refused(flow: "LoadedFlow", inputs: Inputs, error: FlowyardError) -> LineRecord:
    """Return the record of a row that could not run, or not be kept."""
    context = new_context(None)
    record = LineRecord(flow=flow.name, trace_id=context.trace_id, span_id=context.span_id, status="failed", start_ns=time.time_ns())
    record.inputs = flow.engine.kept(dict(inputs))
    record.error = line_problem(error)
    return record
