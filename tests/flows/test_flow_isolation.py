"""A flow that tries to see more than it should, in a session, a replica and a run of a whole installation with isolation by user id."""

import ast
import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.installation import PATIENCE_S, Platform
from support.notebook_browser import execute, opened
from support.open_python import open_folder, open_python
from support.own_packages import wheel

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

FIRST, LAST = 61_200, 61_299
FLOW = """
inputs:
  paths: {type: list, default: []}
outputs:
  found: {type: object, reference: "${look.output}"}
nodes:
- name: look
  type: python
  source: {type: code, path: look.py}
  inputs: {paths: "${inputs.paths}"}
"""
TOOL = """
from flowyard.testing.prying_program import look
from promptflow.core import tool

@tool
def run(paths: list) -> dict:
    return look(paths)
"""
GREET = "@tool\ndef run(paths: list) -> dict:\n    return {'said': greet('packed')}\n"


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """An installation whose flows run under their workspaces' user ids, with the flow `pry` in the workspace `default`."""
    with open_folder() as folder:
        python = open_python(folder / "python")
        models = folder / "models"
        models.mkdir()
        settings = {
            "FLOWYARD_ISOLATION": "uid",
            "FLOWYARD_ISOLATION_UIDS": f"{FIRST}-{LAST}",
            "SECRET_OF_THE_OWNER": "hidden",
        }
        command = (python, "-c", "import sys; from flowyard.cli.entry import main; main(sys.argv[1:])")
        with Platform.up(folder / "home", models, settings=settings, command=command) as running:
            flows = "/api/v1/workspaces/default/flows"
            assert running.request("POST", flows, {"name": "pry", "template": "python"}).status == 201
            for name, content in (("flow.dag.yaml", FLOW), ("look.py", TOOL)):
                answer = running.request("PUT", f"{flows}/pry/files/{name}", {"content": content}, {"If-Match": "*"})
                assert answer.status in {200, 201}, answer.body
            other = running.home / "workspaces/other/flows/theirs"
            other.mkdir(parents=True, mode=0o700)
            (other / "flow.dag.yaml").write_text(FLOW)
            (running.home / "spools/other").mkdir(mode=0o700)
            yield running


def places(platform: Platform) -> list[str]:
    """What a flow must not get to."""
    home = platform.home
    names = ["master.key", "credentials.json", "supervisor.json", "metadata.db", "jobs.db", "flow-users.json", "logs", "logs/server.log"]
    names += ["", "workspaces", "workspaces/other/flows/theirs", "workspaces/other/flows/theirs/flow.dag.yaml", "spools", "spools/other"]
    names += ["storage", "storage/snapshots", "storage/telemetry", "flow-homes"]
    server = next(pid for name, found in platform.processes().items() if name == "server" and (pid := found["pid"]))
    return [str(home / name) for name in names] + [f"/proc/{server}/environ", f"/proc/{server}/mem", f"/proc/{server}/fd"]


def check(platform: Platform, found: dict[str, Any], wanted: list[str]) -> None:
    assert found["paths"] == dict.fromkeys(wanted, "PermissionError")
    assert set(found["parent_files"].values()) == {"PermissionError"}
    assert (found["ptrace"], found["kill"]) == ("EPERM", "PermissionError")
    assert FIRST <= found["uid"] <= LAST
    assert found["groups"] == []
    environment = json.dumps(found["environment"])
    assert "hidden" not in environment
    assert "FLOWYARD" not in environment
    assert platform.api_key not in environment
    kinds = {target.partition(":")[0] for target in found["handles"].values()}
    home = str(platform.home)
    own = {kind for kind in kinds if kind.startswith((f"{home}/spools/", f"{home}/cache/", f"{home}/flow-homes/"))}
    assert kinds - own <= {"pipe", "socket", "anon_inode", "/dev/null", "/memfd"}


