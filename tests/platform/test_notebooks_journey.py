"""Notebooks on a whole platform with real Jupyter: about each thing, run to their last cell through the door; a kill; a restart."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar

from local_model import encoder_store  # noqa: F401
from support.installation import PATIENCE_S, Platform, alive, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

FLOW = {
    "flow.dag.yaml": 'inputs: {text: {type: string}}\noutputs: {shout: {type: string, reference: "${say.output}"}}\n'
    'nodes:\n- {name: say, type: python, source: {type: code, path: say.py}, inputs: {text: "${inputs.text}"}}\n',
    "say.py": "from promptflow.core import tool\n\n\n@tool\ndef say(text: str) -> str:\n    return text.upper()\n",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, encoder_store: Path) -> Iterator[Platform]:  # noqa: F811
    folder = tmp_path_factory.mktemp("files")
    for path, text in {**{f"shout/{name}": text for name, text in FLOW.items()}, "docs/faq.md": "# Hours\n\nWe open at seven.\n"}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    (folder / "rows.jsonl").write_text('{"text": "one"}\n{"text": "two"}\n')
    with Platform.up(tmp_path_factory.mktemp("home"), encoder_store) as platform:
        platform.run("flow", "upload", "shout", "--source", str(folder / "shout"))
        platform.run("data", "create", "words", str(folder / "rows.jsonl"))
        platform.run("run", "create", "--flow", "shout", "--data", "azureml:words:1", "--name", "loud", "--stream")
        platform.run("index", "create", "handbook", "--data", str(folder / "docs"))
        platform.run("endpoint", "create", "shouting")
        platform.run("endpoint", "deploy", "shouting", "--flow", str(folder / "shout"))
        yield platform


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
        """Run all cells of a notebook in a kernel of its own and return what each one gave, as text."""
        cells = (await self.json("GET", f"api/contents/{path}"))["content"]["cells"]
        made = await self.json("POST", "api/sessions", {"path": path, "type": "notebook", "name": "", "kernel": {"name": "python3"}})
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


def process(platform: Platform) -> dict[str, Any]:
    (found,) = [each for name, each in platform.processes().items() if name.startswith("notebook/")]
    return found


async def test_each_notebook_runs_to_its_last_cell(running: Platform) -> None:
    trace = running.json("trace", "list", "--limit", "1")[0]["trace_id"]
    expected = {
        "flow/shout": "{'shout': 'HELLO'}",
        "data/words/1": "[{'text': 'one'}, {'text': 'two'}]",
        "run/loud": "'outputs.shout': 'ONE'",
        f"trace/{trace}": "ms",
        "endpoint/shouting": "{'shout': 'HELLO'}",
        "index/handbook/latest": "We open at seven.",
    }
    for of, text in expected.items():
        async with opened(running, of) as (browser, path):
            given = await browser.run_all(path)
        assert any(text in each for each in given), (of, given)
    assert process(running)["restarts"] == 0
    assert (running.home / "workspaces/default/notebooks/flow-shout.ipynb").is_file()


async def test_the_kernel_has_the_persons_rights_and_no_more(running: Platform) -> None:
    async with opened(running) as (browser, _):
        made = await browser.json("POST", "api/kernels", {"name": "python3"})
        async with browser.session.ws_connect(f"{browser.url}api/kernels/{made['id']}/channels", headers=browser.headers) as socket:
            setup = "from flowyard import Workspace\nfrom flowyard.foundation.errors import FlowyardError\nimport os\nws = Workspace()\n"
            refused = "try:\n    ws.users.delete('owner')\nexcept FlowyardError as error:\n    print(error.problem().code)"
            assert "contributor" in await execute(socket, setup + "ws.me().workspaces[0].role")
            assert "PermissionDenied" in await execute(socket, refused)
            environment = await execute(socket, "sorted(name for name in os.environ if 'KEY' in name or 'DATABASE' in name)")
            assert environment == "['FLOWYARD_API_KEY']"


async def test_a_killed_jupyter_comes_back_at_its_address(running: Platform) -> None:
    async with opened(running) as (browser, _):
        name = process(running)["name"]
        made = await browser.json("POST", "api/kernels", {"name": "python3"})
        async with browser.session.ws_connect(f"{browser.url}api/kernels/{made['id']}/channels", headers=browser.headers) as socket:
            kernel = int(await execute(socket, "import os; os.getpid()"))
            old = await asyncio.to_thread(running.kill, name)
            await asyncio.to_thread(running.back, name, old)
        assert await browser.json("GET", "api/kernels") == []
        await asyncio.to_thread(eventually, lambda: not alive(kernel), within_s=PATIENCE_S)


async def test_after_a_restart_of_the_platform_the_page_loads_again(running: Platform) -> None:
    async with opened(running) as (browser, _):
        below = [pid for pid in running.descendants() if alive(pid)]
        await asyncio.to_thread(running.run, "down")
        await asyncio.to_thread(running.supervisor.wait, PATIENCE_S)
        await asyncio.to_thread(eventually, lambda: not any(map(alive, below)), within_s=PATIENCE_S)
        await asyncio.to_thread(running.restart)
        headers = {**browser.headers, "Accept": "text/html"}
        async with browser.session.get(f"{browser.url}lab", headers=headers) as answer:
            assert answer.status == 200
            assert "JupyterLab" in await answer.text()


async def test_stopped_by_command_its_key_opens_nothing(running: Platform) -> None:
    async with opened(running) as (browser, _):
        made = await browser.json("POST", "api/kernels", {"name": "python3"})
        async with browser.session.ws_connect(f"{browser.url}api/kernels/{made['id']}/channels", headers=browser.headers) as socket:
            key = (await execute(socket, "import os; os.environ['FLOWYARD_API_KEY']")).strip("'")
    me = {"Authorization": f"Bearer {key}"}
    assert running.request("GET", "/api/v1/me", headers=me).status == 200
    assert running.json("notebook", "--stop") == {"running": False, "install": None}
    assert running.request("GET", "/api/v1/me", headers=me).status == 401
    assert not [name for name in running.processes() if name.startswith("notebook/")]
