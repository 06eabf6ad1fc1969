"""Server-sent events, cut anywhere."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from flowyard.inference.sse import EventParser

TEXT = 'data: one\r\n\r\n: comment\r\rdata:two\ndata: lines\n\nevent: x\ndata: {"a": "ü"}\r\n\r\ndata: last'.encode()
EVENTS = ["one", "two\nlines", '{"a": "ü"}', "last"]


@given(st.lists(st.integers(0, len(TEXT)), max_size=12))
def test_any_cut_gives_the_same_events(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(TEXT)]
    parser = EventParser()
    found = [event for start, end in itertools.pairwise(places) for event in parser.feed(TEXT[start:end])]
    assert found + parser.end() == EVENTS
