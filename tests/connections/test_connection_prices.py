"""Prices that a connection states: read, checked, and counted before the public list."""

import json
from pathlib import Path
from typing import Any

import pytest

from flowyard.connections.errors import ConnectionFileError, ConnectionInvalidError
from flowyard.connections.files import read_connection_file
from flowyard.connections.inline import inline_connections
from flowyard.connections.prices import read_prices, stated_price
from flowyard.flows.nodes.connections import connection_object
from flowyard.flows.runs.pricing import prices_for
from flowyard.flows.runtime.cache_store import connection_identity

BASE = "/api/v1/workspaces/default/connections"
PRICES = '{"gpt-4o": {"input": 2.5, "output": 10, "cached_input": 1.25}, "*": {"input": 1}}'
FILE = """
name: mine
type: serverless
api_base: http://127.0.0.1:9/v1
prices:
  gpt-4o: {input: 2.5, output: 10, cached_input: 1.25}
  "*": {input: 1}
"""


def test_a_price_is_by_the_token_and_cached_ones_have_their_own() -> None:
    price = stated_price({"prices": PRICES}, "gpt-4o")
    assert price is not None
    assert (price.micros(1000, 100), price.micros(1000, 100, 400), price.micros(10, 0, 99)) == (3500, 3000, 12)


def test_the_first_name_that_is_priced_counts_and_an_unknown_part_is_not_zero() -> None:
    other = stated_price({"prices": PRICES}, "other", "gpt-4o")
    assert other is not None
    assert other.micros(1000, 100) == 3500, "the model that the answer names"
    any_other = stated_price({"prices": PRICES}, "other", None)
    assert any_other is not None
    assert (any_other.micros(1000, 0), any_other.micros(1000, 1)) == (1000, None)
    assert stated_price({}, "gpt-4o") is None
    assert stated_price({"prices": '{"gpt-4": {"input": 1}}'}, "gpt-4o") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "are list"),
        ("a: 1", "of 'a' is int"),
        ("a: {output: 1}", "has no 'input'"),
        ("a: {input: -1}", "is '-1'"),
        ("a: {input: .nan}", "is 'nan'"),
        ("a: {input: true}", "is 'True'"),
        ("a: {input: cheap}", "is 'cheap'"),
        ("a: {input: 1000001}", "from 0 to 1000000"),
        ("a: {input: 1, ouput: 2}", "no 'ouput'"),
        ("5: {input: 1}", "'5' is no name"),
        ("a: {", "no YAML"),
    ],
)
def test_prices_that_are_none_are_refused(text: str, message: str) -> None:
    with pytest.raises(ConnectionInvalidError, match=r"price|input|name") as caught:
        read_prices(text)
    assert message in caught.value.message
    assert caught.value.location is not None
    assert (caught.value.location.pointer, bool(caught.value.remedy)) == ("/configs/prices", True)


def test_a_file_states_them_as_a_mapping_and_says_where_they_are_wrong(tmp_path: Path) -> None:
    path = tmp_path / "connection.yaml"
    path.write_text(FILE)
    assert json.loads(read_connection_file(path, {}).configs["prices"]) == json.loads(PRICES)
    path.write_text(FILE.replace("input: 1}", "inptu: 1}"))
    with pytest.raises(ConnectionFileError, match="no 'inptu'") as caught:
        read_connection_file(path, {})
    assert caught.value.location is not None
    assert caught.value.location.line == 6


def test_a_program_states_them_and_a_run_counts_by_them_before_the_public_list() -> None:
    given = inline_connections({"mine": {"type": "open_ai", "api_key": "k", "prices": {"gpt-4o": {"input": 1, "output": 2}}}})
    price_of = prices_for(given | {"local": {"configs": {"prices": '{"*": {"input": 3, "output": 3}}'}}})
    assert price_of("mine", "gpt-4o", 10, 10) == 30
    assert price_of("mine", "no-such-model", 10, 10) is None
    assert price_of("mine", "gpt-4.1", 1000, 0) not in {None, 0}, "of what is not stated, the list knows"
    assert price_of("local", "smollm2-135m", 10, 10) == 60
    assert prices_for({})("local", "smollm2-135m", 10, 10) == 0
    with pytest.raises(ConnectionInvalidError):
        inline_connections({"mine": {"type": "open_ai", "api_key": "k", "prices": {"gpt-4o": 5}}})


def test_tools_and_caches_know_nothing_of_prices() -> None:
    configs = {"base_url": "http://127.0.0.1:9/v1"}
    made = connection_object("mine", {"type": "open_ai", "configs": {**configs, "prices": PRICES}, "secrets": {"api_key": "k"}})
    assert "prices" not in dict(made)
    assert connection_identity("open_ai", configs) == connection_identity("open_ai", {**configs, "prices": PRICES})


def test_prices_over_the_api(client: Any, owner: dict[str, str], services: Any) -> None:
    mine = {"name": "mine", "type": "serverless", "configs": {"api_base": "http://127.0.0.1:9/v1", "prices": PRICES}}
    assert client.post(BASE, headers=owner, json=mine).json()["configs"]["prices"] == PRICES
    mine["configs"] = {"api_base": "http://127.0.0.1:9/v1", "prices": "a: 5"}
    refused = client.put(f"{BASE}/mine", headers=owner, json=mine)
    assert (refused.status_code, refused.json()["location"]["pointer"]) == (422, "/configs/prices")


def test_of_the_local_connection_only_prices_can_be_set(client: Any, owner: dict[str, str], services: Any) -> None:
    local = {"name": "local", "type": "local", "configs": {"prices": PRICES}}
    set_ = client.put(f"{BASE}/local", headers=owner, json=local)
    assert (set_.status_code, set_.json()["built_in"], set_.json()["configs"]) == (200, True, {"prices": PRICES})
    assert client.get(f"{BASE}/local", headers=owner).json()["configs"] == {"prices": PRICES}
    assert [(item["name"], item["configs"]) for item in client.get(BASE, headers=owner).json()["items"]] == [("local", {"prices": PRICES})]
    assert client.put(f"{BASE}/local", headers=owner, json={**local, "configs": {"base_url": "http://x/v1"}}).status_code == 409
    assert client.post(BASE, headers=owner, json=local).status_code == 409
    assert services.connections.resolve_all() == []
    assert [found.name for found in services.connections.resolve_all(with_local=True)] == ["local"]
    assert client.put(f"{BASE}/local", headers=owner, json={"name": "local", "type": "local"}).json()["configs"] == {}
