"""The door of the notebooks: who is let in, how long, and what passes between a browser and Jupyter."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, DummyCookieJar, WSMsgType, WSServerHandshakeError

from flowyard.connections.sealing import Sealer, load_master_keys
from flowyard.identity.model import Caller
from flowyard.identity.secrets import secret_hash
from flowyard.notebooks.grants import Grant, Grants, Page
from flowyard.notebooks.listening import NotebookDoor
from flowyard.notebooks.service import Notebooks, notebook_id
from flowyard.wire.identity import ApiKeyCreate, Role
from support.fake_jupyter import FakeJupyter, JupyterHost, fake_jupyter

STUDIO = "127.0.0.1:8800"
PATIENCE_S = 60


@dataclass
class Rig:
    """A door over real sign-ins, before a stand-in for Jupyter."""

    services: Any
    owner: Caller
    jupyter: FakeJupyter
    host: JupyterHost
    notebooks: Notebooks
    door: NotebookDoor
    browser: ClientSession
    home: Path

    def person(self, name: str, role: Role = "contributor") -> tuple[Caller, Grant, str]:
        """Somebody with a session: who they are, what stands for it, and its secret."""
        key = self.services.keys.create(self.owner, ApiKeyCreate(name=name, role=role)).secret
        session = self.services.sign_in.with_key(key)
        caller = session.principal.enter("default")
        return caller, Grant(kind="session", digest=secret_hash(session.secret), workspace="default"), session.secret

    async def link(self, caller: Caller, grant: Grant, page: Page | None = None) -> tuple[str, str]:
        """The door's address and a ticket."""
        url = await asyncio.to_thread(self.door.open, caller, grant, page, STUDIO)
        origin, _, ticket = url.partition("/open#ticket=")
        return origin, ticket

    async def enter(self, caller: Caller, grant: Grant, page: Page | None = None) -> tuple[str, str, dict[str, str]]:
        """Let somebody in: the door's address, where they are sent, and the headers of their browser."""
        origin, ticket = await self.link(caller, grant, page)
        async with self.browser.post(f"{origin}/open", json={"ticket": ticket}, headers={"Origin": origin}) as answer:
            assert answer.status == 200, await answer.text()
            cookie = SimpleCookie(answer.headers["Set-Cookie"])["flowyard_notebook"]
            assert cookie["httponly"]
            assert cookie["samesite"] == "Strict"
            assert cookie["path"] == f"/{notebook_id(caller)}/"
            location = (await answer.json())["location"]
        # A browser sends the studio's cookie to every port of the host.
        return origin, location, {"Cookie": f"flowyard_session=fys_secret; flowyard_notebook={cookie.value}", "Origin": origin}

    async def status(self, url: str, headers: dict[str, str] | None = None, method: str = "GET") -> int:
        async with self.browser.request(method, url, headers=headers) as answer:
            return answer.status


@pytest.fixture
async def rig(services: Any, owner_key: str, home: Path) -> AsyncIterator[Rig]:
    owner = services.sign_in.by_key(owner_key).enter("default")
    settings = replace(services.settings, url=f"http://{STUDIO}", notebook_address="127.0.0.1:0")
    async with fake_jupyter() as jupyter, ClientSession(cookie_jar=DummyCookieJar()) as browser:
        host = JupyterHost(jupyter.address)
        grants = Grants(services.sign_in, Sealer(load_master_keys(home / "master.key")))
        notebooks = Notebooks(host, services.keys, grants, services.audit, settings)
        door = NotebookDoor(notebooks, settings)
        try:
            yield Rig(services, owner, jupyter, host, notebooks, door, browser, home)
        finally:
            await asyncio.to_thread(door.close)


async def connect(rig: Rig, url: str, headers: dict[str, str]) -> ClientWebSocketResponse:
    return await rig.browser.ws_connect(url, headers=headers, protocols=("v1.kernel", "other"))


async def eventually(look: Any) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not look():
            await asyncio.sleep(0.05)


async def test_a_ticket_opens_once_and_writes_the_notebook_that_is_not_there(rig: Rig) -> None:
    caller, grant, _ = rig.person("ann")
    page = Page(path="data-faq.ipynb", content=b'{"cells": []}')
    origin, ticket = await rig.link(caller, grant, page)
    assert origin.startswith("http://localhost:")  # the studio is at 127.0.0.1: for a browser another site
    sent = {"Origin": origin}
    async with rig.browser.post(f"{origin}/open", json={"ticket": ticket}, headers=sent) as answer:
        assert (await answer.json())["location"] == f"/{notebook_id(caller)}/lab/tree/data-faq.ipynb"
    assert rig.jupyter.written == {"data-faq.ipynb": {"cells": []}}
    async with rig.browser.post(f"{origin}/open", json={"ticket": ticket}, headers=sent) as answer:
        assert answer.status == 401
        assert (await answer.json())["code"] == "NotebookTicketInvalid"
    rig.jupyter.written["data-faq.ipynb"] = {"cells": ["mine"]}
    await rig.enter(caller, grant, page)
    assert rig.jupyter.written == {"data-faq.ipynb": {"cells": ["mine"]}}


