"""Servers that answer, and those that fail in a chosen way."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from local_model import encoder_store, model_store

__all__ = ["encoder_store", "model_store"]

Answerer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Upstream:
    """A loopback server. `answers` are used in order, the last one for ever; `requests` keeps (headers, body) of what came."""

    answers: list[Answerer]
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    paths: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        self.paths.append(request.path_qs)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await answer(request)


@pytest.fixture
async def upstream() -> AsyncIterator[Callable[..., Awaitable[Upstream]]]:
    """Call it with answers to get a running server."""
    runners: list[web.AppRunner] = []

    async def start(*answers: Answerer) -> Upstream:
        made = Upstream(list(answers))
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", made.handle)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        runners.append(runner)
        made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        return made

    yield start
    for runner in runners:
        await runner.cleanup()


def says(value: Any, status: int = 200, **headers: str) -> Answerer:
    """An answer of JSON."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response(value, status=status, headers={name.replace("_", "-"): text for name, text in headers.items()})

    return answer


def fails(status: int, code: str | None = None, **headers: str) -> Answerer:
    """An error as the protocol writes it."""
    return says({"error": {"message": f"it is {status}", "type": "some_type", "code": code}}, status, **headers)


@pytest.fixture(name="says")
def _says() -> Callable[..., Answerer]:
    return says


@pytest.fixture(name="fails")
def _fails() -> Callable[..., Answerer]:
    return fails
