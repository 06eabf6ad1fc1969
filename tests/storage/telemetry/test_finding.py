"""Words leave out no row group that holds a text, and a search finds what one without them finds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flowyard.foundation.codecs import to_json
from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry import segments as writing
from flowyard.storage.telemetry.digests import Digests
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.storage.telemetry.searching import Compiler
from flowyard.storage.telemetry.words import decode_words, words_of
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.search.model import Text
from flowyard.tracing.search.parse import parse_search
from support.spans import make_span, spool

_pa: Any = pyarrow
letters = st.text(
    st.sampled_from('aAbBkKsSi\u0130\u0131\u212a\u017f\u00df\u1e9e\u00e9 \n\t\r\u00a0\x1f"\\/{}:\u03a3\u03c2\u6f22'),
    max_size=12,
)


class Place:
    """A store with row groups of three spans."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.engine = open_engine(f"sqlite:///{home / 'metadata.db'}")
        self.spools, self.files = folder / "spools", SegmentFiles(folder / "segments")
        self.indexer = Indexer(self.engine, self.spools, self.files, default_workspace="w1")
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, self.files)

    def fresh(self) -> DuckQueries:
        """Return queries that have looked at nothing yet."""
        self.queries.close()
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, self.files)
        return self.queries

    def found(self, q: str, **options: Any) -> list[int]:
        listed = self.fresh().list_traces("w1", TraceFilter(search=parse_search(q)), **options)
        return [int(summary.root.trace_id, 16) for summary in listed]

    def ordered(self, q: str) -> list[int]:
        listed = self.fresh().list_ordered("w1", TraceFilter(search=parse_search(q)), "duration:desc")
        return [int(summary.root.trace_id, 16) for summary in listed]


@pytest.fixture
def place(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(writing, "ROW_GROUP", 3)
    opened = Place(tmp_path, home)
    for part in range(3):
        records = [
            make_span(
                trace, number, 1 if number > 1 else None, kind="llm",
                attributes={"gen_ai.prompt": f"Where is parcel {trace}? {'It is lost.' if trace % 10 == 0 else ''}", "other": "lost"},
            )
            for trace in range(part * 20 + 1, part * 20 + 21)
            for number in (1, 2)
        ]  # fmt: skip
        spool(opened.spools, records)
        opened.indexer.step()
        if part < 2:
            opened.indexer.roll()
    yield opened
    opened.queries.close()
    opened.engine.dispose()


QUERIES = [
    "lost", '"is LOST"', '"parcel 17"', "giraffe", "-lost", "lost OR giraffe", 'lost "parcel 40"', "lost -\"parcel 40\"", "s2 lost",
    "arce", '"parcel 1"', "(lost OR \"parcel 3\") status:unset",
]  # fmt: skip


@pytest.mark.parametrize("q", QUERIES)
def test_a_search_finds_the_same_with_and_without_digests(place: Place, q: str) -> None:
    for limit in (3, 100):
        with_digests = place.found(q, limit=limit), place.ordered(q)
        kept = {path: path.read_bytes() for path in place.files.folder.rglob("*.digest.npz")}
        assert len(kept) == 2
        for path in kept:
            path.unlink()
        assert (place.found(q, limit=limit), place.ordered(q)) == with_digests
        for path, content in kept.items():
            path.write_bytes(content)


def test_what_is_found_is_right(place: Place) -> None:
    assert place.found("lost") == [60, 50, 40, 30, 20, 10]
    assert place.found('lost "parcel 4"') == [40]
    assert place.found("lost", limit=2) == [60, 50]
    assert place.found("lost", limit=2, before_ns=make_span(50, 1).start_ns) == [40, 30]
    assert place.ordered("giraffe") == []


def test_only_row_groups_that_may_hold_a_rare_word_are_opened(place: Place) -> None:
    (segment,) = [one for one in place.indexer.manifest.segments("w1") if one.min_start_ns == make_span(1, 1).start_ns]
    words = Digests(place.files).words(segment)
    assert words is not None
    # Row groups of three rows: trace 17 has rows 32 and 33.
    assert words.groups("parcel 17?") == 0b110000000000
    assert words.groups("giraffe") == 0
    other = [one for one in place.indexer.manifest.segments("w1") if one.id != segment.id]
    for one in other:
        (place.files.folder / one.path).write_bytes(b"")
    assert place.found('"parcel 17?"') == [17], "a segment without the word is not opened"


def test_a_damaged_segment_is_left_out_and_the_others_answer(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    segment = place.indexer.manifest.segments("w1")[0]
    (place.files.folder / segment.path).write_bytes(b"nothing")
    assert place.found("lost") == [60, 50, 20, 10]
    assert segment.path in caplog.text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(letters, letters), min_size=1, max_size=8), letters, st.data())
@example([("", "İK")], "i", None)
def test_no_row_group_that_holds_a_text_is_left_out(rows: list[tuple[str, str]], other: str, data: Any) -> None:
    attributes = [to_json({"gen_ai.prompt": text}).decode() for _, text in rows]
    table = _pa.table({"name": _pa.array([name for name, _ in rows], _pa.string()), "attributes": _pa.array(attributes, _pa.string())})
    words = decode_words(**words_of(table, 2))
    texts = [text for row in rows for text in row if text]
    text = other
    if data is not None and texts:
        whole = data.draw(st.sampled_from(texts))
        start = data.draw(st.integers(0, len(whole) - 1))
        text = whole[start : data.draw(st.integers(start + 1, len(whole)))]
    if not text:
        return
    compiler = Compiler("true")
    condition = compiler.text(Text(text))
    numbered = table.append_column("row", _pa.array(range(len(rows))))
    with duckdb.connect() as database:
        database.register("given", numbered)
        found = [row for (row,) in database.execute(f"SELECT row FROM given WHERE {condition}", compiler.parameters).fetchall()]
    assert all(words.groups(text) >> (row // 2) & 1 for row in found), (text, found)
