import socket
import time
from typing import Any

from flowyard.foundation.version import __version__


def test_health_and_version_need_no_key_and_say_nothing_else(gateway: Any) -> None:
    assert gateway.request("GET", "/health", key=None).json() == {"status": "Healthy"}
    assert gateway.request("GET", "/version", key=None).json() == {"version": __version__}
    assert not gateway.server.seen


def test_everything_else_passes_to_the_server_as_it_came(gateway: Any) -> None:
    gateway.server.headers = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"etag", b'"x"')]
    gateway.server.answers["/api/v1/workspaces/w/flows/a b"] = (201, b"application/json", b'{"ok":true}')
    answer = gateway.request("PUT", "/api/v1/workspaces/w/flows/a%20b?x=%2F&y=1", body=b"raw \x00 bytes", if_match='"e"', cookie="c=1")
    assert (answer.status, answer.data, answer.headers["etag"]) == (201, b'{"ok":true}', '"x"')
    assert answer.headers.getlist("set-cookie") == ["a=1", "b=2"]
    seen = gateway.server.seen[0]
    assert (seen.method, seen.path, seen.query, seen.body) == ("PUT", "/api/v1/workspaces/w/flows/a b", b"x=%2F&y=1", b"raw \x00 bytes")
    assert seen.headers["authorization"] == "Bearer invoker"
    assert (seen.headers["if-match"], seen.headers["cookie"]) == ('"e"', "c=1")
    assert seen.headers["host"] == gateway.url.removeprefix("http://")
    assert (seen.headers["x-forwarded-for"], seen.headers["x-forwarded-proto"]) == ("127.0.0.1", "http")


def test_views_of_the_studio_and_otlp_go_to_the_server(gateway: Any) -> None:
    for path in ("/", "/endpoints", "/endpoints/support", "/endpoints/support/test", "/v1/traces", "/metrics"):
        assert gateway.request("GET", path).json() == {"from": "server"}, path


def test_a_large_upload_streams_through(gateway: Any) -> None:
    data = b"x" * (40 * 1024 * 1024)
    assert gateway.request("POST", "/api/v1/workspaces/w/snapshots", body=data).status == 200
    assert gateway.server.seen[0].body == data


def test_event_streams_pass_piece_by_piece(gateway: Any) -> None:
    gateway.server.streams["/api/v1/jobs/1/events"] = [b"data: 1\n\n", b"data: 2\n\n"]
    gateway.server.answers["/api/v1/jobs/1/events"] = (200, b"text/event-stream", b"")
    gateway.server.chunk_delay_s = 0.2
    answer = gateway.pool.request("GET", f"{gateway.url}/api/v1/jobs/1/events", preload_content=False)
    start = time.monotonic()
    arrived = [time.monotonic() - start for _ in answer.stream()]
    assert arrived[0] < 0.15 < arrived[-1]


def test_a_client_that_goes_away_ends_the_request_to_the_server(gateway: Any) -> None:
    gateway.server.delay_s = 20
    host, _, port = gateway.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(b"GET /api/v1/slow HTTP/1.1\r\nhost: x\r\n\r\n")
        time.sleep(0.3)
    for _ in range(100):
        if gateway.server.canceled:
            break
        time.sleep(0.02)
    assert gateway.server.canceled == 1


def test_a_websocket_is_refused_politely(gateway: Any) -> None:
    answer = gateway.request(
        "GET", "/api/v1/x", connection="Upgrade", upgrade="websocket", sec_websocket_version="13", sec_websocket_key="x"
    )
    assert (answer.status, answer.json()["code"]) == (400, "UpgradeRefused")


def test_head_and_empty_bodies(gateway: Any) -> None:
    assert gateway.request("HEAD", "/studio.js").status == 200
    assert gateway.request("DELETE", "/api/v1/workspaces/w/keys/k").status == 200
    assert gateway.request("POST", "/api/v1/sign-out", body=b"").status == 200
