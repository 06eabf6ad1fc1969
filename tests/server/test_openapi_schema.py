"""The API's schema: the same every time, with an id and problem details for every operation, and strict bodies."""

import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from flowyard.server.app import create_app
from flowyard.server.routing import PREFIX
from support.api_operations import OPERATIONS


def test_operation_ids_are_noun_and_verb_and_unique() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert not [name for name, count in Counter(ids).items() if count > 1]
    for _, _, operation in OPERATIONS:
        assert operation["operationId"].startswith(f"{operation['tags'][0]}_")


def test_every_path_is_below_the_prefix() -> None:
    assert {path for _, path, _ in OPERATIONS if not path.startswith(f"{PREFIX}/")} == {"/health", "/version"}, "see server/routing.py"


def test_every_operation_tells_of_problems() -> None:
    for _, path, operation in OPERATIONS:
        assert "application/problem+json" in operation["responses"]["default"]["content"], path
        assert "422" not in operation["responses"]


def test_bodies_refuse_unknown_keys() -> None:
    schema = create_app(None).openapi()
    for _, path, operation in OPERATIONS:
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None or "$ref" not in content["schema"]:
            continue
        name = content["schema"]["$ref"].rpartition("/")[2]
        assert schema["components"]["schemas"][name].get("additionalProperties") is False, f"{path}: {name}; see server/strict.py"


@pytest.mark.integration
def test_the_printed_schema_is_the_same_every_time() -> None:
    def printed(seed: str) -> str:
        command = [sys.executable, "-m", "flowyard.server.openapi"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env={"PYTHONHASHSEED": seed}).stdout

    assert printed("1") == printed("2")


def test_the_schema_is_served(client: Any) -> None:
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Flowyard"
    for page in ("/docs", "/redoc", "/api/v1/docs"):
        assert "swagger" not in client.get(page).text.lower()
