"""A workspace's telemetry policy over HTTP, from Python and from the command line; and what it does to what comes by OTLP."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import urllib3
from typer.testing import CliRunner

from flowyard import Workspace
from flowyard.cli.telemetry import app
from flowyard.foundation.errors import InvalidInputError, RemoteError
from flowyard.wire.scores import ScoreWrite
from flowyard.wire.telemetry_policy import RedactionRule, RetentionDays
from support.otlp import keyed, request
from support.spans import trace_id

pytestmark = pytest.mark.integration

MAIL = "alice@example.com"
KEY = "sk-proj-" + "a1B2c3D4" * 6


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
        "sampling: all traces",
        "(the default)",
    ]


def test_the_rules_say_how_well_they_do(ws: Workspace) -> None:
    rules = {rule.name: rule for rule in ws.telemetry.redaction_rules()}
    assert set(rules) == set(get_args(RedactionRule))
    assert rules["email"].marker == "[EMAIL]"
    assert all(rule.title and 0 < rule.precision <= 1 and 0 < rule.recall <= 1 and rule.sentences_with > 0 for rule in rules.values())
    done = run("rules")
    assert done.exit_code == 0, done.output
    assert all(name in done.stdout for name in rules)


def test_a_policy_is_set_and_stands_in_the_audit_trail(ws: Workspace) -> None:
    days = RetentionDays(spans=7, logs=None, metrics=1, scores=36_500)
    told = ws.telemetry.set_policy(redact=["email", "card", "email"], retention_days=days)
    assert told == ws.telemetry.policy()
    assert (told.redact, told.retention_days) == (("email", "card"), days)
    assert told.updated_at is not None
    (entry,) = [line for line in ws.audit.list() if line.action == "telemetry.set_policy"]
    assert entry.detail == {
        "redact": ["email", "card"],
        "retention_days": {"spans": 7, "logs": None, "metrics": 1, "scores": 36_500},
        "sampling_ratio": 1.0,
    }


def test_the_command_changes_what_is_given_and_nothing_else(ws: Workspace) -> None:
    done = run("set", "--redact", "email", "--redact", "secrets", "--retention", "spans=7", "--retention", "scores=forever", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == json.loads(run("show", "--json").stdout)
    assert run("set", "--retention", "logs=2").exit_code == 0
    policy = ws.telemetry.policy()
    assert (policy.redact, policy.retention_days) == (("secrets", "email"), RetentionDays(spans=7, logs=2, metrics=30, scores=None))
    assert run("set", "--redact-nothing").exit_code == 0
    assert (ws.telemetry.policy().redact, ws.telemetry.policy().sampling_ratio) == ((), 1.0)
    assert run("set", "--sampling", "0.1").exit_code == 0
    assert run("set", "--retention", "logs=3").exit_code == 0
    assert ws.telemetry.policy().sampling_ratio == 0.1
    assert run("set", "--sampling", "1.1").exit_code == 2


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
        ({"redact": [], "retention_days": {}, "sampling_ratio": 1.5}, "sampling_ratio"),
        ({"redact": [], "retention_days": {}, "sampling_ratio": -0.1}, "sampling_ratio"),
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


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def sent(number: int) -> bytes:
    """A model call with an e-mail address and a key in all places where an instrumentation puts texts."""
    made = request(
        {
            "id": 1,
            "trace": number,
            "error": f"{MAIL} was refused with {KEY}",
            "attributes": {
                "gen_ai.operation.name": "chat",
                "gen_ai.input.messages": json.dumps([{"role": "user", "parts": [{"type": "text", "content": f"I am {MAIL}, key {KEY}"}]}]),
                "gen_ai.output.messages": json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": f"Hello {MAIL}"}]}]),
                "http.request.header.authorization": [f"Bearer {KEY}"],
                "user.id": MAIL,
                "other": f"{KEY} and {MAIL}",
            },
        },
        service=f"app of {MAIL}",
    )
    span = made.resource_spans[0].scope_spans[0].spans[0]
    span.name = f"GET /users/{MAIL}"
    event = span.events.add()
    event.name = "exception"
    keyed(event.attributes, {"exception.message": f"{MAIL} {KEY}"})
    return made.SerializeToString()


def test_what_a_policy_redacts_is_found_nowhere(server: Any, ws: Workspace, owner_key: str, tmp_path: Path) -> None:
    ws.telemetry.set_policy(redact=["secrets", "email"], retention_days=RetentionDays())
    time.sleep(1)
    headers = {"authorization": f"Bearer {owner_key}", "content-type": "application/x-protobuf"}
    assert urllib3.request("POST", f"{server.url}/v1/traces", body=sent(1), headers=headers, retries=False).status == 200
    until(lambda: len(list(ws.traces.list())) == 1)
    for q in (f'"{MAIL}"', f'"{KEY}"', f'user:"{MAIL}"', f'name:"*{MAIL}*"', f'attr.other:"*{MAIL}*"'):
        assert list(ws.traces.list(q=q)) == [], q
    assert [trace.trace_id for trace in ws.traces.list(q='hello "[EMAIL]"')] == [trace_id(1)]
    detail = ws.traces.get(trace_id(1))
    asset = ws.data.create_from_traces("of-traces", [trace_id(1)])
    ws.data.download("of-traces", tmp_path / "rows", asset.version)
    answers = {
        "trace": repr(detail),
        "data": (tmp_path / "rows").read_text(encoding="utf-8"),
        "sql": repr(ws.logs.query("SELECT * FROM spans", since="2020-01-01T00:00:00Z").rows),
        "users": repr(ws.telemetry.users(since="2020-01-01T00:00:00Z")),
    }
    for name, text in answers.items():
        assert MAIL not in text, name
        assert KEY not in text, name
        assert "[EMAIL]" in text, name
    assert "[SECRET]" in answers["trace"]


def test_spools_hold_the_original_and_only_their_owner_reads_them(server: Any, ws: Workspace, owner_key: str) -> None:
    headers = {"authorization": f"Bearer {owner_key}", "content-type": "application/x-protobuf"}
    assert urllib3.request("POST", f"{server.url}/v1/traces", body=sent(1), headers=headers, retries=False).status == 200
    ws.scores.give(ScoreWrite(trace_id=trace_id(1), comment=f"ask {MAIL}"))
    found = list((server.services.settings.home / "spools").rglob("*.spool"))
    assert len([path for path in found if MAIL.encode() in path.read_bytes()]) == 2
    assert {path.stat().st_mode & 0o777 for path in found} == {0o600}
