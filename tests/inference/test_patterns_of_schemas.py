"""Patterns of schemas leave no place for what JSON strings cannot hold, which the engine answers with an error of its own."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.endpoints.gateway.requests import read_request
from flowyard.inference.engines.llamacpp_patterns import narrowed, with_patterns

PATTERNS = (
    r'^say "\w"$', r'^"{1,3}\"[a"]\\$', r"^\n\x22[ -~]{4}\u005c$", "^[!-~\n][\t-a][#-z]\n$", r'^["]|(\\b)+$',
    r"^(What|Which) [^\n?]{10,160}\?$", r"^.{1,9}$", r"^[^a]*$", r'^["ab]+$', r"^[^]x]+$", r"^a\.b\[c\\?$", r"^\d{3}[-. ]\w+$",
)  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^[^?]{3}\?$", r'^[^?"\\\n\r\t]{3}\?$'),
        (r"^a.b$", r'^a[^"\\\n\r\t]b$'),
        (r"^a\.b\[.\]$", r'^a\.b\[[^"\\\n\r\t]\]$'),
        (r'^["ab]+$', r'^([ab]|\\")+$'),
        (r'^say "hi\"+\n$', r'^say (\\")hi(\\")+(\\n)$'),
        (r'^["]\x22\u005c$', r'^(\\")(\\")(\\\\)$'),
        (r"^[ -~\d]$", r"^[ -~\d]$"),
        (r"^[ -~]$", r'^([ -!#-\[\]-~]|\\"|\\\\)$'),
        (r"^[a-z.]{2}\d$", r"^[a-z.]{2}\d$"),
    ],
)
def test_what_json_escapes_is_written_so_and_taken_out_where_any_sign_may_stand(pattern: str, expected: str) -> None:
    assert narrowed(pattern) == expected


@given(st.sampled_from(PATTERNS), st.data())
def test_what_fits_a_narrowed_pattern_is_json_of_what_fits_the_pattern(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(narrowed(pattern).replace("$", r"\Z")), alphabet=st.characters(min_codepoint=32)))
    assert re.search(pattern, json.loads(f'"{text}"'))


def test_only_patterns_of_strings_are_changed() -> None:
    schema: dict[str, Any] = {
        "properties": {"pattern": {"type": "string", "pattern": "^.$"}, "b": {"enum": ["."]}},
        "required": ["pattern"],
    }
    changed = with_patterns(schema)
    assert changed["properties"]["pattern"]["pattern"] == narrowed("^.$")
    assert {**changed, "properties": {**changed["properties"], "pattern": schema["properties"]["pattern"]}} == schema


def test_a_request_to_a_model_of_this_machine_has_them_and_one_to_a_connection_stays() -> None:
    form = {"type": "json_schema", "json_schema": {"name": "q", "schema": {"type": "string", "pattern": "^[^?]+$"}}}
    data = json.dumps({"model": "m", "messages": [], "response_format": form}).encode()
    assert read_request(data).body("chat/completions", "m", local=False) == data
    sent = json.loads(read_request(data).body("chat/completions", "m", local=True))
    assert sent["response_format"]["json_schema"]["schema"]["pattern"] == narrowed("^[^?]+$")


def test_a_forced_tool_of_a_model_of_this_machine_has_them_too() -> None:
    parameters = {"type": "object", "properties": {"title": {"type": "string", "pattern": '^"[^?]+"$'}}}
    tool = {"type": "function", "function": {"name": "entitle", "parameters": parameters}}
    data = json.dumps({"model": "m", "messages": [], "tools": [tool], "tool_choice": "required"}).encode()
    assert json.dumps(narrowed('^"[^?]+"$')).encode() in read_request(data).body("chat/completions", "m", local=True)