BACKEND = """
import os
from pathlib import Path

def _tell(*arguments, **keywords):
    home = Path(os.environ["HOME"])
    seen = [str(os.getuid())]
    for path in (home.parent.parent / "master.key", home.parent.parent / "credentials.json"):
        try:
            seen.append(path.read_text())
        except OSError as error:
            seen.append(type(error).__name__)
    (home / "built-by").write_text(" ".join(seen))
    raise RuntimeError("built by " + seen[0])

prepare_metadata_for_build_wheel = build_wheel = get_requires_for_build_wheel = _tell
"""
PROJECT = """
[project]
name = "prying-package"
version = "1"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def test_packages_are_built_by_the_workspace_s_user(platform: Platform) -> None:
    flows = "/api/v1/workspaces/default/flows"
    assert platform.request("POST", flows, {"name": "builds", "template": "python"}).status == 201
    for name, content in (("requirements.txt", "./package\n"), ("package/pyproject.toml", PROJECT), ("package/backend.py", BACKEND)):
        assert platform.request("PUT", f"{flows}/builds/files/{name}", {"content": content}, {"If-Match": "*"}).status < 300
    answer = platform.request("POST", f"{flows}/builds/test", {"inputs": {"text": "x"}}, {"Accept": "application/json"})
    assert answer.status == 422
    assert answer.json()["code"] == "EnvironmentBuildFailed"
    [told] = (platform.home / "flow-homes").glob("*/built-by")
    uid, *secrets = told.read_text().split()
    assert FIRST <= int(uid) <= LAST
    assert secrets == ["PermissionError"] * 2


def test_a_list_of_packages_shows_no_file_of_ours(platform: Platform) -> None:
    flows = "/api/v1/workspaces/default/flows"
    assert platform.request("POST", flows, {"name": "lists", "template": "python"}).status == 201
    content = f"-r {platform.home / 'credentials.json'}\n"
    assert platform.request("PUT", f"{flows}/lists/files/requirements.txt", {"content": content}, {"If-Match": "*"}).status < 300
    answer = platform.request("POST", f"{flows}/lists/test", {"inputs": {"text": "x"}}, {"Accept": "application/json"})
    assert answer.status >= 400
    assert platform.api_key not in answer.body.decode()


def test_in_a_session(platform: Platform) -> None:
    wanted = places(platform)
    answer = platform.request(
        "POST", "/api/v1/workspaces/default/flows/pry/test", {"inputs": {"paths": wanted}}, {"Accept": "application/json"}
    ).json()
    assert answer["status"] == "completed", answer
    check(platform, answer["outputs"]["found"], wanted)


def test_in_a_replica(platform: Platform) -> None:
    wanted = places(platform)
    platform.run("endpoint", "create", "pry")
    platform.run("endpoint", "deploy", "pry", "--flow", "pry")
    found = platform.request("POST", "/endpoints/pry/score", {"paths": wanted}).json()["found"]
    check(platform, found, wanted)


def test_in_a_run(platform: Platform, tmp_path: Path) -> None:
    wanted = places(platform)
    data = tmp_path / "rows.jsonl"
    data.write_text(json.dumps({"paths": wanted}) + "\n")
    words = ("--flow", "pry", "--data", str(data), "--column-mapping", "paths=${data.paths}", "--name", "prying", "--stream")
    platform.run("run", "create", *words)
    [line] = platform.request("GET", "/api/v1/workspaces/default/runs/prying/lines").json()["items"]
    check(platform, line["outputs"]["found"], wanted)


def test_what_the_flows_left_is_theirs_and_traces_arrive(platform: Platform) -> None:
    uids = {path.stat().st_uid for path in (platform.home / "spools").rglob("*.spool") if path.parent.name not in {"spools", "other"}}
    assert uids <= set(range(FIRST, LAST + 1)) | {os.getuid()}
    assert platform.json("trace", "list")


PRY = """
import os

def attempt(path):
    try:
        return os.listdir(path) if os.path.isdir(path) else open(path, "rb").close()
    except OSError as error:
        return type(error).__name__

print((os.getuid(), os.getgroups(), dict(os.environ), {path: attempt(path) for path in PATHS}))
"""


def test_a_notebook_sees_no_more_than_a_flow(platform: Platform) -> None:
    wanted = places(platform)

    async def pry() -> Any:
        async with asyncio.timeout(PATIENCE_S), opened(platform, "flow/pry") as (browser, _):
            made = await browser.json("POST", "api/kernels", {"name": "python3"})
            async with browser.session.ws_connect(f"{browser.url}api/kernels/{made['id']}/channels", headers=browser.headers) as socket:
                await execute(socket, "open('mine.txt', 'w').close(); open('flows/pry/look.py').close()")
                return ast.literal_eval(await execute(socket, PRY.replace("PATHS", repr(wanted))))

    uid, groups, environment, found = asyncio.run(pry())
    assert found == dict.fromkeys(wanted, "PermissionError")
    assert FIRST <= uid <= LAST
    assert groups == []
    assert platform.api_key not in environment.values()
    assert "SECRET_OF_THE_OWNER" not in environment


def test_a_notebook_with_packages_of_its_own_runs_as_the_workspace_s_user(platform: Platform, tmp_path: Path) -> None:
    folder = tmp_path / "packed"
    wheel(folder / "wheels", "greeting_of_notebooks")
    (folder / "requirements.txt").write_text("./wheels/greeting_of_notebooks-1.0-py3-none-any.whl\n")
    (folder / "flow.dag.yaml").write_text(FLOW)
    (folder / "look.py").write_text("from greeting_of_notebooks import greet\nfrom promptflow.core import tool\n\n" + GREET)
    platform.run("flow", "upload", "packed", "--source", str(folder))

    async def ask() -> list[str]:
        async with asyncio.timeout(PATIENCE_S), opened(platform, "flow/packed") as (browser, path):
            given = await browser.run_all(path)
            made = await browser.json("POST", "api/kernels", {"name": "flow-packed"})
            async with browser.session.ws_connect(f"{browser.url}api/kernels/{made['id']}/channels", headers=browser.headers) as socket:
                return [given[1], await execute(socket, "import os, sys; os.getuid(), sys.executable")]

    given, told = asyncio.run(ask())
    assert "Hello packed" in given
    uid, python = ast.literal_eval(told)
    assert FIRST <= uid <= LAST
    assert Path(python).is_relative_to(platform.home / "flow-homes")
