"""What comes from the spools is sampled and redacted by its workspace's policy, before the tail has it and anybody can see it.

Arrow finds the few values in which there may be something (`Redactor.hint`); only these are looked at one by one.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowyard.storage.telemetry.model import Table
from flowyard.tracing.policy import DEFAULT, PolicyRecord
from flowyard.tracing.signals import SIGNALS, Signal
from flowyard.wire.telemetry_policy import RedactionRule

if TYPE_CHECKING:
    from flowyard.tracing.redaction.redactor import Redactor

logger = logging.getLogger(__name__)

#: A policy is asked for again after so many seconds.
KNOWN_S = 0.5
#: What stands in the place of a value that could not be redacted.
NOT_REDACTED = "[NOT REDACTED]"
_NOT_REDACTED_JSON = {"attributes": '{"flowyard.redaction":"[NOT REDACTED]"}', "events": "[]"}
# Columns of ids, of a few known values, or of names that this installation gave itself; the buckets of a metric are numbers.
_FIXED = frozenset(
    "workspace_id trace_id span_id parent_id run_id log_id point_id score_id kind status source currency author api_key buckets".split()  # noqa: SIM905 (it reads as a list)
)
# Columns in which nearly every value is another one.
_VARIOUS = frozenset({"attributes", "body"})
_SAMPLED = frozenset({"spans", "logs"})

Tables = Sequence[tuple[Signal, Table]]


class Intake:
    """Samples and redacts tables.

    `policies` returns those of all workspaces that have set one; it is asked at most every `KNOWN_S` seconds.

    One thread takes.
    """

    def __init__(self, policies: Callable[[], Mapping[str, PolicyRecord]]) -> None:
        self._policies = policies
        self._known: Mapping[str, PolicyRecord] = {}
        self._asked: float | None = None
        self._redactors: dict[tuple[RedactionRule, ...], Redactor] = {}

    def take(self, tables: Tables) -> list[tuple[Signal, Table]]:
        """Return the rows that are kept, redacted. A value that cannot be redacted is not kept: `NOT_REDACTED` stands in its place.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the policies cannot be read; nothing may be kept then.
        """
        now = time.monotonic()
        if self._asked is None or now - self._asked > KNOWN_S:
            # They are as old as the question, however long the answer took.
            self._known, self._asked = self._policies(), now
        return [(signal, part) for signal, table in tables for part in self._parts(signal, table)]

    def _parts(self, signal: Signal, table: Table) -> list[Table]:
        from flowyard.storage.telemetry.columns import by_workspace

        if not table.num_rows:
            return []
        if not self._known:
            return [self._redacted(signal, table, DEFAULT.redact)]
        parts = by_workspace(table)
        found: list[Table] = []
        for workspace_id, part in parts.items():
            policy = self._known.get(workspace_id, DEFAULT)
            found.append(self._redacted(signal, sampled(signal, part, policy.sampling_ratio), policy.redact))
        return found

    def _redacted(self, signal: Signal, table: Table, rules: tuple[RedactionRule, ...]) -> Table:
        if not rules or not table.num_rows:
            return table
        redactor = self._redactor(rules)
        of = SIGNALS[signal]
        numbers = of.integers | of.floats | of.booleans
        names = [name for name in table.column_names if name not in numbers and name not in _FIXED]
        for name, hits in _hits(table, names, redactor.hint):
            column = self._column(table[name], name, hits, redactor)
            if column is not None:
                table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)
        return table

    def _column(self, column: Any, name: str, hits: Any, redactor: "Redactor") -> Any:
        """Return a column of texts with those redacted that were hit; None when nothing in them is to be."""
        import pyarrow
        import pyarrow.compute

        pa: Any = pyarrow
        pc: Any = pyarrow.compute
        candidates = column.filter(hits)
        values: list[str] = candidates.to_pylist()
        # Of each value only the rules that may find something in it.
        of = [pc.match_substring_regex(candidates, self._redactor((rule,)).hint).to_pylist() for rule in redactor.names]
        chosen: list[tuple[RedactionRule, ...]] = [
            tuple(rule for rule, hit in zip(redactor.names, row, strict=True) if hit) for row in zip(*of, strict=True)
        ]
        redacted = [_value(value, name, self._redactor(rules)) for value, rules in zip(values, chosen, strict=True)]
        if redacted == values:
            return None
        return pa.chunked_array([pc.replace_with_mask(column.combine_chunks(), hits, pa.array(redacted, column.type))])

    def _redactor(self, rules: tuple[RedactionRule, ...]) -> "Redactor":
        known = self._redactors.get(rules)
        if known is None:
            from flowyard.tracing.redaction.redactor import Redactor

            known = self._redactors[rules] = Redactor(rules)
        return known


def sampled(signal: Signal, table: Table, ratio: float) -> Table:
    """Return the rows of a share of the traces, the same traces in every process and at every time; rows that are of no trace all stay.

    A trace is kept when the last 56 bits of its id are not below (1 - ratio) * 2^56 (OpenTelemetry's consistent probability sampling), so
    that what an application sampled itself by that rule is not thinned a second time. Metrics and scores are kept.
    """
    if ratio >= 1 or signal not in _SAMPLED:
        return table
    import pyarrow.compute

    pc: Any = pyarrow.compute
    threshold = min(round((1 - ratio) * 2**56), 2**56 - 1)
    ids = table["trace_id"]
    kept = pc.greater_equal(pc.utf8_slice_codeunits(ids, 18, 32), f"{threshold:014x}") if ratio > 0 else pc.is_null(ids)
    return table.filter(pc.fill_null(kept, True))


def _hits(table: Table, names: Sequence[str], hint: str) -> list[tuple[str, Any]]:
    """Return the columns in which `hint` matches something, each with where.

    All are looked at in one go: making a program of the expression costs more than running it over a few rows. Of columns whose values
    repeat each value is looked at once.
    """
    import pyarrow
    import pyarrow.compute

    pa: Any = pyarrow
    pc: Any = pyarrow.compute
    parts = [(name, table[name].combine_chunks() if name in _VARIOUS else pc.unique(table[name])) for name in names]
    matched = pc.fill_null(pc.match_substring_regex(pa.concat_arrays([texts for _, texts in parts]), hint), False)
    found: list[tuple[str, Any]] = []
    start = 0
    for name, texts in parts:
        hits = matched.slice(start, len(texts))
        start += len(texts)
        if pc.any(hits).as_py():
            found.append((name, hits if name in _VARIOUS else pc.is_in(table[name], texts.filter(hits)).combine_chunks()))
    return found


def _value(value: str, name: str, redactor: "Redactor") -> str:
    marker = _NOT_REDACTED_JSON.get(name)
    try:
        return redactor.text(value) if marker is None else redactor.json(value)
    except Exception as error:  # noqa: BLE001 (any process may have written it; whatever it is, it must neither stop the indexer nor be kept)
        logger.error("A value of %s, %d characters, cannot be redacted and is not kept: %s", name, len(value), error)  # noqa: TRY400 (data, not code)
        return NOT_REDACTED if marker is None else marker
