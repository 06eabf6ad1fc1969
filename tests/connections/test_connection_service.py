"""Connections over the API: types and keys, secrets that go in and never come out, the built-in one."""

from pathlib import Path
from typing import Any

import pytest

from flowyard.connections.errors import ConnectionExistsError, ConnectionNotFoundError, MasterKeyError
from flowyard.connections.kinds import KINDS
from flowyard.connections.redaction import MASK, Redactor
from flowyard.connections.sealing import Sealer, rotate_master_key
from flowyard.connections.service import ConnectionService
from flowyard.identity.model import AuditRecord, Caller
from flowyard.inference.connection_test import ModelConnectionTester
from flowyard.storage.sql.connections import SqlConnectionStore
from flowyard.wire.connections import ConnectionWrite
from flowyard.wire.identity import WorkspaceCreate

BASE = "/api/v1/workspaces/default/connections"
SECRET = "sk-very-secret-value-0123456789"
OPEN_AI = {"name": "mine", "type": "open_ai", "configs": {"base_url": "http://127.0.0.1:9/v1"}, "secrets": {"api_key": SECRET}}


@pytest.fixture
def caller(services: Any, owner_key: str) -> Caller:
    return services.sign_in.by_key(owner_key).enter()


@pytest.fixture
def mine(client: Any, owner: dict[str, str]) -> Any:
    made = client.post(BASE, headers=owner, json=OPEN_AI)
    assert made.status_code == 201, made.text
    return made


def test_the_secret_comes_back_nowhere(client: Any, owner: dict[str, str], mine: Any, home: Path, services: Any, caller: Caller) -> None:
    assert mine.json()["secrets"] == ["api_key"]
    shown = [
        mine,
        client.get(BASE, headers=owner),
        client.get(f"{BASE}/mine", headers=owner),
        client.put(f"{BASE}/mine", headers=owner, json=OPEN_AI),
        client.post(f"{BASE}/mine/test", headers=owner),
        client.post(BASE, headers=owner, json=OPEN_AI),
        client.post(BASE, headers=owner, json=OPEN_AI | {"name": "other", "secrets": {"api_kye": SECRET}}),
        client.post(BASE, headers=owner, json=OPEN_AI | {"name": "other", "secrets": SECRET}),
        client.post(BASE, headers=owner, json=OPEN_AI | {"name": "other", "secrets": {"api_key": [SECRET]}}),
        client.get("/api/v1/workspaces/default/audit", headers=owner),
    ]
    assert [answer.status_code for answer in shown] == [201, 200, 200, 200, 200, 409, 422, 422, 422, 200]
    for answer in shown:
        assert SECRET not in answer.text
    for file in home.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file
    resolved = services.connections.resolve(caller.workspace_id, "mine")
    assert resolved.secrets == {"api_key": SECRET}
    assert SECRET not in repr(resolved)


@pytest.mark.parametrize("kept", ["******", "<no-change>"])
def test_a_secret_can_stay(client: Any, owner: dict[str, str], mine: Any, services: Any, caller: Caller, kept: str) -> None:
    body = OPEN_AI | {"configs": OPEN_AI["configs"] | {"organization": "us"}, "secrets": {"api_key": kept}}
    assert client.put(f"{BASE}/mine", headers=owner, json=body).json()["configs"]["organization"] == "us"
    assert services.connections.resolve(caller.workspace_id, "mine").secrets == {"api_key": SECRET}


@pytest.mark.parametrize(
    "change",
    [
        {"configs": {"base_url": "http://evil.test/v1"}},
        {"configs": {}},
        {"type": "serverless", "configs": {"api_base": "http://evil.test/v1"}},
    ],
)
def test_a_secret_does_not_follow_to_another_address(
    client: Any, owner: dict[str, str], mine: Any, services: Any, caller: Caller, change: dict[str, Any]
) -> None:
    refused = client.put(f"{BASE}/mine", headers=owner, json=OPEN_AI | {"secrets": {"api_key": "******"}} | change)
    assert refused.status_code == 422
    assert refused.json()["location"]["pointer"] == "/secrets/api_key"
    assert services.connections.resolve(caller.workspace_id, "mine").configs == OPEN_AI["configs"]


