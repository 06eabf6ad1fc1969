"""The entry of a flex flow: connections and models that its class gets, and what is wrong with it."""

from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import InvalidFlowError, UnknownConnectionError
from flowyard.flows.flex.errors import AggregationError, EntryLoadError, ModelConfigurationError
from flowyard.flows.inspect import connections_of_tools
from flowyard.flows.promptflow.model_configuration import AzureOpenAIModelConfiguration, InvalidConnectionError
from flowyard.flows.resolvers.direct import DirectResolver
from flowyard.flows.rules import load_valid, validate
from support.flow_folders import write_flex as flex

CONNECTED = """
from promptflow.connections import CustomConnection, AzureOpenAIConnection
from promptflow.core import AzureOpenAIModelConfiguration


class Ask:
    def __init__(self, keys: CustomConnection, model: AzureOpenAIModelConfiguration):
        self.keys, self.model = keys, model

    def __call__(self):
        model = self.model
        return {"key": self.keys.key[::-1], "at": model.azure_endpoint, "for": model.azure_deployment, "secret": model.api_key[::-1]}
"""
CONNECTIONS = {
    "keys": {"type": "custom", "configs": {}, "secrets": {"key": "key-of-mine"}},
    "azure": {
        "type": "azure_open_ai",
        "configs": {"api_base": "https://a.example", "api_version": "v"},
        "secrets": {"api_key": "secret-of-azure"},
    },
}


@pytest.mark.parametrize(
    "model",
    [
        {"connection": "azure", "azure_deployment": "gpt"},
        {"azure_endpoint": "https://a.example", "api_key": "secret-of-azure", "azure_deployment": "gpt"},
        AzureOpenAIModelConfiguration("gpt", connection="azure"),
    ],
)
def test_a_class_gets_connections_and_model_configurations(tmp_path: Path, model: Any) -> None:
    flow = load_flow(flex(tmp_path, CONNECTED, "entry: code:Ask\n"), CONNECTIONS, init={"keys": "keys", "model": model})
    assert flow() == {"key": "enim-fo-yek", "at": "https://a.example", "for": "gpt", "secret": "eruza-fo-terces"}


def test_a_model_of_this_installation_by_its_name(tmp_path: Path) -> None:
    source = """
from promptflow.core import OpenAIModelConfiguration, Prompty

class Ask:
    def __init__(self, model: OpenAIModelConfiguration):
        self.prompty = Prompty.load("ask.prompty", model={"configuration": model})

    def __call__(self, question):
        return self.prompty(question=question)
"""
    ask = "---\nmodel: {parameters: {}}\ninputs:\n  question: {type: string}\n---\nuser:\n{{question}}\n"
    yaml = "entry: code:Ask\nsample: {init: {model: {connection: local, model: scripted}}}\n"
    models = DirectResolver({"local": {"type": "scripted", "configs": {"script": "rules: [{echo: true}]"}}})
    assert load_flow(flex(tmp_path, source, yaml, ask__prompty=ask), resolver=models)(question="hi") == {"output": "hi"}


