"""An endpoint's own keys and tokens: made, rotated, revoked; only hashes are kept."""

import pytest
from sqlalchemy import select

from flowyard.endpoints.errors import AuthModeError, EndpointUnknownError
from flowyard.endpoints.online.credentials import TOKEN_LASTS_NS, EndpointCredentialService
from flowyard.endpoints.online.model import endpoint_scope
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.errors import ForbiddenError
from flowyard.identity import keys as keys_module
from flowyard.identity.model import Caller, KeyRecord
from flowyard.identity.secrets import secret_hash
from flowyard.storage.schema import metadata
from flowyard.storage.sql.audit import SqlAuditLog
from flowyard.storage.sql.events import SqlEventLog
from flowyard.wire.endpoints import EndpointCreate, EndpointUpdate
from support.online_installation import Online


@pytest.fixture
def credentials(installation: Online) -> EndpointCredentialService:
    installation.service.create(installation.caller, EndpointCreate(name="support"))
    return EndpointCredentialService(installation.store, installation.keys)


def opened(installation: Online, secret: str) -> KeyRecord | None:
    return installation.keys.by_hash(secret_hash(secret))


def test_a_new_endpoint_has_no_keys_and_each_is_shown_when_it_is_made(installation: Online, credentials: EndpointCredentialService) -> None:
    assert credentials.show(installation.caller, "support").keys == ()
    made = credentials.regenerate(installation.caller, "support", "secondary")
    found = opened(installation, made.secret)
    endpoint = installation.store.get("w1", "support")
    assert found is not None
    assert endpoint is not None
    assert (found.role, found.scope, found.name) == ("invoker", endpoint_scope(endpoint.id), "support/secondary")
    shown = credentials.show(installation.caller, "support")
    assert (shown.auth_mode, [key.key_type for key in shown.keys]) == ("key", ["secondary"])
    assert shown.keys[0].prefix == made.secret[:10]
    assert made.secret not in repr(shown)


def test_a_key_is_rotated_while_the_other_stays_valid(installation: Online, credentials: EndpointCredentialService) -> None:
    first = credentials.regenerate(installation.caller, "support", "primary")
    second = credentials.regenerate(installation.caller, "support", "secondary")
    position = SqlEventLog(installation.engine).latest()
    anew = credentials.regenerate(installation.caller, "support", "primary")
    assert opened(installation, first.secret) is None
    assert opened(installation, second.secret) is not None
    assert opened(installation, anew.secret) is not None
    # Gateways hear of the one that ended.
    assert [event.kind for event in SqlEventLog(installation.engine).since(position)] == ["key"]
    assert [key.key_type for key in credentials.show(installation.caller, "support").keys] == ["primary", "secondary"]
    (line, *_) = SqlAuditLog(installation.engine).read("w1", limit=1)
    assert (line.action, line.target, line.detail) == ("key.regenerate", "endpoints/support", {"key": "support/primary"})


def test_keys_of_endpoints_are_not_among_the_workspaces_keys(installation: Online, credentials: EndpointCredentialService) -> None:
    credentials.regenerate(installation.caller, "support", "primary")
    assert installation.keys.list(installation.caller) == ()


def test_another_auth_mode_and_the_endpoints_end_revoke_keys(installation: Online, credentials: EndpointCredentialService) -> None:
    key = credentials.regenerate(installation.caller, "support", "primary").secret
    installation.service.update(installation.caller, "support", EndpointUpdate(description="the same mode"))
    assert opened(installation, key) is not None
    changed = installation.service.update(installation.caller, "support", EndpointUpdate(auth_mode="aml_token"))
    assert changed.auth_mode == "aml_token"
    assert opened(installation, key) is None
    token = credentials.token(installation.caller, "support").access_token
    assert opened(installation, token) is not None
    installation.service.update(installation.caller, "support", EndpointUpdate(auth_mode="key"))
    assert opened(installation, token) is None
    key = credentials.regenerate(installation.caller, "support", "primary").secret
    installation.service.delete(installation.caller, "support")
    assert opened(installation, key) is None


def test_a_token_expires_and_says_when(
    installation: Online, credentials: EndpointCredentialService, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.service.create(installation.caller, EndpointCreate(name="tokens", auth_mode="aml_token"))
    made = credentials.token(installation.caller, "tokens")
    found = opened(installation, made.access_token)
    assert found is not None
    assert found.expires_ns == found.created_ns + TOKEN_LASTS_NS
    assert made.expires_at == to_rfc3339(found.expires_ns)
    assert to_rfc3339(found.created_ns) < made.refresh_after < made.expires_at
    # Until it expires the next one works beside it.
    after = credentials.token(installation.caller, "tokens")
    assert opened(installation, made.access_token) is not None
    later = now_ns() + TOKEN_LASTS_NS
    monkeypatch.setattr(keys_module, "now_ns", lambda: later)
    assert opened(installation, made.access_token) is opened(installation, after.access_token) is None
    # What has expired is not kept.
    credentials.token(installation.caller, "tokens")
    endpoint = installation.store.get("w1", "tokens")
    assert endpoint is not None
    assert len(installation.keys.of_scope("w1", endpoint_scope(endpoint.id))) == 1


def test_each_mode_refuses_what_belongs_to_the_other(installation: Online, credentials: EndpointCredentialService) -> None:
    installation.service.create(installation.caller, EndpointCreate(name="tokens", auth_mode="aml_token"))
    with pytest.raises(AuthModeError) as refused:
        credentials.regenerate(installation.caller, "tokens", "primary")
    assert "get-credentials tokens" in str(refused.value.remedy)
    with pytest.raises(AuthModeError) as refused:
        credentials.token(installation.caller, "support")
    assert "regenerate-key support" in str(refused.value.remedy)
    for call in (credentials.show, credentials.token):
        with pytest.raises(EndpointUnknownError):
            call(installation.caller, "absent")


def test_a_process_gets_no_token(installation: Online, credentials: EndpointCredentialService) -> None:
    installation.service.create(installation.caller, EndpointCreate(name="tokens", auth_mode="aml_token"))
    process = Caller("w1", "default", "key/replica", "key", "invoker", "deployment:1:1")
    with pytest.raises(ForbiddenError):
        credentials.token(process, "tokens")


def test_no_secret_is_in_the_database(installation: Online, credentials: EndpointCredentialService) -> None:
    installation.service.create(installation.caller, EndpointCreate(name="tokens", auth_mode="aml_token"))
    secrets = [
        credentials.regenerate(installation.caller, "support", "primary").secret,
        credentials.token(installation.caller, "tokens").access_token,
    ]
    with installation.engine.connect() as connection:
        dump = "".join(repr(connection.execute(select(table)).all()) for table in metadata.sorted_tables)
    assert "support/primary" in dump
    assert not [secret for secret in secrets if secret in dump]
