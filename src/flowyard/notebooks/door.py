"""The door of the notebooks: the one way to them, at an address of its own.

A notebook's output may hold scripts. At the studio's address they could act there as whoever looks at them; so notebooks have another
origin, and where that is possible another host, of which a browser sends no cookies to the studio's and none of the studio's here. Who
comes with a ticket (`grants`) gets a cookie for the path of their own notebook server, and everything else is refused.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web

from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import PROBLEM_JSON, FlowyardError, ForbiddenError
from flowyard.notebooks.errors import NotebookClosedError, NotebookOriginError, NotebookStoppedError
from flowyard.notebooks.grants import Grant
from flowyard.notebooks.jupyter import Jupyter
from flowyard.notebooks.pages import SCRIPT, STARTING, STRICT_POLICY, STYLE, problem_page
from flowyard.notebooks.proxying import accepting, connect, guard, pass_messages, pass_request
from flowyard.notebooks.service import Notebooks, notebook_id

logger = logging.getLogger(__name__)

COOKIE = "flowyard_notebook"
SWEEP_S = 2.0
_TOUCH_EVERY_S = 20.0
_KNOWN_S = 1.0
_LARGEST_BODY = 1024**3
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CLOSED = 4401

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def door_app(notebooks: Notebooks) -> web.Application:
    """Return the door's application over `notebooks`. It sweeps them (`Notebooks.sweep`) while it runs."""
    door = _Door(notebooks)
    app = web.Application(middlewares=[_problems], client_max_size=_LARGEST_BODY)
    app.add_routes(
        [
            web.get("/open", _page(STARTING, "text/html")),
            web.get("/open.js", _page(SCRIPT, "text/javascript")),
            web.get("/open.css", _page(STYLE, "text/css")),
            web.post("/open", door.enter),
            web.route("*", "/{id:[0-9a-f]{20}}/{rest:.*}", door.pass_on),
        ]
    )
    app.cleanup_ctx.append(door.running)
    return app


