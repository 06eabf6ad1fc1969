"""What surrounds every answer: ids, headers, limits, and errors that nobody expected."""

import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient

from flowyard.server.app import create_app
from flowyard.server.frame import MAX_BODY_BYTES

KEYS = "/api/v1/workspaces/default/keys"


@pytest.mark.parametrize("address", ["/health", "/api/v1/me", "/", "/nothing/here", "/api/v1/nothing"])
def test_headers_are_on_every_answer(client: Any, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    for part in (
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
    ):
        assert part in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-request-id"]
    if address.startswith("/api/"):
        assert headers["cache-control"] == "no-store"


def test_a_request_id_is_kept_when_it_is_one(client: Any) -> None:
    assert client.get("/health", headers={"X-Request-Id": "my-request-0001"}).headers["x-request-id"] == "my-request-0001"
    assert client.get("/health", headers={"X-Request-Id": "a\tb<script>"}).headers["x-request-id"] != "a\tb<script>"


def test_health_and_version_say_nothing_else(client: Any) -> None:
    assert client.get("/health").json() == {"status": "Healthy"}
    assert list(client.get("/version").json()) == ["version"]


def test_a_body_too_large_is_refused_before_it_is_read(client: Any, owner: dict[str, str]) -> None:
    answer = client.post(KEYS, headers=owner, content=b"x" * (MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert answer.json()["code"] == "BodyTooLarge"


def test_a_body_too_large_without_a_length_is_refused_as_it_comes(client: Any, owner: dict[str, str]) -> None:
    def pieces() -> Any:
        for _ in range(MAX_BODY_BYTES // 65536 + 2):
            yield b"x" * 65536

    answer = client.post(KEYS, headers=owner | {"Content-Type": "application/json"}, content=pieces())
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_unexpected_error_is_logged_with_its_id_and_tells_nothing(services: Any, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(services)

    @app.get("/api/v1/broken")
    def broken() -> None:
        raise RuntimeError("the secret reason")

    with TestClient(app) as client, caplog.at_level(logging.ERROR):
        answer = client.get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "InternalError"
    assert "secret reason" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-request-id"] in caplog.text
    assert "the secret reason" in caplog.text
