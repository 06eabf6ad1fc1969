"""The supervisor's control port: HTTP on loopback, for those who hold its token.

``PUT /processes?wait_s=`` (a ProcessSpec), ``GET /processes?prefix=``, ``GET`` and ``DELETE /processes/{name}``, ``POST /touch/{name}``,
``GET /logs/{name}?tail=``. Errors are problem details.
"""

import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from flowyard.compute.model import ProcessSpec
from flowyard.compute.processes.supervisor import Supervisor
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import PROBLEM_JSON, FlowyardError, InvalidInputError, NotFoundError, UnauthenticatedError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LARGEST_SPEC = 16 * 1024 * 1024


@dataclass(slots=True)
class ControlPort:
    """A running control port; `close` ends it."""

    address: str
    runner: web.AppRunner

    async def close(self) -> None:
        """Stop listening. Calls in flight end first, for at most a second."""
        await self.runner.cleanup()


async def open_control_port(supervisor: Supervisor, token: str, listener: socket.socket) -> ControlPort:
    """Serve `supervisor` on `listener` to callers that send `token` as their bearer token."""
    routes = _Routes(supervisor)
    app = web.Application(middlewares=[_guard(token)], client_max_size=_LARGEST_SPEC)
    app.add_routes(
        [
            web.put("/processes", routes.ensure),
            web.get("/processes", routes.find),
            web.get("/processes/{name:.+}", routes.get),
            web.delete("/processes/{name:.+}", routes.stop),
            web.post("/touch/{name:.+}", routes.touch),
            web.get("/logs/{name:.+}", routes.logs),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    host, port = listener.getsockname()[:2]
    return ControlPort(f"{host}:{port}", runner)


class _Routes:
    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor

    async def ensure(self, request: web.Request) -> web.Response:
        spec = decode(await request.read(), ProcessSpec)
        return _answer(await self._supervisor.ensure(spec, wait_s=_number(request, "wait_s")))

    async def find(self, request: web.Request) -> web.Response:
        return _answer(self._supervisor.find(request.query.get("prefix", "")))

    async def get(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        status = self._supervisor.get(name)
        if status is None:
            raise NotFoundError(f"No process {name!r} is kept.", remedy="It has ended, or was never started.")
        return _answer(status)

    async def stop(self, request: web.Request) -> web.Response:
        await self._supervisor.stop(request.match_info["name"])
        return web.Response(status=204)

    async def touch(self, request: web.Request) -> web.Response:
        return _answer(self._supervisor.touch(request.match_info["name"]))

    async def logs(self, request: web.Request) -> web.Response:
        tail = _number(request, "tail")
        return _answer(self._supervisor.logs(request.match_info["name"], tail=200 if tail is None else int(tail)))


def _answer(value: Any, *, status: int = 200, content_type: str = "application/json") -> web.Response:
    return web.Response(body=to_json(value), status=status, content_type=content_type)


def _number(request: web.Request, name: str) -> float | None:
    text = request.query.get(name)
    if text is None:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise InvalidInputError(f"{name} is {text!r}, expected a number.", remedy="Send digits.") from error


def _guard(token: str) -> Any:
    expected = f"Bearer {token}".encode()

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if not secrets.compare_digest(request.headers.get("Authorization", "").encode(), expected):
                raise UnauthenticatedError("The control port needs its token.", remedy="It is for gateway, server and worker only.")
            return await handler(request)
        except FlowyardError as error:
            return _answer(error.problem(request.path), status=error.status, content_type=PROBLEM_JSON)

    return guard
