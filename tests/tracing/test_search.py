"""The search expression: what is read, and what is said of what cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.tracing.search.model import FIELDS, All, Any, Not, Search, Term, Text
from flowyard.tracing.search.parse import SearchError, parse_search

ERROR = Term("status", "=", "error")


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("", None),
        ("   ", None),
        ("status:error", ERROR),
        ("status=error", ERROR),
        ("status!=ok", Term("status", "!=", "ok")),
        ("refund", Text("refund")),
        ('"late  parcel"', Text("late  parcel")),
        (r'"a \"b\" \\ c"', Text('a "b" \\ c')),
        ('text:"late  parcel"', Text("late  parcel")),
        ("text!=refund", Not(Text("refund"))),
        ('name:"chat *"', Term("name", "=", "chat *")),
        ("duration>2s", Term("duration", ">", 2_000_000_000)),
        ("duration<=1.5m", Term("duration", "<=", 90_000_000_000)),
        ("duration>=300ms", Term("duration", ">=", 300_000_000)),
        ("duration>3", Term("duration", ">", 3_000_000_000)),
        ("cost>0.01", Term("cost", ">", 10_000)),
        ("tokens>=1000", Term("tokens", ">=", 1000)),
        ("tokens>=1e3", Term("tokens", ">=", 1000)),
        ("tokens:2.0", Term("tokens", "=", 2)),
        ("status:err*", Term("status", "=", "err*")),
        ("score.helpfulness<0.5", Term("score.helpfulness", "<", 0.5)),
        ("score.feedback:bad", Term("score.feedback", "=", "bad")),
        ("attr.http.response.status_code>=500", Term("attr.http.response.status_code", ">=", 500.0)),
        ("attr.gen_ai.system:openai", Term("attr.gen_ai.system", "=", "openai")),
        ("status:error refund", All((ERROR, Text("refund")))),
        ("status:error AND refund", All((ERROR, Text("refund")))),
        ("status:error OR refund", Any((ERROR, Text("refund")))),
        ("a b OR c", Any((All((Text("a"), Text("b"))), Text("c")))),
        ("a (b OR c)", All((Text("a"), Any((Text("b"), Text("c")))))),
        ("-status:error", Not(ERROR)),
        ("NOT status:error", Not(ERROR)),
        ("NOT -status:error", ERROR),
        ("-(a OR b)", Not(Any((Text("a"), Text("b"))))),
        ("gpt-4o", Text("gpt-4o")),
        ("https://example.org/a?b=c", Text("https://example.org/a?b=c")),
        ("or and not", All((Text("or"), Text("and"), Text("not")))),
    ],
)
def test_what_is_read(text: str, search: Search | None) -> None:
    assert parse_search(text) == search


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("modle:x", 0, "Did you mean model?"),
        ("a duration>soon", 2, "300ms"),
        ("duration>9999999999999h", 0, "2s"),
        ("text>a", 0, "text:"),
        ("text:", 0, "text:"),
        ("cost>cheap", 0, "cost>0.01"),
        ("cost>1e400", 0, "cost>0.01"),
        ("tokens>NaN", 0, "tokens>=1000"),
        ("a tokens:1.5", 2, "tokens>=1000"),
        ("prompt_tokens>0.1", 0, "prompt_tokens>=1000"),
        ("status:bogus", 0, "There are: unset, ok, error."),
        ("a -status:eror", 3, "Did you mean error?"),
        ("kind:llama", 0, "llm"),
        ("root.kind!=htp", 0, "Did you mean http?"),
        ("model>3", 0, "model:"),
        ("status:", 0, "status:"),
        ("a (b", 2, "Add a )"),
        ("a b)", 3, "Take it away"),
        ("a OR", 4, "Expected a term"),
        ("OR a", 0, "Expected a term"),
        ("()", 1, "Expected a term"),
        ('a "b', 2, 'Close it with "'),
        ("score.:1", 0, "Fields:"),
        ("(" * 60 + "a" + ")" * 60, 0, "at most 50"),
        ("x" * 2001, 0, "2000"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, position: int, said: str) -> None:
    with pytest.raises(SearchError) as caught:
        parse_search(text)
    assert caught.value.extra["position"] == position
    assert said in caught.value.remedy


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*FIELDS, ":", ">", "(", ")", "-", " ", '"', "OR", "NOT", "AND", "*", "1"]), max_size=12).map("".join)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    refused: list[SearchError] = []
    try:
        parse_search(text)
    except SearchError as error:
        refused.append(error)
    assert all(0 <= error.extra["position"] <= len(text) for error in refused)
