"""A model that answers with what it was asked: the messages and parameters of the request, as JSON text."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: What only says how, not what.
_LEFT_OUT = ("stream", "stream_options")
#: Saying these is the same as leaving them out.
_USUAL = {"temperature": 1.0, "top_p": 1.0, "n": 1, "best_of": 1, "echo": False, "logit_bias": {}, "user": ""}


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kept = {key: _whole(value) for key, value in body.items() if key not in _LEFT_OUT and value != _USUAL.get(key)}
        said = json.dumps(kept, sort_keys=True)
        usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
        base: dict[str, Any] = {"id": "x", "created": 1, "model": body.get("model"), "usage": usage}
        if self.path.endswith("/chat/completions"):
            message = {"role": "assistant", "content": said}
            answer = {**base, "object": "chat.completion", "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
        else:
            answer = {**base, "object": "text_completion", "choices": [{"index": 0, "finish_reason": "stop", "text": said}]}
        if body.get("stream"):
            self._stream(base, said, chat=self.path.endswith("/chat/completions"))
            return
        self._send("application/json", json.dumps(answer).encode())

    def _stream(self, base: dict[str, Any], said: str, *, chat: bool) -> None:
        pieces = []
        for start in range(0, len(said), 20):
            part = {"delta": {"content": said[start : start + 20]}} if chat else {"text": said[start : start + 20]}
            pieces.append(
                {**base, "usage": None, "object": "chat.completion.chunk", "choices": [{"index": 0, "finish_reason": None, **part}]}
            )
        text = "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces) + "data: [DONE]\n\n"
        self._send("text/event-stream", text.encode())

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def echo_server() -> Iterator[str]:
    """Run the model and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
