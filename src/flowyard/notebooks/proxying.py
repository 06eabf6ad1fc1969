"""Requests and WebSockets between a browser and its Jupyter server: what of them passes, and what does not.

Jupyter runs people's code. So of the browser's cookies and keys it sees none, those of the platform least of all (a browser sends them to
every port of a host), and of what it answers no cookie and no permission for other origins reaches the browser.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse, WSMessage, WSMsgType, web
from multidict import CIMultiDict
from yarl import URL

from flowyard.notebooks.errors import NotebookStoppedError
from flowyard.notebooks.jupyter import Jupyter

#: As loose as JupyterLab needs: it has scripts in its page, compiles schemas, and shows what a notebook put out. Nothing of another host.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_LARGEST_MESSAGE = 256 * 1024 * 1024
_TIMEOUT = ClientTimeout(total=None, sock_connect=10, sock_read=300)
_HOPS = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_NOT_IN = _HOPS | {"cookie", "authorization", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-xsrftoken"}
_NOT_OUT = _HOPS | {"set-cookie", "server", "date"}

#: Called when the person did something.
Touch = Callable[[], Awaitable[None]]


async def pass_request(request: web.Request, jupyter: Jupyter, session: ClientSession) -> web.StreamResponse:
    """Send a request on and its answer back, piece by piece.

    Raises:
        NotebookStoppedError: Jupyter does not answer.
    """
    body = request.content if request.body_exists else None
    try:
        async with session.request(
            request.method, _url(request, jupyter), headers=_sent(request, jupyter), data=body, allow_redirects=False, timeout=_TIMEOUT
        ) as answer:
            headers = CIMultiDict((name, value) for name, value in answer.headers.items() if _leaves(name))
            response = web.StreamResponse(status=answer.status, headers=headers)
            guard(response)
            if "Content-Length" in answer.headers:
                response.content_length = int(answer.headers["Content-Length"])
            await response.prepare(request)
            async for part in answer.content.iter_any():
                await response.write(part)
            await response.write_eof()
            return response
    except (ClientError, TimeoutError) as error:
        raise NotebookStoppedError("Jupyter does not answer.", remedy="Wait a moment, then load the page again.") from error


async def connect(request: web.Request, jupyter: Jupyter, session: ClientSession) -> ClientWebSocketResponse:
    """Open the WebSocket to Jupyter that a browser asks for.

    Raises:
        NotebookStoppedError: Jupyter does not take the connection.
    """
    offered = tuple(word.strip() for word in request.headers.get("Sec-WebSocket-Protocol", "").split(",") if word.strip())
    headers = {name: value for name, value in _sent(request, jupyter).items() if not name.lower().startswith("sec-websocket-")}
    try:
        return await session.ws_connect(_url(request, jupyter), protocols=offered, headers=headers, max_msg_size=_LARGEST_MESSAGE)
    except (ClientError, TimeoutError) as error:
        raise NotebookStoppedError("Jupyter does not take the connection.", remedy="Load the page again.") from error


async def pass_messages(browser: web.WebSocketResponse, upstream: ClientWebSocketResponse, touch: Touch) -> None:
    """Pass messages both ways until one of the two closes."""
    ways = [asyncio.ensure_future(_inward(browser, upstream, touch)), asyncio.ensure_future(_outward(upstream, browser))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


def accepting(upstream: ClientWebSocketResponse) -> web.WebSocketResponse:
    """Return the browser's side of a WebSocket, with the subprotocol that Jupyter chose."""
    chosen = (upstream.protocol,) if upstream.protocol else ()
    return web.WebSocketResponse(protocols=chosen, max_msg_size=_LARGEST_MESSAGE, compress=False, heartbeat=30)


def guard(response: web.StreamResponse, policy: str = POLICY) -> None:
    """Add the headers that keep a page to itself. A policy of Jupyter's own stays beside `policy`: both hold."""
    for name, value in GUARDS.items():
        response.headers[name] = value
    response.headers.add("Content-Security-Policy", policy)


async def _inward(browser: web.WebSocketResponse, upstream: ClientWebSocketResponse, touch: Touch) -> None:
    async for message in browser:
        await touch()
        await _send(message, upstream)


async def _outward(upstream: ClientWebSocketResponse, browser: web.WebSocketResponse) -> None:
    async for message in upstream:
        await _send(message, browser)


async def _send(message: WSMessage, to: web.WebSocketResponse | ClientWebSocketResponse) -> None:
    if message.type is WSMsgType.TEXT:
        await to.send_str(message.data)
    elif message.type is WSMsgType.BINARY:
        await to.send_bytes(message.data)


def _url(request: web.Request, jupyter: Jupyter) -> URL:
    return URL(f"http://{jupyter.address}{request.raw_path}", encoded=True)


def _sent(request: web.Request, jupyter: Jupyter) -> "CIMultiDict[str]":
    headers = CIMultiDict((name, value) for name, value in request.headers.items() if name.lower() not in _NOT_IN)
    headers.update(jupyter.headers)
    return headers


def _leaves(name: str) -> bool:
    low = name.lower()
    return low not in _NOT_OUT and not low.startswith("access-control-")
