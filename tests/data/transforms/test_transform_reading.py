"""Steps as files and one line have them, and what is wrong in them with its place."""

from pathlib import Path
from typing import Any

import pytest

from flowyard.data.transforms.checks import check_inputs, numbered
from flowyard.data.transforms.errors import TransformError
from flowyard.data.transforms.model import segments
from flowyard.data.transforms.reading import read_file, read_step, read_steps
from flowyard.wire.transforms import DeduplicateStep, PythonStep, SqlStep, TransformStep

WHOLE = """\
source: azureml:questions:2
name: clean
inputs: {labels: azureml:labels@latest}
on_error: skip
tags: {team: a}
code: code
steps:
  - normalize
  - deduplicate: {columns: [q], near: 0.8}
  - sql: |
      SELECT * FROM data
  - python: clean.py:tidy
"""


def wrong(tmp_path: Path, text: str) -> TransformError:
    file = tmp_path / "step.yaml"
    file.write_text(text)
    with pytest.raises(TransformError) as caught:
        read_file(file)
    return caught.value


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "step.yaml"
    file.write_text(WHOLE)
    found = read_file(file)
    assert (found.source, found.name, found.on_error, found.tags) == ("azureml:questions:2", "clean", "skip", {"team": "a"})
    assert found.inputs == {"labels": "azureml:labels@latest"}
    assert found.code == tmp_path / "code"
    assert found.steps[1].deduplicate == DeduplicateStep(columns=("q",), near=0.8)
    assert found.steps[2].sql == SqlStep(query="SELECT * FROM data\n")
    assert found.steps[3].python == PythonStep(function="clean.py:tidy")
    file.write_text("steps: [normalize]\n")
    assert read_file(file).code is None


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("steps:\n  - normalise: {}\n", 2, "no step 'normalise'"),
        ("steps:\n  - normalize: {}\n  - filter_length: {colum: q}\n", 3, "no key of filter_length 'colum'"),
        ("steps:\n  - filter_length:\n      column: q\n      min: many\n", 4, "Expected `int`"),
        ("steps:\n  - normalize: {}\n    redact: {}\n", 2, "one key"),
        ("stepps: []\n", 1, "no key 'stepps'"),
        ("name: [a]\nsteps: [normalize]\n", 1, "Expected `str"),
        ("steps: normalize\n", 1, "no list"),
        ("steps:\n  - {\n", 3, "no YAML"),
        ("- a\n", 1, "no mapping"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    error = wrong(tmp_path, text)
    assert message in error.message
    assert error.location is not None
    assert error.location.line == line


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(TransformError, match="cannot be read"):
        read_file(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("normalize", TransformStep(normalize=read_steps(["normalize"])[0].normalize)),
        ("sql: SELECT 'a: b' FROM data", TransformStep(sql=SqlStep(query="SELECT 'a: b' FROM data"))),
        ("python: a/b.py:f", TransformStep(python=PythonStep(function="a/b.py:f"))),
        ("sql: {query: SELECT 1}", TransformStep(sql=SqlStep(query="SELECT 1"))),
    ],
)
def test_a_step_in_one_line(text: str, step: TransformStep) -> None:
    assert read_steps([read_step(text)]) == (step,)


@pytest.mark.parametrize(
    ("step", "pointer"),
    [
        ({"filter_length": {"column": "q", "min": 5, "max": 2}}, "/steps/0/filter_length/min"),
        ({"filter_language": {"column": "q", "languages": []}}, "/steps/0/filter_language/languages"),
        ({"filter_language": {"column": "q", "languages": ["en"], "confidence": 2}}, "/steps/0/filter_language/confidence"),
        ({"deduplicate": {"near": 0.2}}, "/steps/0/deduplicate/near"),
        ({"deduplicate": {"shingle": 1}}, "/steps/0/deduplicate/shingle"),
        ({"map_columns": {}}, "/steps/0/map_columns"),
        ({"map_columns": {"keep": ["a"], "drop": ["b"]}}, "/steps/0/map_columns/drop"),
        ({"map_columns": {"rename": {"a": "__row"}}}, "/steps/0/map_columns/rename"),
        ({"sql": " "}, "/steps/0/sql/query"),
        ({"python": "clean:tidy"}, "/steps/0/python/function"),
        ({"python": "../clean.py:tidy"}, "/steps/0/python/function"),
        ({"python": "a/../../clean.py:tidy"}, "/steps/0/python/function"),
    ],
)
def test_values_that_make_no_sense_are_refused(step: Any, pointer: str) -> None:
    with pytest.raises(TransformError) as caught:
        numbered(read_steps([step]))
    assert caught.value.location is not None
    assert caught.value.location.pointer == pointer


def test_a_transform_has_steps_and_each_is_one() -> None:
    for steps in ((), (TransformStep(),) * 51, (TransformStep(),), (TransformStep(sql=SqlStep(query="a"), deduplicate=DeduplicateStep()),)):
        with pytest.raises(TransformError):
            numbered(steps)


@pytest.mark.parametrize("name", ["data", "DATA", "a b", "", "1a", 'a"', "x" * 64])
def test_names_of_tables_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(TransformError):
        check_inputs([name])


def test_steps_that_go_row_by_row_share_a_process() -> None:
    words = ["normalize", "redact", {"deduplicate": {"near": 0.8}}, "deduplicate", {"sql": "SELECT 1"}, {"python": "a.py:f"}, "normalize"]
    found = segments(numbered(read_steps(words)))
    assert [(group.kind, len(group.steps)) for group in found] == [
        ("rows", 2), ("near", 1), ("rows", 1), ("sql", 1), ("python", 1), ("rows", 1),
    ]  # fmt: skip
