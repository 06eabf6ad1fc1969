"""Forced tool calls as JSON schemas, and back."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.foundation.errors import InvalidInputError
from flowyard.inference.engines.llamacpp_tools import Rewrite, StreamRewriter, rewrite_request, rewrite_response

WEATHER = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}},
}
MAIL = {
    "type": "function",
    "function": {
        "name": "mail",
        "parameters": {
            "type": "object",
            "properties": {"to": {"$ref": "#/$defs/Person"}, "tags": {"type": "array", "items": {"enum": ["a"]}}},
            "$defs": {"Person": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 9}}}},
        },
    },
}
BODY: dict[str, Any] = {"messages": [{"role": "user", "content": "?"}], "tools": [WEATHER, MAIL], "max_tokens": 9}
REWRITE = Rewrite(tools=("weather", "mail"))


@pytest.mark.parametrize("choice", [None, "auto", "none"])
def test_free_choice_passes(choice: str | None) -> None:
    body = {**BODY, "tool_choice": choice} if choice else BODY
    assert rewrite_request(body) == (body, None)


def test_required_becomes_a_schema_of_all_tools() -> None:
    body, rewrite = rewrite_request({**BODY, "tool_choice": "required"})
    assert rewrite == REWRITE
    assert not body.keys() & {"tools", "tool_choice"}
    assert body["max_tokens"] == 9
    schema = body["response_format"]["json_schema"]["schema"]
    first, second = schema["anyOf"]
    assert first["properties"]["name"] == {"const": "weather"}
    assert first["properties"]["arguments"]["properties"]["city"] == {"type": "string", "maxLength": 256}
    assert second["properties"]["arguments"]["properties"]["to"] == {"$ref": "#/$defs/t1_Person"}
    assert second["properties"]["arguments"]["properties"]["tags"]["maxItems"] == 16
    assert schema["$defs"]["t1_Person"]["properties"]["name"]["maxLength"] == 9
    assert '"name":"weather"' in body["messages"][0]["content"]


def test_a_named_tool_is_the_only_one() -> None:
    body, rewrite = rewrite_request(
        {**BODY, "messages": [{"role": "system", "content": "Be."}], "tool_choice": {"type": "function", "function": {"name": "mail"}}}
    )
    assert rewrite == Rewrite(tools=("mail",))
    assert body["response_format"]["json_schema"]["schema"]["properties"]["name"] == {"const": "mail"}
    assert body["messages"][0]["content"].startswith("Be.\n\nCall one")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tool_choice": {"type": "function", "function": {"name": "fly"}}}, "'weather', 'mail'"),
        ({"tool_choice": "required", "tools": []}, "there are no tools"),
        ({"tool_choice": "required", "tools": [{"type": "function"}]}, "no function with a name"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        rewrite_request({**BODY, **change})


def answer(content: str, reason: str = "stop") -> dict[str, Any]:
    return {"id": "chatcmpl-x", "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": reason}]}


def test_answers_become_tool_calls() -> None:
    choice = rewrite_response(answer('{"name": "weather", "arguments": {"city": "Rome"}}'), REWRITE)["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] is None
    assert choice["message"]["tool_calls"][0]["function"] == {"name": "weather", "arguments": '{"city":"Rome"}'}


@pytest.mark.parametrize("content", ['{"name": "weather", "argu', "prose", '{"name": "fly", "arguments": {}}', "[1]"])
def test_what_is_no_call_stays_text(content: str) -> None:
    given = answer(content, "length")
    assert rewrite_response(given, REWRITE) == given


@given(
    arguments=st.dictionaries(
        st.text(max_size=5), st.recursive(st.text(max_size=8) | st.integers(), lambda inner: st.lists(inner, max_size=3))
    ),
    cuts=st.lists(st.integers(0, 120), max_size=10),
    indent=st.sampled_from([None, 2]),
)
def test_a_stream_gives_the_same_call_wherever_it_is_cut(arguments: dict[str, Any], cuts: list[int], indent: int | None) -> None:
    text = json.dumps({"name": "weather", "arguments": arguments}, indent=indent, ensure_ascii=False)
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    rewriter = StreamRewriter(REWRITE)
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": None}]
    deltas += [{"content": text[start:end]} for start, end in itertools.pairwise(places)]
    chunks = [{"id": "chatcmpl-x", "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    chunks.append({"id": "chatcmpl-x", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    sent = [choice for chunk in chunks for made in rewriter.feed(chunk) for choice in made["choices"]]
    calls = [call for choice in sent for call in choice["delta"].get("tool_calls", [])]
    assert [call["function"].get("name") for call in calls if "id" in call] == ["weather"]
    assert json.loads("".join(call["function"]["arguments"] for call in calls)) == arguments
    assert sent[-1]["finish_reason"] == "tool_calls"
    assert all(not choice["delta"].get("content") for choice in sent)


def test_usage_chunks_pass() -> None:
    chunk = {"choices": [], "usage": {"total_tokens": 1}}
    assert StreamRewriter(REWRITE).feed(chunk) == [chunk]
