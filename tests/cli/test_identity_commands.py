"""``flowyard key``, ``user`` and ``connection`` against a real server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flowyard.cli.app import run

pytestmark = pytest.mark.integration


class Done(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Done]


@pytest.fixture
def flowyard(server: Any, owner_key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    for name, value in {"FLOWYARD_URL": server.url, "FLOWYARD_API_KEY": owner_key, "FLOWYARD_HOME": str(tmp_path / "elsewhere")}.items():
        monkeypatch.setenv(name, value)

    def command(*words: str, code: int = 0) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exited:
            run(list(words))
        done = Done(int(exited.value.code or 0), *capsys.readouterr())
        assert done.code == code, done
        return done

    return command


def test_keys(flowyard: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    made = flowyard("key", "create", "ci", "--role", "reader")
    secret = made.out.strip()
    assert secret.startswith("fy_")
    assert len(made.out.splitlines()) == 1
    assert "shown this once" in made.err
    assert flowyard("key", "create", "other", "--expires-in-days", "3", "--json").json["key"]["role"] == "invoker"
    assert "ci" in flowyard("key", "list").out
    assert secret not in flowyard("key", "list", "--json").out
    monkeypatch.setenv("FLOWYARD_API_KEY", secret)
    refused = flowyard("key", "create", "more", code=1)
    assert "the role reader does not have" in refused.err
    assert flowyard("connection", "list", "--json").json[0]["name"] == "local"


def test_a_revoked_key_and_a_wrong_role(flowyard: Command) -> None:
    flowyard("key", "create", "ci")
    flowyard("key", "revoke", "ci")
    missing = flowyard("key", "revoke", "ci", "--json", code=1)
    assert json.loads(missing.err)["code"] == "KeyNotFound"
    flowyard("key", "create", "x", "--role", "king", code=2)


def test_people(flowyard: Command) -> None:
    flowyard("user", "create", "ada", "--role", "reader")
    assert flowyard("user", "update", "ada", "--role", "contributor", "--json").json["role"] == "contributor"
    assert "/sign-in#token=" in flowyard("user", "sign-in-link", "ada").out
    assert "ada" in flowyard("user", "list").out
    flowyard("user", "delete", "ada")
    assert [user["name"] for user in flowyard("user", "list", "--json").json] == ["owner"]
    last = flowyard("user", "delete", "owner", code=1)
    assert "only owner" in last.err
    assert "Make somebody else an owner first." in last.err


def test_access_tags(flowyard: Command) -> None:
    flowyard("user", "create", "ada", "--role", "reader")
    flowyard("key", "create", "app", "--role", "reader")
    assert flowyard("access", "set", "hr", "management", "--user", "ada").out == "The user 'ada' sees: hr, management.\n"
    assert flowyard("access", "set", "hr", "--key", "app", "--json").json["tags"] == ["hr"]
    assert flowyard("access", "show", "--user", "owner").out == "everything, as an owner\n"
    assert [(one["name"], one["tags"]) for one in flowyard("access", "list", "--json").json] == [
        ("ada", ["hr", "management"]),
        ("owner", []),
        ("app", ["hr"]),
        ("local", []),
    ]
    assert "hr, management" in flowyard("access", "list").out
    assert flowyard("access", "set", "--none", "--user", "ada").out == "The user 'ada' sees: documents without tags.\n"
    assert "--none" in flowyard("access", "set", "--user", "ada", code=2).err
    assert "--user, --key" in flowyard("access", "show", "--user", "ada", "--key", "app", code=2).err
    assert "is no access tag" in flowyard("access", "set", "a,b", "--key", "app", code=1).err
    assert json.loads(flowyard("access", "show", "--endpoint", "none", "--json", code=1).err)["code"] == "HolderNotFound"


def test_a_connection_from_a_file_and_from_words(flowyard: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "connection.yaml"
    file.write_text("name: mine\ntype: serverless\napi_base: http://127.0.0.1:9/v1\napi_key: ${env:MY_KEY}\n")
    missing = flowyard("connection", "create", "--file", str(file), code=2)
    assert f"{file}:4:10: The environment variable 'MY_KEY' is not set." in missing.err
    monkeypatch.setenv("MY_KEY", "the-secret-key")
    flowyard("connection", "create", "--file", str(file))
    shown = flowyard("connection", "show", "mine")
    assert "api_key: ******" in shown.out
    assert "the-secret-key" not in shown.out
    flowyard("connection", "update", "mine", "--set", "api_key=another-key")
    moved = flowyard("connection", "update", "mine", "--set", "api_base=http://127.0.0.1:10/v1", code=1)
    assert "has to be given again" in moved.err
    failed = flowyard("connection", "test", "mine", code=1)
    assert "127.0.0.1" in failed.err
    flowyard("connection", "create", "--name", "fake", "--type", "scripted", "--set", "script=answers: [Hello]")
    assert flowyard("connection", "test", "fake", "--json").json["ok"] is True
    assert [item["name"] for item in flowyard("connection", "list", "--json").json] == ["local", "fake", "mine"]
    flowyard("connection", "delete", "fake")
    assert "ConnectionNotFound" in flowyard("connection", "show", "fake", "--json", code=1).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create"], "needs a file"),
        (["create", "--name", "a", "--type", "open_ay"], "Did you mean 'open_ai'?"),
        (["create", "--name", "a", "--type", "open_ai", "--set", "api_kye=1"], "Did you mean 'api_key'?"),
        (["create", "--file", "/nowhere.yaml"], "cannot be read"),
        (["update", "a"], "nothing to change"),
    ],
)
def test_bad_usage(flowyard: Command, words: list[str], said: str) -> None:
    assert said in flowyard("connection", *words, code=2).err


def test_the_audit_trail_in_the_sdk(flowyard: Command, server: Any, owner_key: str) -> None:
    from flowyard.client import Workspace

    for number in range(3):
        flowyard("key", "create", f"key-{number}")
    entries = list(Workspace(url=server.url, api_key=owner_key).audit.list(limit=2))
    assert [entry.target for entry in entries] == ["keys/key-2", "keys/key-1"]


def test_limits_of_keys_and_of_the_workspace(flowyard: Command) -> None:
    made = flowyard("key", "create", "ci", "--requests-per-minute", "60", "--dollars-per-day", "0.5", "--json").json
    assert (made["key"]["limits"]["requests_per_minute"], made["key"]["limits"]["dollars_per_day"]) == (60, 0.5)
    changed = flowyard("key", "update", "ci", "--dollars-per-day", "none", "--tokens-per-minute", "1000", "--json").json
    kept = {name: value for name, value in changed["limits"].items() if value is not None}
    assert kept == {"requests_per_minute": 60, "tokens_per_minute": 1000, "unknown_price": "allow"}
    assert "60 requests/min, 1000 tokens/min" in flowyard("key", "list").out
    flowyard("limits", "set", "--dollars-per-month", "200", "--unknown-price", "refuse")
    shown = flowyard("limits", "show", "--json").json
    assert (shown["limits"]["dollars_per_month"], shown["limits"]["unknown_price"]) == (200, "refuse")
    assert [(one["key"], one["used"]["requests_this_minute"]) for one in shown["keys"]] == [("ci", 0)]
    assert "0 of 200" in flowyard("limits", "show").out
    for words in (("key", "update", "ci", "--requests-per-minute", "many"), ("limits", "set", "--unknown-price", "maybe")):
        assert "Give" in flowyard(*words, code=2).err
    assert "/requests_per_minute" in flowyard("limits", "set", "--requests-per-minute", "-1", code=1).err


def test_routes_from_yaml(flowyard: Command, tmp_path: Path) -> None:
    file = tmp_path / "route.yaml"
    file.write_text("name: chat\ntargets: [{model: local/small, weight: 3}]\nlogging: {sample: 0.1}\n")
    assert '"model": "chat"' in flowyard("gateway", "route", "create", "-f", str(file)).out
    file.write_text("name: chat\ntargets: [{model: local/small}]\nfallbacks: ['endpoint:x']\ncache: {ttl_s: 60}\n")
    flowyard("gateway", "route", "update", "-f", str(file))
    assert "60 s per key" in flowyard("gateway", "route", "list").out
    shown = flowyard("gateway", "route", "show", "chat").out
    again = tmp_path / "again.yaml"
    again.write_text(shown)
    flowyard("gateway", "route", "update", "-f", str(again))
    assert flowyard("gateway", "route", "show", "chat").out == shown
    file.write_text("name: chat\ntarget: []\n")
    assert "'target' is not known" in flowyard("gateway", "route", "create", "-f", str(file), code=2).err
    file.write_text("name: [\n")
    assert "is no YAML" in flowyard("gateway", "route", "create", "-f", str(file), code=2).err
    flowyard("gateway", "route", "delete", "chat")
    assert flowyard("gateway", "route", "list", "--json").json == []