async def test_jupyter_sees_no_cookie_and_no_key_and_sets_none(rig: Rig) -> None:
    caller, grant, _ = rig.person("ann")
    origin, location, headers = await rig.enter(caller, grant)
    sent = {**headers, "Authorization": "Bearer fy_key", "X-Forwarded-For": "1.2.3.4"}
    async with rig.browser.put(f"{origin}{location}/x%2Fy?q=1", headers=sent, data=b"body") as answer:
        assert await answer.text() == "a page"
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers.getall("Content-Security-Policy")[0] == "frame-ancestors 'self'"
        assert "connect-src 'self'" in answer.headers.getall("Content-Security-Policy")[1]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    seen = rig.jupyter.seen[-1]
    (spec,) = rig.host.specs.values()
    assert seen["Authorization"] == f"token {spec.message['token']}"
    assert seen["path"] == f"{location}/x%2Fy?q=1"
    assert seen["body"] == "body"
    assert "Cookie" not in seen
    assert "X-Forwarded-For" not in seen
    assert "fys_secret" not in str(seen)


async def test_who_is_not_signed_in_gets_nothing(rig: Rig) -> None:
    caller, grant, _ = rig.person("ann")
    origin, location, headers = await rig.enter(caller, grant)
    before = len(rig.jupyter.seen)
    assert await rig.status(origin + location) == 401
    assert await rig.status(origin + location, {"Cookie": "flowyard_notebook=abc"}) == 401
    assert await rig.status(origin + location, {"Cookie": headers["Cookie"][:-4] + "AAAA"}) == 401
    assert await rig.status(f"{origin}/", headers) == 404
    async with rig.browser.get(origin + location, headers={"Accept": "text/html"}) as answer:
        assert answer.status == 401
        assert "You are not signed in to this notebook" in await answer.text()
    assert len(rig.jupyter.seen) == before


async def test_nobody_gets_into_somebody_elses(rig: Rig) -> None:
    ann, anns, _ = rig.person("ann")
    ben, bens, _ = rig.person("ben")
    origin, location, _ = await rig.enter(ann, anns)
    _, _, headers = await rig.enter(ben, bens)
    assert await rig.status(origin + location, headers) == 403
    assert len(rig.host.specs) == 2
    tokens = {spec.message["token"] for spec in rig.host.specs.values()}
    keys = {spec.message["api_key"] for spec in rig.host.specs.values()}
    assert len(tokens) == len(keys) == 2


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"http://{STUDIO}"])
async def test_another_sites_page_changes_nothing(rig: Rig, origin: str) -> None:
    caller, grant, _ = rig.person("ann")
    door, location, headers = await rig.enter(caller, grant)
    theirs = {**headers, "Origin": origin}
    for method in ("POST", "PUT", "DELETE", "GET"):
        assert await rig.status(door + location, theirs, method) == 403
    without = {"Cookie": headers["Cookie"]}
    assert await rig.status(door + location, without, "POST") == 403
    for sent in (theirs, without):
        with pytest.raises(WSServerHandshakeError, match="403"):
            await connect(rig, f"{door}/{notebook_id(caller)}/api/socket", sent)
    _, ticket = await rig.link(caller, grant)
    async with rig.browser.post(f"{door}/open", json={"ticket": ticket}, headers={"Origin": origin}) as answer:
        assert answer.status == 403


async def test_a_web_socket_passes_both_ways(rig: Rig) -> None:
    caller, grant, _ = rig.person("ann")
    origin, _, headers = await rig.enter(caller, grant)
    async with await connect(rig, f"{origin}/{notebook_id(caller)}/api/socket", headers) as socket:
        assert socket.protocol == "v1.kernel"
        await socket.send_str("hello")
        assert await socket.receive_str() == "got hello"
        await socket.send_bytes(b"\0\1\2" * 100_000)
        assert await socket.receive_bytes() == b"\2\1\0" * 100_000
    assert "Cookie" not in rig.jupyter.seen[-1]
    assert rig.host.touched


async def test_signing_out_ends_it_with_what_is_open(rig: Rig) -> None:
    caller, grant, session = rig.person("ann")
    origin, location, headers = await rig.enter(caller, grant)
    (spec,) = rig.host.specs.values()
    assert rig.services.sign_in.by_key(spec.message["api_key"]).enter("default").role == "contributor"
    async with await connect(rig, f"{origin}/{notebook_id(caller)}/api/socket", headers) as socket:
        rig.services.sign_in.end(session)
        message = await asyncio.wait_for(socket.receive(), PATIENCE_S)
        assert message.type in {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED}
        assert socket.close_code == 4401
    assert await rig.status(origin + location, headers) == 401
    await eventually(lambda: not rig.host.specs)
    assert not rig.services.keys.scopes("notebook:")


