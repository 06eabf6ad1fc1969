"""An endpoint's own keys and tokens through routes, SDK, command line and Azure ML's files."""

from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import RemoteError
from support.commands import Command


def test_keys_are_made_and_rotated_by_command(ws: Workspace, command: Command) -> None:
    assert command("endpoint", "create", "support")[0] == 0
    code, out, err = command("endpoint", "get-credentials", "support")
    assert (code, "regenerate-key support --key-type primary" in out + err) == (0, True)
    code, secret, err = command("endpoint", "regenerate-key", "support", "--key-type", "primary")
    assert (code, secret[:3], "shown this once" in err) == (0, "fy_", True)
    code, out, err = command("endpoint", "get-credentials", "support")
    assert (code, secret[:10] in out, secret.strip() in out, "To rotate" in err) == (0, True, False, True)
    assert from_json(command("endpoint", "get-credentials", "support", "--json")[1])[0]["key_type"] == "primary"
    assert [key.key_type for key in ws.endpoints.credentials("support").keys] == ["primary"]
    assert command("endpoint", "regenerate-key", "support", "--key-type", "third")[0] == 2


def test_tokens_are_given_by_command(ws: Workspace, command: Command) -> None:
    assert command("endpoint", "create", "support", "--auth-mode", "aml_token")[0] == 0
    code, out, err = command("endpoint", "get-credentials", "support")
    assert (code, out[:3], "It works until" in err) == (0, "fy_", True)
    token = from_json(command("endpoint", "get-credentials", "support", "--json")[1])
    assert (token["token_type"], token["refresh_after"] < token["expires_at"]) == ("Bearer", True)
    code, _, err = command("endpoint", "regenerate-key", "support", "--key-type", "primary")
    assert (code, "its auth_mode is aml_token" in err) == (1, True)
    assert "auth     aml_token" in command("endpoint", "show", "support")[1]
    assert command("endpoint", "update", "support", "--auth-mode", "key")[0] == 0
    assert ws.endpoints.credentials("support").auth_mode == "key"


def test_an_endpoints_key_opens_nothing_of_the_api(server: Any, ws: Workspace) -> None:
    ws.endpoints.create("support")
    secret = ws.endpoints.regenerate_key("support", "primary").secret
    stranger = Workspace(url=server.url, api_key=secret, workspace="default")
    for call in (stranger.me, stranger.endpoints.list, lambda: stranger.endpoints.token("support")):
        with pytest.raises(RemoteError) as refused:
            call()
        assert refused.value.problem().status == 403
    with pytest.raises(RemoteError) as refused:
        stranger.transport.request("POST", "/api/v1/sign-in", body=b'{"api_key": "%s"}' % secret.encode())
    assert refused.value.problem().status == 401


def test_a_file_of_azure_ml_says_how_an_endpoint_is_called(ws: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "endpoint.yml"
    file.write_text("name: support\nauth_mode: aml_token\n")
    assert [entry.action for entry in ws.apply([file])] == ["created"]
    assert ws.endpoints.get("support").auth_mode == "aml_token"
    assert [entry.action for entry in ws.apply([file])] == ["unchanged"]
    file.write_text("name: support\nauth_mode: key\n")
    assert ws.apply([file])[0].changes == ("auth_mode: aml_token → key",)
    assert ws.endpoints.get("support").auth_mode == "key"


def test_misspelt_keys_of_bodies_are_refused(ws: Workspace) -> None:
    ws.endpoints.create("support")
    for path, body in (
        ("regenerate-key", b'{"key_typ": "primary"}'),
        ("deployments", b'{"flow": "f", "settings": {"data_colector": {}}}'),
        ("deployments", b'{"flow": "f", "settings": {"request": {"timeout": 1}}}'),
        ("deployments", b'{"flow": "f", "settings": {"data_collector": {"collections": {"request": {"rate": 1}}}}}'),
    ):
        with pytest.raises(RemoteError) as refused:
            ws.transport.request("POST", f"/api/v1/workspaces/default/endpoints/support/{path}", body=body)
        assert refused.value.problem().status == 422, path
