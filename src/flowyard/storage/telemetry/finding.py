"""Where texts are: each row group that may hold one is opened once for a question, the newest first, and only its texts are looked at."""

# ruff: noqa: S608 (only names of ours are put into the text; values are bound)

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow
import pyarrow.compute
from msgspec.structs import replace

from flowyard.storage.telemetry.columns import join_tables
from flowyard.storage.telemetry.model import Segment, Table
from flowyard.storage.telemetry.reading import NARROW_ROWS, Reader, Source
from flowyard.storage.telemetry.searching import Compiler, texts_of
from flowyard.storage.telemetry.segments import trace_keys
from flowyard.tracing.search.model import Search, Text

_pa: Any = pyarrow
_pc: Any = pyarrow.compute

_COLUMNS = ("trace_id", "start_ns", "name", "attributes")
# More traces than that are looked up faster where they are than by their index.
_FEW_TRACES = 10_000
_FEW_ROWS = 400_000
# Row groups that are in memory together.
_GROUPS_AT_ONCE = 8


class Finding:
    """Looks up the texts of one question.

    Args:
        reader: over what.
        searches: each has to hold.
        latest: spans that began later are of no interest.
    """

    def __init__(self, reader: Reader, searches: Sequence[Search], latest: int) -> None:
        self._reader = reader
        self._latest = latest
        self._texts = texts_of(searches)
        self._needed = [text for text in self._texts if text in searches]
        self._files: dict[str, Any] = {}
        # Of each text and segment: which row groups were looked at, and what was found there.
        self._found: dict[tuple[Text, str], tuple[set[int], list[Table]]] = {}
        #: The name of the table of each text.
        self.names = {text: f"found{number}" for number, text in enumerate(self._texts)}

    def is_rare(self, source: Source, floor: int) -> bool:
        """Return whether only few rows have to be looked at for a text that each trace must have, so that one look does."""
        counts = (sum(self._rows(text, segment, floor) for segment in source.segments) for text in self._needed)
        return min(counts, default=_FEW_ROWS + 1) <= _FEW_ROWS

    def within(self, source: Source, floor: int, columns: Sequence[str] | None = None) -> Source | None:
        """Return the source with what was found in spans that began after `floor`; None: no trace can be as it is wanted.

        Segments that can hold nothing of the traces in question are left out. Where the question needs no more than `columns`, these are
        read of the traces in question only.
        """
        if not self._texts:
            return source
        tables = {text: self._find(text, source, floor) for text in self._texts}
        given = {name: tables[text] for text, name in self.names.items()}
        found = replace(source, given={**source.given, **given})
        for text in self._needed:
            ids = _pc.unique(tables[text]["trace_id"].filter(_pc.greater(tables[text]["start_ns"], floor)))
            if not len(ids):
                return None
            if len(ids) <= _FEW_TRACES:
                keys = trace_keys(ids.to_pylist())
                found = found.only(self._reader.indexes.holding(found.segments, keys))
                found = found if columns is None else self._reader.of_traces(found, keys, columns, most_rows=NARROW_ROWS)
        return found

    def _find(self, text: Text, source: Source, floor: int) -> Table:
        found = [self._matches(text, source.tail)]
        for segment in source.segments:
            try:
                found += self._in_segment(text, segment, floor)
            except (OSError, ValueError) as error:
                if self._reader.sound([segment], error):
                    found += self._in_segment(text, segment, floor)
        return _pa.concat_tables(found)

    def _in_segment(self, text: Text, segment: Segment, floor: int) -> list[Table]:
        seen, found = self._found.setdefault((text, segment.id), (set(), []))
        missing = [group for group in self._groups(text, segment, floor) if group not in seen]
        for start in range(0, len(missing), _GROUPS_AT_ONCE):
            groups = missing[start : start + _GROUPS_AT_ONCE]
            rows = self._file(segment).read_row_groups(groups, columns=list(_COLUMNS))
            found.append(self._matches(text, join_tables([rows])))
            seen.update(groups)
        return found

    def _rows(self, text: Text, segment: Segment, floor: int) -> int:
        """Return about how many rows of a segment have to be looked at."""
        groups = len(list(self._groups(text, segment, floor)))
        bounds = self._reader.digests.bounds(segment)
        return groups * segment.rows // max(1, groups if bounds is None else len(bounds))

    def _groups(self, text: Text, segment: Segment, floor: int) -> Iterable[int]:
        """Return the row groups of a segment that may hold the text in a span of the time."""
        words, bounds = self._reader.digests.words(segment), self._reader.digests.bounds(segment)
        if bounds is None:
            return range(self._file(segment).num_row_groups)
        near = [group for group, (first, last) in enumerate(bounds) if last > floor and first <= self._latest]
        if words is None or not near:
            return near
        holding = words.groups(text.text)
        return [group for group in near if holding >> group & 1]

    def _file(self, segment: Segment) -> Any:
        if segment.id not in self._files:
            self._files[segment.id] = self._reader.footers.open(segment)
        return self._files[segment.id]

    def _matches(self, text: Text, rows: Table) -> Table:
        compiler = Compiler("true")
        condition = compiler.text(text)
        return self._reader.over(rows.select(_COLUMNS), f"SELECT trace_id, start_ns FROM given WHERE {condition}", compiler.parameters)
