"""A browser in which a notebook is open, without its window: what goes through the door, by the command's link."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from typing import Any

from aiohttp import ClientSession, DummyCookieJar

from support.installation import PATIENCE_S, Platform


class Browser:
    """A browser in which a notebook is open."""

    def __init__(self, session: ClientSession, origin: str, base: str, cookie: str) -> None:
        self.session = session
        self.url = origin + base
        self.headers = {"Origin": origin, "Cookie": f"flowyard_notebook={cookie}"}

    async def json(self, method: str, path: str, body: Any = None) -> Any:
        async with self.session.request(method, self.url + path, json=body, headers=self.headers) as answer:
            assert answer.status < 300, f"{method} {path}: {answer.status} {await answer.text()}"
            return await answer.json()

    async def run_all(self, path: str) -> list[str]:
        """Run all cells of a notebook in a new kernel of the kind that it names, and return what each one gave, as text."""
        content = (await self.json("GET", f"api/contents/{path}"))["content"]
        cells, name = content["cells"], content["metadata"]["kernelspec"]["name"]
        made = await self.json("POST", "api/sessions", {"path": path, "type": "notebook", "name": "", "kernel": {"name": name}})
        kernel = made["kernel"]["id"]
        async with self.session.ws_connect(f"{self.url}api/kernels/{kernel}/channels", headers=self.headers) as socket:
            given = [await execute(socket, cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        async with self.session.delete(f"{self.url}api/sessions/{made['id']}", headers=self.headers) as answer:
            assert answer.status == 204
        return given


async def execute(socket: Any, code: str) -> str:
    """Run code in a kernel and return its output and result; what it raised fails the test."""
    ident = uuid.uuid4().hex
    header = {"msg_id": ident, "username": "", "session": ident, "msg_type": "execute_request", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    await socket.send_str(
        json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []})
    )
    given = ""
    while True:
        message = await socket.receive_json(timeout=PATIENCE_S)
        if message["parent_header"].get("msg_id") != ident:
            continue
        kind, told = message["header"]["msg_type"], message["content"]
        assert kind != "error", f"{code}\n{told['ename']}: {told['evalue']}\n" + "\n".join(told["traceback"])
        given += told["text"] if kind == "stream" else told["data"]["text/plain"] if kind == "execute_result" else ""
        if kind == "status" and told["execution_state"] == "idle":
            return given


@asynccontextmanager
async def opened(platform: Platform, of: str | None = None) -> AsyncIterator[tuple[Browser, str]]:
    """Open a notebook by the command's link, as a browser does; also its path."""
    words = ("notebook", *([of] if of else []), "--no-browser")
    link = await asyncio.to_thread(platform.json, *words)
    origin, _, ticket = link["url"].partition("/open#ticket=")
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        async with session.post(f"{origin}/open", json={"ticket": ticket}, headers={"Origin": origin}) as answer:
            assert answer.status == 200, await answer.text()
            location = (await answer.json())["location"]
            cookie = SimpleCookie(answer.headers["Set-Cookie"])["flowyard_notebook"].value
        yield Browser(session, origin, "/" + location.split("/")[1] + "/", cookie), link["path"] or ""
