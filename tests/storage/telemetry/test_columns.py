"""The order in which rows stand in their segment."""

import random

from flowyard.storage.telemetry.columns import rows_to_table, sorted_once
from flowyard.tracing.rows import COLUMNS, row_of
from support.spans import make_span


def test_spans_stand_by_the_start_of_their_trace_each_once_and_of_two_the_earlier() -> None:
    made = random.Random(7)
    spans = [
        make_span(trace, span + 1, start_ns=1000 * made.randrange(1, 50) + span)
        for trace in range(20)
        for span in range(5)
        for _ in range(made.choice((1, 1, 2)))
    ]
    made.shuffle(spans)
    table, refused = rows_to_table("spans", [row_of(span) for span in spans], COLUMNS, ("w", "w"))
    first: dict[tuple[str, str], int] = {}
    for span in spans:
        key = (span.trace_id, span.span_id)
        first[key] = min(first.get(key, span.start_ns), span.start_ns)
    begins = {trace: min(at for (of, _), at in first.items() if of == trace) for trace, _ in first}
    expected = sorted(first, key=lambda key: (begins[key[0]], key[0], first[key]))
    found = sorted_once(table)
    assert refused == 0
    assert list(zip(found["trace_id"].to_pylist(), found["span_id"].to_pylist(), strict=True)) == expected
    assert found["start_ns"].to_pylist() == [first[key] for key in expected]


def test_a_table_without_rows_stays_one() -> None:
    table, _ = rows_to_table("spans", [], COLUMNS, ("w", "w"))
    assert sorted_once(table).num_rows == 0
