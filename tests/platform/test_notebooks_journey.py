"""Notebooks on a whole platform with real Jupyter: about each thing, run to their last cell through the door; a kill; a restart."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Request, sync_playwright

from local_model import encoder_store  # noqa: F401
from support.installation import PATIENCE_S, Platform, alive, eventually
from support.notebook_browser import execute, opened
from support.page_commands import printed_commands, run_printed

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

ASK = """async (url) => {
  const told = [];
  for (const how of [{ credentials: 'include' }, { credentials: 'include', method: 'POST', mode: 'no-cors', body: '{}' }]) {
    try { await fetch(url, how); told.push('sent'); } catch { told.push('refused'); }
  }
  return [document.cookie, window.opener, ...told];
}"""

FLOW = {
    "flow.dag.yaml": 'inputs: {text: {type: string}}\noutputs: {shout: {type: string, reference: "${say.output}"}}\n'
    'nodes:\n- {name: say, type: python, source: {type: code, path: say.py}, inputs: {text: "${inputs.text}"}}\n',
    "say.py": "from promptflow.core import tool\n\n\n@tool\ndef say(text: str) -> str:\n    return text.upper()\n",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, encoder_store: Path) -> Iterator[Platform]:  # noqa: F811
    folder = tmp_path_factory.mktemp("files")
    for path, text in {**{f"support/{name}": text for name, text in FLOW.items()}, "docs/faq.md": "# Hours\n\nWe open at seven.\n"}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    (folder / "rows.jsonl").write_text('{"text": "one"}\n{"text": "two"}\n')
    with Platform.up(tmp_path_factory.mktemp("home"), encoder_store) as platform:
        platform.run("flow", "upload", "support", "--source", str(folder / "support"))
        platform.run("data", "create", "questions", str(folder / "rows.jsonl"))
        platform.run("run", "create", "--flow", "support", "--data", "azureml:questions:1", "--name", "loud", "--stream")
        platform.run("index", "create", "handbook", "--data", str(folder / "docs"))
        platform.run("endpoint", "create", "shouting")
        platform.run("endpoint", "deploy", "shouting", "--flow", str(folder / "support"))
        yield platform


def process(platform: Platform) -> dict[str, Any]:
    (found,) = [each for name, each in platform.processes().items() if name.startswith("notebook/")]
    return found


async def test_each_notebook_runs_to_its_last_cell(running: Platform) -> None:
    trace = running.json("trace", "list", "--limit", "1")[0]["trace_id"]
    expected = {
        "flow/support": "{'shout': 'HELLO'}",
        "data/questions/1": "[{'text': 'one'}, {'text': 'two'}]",
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
    assert (running.home / "workspaces/default/notebooks/flow-support.ipynb").is_file()


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


@pytest.mark.browser
@pytest.mark.parametrize("held", [True, False], ids=["with its policy", "without it"])
def test_a_script_in_a_notebook_does_nothing_in_the_studio(running: Platform, held: bool) -> None:
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        window = browser.new_context(bypass_csp=not held)
        window.set_default_timeout(PATIENCE_S * 1000)
        assert window.request.post(f"{running.url}/api/v1/sign-in", data={"api_key": running.api_key}).ok
        page = window.new_page()
        page.on("requestfinished", note)
        page.goto(running.json("notebook", "flow/support")["url"])
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        assert "ticket" not in page.url
        told = page.evaluate(ASK, f"{running.url}/api/v1/workspaces/default/keys")
        assert told == ["", None, "refused", "refused"]
        studio = [request for request in asked if request.url.startswith(running.url)]
        for request in studio:
            answer = request.response()
            assert answer is not None
            assert answer.status in {401, 403}
        assert not [request.url for request in asked if "flowyard_session" in request.all_headers().get("cookie", "")]
        browser.close()


def test_the_page_of_notebooks_prints_what_works(running: Platform, tmp_path: Path) -> None:
    printed = printed_commands("notebook.md")
    assert ("notebook",) in printed
    for words in printed:
        assert run_printed(running, tmp_path, words, {}).startswith("http://localhost:")
