import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.tracing.context import SpanContext, activate, current, new_context, parse_traceparent

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_a_header_is_read_and_written_back() -> None:
    found = parse_traceparent(f"00-{TRACE}-{SPAN}-01")
    assert found == SpanContext(TRACE, SPAN, sampled=True)
    assert found.traceparent() == f"00-{TRACE}-{SPAN}-01"
    assert parse_traceparent(f" 00-{TRACE}-{SPAN}-00\t") == SpanContext(TRACE, SPAN, sampled=False)


def test_a_later_version_is_read_by_the_fields_of_the_first() -> None:
    assert parse_traceparent(f"cc-{TRACE}-{SPAN}-01-what-the-future-will-be") == SpanContext(TRACE, SPAN)
    assert parse_traceparent(f"cc-{TRACE}-{SPAN}-01") == SpanContext(TRACE, SPAN)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01-",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"cc-{TRACE}-{SPAN}-01.more",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-0x",
        f"00-{TRACE[:-1]}\u0661-{SPAN}-01",
        f"00_{TRACE}_{SPAN}_01",
    ],
)
def test_a_header_that_breaks_the_rules_is_ignored(header: str | None) -> None:
    assert parse_traceparent(header) is None


@given(st.text(max_size=80) | st.from_regex(r"[0-9a-f]{2}-[0-9a-f]{30,34}-[0-9a-f]{14,18}-[0-9a-f]{1,3}"))
def test_any_header_is_read_or_ignored_and_never_fails(header: str) -> None:
    found = parse_traceparent(header)
    if found is not None:
        assert parse_traceparent(found.traceparent()) == found


def test_a_new_span_is_in_the_trace_of_its_parent_or_begins_one() -> None:
    first = new_context()
    below = new_context(SpanContext(first.trace_id, first.span_id, sampled=False))
    assert below.trace_id == first.trace_id
    assert below.span_id != first.span_id
    assert not below.sampled
    assert new_context().trace_id != first.trace_id


def test_the_current_span_ends_with_its_block_and_does_not_leak_to_other_threads() -> None:
    context = new_context()
    seen: list[SpanContext | None] = []
    with activate(context):
        assert current() == context
        thread = threading.Thread(target=lambda: seen.append(current()))
        thread.start()
        thread.join()
    assert current() is None
    assert seen == [None]


async def test_tasks_have_their_own_current_span() -> None:
    async def work() -> tuple[SpanContext | None, SpanContext]:
        mine = new_context()
        with activate(mine):
            await asyncio.sleep(0)
            return current(), mine

    for found, mine in await asyncio.gather(*(work() for _ in range(5))):
        assert found == mine
    assert current() is None
