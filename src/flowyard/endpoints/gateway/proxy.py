"""Everything that is not the gateway's own goes to the server as it came."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
from yarl import URL

from flowyard.endpoints.errors import ServerUnavailableError, UpgradeRefusedError
from flowyard.endpoints.gateway.exchange import ClientGoneError, Exchange

# Hop-by-hop (RFC 9110, section 7.6.1), and what is written anew.
_NOT_PASSED = frozenset(
    {
        b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"content-length",
        b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"forwarded", b"expect",
    }
)  # fmt: skip
_NOT_RETURNED = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"date", b"server"})
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
_RETRY_S = (0.05, 0.2, 0.5, 1.0)


class ServerProxy:
    """Passes requests to the control plane at ``host:port``. Belongs to one event loop."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session: aiohttp.ClientSession | None = None

    async def handle(self, exchange: Exchange) -> None:
        """Answer `exchange` with what the server says.

        Raises:
            ServerUnavailableError: it takes no connections, or broke off before it answered.
            UpgradeRefusedError: a WebSocket was asked for.
        """
        if exchange.headers.get(b"upgrade", b"").lower() == b"websocket":
            raise UpgradeRefusedError("WebSockets are not served here.", remedy="Streams are server-sent events over plain HTTP.")
        body = await _body(exchange)
        if body is None or isinstance(body, bytes):
            async with exchange.watched():
                await self._pass(exchange, body)
        else:
            await self._pass(exchange, body)

    async def post(self, exchange: Exchange, body: bytes) -> None:
        """Answer `exchange` with what the server says to its headers and address with this body, sent with POST.

        Raises:
            ServerUnavailableError: see `handle`.
        """
        exchange.method = "POST"
        exchange.headers.pop(b"content-length", None)
        async with exchange.watched():
            await self._pass(exchange, body)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _pass(self, exchange: Exchange, body: "bytes | AsyncIterator[bytes] | None") -> None:
        answer = await self._request(exchange, body)
        exchange.passed = True
        try:
            headers = [(name.lower(), value) for name, value in answer.raw_headers if name.lower() not in _NOT_RETURNED]
            await exchange.start(answer.status, headers)
            while piece := await answer.content.readany():
                await exchange.write(piece)
            await exchange.end()
        except aiohttp.ClientError as error:
            # Headers are out: breaking off is all that is left to tell the client.
            raise ClientGoneError from error
        finally:
            answer.close() if not answer.content.at_eof() else answer.release()

    async def _request(self, exchange: Exchange, body: "bytes | AsyncIterator[bytes] | None") -> aiohttp.ClientResponse:
        """Send the request; while the server restarts, one that has no body in flight is tried again for two seconds."""
        scope = exchange.scope
        query = scope["query_string"]
        target = f"http://{self._address}{scope['raw_path'].decode('latin-1')}{'?' + query.decode('latin-1') if query else ''}"
        url = URL(target, encoded=True)
        headers = _sent_headers(exchange)
        for wait_s in (*_RETRY_S, None):
            try:
                return await self._open().request(exchange.method, url, data=body, headers=headers, allow_redirects=False)
            except aiohttp.ClientConnectorError as error:
                if wait_s is None or isinstance(body, AsyncIterator):
                    raise _unavailable(error) from error
                await asyncio.sleep(wait_s)
            except (aiohttp.ClientError, OSError) as error:
                if wait_s is None or exchange.method not in _BODILESS:
                    raise _unavailable(error) from error
        raise AssertionError("unreachable: the last try returns or raises")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=4),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=5),
                auto_decompress=False,
                skip_auto_headers=("user-agent", "accept", "accept-encoding", "content-type"),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


async def _body(exchange: Exchange) -> "bytes | AsyncIterator[bytes] | None":
    """Return the body: as bytes when it is there at once, else as a stream."""
    if exchange.method in _BODILESS and b"content-length" not in exchange.headers and b"transfer-encoding" not in exchange.headers:
        return None
    first = await exchange.receive()
    if first["type"] == "http.disconnect":
        raise ClientGoneError
    if not first["more_body"]:
        return first["body"] or None
    return _rest_of_body(exchange, first["body"])


async def _rest_of_body(exchange: Exchange, first: bytes) -> AsyncIterator[bytes]:
    yield first
    more = True
    while more:
        message = await exchange.receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        more = message["more_body"]
        if message["body"]:
            yield message["body"]


def _sent_headers(exchange: Exchange) -> list[tuple[str, str]]:
    scope = exchange.scope
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"] if name not in _NOT_PASSED]
    length = exchange.header(b"content-length")
    if length is not None:
        headers.append(("content-length", length))
    client = scope.get("client")
    headers.append(("x-forwarded-for", client[0] if client else "unknown"))
    headers.append(("x-forwarded-proto", scope["scheme"]))
    host = exchange.header(b"host")
    if host is not None:
        headers.append(("x-forwarded-host", host))
    return headers


def _unavailable(error: Exception) -> ServerUnavailableError:
    return ServerUnavailableError(
        f"The server does not answer ({type(error).__name__}). It is restarted by itself; models and endpoints are not affected.",
        remedy="Try again in a moment; see: flowyard status",
    )
