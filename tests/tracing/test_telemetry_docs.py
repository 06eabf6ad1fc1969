"""docs/telemetry.md says what the code does."""

import re
from pathlib import Path
from typing import get_args

from flowyard.tracing.model import SCHEMA_VERSION, SpanKind, SpanRecord, SpanStatus
from flowyard.tracing.rows import COLUMNS
from flowyard.tracing.search.model import FIELDS

TEXT = (Path(__file__).parents[2] / "docs/telemetry.md").read_text(encoding="utf-8")


def rows() -> dict[str, tuple[str, str]]:
    return {name: (kind, meaning) for name, kind, meaning in re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", TEXT, re.MULTILINE)}


def test_the_table_has_the_columns_of_the_schema_in_order_with_their_types() -> None:
    assert tuple(rows()) == COLUMNS
    for name, annotation in SpanRecord.__annotations__.items():
        shown = str(annotation)
        expected = "JSON" if shown.startswith(("dict", "list")) else "integer" if annotation is int or shown.startswith("int") else "text"
        assert rows()[name][0] == expected, name


def test_kinds_states_and_version_are_those_of_the_code() -> None:
    assert set(re.findall(r"`(\w+)`", rows()["kind"][1])) == set(get_args(SpanKind))
    assert set(re.findall(r"`(\w+)`", rows()["status"][1])) == set(get_args(SpanStatus))
    assert f"Schema version {SCHEMA_VERSION}." in TEXT


def test_the_segments_have_these_types_too() -> None:
    from flowyard.storage.telemetry.columns import SCHEMAS

    integers = {field.name for field in SCHEMAS["spans"] if str(field.type) == "int64"}
    assert {name for name, (kind, _) in rows().items() if kind == "integer"} == integers


def test_the_fields_of_a_search_are_those_of_the_code() -> None:
    told = {name: (of, meaning) for name, of, meaning in re.findall(r"^\| `([\w.]+)` \| ([a-z ]+) \| (.+) \|$", TEXT, re.MULTILINE)}
    scopes = {"root": "the root", "trace": "the sum of the trace", "span": "any span"}
    for name, field in FIELDS.items():
        assert told[name] == (scopes[field.scope], field.meaning)