async def test_another_browser_of_the_same_person_keeps_it(rig: Rig) -> None:
    key = rig.services.keys.create(rig.owner, ApiKeyCreate(name="ann", role="contributor")).secret
    sessions = [rig.services.sign_in.with_key(key) for _ in range(2)]
    caller = sessions[0].principal.enter("default")
    grants = [Grant(kind="session", digest=secret_hash(each.secret), workspace="default") for each in sessions]
    origin, location, first = await rig.enter(caller, grants[0])
    _, _, second = await rig.enter(caller, grants[1])
    rig.services.sign_in.end(sessions[0].secret)
    await asyncio.sleep(1.1)  # for so long an answer about a session holds
    assert await rig.status(origin + location, first) == 401
    await asyncio.to_thread(rig.notebooks.sweep)
    assert await rig.status(origin + location, second) == 200
    assert len(rig.host.started) == 1


async def test_who_may_run_no_code_any_more_is_out(rig: Rig) -> None:
    caller, grant, _ = rig.person("ann")
    origin, location, headers = await rig.enter(caller, grant)
    rig.services.keys.revoke(rig.owner, "ann")
    await eventually(lambda: not rig.host.specs)
    assert await rig.status(origin + location, headers) == 401


async def test_a_key_of_a_process_opens_none(rig: Rig) -> None:
    caller, grant, _ = rig.person("ann")
    await rig.enter(caller, grant)
    (spec,) = rig.host.specs.values()
    own = rig.services.sign_in.by_key(spec.message["api_key"]).enter("default")
    with pytest.raises(Exception, match="key of a process"):
        rig.door.open(own, Grant(kind="key", digest=secret_hash(spec.message["api_key"]), workspace="default"), None, STUDIO)


async def test_an_owners_notebook_has_no_owners_key(rig: Rig) -> None:
    session = rig.services.sign_in.with_key(rig.services.keys.create(rig.owner, ApiKeyCreate(name="boss", role="owner")).secret)
    await rig.enter(session.principal.enter("default"), Grant(kind="session", digest=secret_hash(session.secret), workspace="default"))
    (spec,) = rig.host.specs.values()
    assert rig.services.sign_in.by_key(spec.message["api_key"]).enter("default").role == "contributor"


async def test_an_idle_one_that_was_stopped_starts_when_its_page_is_loaded(rig: Rig) -> None:
    caller, grant, _ = rig.person("ann")
    origin, location, headers = await rig.enter(caller, grant)
    rig.host.specs.clear()  # as the supervisor stops what is idle
    await eventually(lambda: not rig.services.keys.scopes("notebook:"))
    await asyncio.sleep(1.1)
    assert await rig.status(origin + location, headers) == 409
    assert not rig.host.specs
    assert await rig.status(origin + location, {**headers, "Accept": "text/html"}) == 200
    assert len(rig.host.specs) == 1


async def test_one_that_computes_is_not_idle(rig: Rig) -> None:
    caller, grant, _ = rig.person("ann")
    await rig.enter(caller, grant)
    rig.host.touched.clear()
    await asyncio.to_thread(rig.notebooks.sweep)
    assert not rig.host.touched
    rig.jupyter.busy = True
    for running in rig.notebooks._running.values():
        running.looked_at = 0.0
    await asyncio.to_thread(rig.notebooks.sweep)
    assert rig.host.touched


async def test_after_a_restart_of_the_server_a_browser_is_still_let_in(rig: Rig) -> None:
    caller, grant, _ = rig.person("ann")
    _, location, headers = await rig.enter(caller, grant)
    old = dict(rig.host.specs)
    await asyncio.to_thread(rig.door.close)
    notebooks = Notebooks(
        rig.host,
        rig.services.keys,
        Grants(rig.services.sign_in, Sealer(load_master_keys(rig.home / "master.key"))),
        rig.services.audit,
        replace(rig.services.settings, url=f"http://{STUDIO}"),
    )
    assert notebooks.used
    settings = replace(rig.services.settings, url=f"http://{STUDIO}", notebook_address="127.0.0.1:0")
    with closing(NotebookDoor(notebooks, settings)) as door:
        notebooks.begin()
        door.start()
        assert not rig.host.specs  # its secrets were lost with the server
        assert not rig.services.keys.scopes("notebook:")
        origin = door._origin(STUDIO)
        sent = {"Cookie": headers["Cookie"], "Accept": "text/html"}
        assert await rig.status(origin + location, sent) == 200
        assert rig.host.specs.keys() == old.keys()
        assert rig.host.specs != old


async def test_where_a_browser_finds_it(rig: Rig) -> None:
    caller, grant, _ = rig.person("ann")
    await rig.enter(caller, grant)
    assert rig.door._origin("localhost:8800").startswith("http://127.0.0.1:")
    assert rig.door._origin("studio.example:8800").startswith("http://studio.example:")
    assert rig.door._origin("[::1]:8800").startswith("http://[::1]:")
    behind = NotebookDoor(rig.notebooks, replace(rig.services.settings, notebook_url="https://notebooks.example.org"))
    assert behind._origin(STUDIO) == "https://notebooks.example.org"
