"""Each rule against its labelled sentences; docs/privacy.md says what is measured here."""

import json
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any, get_args

import pyarrow.compute
import pytest
from msgspec.json import encode

from flowyard.tracing.redaction.measured import MEASURED, Measured
from flowyard.tracing.redaction.redactor import Redactor
from flowyard.tracing.redaction.rules import RULES
from flowyard.wire.telemetry_policy import RedactionRule, RetentionDays

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
HERE = Path(__file__).parent
PRIVACY = Path(__file__).resolve().parents[3] / "docs/privacy.md"
NAMES: tuple[RedactionRule, ...] = get_args(RedactionRule)
FEWEST = 15
LEAST = 0.9


def labelled(name: str) -> list[tuple[str, list[str]]]:
    """Return sentences, each with what has to be found in it, in order."""
    rows = [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [(row["text"], row["found"]) for row in rows]


def matches(hint: str, texts: list[str]) -> list[bool]:
    """Return which texts Arrow's regular expressions find the hint in."""
    return _pc.match_substring_regex(_pa.array(texts), hint).to_pylist()


def measured(name: RedactionRule) -> tuple[int, int, float, float]:
    """Return sentences with and without, precision, recall. What is found counts as right when it covers all of what is labelled."""
    redactor, rows = Redactor([name]), labelled(name)
    right = wrong = missed = 0
    for text, wanted in rows:
        found = [text[start:end] for _, (start, end) in redactor.found(text)[1]]
        covered = sum(any(want in one for one in found) for want in wanted)
        right += covered
        missed += len(wanted) - covered
        wrong += sum(not any(want in one for want in wanted) for one in found)
    with_any = sum(bool(wanted) for _, wanted in rows)
    return with_any, len(rows) - with_any, right / (right + wrong), right / (right + missed)


def test_every_rule_is_in_the_table_of_rules() -> None:
    assert set(RULES) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_what_is_measured(name: RedactionRule) -> None:
    with_any, without, precision, recall = measured(name)
    assert min(with_any, without) >= FEWEST
    assert min(precision, recall) >= LEAST
    line = f"| `{name}` | {RULES[name].title} | `{RULES[name].marker}` | {with_any} + {without} | {precision:.2f} | {recall:.2f} |"
    assert MEASURED[name] == Measured(with_any, without, round(precision, 2), round(recall, 2)), (
        "tracing/redaction/measured.py says it to users"
    )
    assert line in PRIVACY.read_text(encoding="utf-8").splitlines(), line


def test_the_page_says_how_long_what_is_kept() -> None:
    page = PRIVACY.read_text(encoding="utf-8").splitlines()
    for signal, days in asdict(RetentionDays()).items():
        assert f"| {signal} | {days} |" in page


@pytest.mark.parametrize("name", NAMES)
def test_a_hint_misses_nothing_that_its_rule_finds(name: RedactionRule) -> None:
    """In Arrow's regular expressions, and in JSON as it is written, once and twice; also in sentences that were changed at random."""
    redactor, random = Redactor([name]), Random(7)
    sentences = [text for text, _ in labelled(name)]
    texts = [text for text in [*sentences, *(changed(random.choice(sentences), random) for _ in range(4000))] if redactor.found(text)[1]]
    assert len(texts) > 300
    values = [encode({"a": text}).decode() for text in texts]
    forms = [*texts, *values, *(json.dumps({"a": text}) for text in texts), *(json.dumps({"a": value}) for value in values)]
    matched = matches(redactor.hint, forms)
    assert [form for form, hit in zip(forms, matched, strict=True) if not hit] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_hint_takes_few_texts_in_which_there_is_nothing(name: RedactionRule) -> None:
    """Words, dates, amounts and numbers of orders: what prompts are full of is not looked at one by one."""
    matched = matches(Redactor([name]).hint, PLAIN)
    assert [text for text, hit in zip(PLAIN, matched, strict=True) if hit] == []


PLAIN = [
    "The secret of a good basic recipe is time; see key points 1-4 in the token budget.",
    "Order 80915702 of 2026-10-17, 14:05:30, 1,250.00 EUR (2 of 12), reference 4711/2026.",
    '{"gen_ai.usage.total_tokens":4096,"at":1764155466123456789,"max_tokens":"512","phones":[],"key":"v1.2.3"}',
    "See https://shop.example.com/orders/57691?page=2 and release v2.10.3, build 20261126; twitter @example.",
]


def changed(text: str, random: Random) -> str:
    """Return a text with a few pieces put in or characters taken out."""
    for _ in range(random.randint(1, 3)):
        at = random.randint(0, len(text))
        text = text[:at] + random.choice(PIECES) + text[at:] if random.random() < 0.6 else text[:at] + text[at + 1 :]
    return text


PIECES = (*"019 -.(/+:\n\t\"'\\é@Xa,;_", "\\n", "\u00a0", "12", "0049", "password: ", "token=", "ssn ", "tel ", "is ")


@pytest.mark.parametrize("name", NAMES)
def test_within_json_the_same_is_found_and_it_stays_json(name: RedactionRule) -> None:
    redactor = Redactor([name])
    for text, _ in labelled(name):
        expected, found = redactor.found(text)
        value = {"messages": [{"content": text}], "n": 3, "f": 0.5, "none": None}
        written = json.dumps(value)
        redacted = redactor.json(written)
        value["messages"] = [{"content": expected}]
        assert json.loads(redacted) == value
        if not found:
            assert redacted == written


@pytest.mark.parametrize("name", NAMES)
def test_twice_is_as_once(name: RedactionRule) -> None:
    redactor = Redactor(NAMES)
    for text, _ in labelled(name):
        once = redactor.text(text)
        assert redactor.text(once) == once


def test_names_say_what_a_value_is() -> None:
    redactor = Redactor(["secrets", "phone", "us_ssn"])
    given = {
        "password": "swordfish",
        "apiKey": "plain",
        "http.request.header.authorization": ["Digest abc"],
        "x-access-token": "t",
        "token": " Hello",
        "max_tokens": 4096,
        "customer": {"phone": 5552345678, "ssn": "078051120", "age": 44},
        "api_key": "${API_KEY}",
        "set-cookie": ["sid=1"],
    }
    assert json.loads(redactor.json(json.dumps(given))) == given | {
        "password": "[SECRET]",
        "apiKey": "[SECRET]",
        "http.request.header.authorization": ["[SECRET]"],
        "x-access-token": "[SECRET]",
        "customer": {"phone": "[PHONE]", "ssn": "[US_SSN]", "age": 44},
        "set-cookie": ["[SECRET]"],
    }


def test_numbers_and_names_are_looked_at_too() -> None:
    redactor = Redactor(["card", "email"])
    given = '{"pan":4111111111111111,"at":1764155466123456789,"a@example.com":1,"b@example.com":2,"ok":true}'
    assert json.loads(redactor.json(given)) == {
        "pan": "[CARD]",
        "at": 1764155466123456789,
        "[EMAIL]": 1,
        "[EMAIL] 2": 2,
        "ok": True,
    }


def test_what_overlaps_is_covered_by_one_marker() -> None:
    text, found = Redactor(NAMES).found("password=4111111111111111-alice@example.com!")
    assert text == "password=[SECRET]"
    assert [name for name, _ in found] == ["secrets"]


def test_what_json_writes_as_an_escape_is_no_way_around() -> None:
    redactor = Redactor(["email"])
    hidden = '{"a":"alice\\u0040example.com"}'
    assert matches(redactor.hint, [hidden]) == [True]
    assert redactor.json(hidden) == '{"a":"[EMAIL]"}'


def test_without_rules_nothing_is_looked_at() -> None:
    redactor = Redactor([])
    assert redactor.hint == ""
    assert redactor.text("alice@example.com") == "alice@example.com"
