"""A process that serves looks no more through what it loaded."""

import subprocess
import sys
import urllib.request

SERVER = """
import gc, os, socket
from flowyard.compute.child import Child
from flowyard.compute.serve import serve

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"%d %d" % (gc.get_freeze_count(), len(gc.get_objects()))})

listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
serve(app, Child({}, listening, os.open(os.devnull, os.O_WRONLY)))
"""


def test_what_is_loaded_is_none_of_the_collectors_business() -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            loaded, looked_at = (int(part) for part in answer.read().split())
        process.terminate()
        process.wait(30)
    assert loaded > 10_000
    assert looked_at < loaded / 10
