"""Keys, tokens and collected data of an endpoint on a whole platform: what opens it, for how long, and that no file holds a key."""

import io
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from support.installation import Platform, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

BLUE = """
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: words
model: {path: demo}
data_collector:
  request_logging: {capture_headers: [x-tenant]}
  collections:
    model_inputs: {enabled: true, data: {name: words-seen}}
    model_outputs: {enabled: true}
    request: {enabled: true}
    response: {enabled: true}
"""
FLOW = {
    "flow.dag.yaml": 'inputs: {text: {type: string}}\noutputs: {shout: {type: string, reference: "${say.output}"}}\n'
    'nodes:\n- {name: say, type: python, source: {type: code, path: say.py}, inputs: {text: "${inputs.text}"}}\n',
    "say.py": "from promptflow.core import tool\n\n\n@tool\ndef say(text: str) -> str:\n    print('said', text)\n    return text.upper()\n",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("files")
    (folder / "demo").mkdir()
    for name, text in FLOW.items():
        (folder / "demo" / name).write_text(text)
    (folder / "blue.yml").write_text(BLUE)
    (folder / "endpoint.yml").write_text("name: words\nauth_mode: key\ntraffic: {blue: 100}\n")
    with Platform.up(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("no-models")) as platform:
        platform.run("apply", "-f", str(folder / "endpoint.yml"), "-f", str(folder / "blue.yml"))
        platform.run("endpoint", "create", "other")
        yield platform


def score(platform: Platform, key: str, text: str = "hi", name: str = "words") -> int:
    headers = {"Authorization": f"Bearer {key}", "x-tenant": "acme"}
    return platform.request("POST", f"/endpoints/{name}/score", {"text": text}, headers).status


def refused_within(platform: Platform, key: str) -> float:
    """Return after how many seconds a key is refused."""
    began = time.monotonic()
    while score(platform, key) == 200:
        assert time.monotonic() - began < 5
    assert score(platform, key) == 401
    return time.monotonic() - began


def regenerated(platform: Platform, key_type: str) -> str:
    return platform.json("endpoint", "regenerate-key", "words", "--key-type", key_type)["secret"]


def test_keys_tokens_and_that_they_are_written_nowhere(running: Platform) -> None:
    primary, secondary = regenerated(running, "primary"), regenerated(running, "secondary")
    assert (score(running, primary), score(running, secondary)) == (200, 200)
    # A foreign key, and one in a place where it is none.
    assert score(running, primary, name="other") == 403
    chat = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    assert running.request("POST", "/v1/chat/completions", chat, {"Authorization": f"Bearer {primary}"}).status == 403
    assert running.request("GET", "/api/v1/me", headers={"Authorization": f"Bearer {primary}"}).status == 403
    assert running.request("POST", "/api/v1/sign-in", {"api_key": primary}, {"Authorization": ""}).status in {401, 403}
    anew = running.request("POST", "/api/v1/workspaces/default/endpoints/words/regenerate-key", {"key_type": "primary"})
    after_s = refused_within(running, primary)
    assert after_s < 1.5, after_s
    fresh = json.loads(anew.body)["secret"]
    assert (score(running, fresh), score(running, secondary)) == (200, 200)

    change = running.request("PATCH", "/api/v1/workspaces/default/endpoints/words", {"auth_mode": "aml_token"})
    assert change.status == 200
    assert max(refused_within(running, fresh), refused_within(running, secondary)) < 1.5
    token = running.json("endpoint", "get-credentials", "words")["access_token"]
    assert score(running, token, "by token") == 200
    assert running.run("endpoint", "invoke", "words", "--inputs", "text=by the owner")
    running.run("endpoint", "update", "words", "--auth-mode", "key")
    refused_within(running, token)

    eventually(lambda: len(running.json("endpoint", "collected-data", "list", "words")) == 4)
    assert eventually(lambda: "by token" in json.dumps(exported(running)))
    secrets = [primary, secondary, fresh, token, running.api_key]
    assert holding(running.home, secrets) == [("credentials.json", 4)]
    for table in ("spans", "logs", "metrics", "scores"):
        asked = {"query": f"SELECT * FROM {table}", "limit": 10_000}
        answer = running.request("POST", "/api/v1/workspaces/default/logs/query", asked)
        assert answer.status == 200, answer.body
        assert not [secret for secret in secrets if secret.encode() in answer.body]
        assert table not in {"spans", "logs"} or b"words" in answer.body


def exported(platform: Platform) -> list[Any]:
    file = platform.home / "rows.jsonl"
    platform.run("endpoint", "collected-data", "export", "words", "-o", str(file))
    return [json.loads(line) for line in file.read_text().splitlines()]


def holding(home: Path, secrets: list[str]) -> list[tuple[str, int]]:
    """Return the files below `home`, and which of `secrets` each holds: as it stands, in Parquet's pages and in the database's rows."""
    found: list[tuple[str, int]] = []
    for path in sorted(home.rglob("*")):
        if not path.is_file() or path.is_symlink() or "models" in path.parts:
            continue
        data = path.read_bytes()
        if path.suffix == ".parquet":
            data += repr(pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()).encode()
        elif path.suffix == ".db":
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
                data += "\n".join(connection.iterdump()).encode()
        found += [(str(path.relative_to(home)), number) for number, secret in enumerate(secrets) if secret.encode() in data]
    return found


def test_what_was_collected_is_joined_and_becomes_data(running: Platform) -> None:
    rows = exported(running)
    row = next(row for row in rows if row["text"] == "by token")
    assert (row["shout"], row["deployment"]) == ("BY TOKEN", "blue")
    trace = running.request("GET", f"/api/v1/workspaces/default/traces/{row['correlation_id']}")
    assert trace.status == 200
    made = running.json("endpoint", "collected-data", "export", "words", "--as-asset")
    assert (made["name"], made["rows"]) == ("words-seen", len(rows))
    file = running.home / "events.jsonl"
    running.run("endpoint", "collected-data", "export", "words", "-c", "request", "--form", "events", "-o", str(file))
    events = [json.loads(line) for line in file.read_text().splitlines()]
    assert {event["type"] for event in events} == {"azureml.inference.request"}
    assert {event.get("headers", {}).get("x-tenant") for event in events} == {"acme", None}