class _Door:
    def __init__(self, notebooks: Notebooks) -> None:
        self._notebooks = notebooks
        self._sockets: dict[web.WebSocketResponse, Grant] = {}
        self._known: dict[Grant, tuple[float, Jupyter]] = {}
        self._touched: dict[Grant, float] = {}
        self._session: ClientSession | None = None

    async def running(self, app: web.Application) -> AsyncIterator[None]:
        """Hold the connections to Jupyter servers, and sweep, while the application runs."""
        del app
        connector = TCPConnector(limit=0, limit_per_host=64)
        async with ClientSession(connector=connector, cookie_jar=DummyCookieJar(), auto_decompress=False) as session:
            self._session = session
            sweeping = asyncio.create_task(self._sweep_on(), name="sweep notebooks")
            yield
            sweeping.cancel()
            for socket in list(self._sockets):
                await socket.close(code=1001)
            with contextlib.suppress(asyncio.CancelledError):
                await sweeping

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Take a ticket, start the notebook, and let this browser in."""
        _same_origin(request)
        body = decode(await request.read(), dict[str, str])
        grant, page = self._notebooks.grants.redeem(body.get("ticket", ""))
        if page is not None and page.flow is not None:
            await asyncio.to_thread(self._notebooks.provide, grant, page.flow)
        jupyter = await asyncio.to_thread(self._notebooks.ensure, grant)
        if page is not None:
            await asyncio.to_thread(jupyter.place, page.path, page.content)
        location = jupyter.base + ("lab" if page is None else f"lab/tree/{quote(page.path)}")
        response = web.Response(body=to_json({"location": location}), content_type="application/json")
        secure = request.headers.get("Origin", "").startswith("https:")
        response.set_cookie(
            COOKIE, self._notebooks.grants.cookie(grant), path=jupyter.base, httponly=True, samesite="Strict", secure=secure
        )
        response.headers["Cache-Control"] = "no-store"
        guard(response, STRICT_POLICY)
        return response

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        """Pass a request on to the notebook server that it names, when the browser may use that."""
        socket = request.headers.get("Upgrade", "").lower() == "websocket"
        if socket or request.method not in _SAFE or "Origin" in request.headers:
            _same_origin(request)
        grant = await self._grant(request)
        jupyter = await self._jupyter(request, grant)
        session = self._session
        if session is None:
            raise NotebookStoppedError("The notebooks are stopping.")
        if not socket:
            if request.method not in _SAFE:
                await self._touch(grant)
            return await pass_request(request, jupyter, session)
        async with await connect(request, jupyter, session) as upstream:
            browser = accepting(upstream)
            await browser.prepare(request)
            self._sockets[browser] = grant
            try:
                await pass_messages(browser, upstream, lambda: self._touch(grant))
            finally:
                self._sockets.pop(browser, None)
                await browser.close()
        return browser

    async def _grant(self, request: web.Request) -> Grant:
        value = request.cookies.get(COOKIE)
        if not value:
            raise NotebookClosedError(
                "This browser has no notebook open here.", remedy="Open the notebook from the studio, or run: flowyard notebook"
            )
        grant = self._notebooks.grants.of_cookie(value)
        caller = await asyncio.to_thread(self._notebooks.grants.caller, grant)
        if notebook_id(caller) != request.match_info["id"]:
            raise ForbiddenError("This is somebody else's notebook.", remedy="Open your own from the studio.")
        return grant

    async def _jupyter(self, request: web.Request, grant: Grant) -> Jupyter:
        now = time.monotonic()
        known = self._known.get(grant)
        if known is not None and now - known[0] < _KNOWN_S:
            return known[1]
        found = await asyncio.to_thread(self._notebooks.find, grant)
        if found is None and request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            found = await asyncio.to_thread(self._notebooks.ensure, grant)
        if found is None:
            self._known.pop(grant, None)
            raise NotebookStoppedError("The notebook was stopped, as nobody used it.", remedy="Load the page again: it starts anew.")
        self._known[grant] = (now, found)
        return found

    async def _touch(self, grant: Grant) -> None:
        now = time.monotonic()
        if now - self._touched.get(grant, 0.0) > _TOUCH_EVERY_S:
            self._touched[grant] = now
            await asyncio.to_thread(self._notebooks.touch, grant)

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                await asyncio.to_thread(self._notebooks.sweep)
                await self._close_ended()
            except FlowyardError as error:
                logger.warning("notebooks could not be swept: %s", error)

    async def _close_ended(self) -> None:
        ended: set[Grant] = set()
        for grant in set(self._sockets.values()):
            if not await asyncio.to_thread(self._notebooks.grants.alive, grant):
                ended.add(grant)
        for table in (self._known, self._touched):
            for grant in ended:
                table.pop(grant, None)
        await asyncio.gather(*(socket.close(code=_CLOSED) for socket, grant in list(self._sockets.items()) if grant in ended))


def _same_origin(request: web.Request) -> None:
    origin, host = request.headers.get("Origin"), request.headers.get("Host", "")
    if origin is None or urlsplit(origin).netloc.lower() != host.lower():
        raise NotebookOriginError(f"The request came from {origin!r}, this is {host!r}.", remedy="Open the notebook from the studio.")


def _page(text: str, kind: str) -> Handler:
    async def show(request: web.Request) -> web.StreamResponse:
        del request
        response = web.Response(text=text, content_type=kind, headers={"Cache-Control": "no-cache"})
        guard(response, STRICT_POLICY)
        return response

    return show


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except FlowyardError as error:
        return _problem(request, error)
    except web.HTTPException as error:
        guard(error, STRICT_POLICY)
        raise
    except Exception as error:
        if isinstance(error, ConnectionError):
            raise
        logger.exception("%s %s failed", request.method, request.path)
        return _problem(request, FlowyardError("The server failed; its log says why.", remedy="Try again."))


def _problem(request: web.Request, error: FlowyardError) -> web.StreamResponse:
    wants_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    problem: Any = error.problem(request.path)
    if wants_page:
        text = "\n".join(part for part in (problem.detail, problem.remedy) if part)
        response = web.Response(text=problem_page(problem.title, text), content_type="text/html", status=error.status)
    else:
        response = web.Response(body=to_json(problem), content_type=PROBLEM_JSON, status=error.status)
    response.headers["Cache-Control"] = "no-store"
    guard(response, STRICT_POLICY)
    return response
