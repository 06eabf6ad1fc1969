"""``run.yaml``: what it may say, relative paths, and every fault with its line."""

from pathlib import Path

import pytest

from flowyard.flows.runs.errors import RunFileError
from flowyard.flows.runs.file import read_run_file


def write(folder: Path, text: str, name: str = "run.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def test_all_keys_are_read_and_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "flow").mkdir()
    (tmp_path / "rows.jsonl").write_text("{}\n")
    (tmp_path / ".env").write_text("# words\nexport A=1\nB='two words'\nnothing\n")
    file = write(
        tmp_path / "runs",
        """
$schema: https://azuremlschemas.azureedge.net/promptflow/latest/Run.schema.json
name: first
display_name: The first
description: words
tags: {team: a, year: 2026}
properties: {x: y}
flow: ../flow
data: ../rows.jsonl
run: earlier
column_mapping: {question: "${data.q}", count: 3, more: [1, 2]}
variant: ${ask.v1}
variants: ["${ask.v2}"]
connections: {ask: {connection: mine, deployment_name: gpt}}
environment_variables: ../.env
init: {size: 3}
resume_from: before
max_failures: 2
concurrency: 4
timeout: 1.5
replay: true
""",
    )
    read = read_run_file(file)
    request = read.request
    assert read.warnings == ()
    assert (request.flow, request.data) == (str(tmp_path / "flow"), str(tmp_path / "rows.jsonl"))
    assert (request.name, request.display_name, request.description) == ("first", "The first", "words")
    assert (request.tags, request.properties) == ({"team": "a", "year": "2026"}, {"x": "y"})
    assert request.column_mapping == {"question": "${data.q}", "count": 3, "more": [1, 2]}
    assert request.variants == ("${ask.v1}", "${ask.v2}")
    assert request.connections == {"ask": {"connection": "mine", "deployment_name": "gpt"}}
    assert request.environment_variables == {"A": "1", "B": "two words"}
    assert (request.init, request.run, request.resume_from) == ({"size": 3}, "earlier", "before")
    assert (request.max_failures, request.concurrency, request.line_timeout_s, request.replay) == (2, 4, 1.5, True)


def test_what_is_for_the_cloud_is_left_out_with_a_warning_and_unknown_keys_name_the_nearest(tmp_path: Path) -> None:
    read = read_run_file(write(tmp_path, "flow: some-flow\nresources: {instance_type: x}\nruntime: auto\ncolumn_maping: {}\n"))
    assert read.request.flow == "some-flow"
    found = {(finding.code, finding.line): finding.remedy for finding in read.warnings}
    assert set(found) == {("IgnoredKey", 2), ("IgnoredKey", 3), ("UnknownKey", 4)}
    assert found["UnknownKey", 4] == "Did you mean 'column_mapping'?"


@pytest.mark.parametrize(
    ("text", "code", "line", "says"),
    [
        ("flow: ./absent\n", "PathNotFound", 1, "not there"),
        ("data: rows.jsnl\n", "PathNotFound", 1, "not there"),
        ("column_mapping: [1]\n", "WrongType", 1, "mapping"),
        ("\nconnections: {a: b}\n", "WrongType", 2, "mapping such as"),
        ("concurrency: 0\n", "WrongValue", 1, "from 1"),
        ("init: absent.json\n", "PathNotFound", 1, "cannot be read"),
        ("environment_variables: absent.env\n", "PathNotFound", 1, "cannot be read"),
        ("a: [\n", "InvalidYaml", 2, "no YAML"),
        ("- 1\n", "WrongType", 1, "a mapping"),
        ("", "EmptyFile", 1, "empty"),
    ],
)
def test_faults_have_their_line(tmp_path: Path, text: str, code: str, line: int, says: str) -> None:
    (tmp_path / "rows.jsonl").write_text("{}\n")
    with pytest.raises(RunFileError, match=says) as caught:
        read_run_file(write(tmp_path, text))
    location = caught.value.location
    assert location is not None
    assert (location.file, location.line) == (str(tmp_path / "run.yaml"), line)
    if code == "PathNotFound" and text.startswith("data"):
        assert caught.value.remedy == "Did you mean 'rows.jsonl'?"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(RunFileError) as caught:
        read_run_file(write(tmp_path, "flow: ./absent\nconcurrency: many\n"))
    assert [finding.code for finding in caught.value.findings] == ["PathNotFound", "WrongType"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RunFileError, match="cannot be read"):
        read_run_file(tmp_path / "absent.yaml")