@pytest.mark.parametrize(
    ("init", "error"),
    [
        ({"keys": "nope", "model": {"azure_deployment": "gpt"}}, UnknownConnectionError),
        ({"keys": "keys", "model": {"connection": "nope", "azure_deployment": "gpt"}}, UnknownConnectionError),
        ({"keys": "keys", "model": "gpt"}, ModelConfigurationError),
        ({"keys": "keys", "model": {"deployment": "gpt"}}, ModelConfigurationError),
        ({"keys": "keys", "model": {"connection": "azure", "api_key": "x", "azure_deployment": "gpt"}}, InvalidConnectionError),
    ],
)
def test_connections_and_configurations_that_are_none(tmp_path: Path, init: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        load_flow(flex(tmp_path, CONNECTED, "entry: code:Ask\n"), CONNECTIONS, init=init)


def test_connections_that_the_yaml_names_are_handed_over(tmp_path: Path) -> None:
    folder = flex(tmp_path, CONNECTED, "entry: code:Ask\nsample: {init: {keys: keys, model: {connection: azure, azure_deployment: gpt}}}\n")
    assert connections_of_tools(load_valid(folder), {"keys": 1, "azure": 2, "other": 3}) == {"keys", "azure"}


@pytest.mark.parametrize(
    ("yaml", "source", "code", "place", "said"),
    [
        ("entry: code\n", "", "InvalidFlexFlowEntry", ("flow.flex.yaml", 1), "module"),
        ("entry: code:run:x\n", "", "InvalidFlexFlowEntry", ("flow.flex.yaml", 1), "code:run:x"),
        ("entry: __main__:run\n", "", "PythonLoadError", ("flow.flex.yaml", 1), "__main__"),
        ("entry: 3\n", "", "InvalidFlexFlowEntry", ("flow.flex.yaml", 1), "int 3"),
        ("inputs: {}\n", "", "InvalidFlexFlowEntry", ("flow.flex.yaml", 1), "no `entry`"),
        ("entry: cod:run\n", "def run(): pass\n", "PythonLoadError", ("flow.flex.yaml", 1), "code:run"),
        ("\nentry: code:rum\n", "def run(): pass\n", "PythonLoadError", ("flow.flex.yaml", 2), "'run'"),
        ("entry: code:run\n", "x = 1\ndef (\n", "PythonLoadError", ("code.py", 2), "no Python"),
        ("entry: code:C\n", "class C:\n    pass\n", "PythonLoadError", ("flow.flex.yaml", 1), "__call__"),
        (
            "entry: code:C\n",
            "class C:\n    def __call__(self): pass\n    def __aggregate__(self, a, b): pass\n",
            "InvalidAggregationFunction",
            ("flow.flex.yaml", 1),
            "2",
        ),
        ("entry: code:run\nzzz: 1\n", "def run(): pass\n", "UnknownKey", ("flow.flex.yaml", 2), "zzz"),
        ("entry: code:run\nsample: {zzz: 1}\n", "def run(): pass\n", "InvalidSample", ("flow.flex.yaml", 2), "zzz"),
        ("entry: code:run\nsample: '${file:no.json}'\n", "def run(): pass\n", "InvalidSample", ("flow.flex.yaml", 2), "no.json"),
        ("entry: code:run\ninputs:\n  a: {type: float}\n", "def run(a): pass\n", "UnknownType", ("flow.flex.yaml", 3), "double"),
        ("entry: code:run\ninputs:\n  a: {type: int}\n", "def run(a, b=1): pass\n", "SignatureMismatch", ("flow.flex.yaml", 1), "'b'"),
        ("entry: code:run\ninputs:\n  aa: {type: int}\n  b: {type: int}\n", "def run(a, b): pass\n", "SignatureMismatch", None, "'a'"),
        ("entry: code:run\ninputs:\n  a: {type: int, default: x}\n", "def run(a): pass\n", "WrongDefault", ("flow.flex.yaml", 3), "int"),
        ("entry: code:run\ninit: {a: {type: int}}\n", "def run(): pass\n", "SignatureMismatch", ("flow.flex.yaml", 1), "classes"),
        ("entry: code:run\nlanguage: csharp\n", "def run(): pass\n", "UnsupportedLanguage", ("flow.flex.yaml", 1), "C#"),
        ("entry: code:run\ncode: there\n", "def run(): pass\n", "CodeNotFound", ("flow.flex.yaml", 2), "there"),
        ("entry: [\n", "", "InvalidYaml", ("flow.flex.yaml", 2), "no YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, yaml: str, source: str, code: str, place: tuple[str, int] | None, said: str
) -> None:
    folder = flex(tmp_path, source, yaml)
    _, findings = validate(folder)
    found = next(finding for finding in findings if finding.code == code)
    assert found.severity == "error"
    assert said in f"{found.message} {found.remedy}"
    if place is not None:
        assert (found.file, found.line) == place
    with pytest.raises(InvalidFlowError):
        load_flow(folder)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("run = 3\n", "it is int"),
        ("class C:\n    def __call__(self): pass\n\nrun = C()\n", "it is C"),
        ("from math import nothing as run\n", "ImportError"),
        ("import nothing_there\n\ndef run(): pass\n", "nothing_there"),
        ("raise SystemExit(3)\n\ndef run(): pass\n", "SystemExit"),
    ],
)
def test_entries_that_only_running_them_shows_wrong(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(EntryLoadError, match=said) as caught:
        load_flow(flex(tmp_path, source))
    assert caught.value.code == "PythonLoadError"
    assert caught.value.location is not None


def test_an_aggregation_that_only_making_it_shows_wrong(tmp_path: Path) -> None:
    source = "def both(a, b): pass\n\nclass C:\n    def __call__(self): pass\n    __aggregate__ = staticmethod(both)\n"
    with pytest.raises(AggregationError):
        load_flow(flex(tmp_path, source, "entry: code:C\n"))
