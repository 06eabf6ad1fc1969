"""Patterns of schemas leave no place for what JSON strings cannot hold, which the engine answers with an error of its own."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.endpoints.gateway.requests import read_request
from flowyard.inference.engines.llamacpp_patterns import narrowed, with_patterns
from flowyard.inference.errors import PatternUnsupportedError

ANY = r'[^\x00-\x1f"\\\ud800-\udfff]'

PATTERNS = (
    r'^say "\w"$', r'^"{1,3}\"[a"]\\$', r"^\n\x22[ -~]{4}\u005c$", "^[!-~\n][\t-a][#-z]\n$", r"^(\"|\\b)+$", r'^(["]|x)$',
    r"^(What|Which) [^\n?]{10,160}\?$", r"^.{1,9}$", r"^[^a]*$", r'^["ab]+$', r"^[^]x]+$", r"^a\.b\[c\\?$", r"^\d{3}[-. ]\w+$",
    r"^\s\S\W\D$", r"^[^\s\W]+$", r"^[^\S]\Z", r"^[\d\s-]{2,4}$", r"^(?P<year>\d{4})-(?:0\d|1[0-2])$",
    "b|^c", "^https?:", "x$", "^[]a]$", "",
)  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^[^?]{3}\?$", r'^[^\x00-\x1f"?\\\ud800-\udfff]{3}\?$'),
        (r"^a\.b\[-\]$", r"^a\.b\[-\]$"),
        (r'^["ab]+$', r'^([a-b]|\\")+$'),
        (r'^say "hi\"+\n$', r'^say (\\")hi(\\")+(\\n)$'),
        (r'^["]\x22\u005c$', r'^(\\")(\\")(\\\\)$'),
        (r"^[ -~]$", r'^([ -!#-\[\]-~]|\\"|\\\\)$'),
        (r"^[a-z.]{2}\d$", r"^[.a-z]{2}[0-9]$"),
        (r"^[\w.-]+@[^\W_]+$", r"^[\x2d-.0-9A-Z_a-z]+@[0-9A-Za-z]+$"),
        (r"^\s?x$", r"^( |\\t|\\n|\\r)?x$"),
        (r"^[\d-x]{,3}\/(?<n>a+?|b*)$", r"^[\x2d0-9x]{0,3}/(a+|b*)$"),
        (r"^\u{1F600}\ud83d\ude00[\U0001F600]$", "^\U0001f600\U0001f600\U0001f600$"),
        (r"(^a$|^b$)|\Ac{x}\z", r"^(a|b|c\{x\})$"),
        (r"\d", f"^{ANY}{{0,256}}[0-9]{ANY}{{0,256}}$"),
        (r"^https?:.*", r'^https?:[^\x00-\x1f"\\\u2028-\u2029\ud800-\udfff]*$'),
        ("", f"^{ANY}{{0,256}}$"),
    ],
)
def test_a_pattern_is_put_in_the_engines_words_and_what_json_escapes_as_json_writes_it(pattern: str, expected: str) -> None:
    assert narrowed(pattern) == expected


@given(st.sampled_from(PATTERNS), st.data())
def test_what_fits_a_narrowed_pattern_is_json_of_what_fits_the_pattern(pattern: str, data: st.DataObject) -> None:
    written = re.compile(narrowed(pattern).replace("{0,256}", "{0,9}")[:-1] + r"\Z")
    text = data.draw(st.from_regex(written, alphabet=st.characters(min_codepoint=32)))
    assert re.search(pattern, json.loads(f'"{text}"'), re.ASCII)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(?=a)b", "'(?=a': a look around"),
        ("(?<!a)b", "'(?<!': a look around"),
        (r"(a)\1", r"'\1': a reference back"),
        ("(?P<a>b)(?P=a)", "'(?P=': a reference back"),
        (r"\bword\b", r"'\b': a boundary of a word"),
        (r"^\p{L}+$", r"'\p': a class of Unicode"),
        (r"^\q$", r"'\q': no known escape"),
        ("(?i)a", "'(?i)': only plain groups"),
        ("^a$b", "'^' or '$' elsewhere"),
        ("^(a|b$)", "'^' or '$' elsewhere"),
        ("^*a$", "'^*': ends cannot be repeated"),
        ("^+", "ends cannot be repeated"),
        ("*a", "'*' with nothing before it"),
        ("^a++$", "'++': one count after another"),
        ("^a{3,2}$", "{3,2}: the most is below the least"),
        ("(a", "a '(' without its ')'"),
        ("a)", "a ')' without its '('"),
        ("[a", "a '[' without its ']'"),
        ("[z-a]", "'z-a': the first sign is behind the last"),
        (r"[^\d\D]", "a class that no sign is in"),
        (r"\u12", r"'\u12', which is the number of no sign"),
        ("a\\", "a '\\' at the end"),
        ("(" * 33 + ")" * 33, "more than 32 groups within each other"),
    ],
)
def test_what_no_grammar_can_say_is_refused_with_its_place(pattern: str, told: str) -> None:
    with pytest.raises(PatternUnsupportedError) as refused:
        with_patterns({"items": [{"pattern": pattern}]}, "/response_format")
    assert told in refused.value.message
    assert refused.value.status == 400
    assert str(refused.value.location) == "/response_format/items/0/pattern"


def test_only_patterns_of_strings_are_changed() -> None:
    schema: dict[str, Any] = {
        "properties": {"pattern": {"type": "string", "pattern": "^.$"}, "b": {"enum": [{"pattern": "."}], "default": {"pattern": "."}}},
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


@pytest.mark.parametrize("choice", ["required", "auto", None])
def test_a_tool_of_a_model_of_this_machine_has_them_too_forced_or_not(choice: str | None) -> None:
    parameters = {"type": "object", "properties": {"title": {"type": "string", "pattern": '^"[^?]+"$'}}}
    tool = {"type": "function", "function": {"name": "entitle", "parameters": parameters}}
    body = {"model": "m", "messages": [], "tools": [tool], **({"tool_choice": choice} if choice else {})}
    request = read_request(json.dumps(body).encode())
    assert json.dumps(narrowed('^"[^?]+"$')).encode() in request.body("chat/completions", "m", local=True)
    assert json.loads(request.body("chat/completions", "other", local=False)) == {**body, "model": "other"}
