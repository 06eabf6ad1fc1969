"""Where texts are: each row group that may hold one is opened once for a question, the newest first, and only its texts are looked at."""

# ruff: noqa: S608 (only names of ours are put into the text; values are bound)

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow
import pyarrow.compute
import pyarrow.parquet
from msgspec.structs import replace

from flowyard.storage.telemetry.columns import join_tables
from flowyard.storage.telemetry.model import Segment, Table
from flowyard.storage.telemetry.reading import Reader, Source
from flowyard.storage.telemetry.searching import Compiler, texts_of
from flowyard.storage.telemetry.segments import trace_keys
from flowyard.tracing.search.model import Search, Text

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
_pq: Any = pyarrow.parquet

_COLUMNS = ("trace_id", "start_ns", "name", "attributes")
# More traces than that are looked up faster where they are than by their index.
_FEW_TRACES = 10_000
_FEW_GROUPS = 40


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
        self._found: dict[tuple[Text, str, int], Table] = {}
        #: The name of the table of each text.
        self.names = {text: f"found{number}" for number, text in enumerate(self._texts)}

    def is_rare(self, source: Source, floor: int) -> bool:
        """Return whether only few row groups have to be opened for a text that each trace must have, so that one look does."""
        counts = (sum(len(list(self._groups(text, segment, floor))) for segment in source.segments) for text in self._needed)
        return min(counts, default=_FEW_GROUPS + 1) <= _FEW_GROUPS

    def within(self, source: Source, floor: int) -> Source | None:
        """Return the source with what was found in spans that began after `floor`; None: no trace can be as it is wanted.

        Segments that can hold nothing of the traces in question are left out.
        """
        if not self._texts:
            return source
        tables = {text: self._find(text, source, floor) for text in self._texts}
        given = {name: tables[text] for text, name in self.names.items()}
        segments = source.segments
        for text in self._needed:
            ids = _pc.unique(tables[text]["trace_id"].filter(_pc.greater(tables[text]["start_ns"], floor)))
            if not len(ids):
                return None
            if len(ids) <= _FEW_TRACES:
                segments = self._reader.indexes.holding(segments, trace_keys(ids.to_pylist()))
        return replace(source, segments=segments, given={**source.given, **given})

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
        found: list[Table] = []
        for group in self._groups(text, segment, floor):
            name = (text, segment.id, group)
            if name not in self._found:
                rows = self._file(segment).read_row_group(group, columns=list(_COLUMNS))
                self._found[name] = self._matches(text, join_tables([rows]))
            found.append(self._found[name])
        return found

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
            self._files[segment.id] = _pq.ParquetFile(self._reader.files.file(segment))
        return self._files[segment.id]

    def _matches(self, text: Text, rows: Table) -> Table:
        compiler = Compiler("true")
        condition = compiler.text(text)
        return self._reader.over(rows.select(_COLUMNS), f"SELECT trace_id, start_ns FROM given WHERE {condition}", compiler.parameters)
