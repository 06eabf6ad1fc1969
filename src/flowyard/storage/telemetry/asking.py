"""Answers questions for figures: `tracing.figures.FigureQueries` over the telemetry store."""

from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute
from msgspec.structs import replace

from flowyard.storage.telemetry.figures import FOREIGN, figures, filled, once, tallies
from flowyard.storage.telemetry.reading import Reader, Source
from flowyard.storage.telemetry.searching import Parameters, uses_scores
from flowyard.storage.telemetry.summing import FEW_ROWS, from_rollups
from flowyard.tracing.figures import Tally
from flowyard.tracing.questions import Question, Value
from flowyard.tracing.search.model import SCORE

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
_END_NS = (1 << 63) - 1
_CURRENCY = "USD"


class StoredFigures:
    """Computes figures over the segments of a period and the tail; where they hold more than `few_rows` spans, out of roll-ups."""

    def __init__(self, reader: Reader, *, few_rows: int = FEW_ROWS) -> None:
        self._reader = reader
        self._few_rows = few_rows

    def figures(self, workspace_id: str, question: Question) -> tuple[list[tuple[Value, ...]], str]:
        """See `FigureQueries.figures`."""
        source = self._reader.source(workspace_id, question.since_ns, question.until_ns)
        rolled_up = from_rollups(self._reader, source, question, few_rows=self._few_rows)
        if rolled_up is not None:
            return filled(rolled_up, question), _CURRENCY
        source = self._shared(source)
        grouped = any(name.startswith(SCORE) for name in question.group_by)
        if grouped or (question.search is not None and uses_scores([question.search])):
            source = replace(source, scores=self._reader.source(workspace_id, signal="scores"))
        bounds: Parameters = {"since_ns": question.since_ns, "until_ns": min(question.until_ns, _END_NS)}
        foreign = bool(self._reader.fetch(source, FOREIGN, bounds))
        query, parameters, attributes = figures(question, foreign=foreign)
        if "cost" in question.measures:
            parameters["currency"] = _CURRENCY
        relation = once(shared="again" in source.given, attributes=attributes)
        joined = " " if query.startswith("SELECT") else ", "
        rows = self._reader.fetch(source, f", {relation}{joined}{query}", {**parameters, **bounds})
        return filled(rows, question), _CURRENCY

    def tallies(self, workspace_id: str, by: str, since_ns: int, until_ns: int, limit: int) -> list[Tally]:
        """See `FigureQueries.tallies`."""
        source = self._source(workspace_id, since_ns, until_ns)
        relation = once(shared="again" in source.given, attributes=False)
        bounds: Parameters = {"since_ns": since_ns, "until_ns": min(until_ns, _END_NS), "limit": limit}
        rows = self._reader.fetch(source, f", {relation}, {tallies(by)}", bounds)
        return [
            Tally(
                id=row[0],
                others=tuple(row[1] or ()),
                traces=row[2],
                errors=row[3],
                prompt_tokens=row[4],
                completion_tokens=row[5],
                cost_micros=row[6],
                currency=row[7],
                first_ns=row[8],
                last_ns=row[9],
            )
            for row in rows
        ]

    def _source(self, workspace_id: str, since_ns: int, until_ns: int) -> Source:
        return self._shared(self._reader.source(workspace_id, since_ns, until_ns))

    def _shared(self, source: Source) -> Source:
        again = self._again(source)
        return source if again is None else replace(source, given={"again": again})

    def _again(self, source: Source) -> Any:
        """Return the last 16 digits of the traces that stand in several segments, or in one and the tail; None when there are none.

        Within a segment each span stands once, so only among these traces can a span come twice.
        """
        keys = [self._reader.indexes.keys(segment) for segment in source.segments]
        known = [key for key in keys if key is not None]
        found, counts = np.unique(np.concatenate(known), return_counts=True) if known else (np.empty(0, np.uint64), np.empty(0))
        suffixes = [_pa.array([f"{int(key):016x}" for key in found[counts > 1]], _pa.string())]
        if source.tail.num_rows:
            suffixes.append(_pc.unique(_pc.utf8_slice_codeunits(source.tail["trace_id"].combine_chunks(), 16, 32)))
        if len(known) < len(keys):
            # An index is gone: any trace may stand twice.
            suffixes += [_pa.array([f"{int(key):016x}" for key in found], _pa.string())]
        again = _pa.table({"suffix": _pa.concat_arrays(suffixes)})
        return again if again.num_rows else None
