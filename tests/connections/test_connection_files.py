"""Connection files: prompt flow's format, and errors that say where."""

from pathlib import Path

import pytest

from flowyard.connections.errors import ConnectionFileError
from flowyard.connections.files import read_connection_file, read_connections_file, with_values
from flowyard.connections.kinds import TYPES, type_named
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.connections import ConnectionWrite

ENVIRONMENT = {"AZURE_KEY": "sk-azure", "HOST": "example"}


def read(folder: Path, text: str, name: str | None = None) -> ConnectionWrite:
    file = folder / "connection.yaml"
    file.write_text(text)
    return read_connection_file(file, ENVIRONMENT, name=name)


def test_azure_as_prompt_flow_writes_it(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
$schema: https://azuremlschemas.azureedge.net/promptflow/latest/AzureOpenAIConnection.schema.json
name: my_azure
type: azure_open_ai
api_key: ${env:AZURE_KEY}
api_base: https://${env:HOST}.openai.azure.com/
api_type: azure
api_version: 2024-02-01
module: promptflow.connections
""",
    )
    assert found == ConnectionWrite(
        name="my_azure",
        type="azure_open_ai",
        configs={"api_base": "https://example.openai.azure.com/", "api_type": "azure", "api_version": "2024-02-01"},
        secrets={"api_key": "sk-azure"},
    )


def test_custom_and_strong_custom(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "name: c\ntype: custom\ncustom_type: MyConnection\nmodule: my.package\nconfigs:\n  endpoint: x\n  port: 8080\nsecrets:\n  key: s\n",
    )
    assert found.configs == {"custom_type": "MyConnection", "module": "my.package", "endpoint": "x", "port": "8080"}
    assert found.secrets == {"key": "s"}


def test_a_name_from_outside_wins_and_null_is_absent(tmp_path: Path) -> None:
    found = read(tmp_path, "type: OpenAI\norganization: null\napi_key: x\n", name="given")
    assert (found.name, found.type, found.configs) == ("given", "open_ai", {})


def test_a_script_in_a_file_beside_is_taken_in(tmp_path: Path) -> None:
    (tmp_path / "script.yaml").write_text("answers: [Hello]\n")
    assert read(tmp_path, "name: s\ntype: scripted\nscript: script.yaml\n").configs == {"script": "answers: [Hello]\n"}
    with pytest.raises(ConnectionFileError, match=r"missing\.yaml"):
        read(tmp_path, "name: s\ntype: scripted\nscript: missing.yaml\n")


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ("name: a\ntype: open_ai\napi_kye: x\n", 3, "Unknown key 'api_kye'", "Did you mean 'api_key'?"),
        ("name: a\ntype: open_ay\napi_key: x\n", 2, "There is no type 'open_ay'", "Did you mean 'open_ai'?"),
        ("name: a\ntype: open_ai\napi_key: ${env:MISSING}\n", 3, "'MISSING' is not set", "export MISSING="),
        ("name: a\ntype: open_ai\napi_key: [1]\n", 3, "'api_key' has to be text, got a list", "one value"),
        ("name: a\ntype: open_ai\nname: b\n", 3, "'name' is there twice", "Keep one"),
        ("name: a\ntype: custom\nsecret:\n  a: b\n", 3, "Unknown key 'secret'", "Did you mean 'secrets'?"),
        ("name: a\ntype: custom\nsecrets:\n- a\n", 4, "'secrets' has to be a mapping", ""),
        ("name: a\ntype: custom\nsecrets:\n  a: {b: c}\n", 4, "'a' has to be text", ""),
        ("name: 'a\n", 2, "no YAML", ""),
        ("- a\n", 1, "has to be a mapping", ""),
    ],
)
def test_what_is_wrong_and_where(tmp_path: Path, text: str, line: int, message: str, remedy: str) -> None:
    with pytest.raises(ConnectionFileError) as caught:
        read(tmp_path, text)
    error = caught.value
    assert message in error.message
    assert remedy in (error.remedy or "")
    assert error.location is not None
    assert error.location.file == str(tmp_path / "connection.yaml")
    assert error.location.line == line
    assert error.exit_code == 2


def test_all_that_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConnectionFileError) as caught:
        read(tmp_path, "name: a\ntype: open_ai\nfoo: 1\nbar: 2\napi_key: ${env:NONE}\n")
    assert [finding.location.line for finding in caught.value.findings if finding.location] == [3, 4, 5]


@pytest.mark.parametrize("text", ["type: open_ai\n", "name: a\n"])
def test_name_and_type_are_needed(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConnectionFileError, match="has no"):
        read(tmp_path, text)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConnectionFileError, match="cannot be read"):
        read_connection_file(tmp_path / "none.yaml", {})
    (tmp_path / "latin.yaml").write_bytes(b"name: \xff\n")
    with pytest.raises(ConnectionFileError, match="UTF-8"):
        read_connection_file(tmp_path / "latin.yaml", {})


@pytest.mark.parametrize("spelling", ["azure_open_ai", "AzureOpenAI", "azure-openai", "AzureOpenAIConnection", "azure_openai"])
def test_spellings_of_a_type(spelling: str) -> None:
    assert type_named(spelling) == "azure_open_ai"


def test_every_type_is_known_by_its_name() -> None:
    assert [type_named(name) for name in TYPES] == list(TYPES)


def test_settings_on_top(tmp_path: Path) -> None:
    start = ConnectionWrite(name="a", type="serverless", configs={"api_base": "http://x"})
    found = with_values(start, ["api_key=${env:AZURE_KEY}", "api_base=http://y/v1?a=b"], ENVIRONMENT)
    assert (found.configs, found.secrets) == ({"api_base": "http://y/v1?a=b"}, {"api_key": "sk-azure"})
    (tmp_path / "script.yaml").write_text("answers: ['${env:NONE}']\n")
    scripted = with_values(ConnectionWrite(name="a", type="scripted"), [f"script=@{tmp_path / 'script.yaml'}"], {})
    assert scripted.configs == {"script": "answers: ['${env:NONE}']"}
    custom = with_values(ConnectionWrite(name="a", type="custom"), ["configs.a=1", "secrets.b.c=2"], {})
    assert (custom.configs, custom.secrets) == ({"a": "1"}, {"b.c": "2"})
    for wrong in ("api_key", "api_kye=1", "secret=1"):
        with pytest.raises(InvalidInputError):
            with_values(start, [wrong], ENVIRONMENT)
    with pytest.raises(InvalidInputError, match="NONE"):
        with_values(start, ["api_key=${env:NONE}"], ENVIRONMENT)


def test_a_list_of_connections(tmp_path: Path) -> None:
    file = tmp_path / "all.yaml"
    file.write_text("- {name: a, type: open_ai, api_key: '${env:AZURE_KEY}'}\n- name: b\n  type: custom\n  configs: {k: v}\n")
    found = read_connections_file(file, ENVIRONMENT)
    assert [(read.name, read.type, dict(read.configs), dict(read.secrets)) for read in found] == [
        ("a", "open_ai", {}, {"api_key": "sk-azure"}),
        ("b", "custom", {"k": "v"}, {}),
    ]
    file.write_text("name: one\ntype: custom\n")
    assert [read.name for read in read_connections_file(file, ENVIRONMENT)] == ["one"]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("- name: a\n  type: custom\n- name: a\n  type: custom\n", "two connections 'a'", 3),
        ("- name: a\n  type: custom\n- text\n", "something else", 3),
        ("- name: a\n  type: custum\n", "no type 'custum'", 2),
        ("- type: custom\n", "has no name", None),
        ("text\n", "a list of connections", 1),
    ],
)
def test_lists_that_are_none(tmp_path: Path, text: str, message: str, line: int | None) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(text)
    with pytest.raises(ConnectionFileError, match=message) as caught:
        read_connections_file(file, ENVIRONMENT)
    assert caught.value.location is not None
    assert caught.value.location.line == line
