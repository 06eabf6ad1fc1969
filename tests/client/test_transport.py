import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from flowyard.client.credentials import find_credentials
from flowyard.client.errors import BadAnswerError, NoServerError
from flowyard.client.transport import Transport
from flowyard.foundation.codecs import to_json
from flowyard.foundation.credentials import Credentials, credentials_path
from flowyard.foundation.errors import NotFoundError, RemoteError
from flowyard.foundation.settings import Settings
from flowyard.wire.identity import ApiKeyCreate, Me, Workspace


class Answers(BaseHTTPRequestHandler):
    """Answers as the real server does, for each kind of answer that the transport must understand."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None: ...

    def do_POST(self) -> None:
        self._send(200, "application/json", self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        if self.path.endswith("/events"):
            self._send(
                200, "text/event-stream", b": hello\n\nid: 7\nevent: stage\ndata: a\ndata: b\n\ndata: \xc3\xa9\r\n\r\ndata: unfinished"
            )
        elif self.path.endswith("/missing"):
            self._send(404, "application/problem+json", to_json(NotFoundError("No such thing.", remedy="Make it.").problem()))
        elif self.path == "/broken":
            self.send_response(200)
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
        elif self.path == "/api/v1/me":
            room = Workspace(name="research", display_name="Research", role="reader", created_at="2026-11-23T00:00:00Z")
            self._send(200, "application/json", to_json(Me(name="ci", kind="key", workspaces=(room,), version="0.1.0")))
        elif self.path.startswith("/echo"):
            self._send(200, "application/json", to_json([self.path, self.headers["Authorization"]]))
        else:
            self._send(502, "text/html", b"<h1>a proxy</h1>")

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def transport() -> Iterator[Transport]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Transport(f"http://127.0.0.1:{server.server_port}/", "fy_key", "default")
    server.shutdown()
    thread.join()
    server.server_close()


def test_sends_the_key_and_the_query(transport: Transport) -> None:
    answer = transport.get("/echo", list[str], params={"text": "a b&c", "all": True, "none": None})
    assert answer == ["/echo?text=a+b%26c&all=true", "Bearer fy_key"]


def test_round_trips_a_typed_body(transport: Transport) -> None:
    body = ApiKeyCreate(name="ci", role="reader")
    assert transport.post("keys", ApiKeyCreate, body=body) == body


def test_problem_details_become_the_error_they_were(transport: Transport) -> None:
    with pytest.raises(RemoteError) as caught:
        transport.get("missing", dict)
    assert caught.value.problem().code == "NotFound"
    assert caught.value.remedy == "Make it."


def test_a_download_that_breaks_off_is_said(transport: Transport) -> None:
    whole, half = io.BytesIO(), io.BytesIO()
    transport.download("/echo", whole)
    assert whole.getvalue() == b'["/echo","Bearer fy_key"]'
    with pytest.raises(NoServerError, match="broke off"):
        transport.download("/broken", half)


def test_what_is_no_flowyard_is_said(transport: Transport) -> None:
    with pytest.raises(BadAnswerError, match="a proxy"):
        transport.get("other", dict)


def test_events_are_read_as_the_standard_has_them(transport: Transport) -> None:
    found = [(e.id, e.event, e.data) for e in transport.stream("jobs/1/events")]
    assert found == [("7", "stage", "a\nb"), ("7", "message", "é")]


def test_no_server_says_how_to_start_one() -> None:
    with pytest.raises(NoServerError, match="flowyard up"):
        Transport("http://127.0.0.1:9", None, "default").get("me", dict)


def test_the_kept_key_never_goes_to_another_address(tmp_path) -> None:
    credentials_path(tmp_path).write_bytes(to_json(Credentials(url="http://127.0.0.1:8800", api_key="fy_owner")))
    assert find_credentials(Settings(home=tmp_path)).api_key == "fy_owner"
    with pytest.raises(NoServerError, match="no API key for http://elsewhere"):
        find_credentials(Settings(home=tmp_path, url="http://elsewhere"))
    assert find_credentials(Settings(home=tmp_path, url="http://elsewhere", api_key="fy_other")).api_key == "fy_other"


def test_without_server_or_settings_it_says_what_to_do(tmp_path) -> None:
    with pytest.raises(NoServerError, match="flowyard up"):
        find_credentials(Settings(home=tmp_path))


def test_a_key_of_which_nothing_is_known_finds_its_workspace(transport: Transport) -> None:
    stranger = Transport(transport.url, "fy_key", "")
    assert stranger.address("keys") == f"{transport.url}/api/v1/workspaces/research/keys"
