"""API keys: who may make which, how they end, and that only their hash is kept."""

from pathlib import Path
from typing import Any, get_args

import pytest

from flowyard.foundation.clock import now_ns
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity import keys as keys_module
from flowyard.identity.errors import BadCredentialError, KeyNotFoundError, NameTakenError, RoleTooHighError
from flowyard.identity.model import Caller
from flowyard.identity.secrets import secret_hash
from flowyard.wire.identity import ApiKeyCreate, Role

ROLES = get_args(Role)
MAY_MAKE = {"owner": set(ROLES), "contributor": {"contributor", "reader", "invoker"}} | {
    name: {name} for name in ("reader", "invoker", "monitor")
}


@pytest.fixture
def caller(services: Any, owner_key: str) -> Caller:
    return services.sign_in.by_key(owner_key).enter()


def acting_as(caller: Caller, role: Role) -> Caller:
    return Caller(caller.workspace_id, caller.workspace, "somebody", "user", role)


@pytest.mark.parametrize("holder", ROLES)
@pytest.mark.parametrize("granted", ROLES)
def test_nobody_makes_or_revokes_a_key_with_more_rights(services: Any, caller: Caller, holder: Role, granted: Role) -> None:
    request = ApiKeyCreate(name="new", role=granted)
    if granted in MAY_MAKE[holder]:
        assert services.keys.create(acting_as(caller, holder), request).key.role == granted
        services.keys.revoke(acting_as(caller, holder), "new")
    else:
        with pytest.raises(RoleTooHighError):
            services.keys.create(acting_as(caller, holder), request)
        services.keys.create(caller, request)
        with pytest.raises(RoleTooHighError):
            services.keys.revoke(acting_as(caller, holder), "new")


def test_the_secret_is_shown_once_and_kept_nowhere(services: Any, caller: Caller, home: Path) -> None:
    made = services.keys.create(caller, ApiKeyCreate(name="ci", role="reader"))
    assert made.secret.startswith("fy_")
    assert len(made.secret) == 46
    assert made.key.prefix == made.secret[:10]
    services.sign_in.by_key(made.secret)
    for file in home.glob("metadata.db*"):
        assert made.secret.encode() not in file.read_bytes()
    shown = repr(services.keys.list(caller)) + repr(services.audit.page(caller.workspace_id))
    assert made.secret not in shown
    assert secret_hash(made.secret) not in shown


def test_a_revoked_key_opens_nothing_and_its_name_is_free(services: Any, events: Any, caller: Caller) -> None:
    made = services.keys.create(caller, ApiKeyCreate(name="ci"))
    with pytest.raises(NameTakenError):
        services.keys.create(caller, ApiKeyCreate(name="ci"))
    services.keys.revoke(caller, "ci")
    with pytest.raises(BadCredentialError):
        services.sign_in.by_key(made.secret)
    with pytest.raises(KeyNotFoundError):
        services.keys.revoke(caller, "ci")
    services.keys.create(caller, ApiKeyCreate(name="ci"))
    assert [key.revoked_at is None for key in services.keys.list(caller) if key.name == "ci"] == [True, False]
    assert [event.kind for event in events.since(0)] == ["key"]


def test_a_key_expires(services: Any, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    made = services.keys.create(caller, ApiKeyCreate(name="ci", expires_in_days=1))
    assert made.key.expires_at is not None
    services.sign_in.by_key(made.secret)
    later = now_ns() + keys_module.DAY_NS
    monkeypatch.setattr(keys_module, "now_ns", lambda: later)
    with pytest.raises(BadCredentialError):
        services.sign_in.by_key(made.secret)


@pytest.mark.parametrize(
    "request_", [{"name": "x", "expires_in_days": 0}, {"name": "x", "expires_in_days": 10**9}, {"name": ""}, {"name": "a/b"}]
)
def test_requests_that_make_no_key(services: Any, caller: Caller, request_: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        services.keys.create(caller, ApiKeyCreate(**request_))


def test_use_is_noted_at_most_once_a_minute(services: Any, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    made = services.keys.create(caller, ApiKeyCreate(name="ci"))

    def last_used() -> str | None:
        return next(key.last_used_at for key in services.keys.list(caller) if key.name == "ci")

    assert last_used() is None
    services.sign_in.by_key(made.secret)
    first = last_used()
    services.sign_in.by_key(made.secret)
    assert last_used() == first is not None
    later = now_ns() + keys_module.USED_EVERY_NS
    monkeypatch.setattr(keys_module, "now_ns", lambda: later)
    services.sign_in.by_key(made.secret)
    assert last_used() != first


def test_keys_of_processes_have_a_scope_and_are_not_listed(services: Any, caller: Caller) -> None:
    secret = services.keys.issue(caller.workspace_id, "replica", "invoker", scope="deployment:7")
    found = services.sign_in.by_key(secret).enter("default")
    assert (found.scope, found.role, found.actor) == ("deployment:7", "invoker", "key/replica")
    assert "replica" not in [key.name for key in services.keys.list(caller)]
    assert services.keys.revoke_scope(caller.workspace_id, "deployment:7") == 1
    with pytest.raises(BadCredentialError):
        services.sign_in.by_key(secret)
