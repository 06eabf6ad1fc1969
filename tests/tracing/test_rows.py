import dataclasses
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.tracing.model import SpanEvent, SpanRecord
from flowyard.tracing.rows import ATTRIBUTES_LIMIT, COLUMNS, decode_row, encode_row


def record(**fields: Any) -> SpanRecord:
    return SpanRecord(trace_id="a" * 32, span_id="b" * 16, name="n", kind="node", start_ns=1, duration_ns=2, **fields)


def through(one: SpanRecord) -> SpanRecord:
    return decode_row(dict(zip(COLUMNS, msgspec.msgpack.decode(encode_row(one)), strict=True)))


def test_a_record_comes_back_as_it_was() -> None:
    one = record(
        workspace_id="w",
        parent_id="c" * 16,
        status="error",
        status_message="no",
        model="m",
        line=0,
        prompt_tokens=0,
        cost_micros=12,
        attributes={"gen_ai.input.messages": [{"role": "user", "content": 'say "hi"\n'}], "t": 0.5, "n": None},
        events=[SpanEvent("first_token", 3, {"index": 1})],
    )
    assert through(one) == one
    assert through(record()) == record()


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), values, max_size=4))
def test_any_json_value_survives(attributes: dict[str, Any]) -> None:
    found = through(record(attributes=attributes)).attributes
    # A lone surrogate has no UTF-8 form and becomes a question mark.
    assert found == msgspec.json.decode(msgspec.json.encode(clean(attributes)))


def clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [clean(item) for item in value]
    return {clean(key): clean(item) for key, item in value.items()} if isinstance(value, dict) else value


@dataclasses.dataclass
class City:
    name: str


class Hostile:
    def __repr__(self) -> str:
        raise RuntimeError("no repr for you")


def cycle() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (City("Bern"), {"name": "Bern"}),
        ((1, 2), [1, 2]),
        ({3}, [3]),
        ({1: "a", None: "b"}, {"1": "a", "None": "b"}),
        ({(1, 2): "a"}, {"(1, 2)": "a"}),
        (b"\x00\xff", "AP8="),
        (2**70, str(2**70)),
        ("\ud800", "?"),
        (math.nan, None),
        (Hostile(), "<Hostile>"),
        (int, "<class 'int'>"),
    ],
)
def test_what_json_has_no_form_for_becomes_something_readable(value: Any, expected: Any) -> None:
    found = through(record(attributes={"v": value})).attributes["v"]
    assert found == expected or str(found) == str(expected)


def test_values_without_an_end_are_cut() -> None:
    assert "nested deeper" in repr(through(record(attributes={"v": cycle()})).attributes)


def test_long_texts_are_cut_and_not_the_span() -> None:
    found = through(record(attributes={"long": "x" * (ATTRIBUTES_LIMIT + 1), "short": "y"})).attributes
    assert found["short"] == "y"
    assert found["long"].endswith(f"({ATTRIBUTES_LIMIT + 1} characters)")
    many = {str(index): "x" * 100_000 for index in range(60)}
    assert set(through(record(attributes=many)).attributes) == {"flowyard.dropped"}


def test_what_happens_to_the_values_later_does_not_reach_the_row() -> None:
    history = ["hello"]
    row = encode_row(record(attributes={"flowyard.input": {"chat_history": history}}))
    history.append("changed")
    assert decode_row(dict(zip(COLUMNS, msgspec.msgpack.decode(row), strict=True))).attributes["flowyard.input"] == {
        "chat_history": ["hello"]
    }


def test_bad_texts_in_fields_do_not_cost_the_span() -> None:
    found = through(record(status="error", status_message="bad \ud800 text"))
    assert found.status_message == "bad ? text"
