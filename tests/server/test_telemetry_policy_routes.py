"""A workspace's telemetry policy over HTTP, from Python and from the command line; and what it does to what comes by OTLP."""

import json
from typing import Any

import pytest
import urllib3
from typer.testing import CliRunner

from flowyard import Workspace
from flowyard.cli.telemetry import app
from flowyard.foundation.errors import InvalidInputError, RemoteError
from flowyard.wire.telemetry_policy import RetentionDays

pytestmark = pytest.mark.integration

MAIL = "alice@example.com"


@pytest.fixture
def ws(server: Any, owner_key: str, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)
    monkeypatch.setenv("FLOWYARD_WORKSPACE", "default")
    return Workspace(url=server.url, api_key=owner_key, workspace="default")


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["policy", *words])


def test_secrets_are_redacted_until_somebody_says_otherwise(ws: Workspace) -> None:
    policy = ws.telemetry.policy()
    assert (policy.redact, policy.retention_days, policy.updated_at) == (("secrets",), RetentionDays(), None)
    done = run("show")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "redacted: secrets",
        "kept:     spans 90 days, logs 30 days, metrics 30 days, scores 365 days",
        "(the default)",
    ]


def test_a_policy_is_set_and_stands_in_the_audit_trail(ws: Workspace) -> None:
    days = RetentionDays(spans=7, logs=None, metrics=1, scores=36_500)
    told = ws.telemetry.set_policy(redact=["email", "card", "email"], retention_days=days)
    assert told == ws.telemetry.policy()
    assert (told.redact, told.retention_days) == (("email", "card"), days)
    assert told.updated_at is not None
    (entry,) = [line for line in ws.audit.list() if line.action == "telemetry.set_policy"]
    assert entry.detail == {"redact": ["email", "card"], "retention_days": {"spans": 7, "logs": None, "metrics": 1, "scores": 36_500}}


def test_the_command_changes_what_is_given_and_nothing_else(ws: Workspace) -> None:
    done = run("set", "--redact", "email", "--redact", "secrets", "--retention", "spans=7", "--retention", "scores=forever", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == json.loads(run("show", "--json").stdout)
    assert run("set", "--retention", "logs=2").exit_code == 0
    policy = ws.telemetry.policy()
    assert (policy.redact, policy.retention_days) == (("secrets", "email"), RetentionDays(spans=7, logs=2, metrics=30, scores=None))
    assert run("set", "--redact-nothing").exit_code == 0
    assert ws.telemetry.policy().redact == ()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("set",), "nothing to set"),
        (("set", "--redact", "emails"), "no rule 'emails'"),
        (("set", "--retention", "span=3"), "'span=3' is not understood"),
        (("set", "--retention", "spans=soon"), "'spans=soon' is not understood"),
        (("set", "--redact", "email", "--redact-nothing"), "both given"),
    ],
)
def test_what_a_command_cannot_understand_is_refused(ws: Workspace, words: tuple[str, ...], message: str) -> None:
    del ws
    done = run(*words)
    assert isinstance(done.exception, InvalidInputError)
    assert message in done.exception.message


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"redact": ["emails"], "retention_days": {}}, "redact"),
        ({"redact": [], "retention_days": {"span": 3}}, "span"),
        ({"redact": [], "retention_days": {"spans": 0}}, "spans"),
        ({"redact": [], "retention_days": {"logs": 36_501}}, "logs"),
        ({"redact": []}, "retention_days"),
        ({"redact": [], "retention_days": {}, "sampling": 1}, "sampling"),
    ],
)
def test_a_policy_that_is_none_is_refused(ws: Workspace, owner_key: str, body: dict[str, Any], place: str) -> None:
    url = ws.transport.address("telemetry/policy")
    answer = urllib3.request("PUT", url, json=body, headers={"authorization": f"Bearer {owner_key}"})
    assert answer.status in {400, 422}
    assert place in answer.data.decode()
    assert ws.telemetry.policy().updated_at is None


def test_a_preview_shows_what_would_be_kept(ws: Workspace) -> None:
    text = f"Ask {MAIL} for password=Tr0ub4dor"
    found = ws.telemetry.preview_policy(text)
    assert found.text == f"Ask {MAIL} for password=[SECRET]"
    found = ws.telemetry.preview_policy(text, redact=["email"])
    assert found.text == "Ask [EMAIL] for password=Tr0ub4dor"
    assert [(part.rule, text[part.start : part.end]) for part in found.found] == [("email", MAIL)]
    assert ws.telemetry.preview_policy(text, redact=[]).text == text
    done = CliRunner().invoke(app, ["policy", "preview", "-", "--redact", "email"], input=text)
    assert done.stdout == "Ask [EMAIL] for password=Tr0ub4dor\n"
    with pytest.raises(RemoteError, match="100001 characters"):
        ws.telemetry.preview_policy("a" * 100_001)
