"""Column mapping: which column of the data, or value of another run, feeds which input of the flow."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flowyard.flows.runs.errors import MappingError
from flowyard.foundation.errors import nearest

_REFERENCE = re.compile(r"\$\{(data|run\.inputs|run\.outputs)\.([^{}]+)\}")
Sources = Mapping[str, Mapping[str, Any]]
"""``data``, ``run.inputs`` and ``run.outputs`` of one row, each a mapping of columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a row: ``${source.name}``."""

    source: str
    name: str

    def __str__(self) -> str:
        return f"${{{self.source}.{self.name}}}"


class ColumnMapping:
    """A mapping that was read: each input is a column or a literal.

    Args:
        given: flow input to ``${data.x}``, ``${run.inputs.x}``, ``${run.outputs.x}`` or a literal.
        known: the sources that this run has.

    Raises:
        MappingError: a reference has another form, or its source is not there.
    """

    def __init__(self, given: Mapping[str, Any], known: frozenset[str]) -> None:
        self._literals: dict[str, Any] = {}
        self._columns: dict[str, Column] = {}
        for name, value in given.items():
            column = _column(name, value, known)
            if column is None:
                self._literals[name] = value
            else:
                self._columns[name] = column
        self._reads = tuple((name, column.source, column.name) for name, column in self._columns.items())

    def inputs(self, row: Sources) -> dict[str, Any]:
        """Return the mapped inputs of one row. For all others a default comes first, then the data's column of that name.

        Raises:
            MappingError: the row lacks a column.
        """
        inputs = dict(self._literals)
        for name, source, column in self._reads:
            try:
                inputs[name] = row[source][column]
            except KeyError:
                raise self._missing(name, row) from None
        return inputs

    def _missing(self, name: str, row: Sources) -> MappingError:
        column = self._columns[name]
        columns = list(row.get(column.source, {}))
        near = nearest(column.name, columns)
        return MappingError(
            f"The input {name!r} is mapped to {column}, and the row has no column {column.name!r}.",
            remedy=f"Did you mean {near!r}?" if near else f"Columns of {column.source}: {', '.join(sorted(columns)) or 'none'}.",
            extra={"input": name, "column": column.name},
        )


def _column(name: str, value: Any, known: frozenset[str]) -> Column | None:
    if not isinstance(value, str) or not (value.startswith("${") and value.endswith("}")):
        return None
    found = _REFERENCE.fullmatch(value)
    if found is None:
        raise MappingError(
            f"The input {name!r} is mapped to {value!r}, which is no reference.",
            remedy="Write ${data.column}, ${run.inputs.name}, ${run.outputs.name} or a literal.",
        )
    source, column = found.groups()
    if source not in known:
        what = "names no data" if source == "data" else "names no other run"
        raise MappingError(
            f"The input {name!r} is mapped to {value!r}, and the run {what}.",
            remedy="Give --data." if source == "data" else "Give --run with the run whose outputs are meant.",
        )
    return Column(source, column)