def test_put_makes_and_replaces_all(client: Any, owner: dict[str, str]) -> None:
    body = {"name": "new", "type": "custom", "configs": {"a": "1"}, "secrets": {"b": "secret-b"}}
    assert client.put(f"{BASE}/new", headers=owner, json=body).json()["secrets"] == ["b"]
    assert client.put(f"{BASE}/new", headers=owner, json=body | {"secrets": {}}).json()["secrets"] == []
    assert client.put(f"{BASE}/other", headers=owner, json=body).status_code == 422
    kept = client.put(f"{BASE}/new", headers=owner, json=body | {"secrets": {"b": "******"}})
    assert kept.json()["detail"] == "The secret 'b' has no present value to keep."


def test_the_built_in_connection(client: Any, owner: dict[str, str]) -> None:
    assert [item["name"] for item in client.get(BASE, headers=owner).json()["items"]] == ["local"]
    assert client.get(f"{BASE}/local", headers=owner).json()["built_in"] is True
    assert client.post(f"{BASE}/local/test", headers=owner).json()["ok"] is True
    local = {"name": "local", "type": "custom"}
    for answer in (
        client.post(BASE, headers=owner, json=local),
        client.put(f"{BASE}/local", headers=owner, json=local),
        client.post(BASE, headers=owner, json={"name": "x", "type": "local"}),
        client.delete(f"{BASE}/local", headers=owner),
    ):
        assert answer.json()["code"] == "BuiltInConnection"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"type": "open_ai"}, "/secrets/api_key"),
        ({"type": "open_ai", "secrets": {"api_key": ""}}, "/secrets/api_key"),
        ({"type": "azure_open_ai", "secrets": {"api_key": "x"}}, "/configs/api_base"),
        ({"type": "open_ai", "configs": {"api_key": "x"}}, "/configs/api_key"),
        ({"type": "open_ai", "configs": {"base_ulr": "x"}, "secrets": {"api_key": "x"}}, "/configs/base_ulr"),
        ({"type": "custom", "configs": {"a": "1"}, "secrets": {"a": "2"}}, "/configs/a"),
        ({"type": "custom", "configs": {"a": "x\0y"}}, "/configs/a"),
        ({"type": "custom", "configs": {"a": "x" * 200_000}}, "/configs/a"),
        ({"type": "scripted", "configs": {"script": "/etc/passwd"}}, "/configs/script"),
        ({"type": "scripted", "configs": {"script": "a: [1"}}, "/configs/script"),
        ({"type": "custom", "name": "a/b"}, "/name"),
    ],
)
def test_what_is_refused_and_where(client: Any, owner: dict[str, str], body: dict[str, Any], pointer: str) -> None:
    answer = client.post(BASE, headers=owner, json={"name": "mine"} | body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["location"]["pointer"] == pointer


def test_a_keyless_azure_connection(client: Any, owner: dict[str, str]) -> None:
    body = {"name": "a", "type": "azure_open_ai", "configs": {"azure_endpoint": "https://x", "auth_mode": "meid_token"}}
    assert client.post(BASE, headers=owner, json=body).status_code == 201


def test_it_is_gone_when_deleted_and_others_hear_of_every_change(
    client: Any, owner: dict[str, str], mine: Any, services: Any, events: Any
) -> None:
    client.put(f"{BASE}/mine", headers=owner, json=OPEN_AI)
    assert client.delete(f"{BASE}/mine", headers=owner).status_code == 204
    assert client.delete(f"{BASE}/mine", headers=owner).status_code == 404
    assert client.get(f"{BASE}/mine", headers=owner).json()["code"] == "ConnectionNotFound"
    assert [(event.kind, event.key) for event in events.since(0)] == [("connection", "mine")] * 3
    audit = client.get("/api/v1/workspaces/default/audit", headers=owner).json()["items"]
    assert [entry["action"] for entry in audit[:3]] == ["connection.delete", "connection.update", "connection.create"]
    assert audit[2]["detail"] == {"type": "open_ai", "configs": ["base_url"], "secrets": ["api_key"]}


def test_other_workspaces_see_nothing(services: Any, caller: Caller, mine: Any) -> None:
    owner = services.sign_in.with_token(services.identity.owner_link("http://x").url.partition("#token=")[2]).principal
    services.identity.create_workspace(owner, WorkspaceCreate(name="second"))
    member = next(record for record in services.identity.all_workspaces() if record.name == "second")
    second = Caller(member.id, member.name, "owner", "user", "owner")
    assert [item.name for item in services.connections.list(second)] == ["local"]
    with pytest.raises(ConnectionNotFoundError):
        services.connections.resolve(second.workspace_id, "mine")
    services.connections.create(second, ConnectionWrite(**OPEN_AI))
    assert len(services.connections.resolve_all()) == 2
    assert len(services.connections.resolve_all(second.workspace_id)) == 1


def test_a_call_through_a_scripted_connection(services: Any, caller: Caller) -> None:
    script = "models: [small, large]\nanswers: [Hello]\n"
    services.connections.create(caller, ConnectionWrite(name="s", type="scripted", configs={"script": script}))
    result = services.connections.test(caller, "s")
    assert result.ok
    assert result.models == ("small", "large")
    assert result.latency_ms is not None


def test_a_call_that_cannot_work_is_an_answer_not_an_error(services: Any, caller: Caller, mine: Any) -> None:
    result = services.connections.test(caller, "mine")
    assert not result.ok
    assert "127.0.0.1" in result.detail
    services.connections.create(caller, ConnectionWrite(name="c", type="custom", secrets={"key": "abcdefgh"}))
    assert "no models" in services.connections.test(caller, "c").detail


def test_every_type_has_its_keys() -> None:
    for kind in KINDS.values():
        assert set(kind.required) <= {*kind.configs, *kind.secrets}
        assert set(kind.addresses) <= set(kind.configs)
        assert not set(kind.configs) & set(kind.secrets)


def test_the_store_on_both_databases(engine: Any, tmp_path: Path) -> None:
    from flowyard.foundation.ids import new_id
    from flowyard.identity.model import UserRecord, WorkspaceRecord
    from flowyard.storage.sql.users import SqlUserStore
    from flowyard.storage.sql.workspaces import SqlWorkspaceStore

    user = SqlUserStore(engine).add(UserRecord(id=new_id(), name="owner", created_ns=1))
    workspace = WorkspaceRecord(id=new_id(), name="w", display_name="w", created_ns=1)
    audit = AuditRecord(id=new_id(), workspace_id=workspace.id, at_ns=1, actor="a", action="b", target="c")
    SqlWorkspaceStore(engine).add(workspace, user.id, audit)
    caller = Caller(workspace.id, "w", "owner", "user", "owner")
    store = SqlConnectionStore(engine)

    def service() -> ConnectionService:
        return ConnectionService(store, Sealer(rotate_master_key(tmp_path / "master.key")), ModelConnectionTester(), Redactor())

    first = service()
    first.create(caller, ConnectionWrite(**OPEN_AI))
    with pytest.raises(ConnectionExistsError):
        store.add(store.in_workspace(workspace.id)[0], audit)
    rotated = service()
    assert rotated.reseal() == 1
    assert rotated.reseal() == 0
    assert rotated.resolve(workspace.id, "mine").secrets == {"api_key": SECRET}
    changed = rotated.replace(caller, "mine", ConnectionWrite(**(OPEN_AI | {"secrets": {"api_key": "another-secret"}})))
    assert changed.created_at == first.get(caller, "mine").created_at
    rotated.delete(caller, "mine")
    with pytest.raises(ConnectionNotFoundError):
        rotated.get(caller, "mine")


def test_a_connection_that_cannot_be_decrypted_does_not_take_the_others_with_it(
    services: Any, caller: Caller, mine: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from sqlalchemy import text

    from flowyard.storage.engine import open_engine, writing

    services.connections.create(caller, ConnectionWrite(name="whole", type="custom", secrets={"a": "value-of-a"}))
    engine = open_engine(services.settings.metadata_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE connections SET secrets = x'00' WHERE name = 'mine'"))
    engine.dispose()
    assert [found.name for found in services.connections.resolve_all(caller.workspace_id)] == ["whole"]
    assert "'mine' is left out" in caplog.text
    with pytest.raises(MasterKeyError):
        services.connections.resolve(caller.workspace_id, "mine")


def test_known_secrets_are_scrubbed_wherever_they_stand() -> None:
    redactor = Redactor(["sk-secret", 'quo"ted\nvalue', "short"])
    assert redactor.scrub("key=sk-secret; short") == f"key={MASK}; short"
    assert redactor.scrub('{"a": "quo\\"ted\\nvalue"}') == f'{{"a": "{MASK}"}}'
    assert redactor.scrub_value({"a": ["sk-secret", 1, None], "sk-secret": True}) == {"a": [MASK, 1, None], MASK: True}
    redactor.register(["sk-secret-longer"])
    assert redactor.scrub("sk-secret-longer") == MASK
    assert Redactor().scrub("x") == "x"
