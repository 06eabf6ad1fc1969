"""Notebooks beside the flows."""

from typing import Annotated

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from flowyard.identity.model import Caller
from flowyard.identity.secrets import secret_hash
from flowyard.identity.sign_in import SESSION_COOKIE
from flowyard.notebooks.grants import PERMISSION, Grant
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.notebook_pages import page_for
from flowyard.server.routing import api_router
from flowyard.wire.notebooks import NotebookLink, NotebookOpen, NotebookServer

router = api_router("notebooks", "/workspaces/{workspace}/notebooks")
Coder = Annotated[Caller, allow(PERMISSION)]


@router.post("", status_code=201)
async def open_notebook(body: NotebookOpen, request: Request, caller: Coder, services: ServicesDep) -> NotebookLink:
    """Make an address that opens the caller's notebook server once, with a notebook about `of`."""
    page = None if body.of is None else await run_in_threadpool(page_for, services, caller, body.of)
    host = request.headers.get("host", "")
    url = await run_in_threadpool(services.notebooks.open, caller, _grant(request, caller), page, host)
    return NotebookLink(url=url, path=None if page is None else page.path)


@router.get("/server")
def get_server(caller: Coder, services: ServicesDep) -> NotebookServer:
    """Say whether the caller's notebook server runs, and whether what it needs is installed."""
    return services.notebooks.state(caller)


@router.delete("/server", status_code=204)
def stop_server(caller: Coder, services: ServicesDep) -> None:
    """Stop the caller's notebook server, with what runs in it. The notebooks stay."""
    services.notebooks.stop(caller)


def _grant(request: Request, caller: Caller) -> Grant:
    """Return what stands for the session or key of a request that was let in."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return Grant(kind="key", digest=secret_hash(authorization.partition(" ")[2].strip()), workspace=caller.workspace)
    return Grant(kind="session", digest=secret_hash(request.cookies.get(SESSION_COOKIE, "")), workspace=caller.workspace)
