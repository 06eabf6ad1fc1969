"""Connections that a program gives: every form, and what is wrong with them."""

from typing import Any

import pytest

from flowyard.connections.errors import ConnectionInvalidError
from flowyard.connections.inline import inline_connections
from flowyard.flows.promptflow.connections import AzureOpenAIConnection, CustomConnection
from flowyard.foundation.errors import InvalidInputError

AZURE = {"type": "azure_open_ai", "configs": {"api_base": "https://x", "api_version": "v"}, "secrets": {"api_key": "k"}}


@pytest.mark.parametrize(
    "said",
    [
        AZURE,
        {
            "type": "azure_open_ai",
            "api_base": "https://x",
            "api_version": "v",
            "api_key": "k",
            "name": "n",
            "module": "promptflow.connections",
        },
        {"type": "AzureOpenAI", "api_base": "https://${env:HOST}", "api_version": "v", "api_key": "${env:KEY}"},
        {
            "type": "AzureOpenAIConnection",
            "value": {"api_base": "https://x", "api_version": "v", "api_key": "k"},
            "secret_keys": ["api_key"],
        },
    ],
)
def test_forms(said: dict[str, Any]) -> None:
    assert inline_connections({"c": said}, {"HOST": "x", "KEY": "k"}) == {"c": AZURE}


def test_objects() -> None:
    made = inline_connections(
        {"a": AzureOpenAIConnection("https://x", "k", api_version="v"), "c": CustomConnection({"s": "1"}, {"a": "2"})}
    )
    assert made["a"] == {**AZURE, "configs": {"api_base": "https://x", "api_version": "v", "api_type": "azure", "auth_mode": "key"}}
    assert made["c"] == {"type": "custom", "configs": {"a": "2"}, "secrets": {"s": "1"}}


def test_custom_ones_and_those_of_plugins() -> None:
    custom = {"type": "CustomConnection", "value": {"url": "u", "key": "k"}, "secret_keys": ["key"]}
    assert inline_connections({"c": custom}) == {"c": {"type": "custom", "configs": {"url": "u"}, "secrets": {"key": "k"}}}
    assert inline_connections({"c": {"type": "qwertyuiop", "x": 1}})["c"] == {"type": "qwertyuiop", "configs": {"x": "1"}, "secrets": {}}


@pytest.mark.parametrize(
    ("said", "message", "remedy"),
    [
        ("text", "expected a mapping", "promptflow.connections"),
        ({"type": "open_ay"}, "type 'open_ay'", "Did you mean 'open_ai'?"),
        ({"type": "open_ai", "api_kye": "k"}, "no key 'api_kye'", "Did you mean 'api_key'?"),
    ],
)
def test_what_is_wrong(said: Any, message: str, remedy: str) -> None:
    with pytest.raises(ConnectionInvalidError, match=message) as caught:
        inline_connections({"c": said})
    assert remedy in str(caught.value.remedy)


def test_a_variable_that_is_not_set() -> None:
    with pytest.raises(InvalidInputError, match="'NONE' is not set"):
        inline_connections({"c": {"type": "open_ai", "api_key": "${env:NONE}"}}, {})
