"""One HTTP exchange with a model's server (aiohttp underneath): no retries, no meaning of the body."""

import asyncio
import urllib.request
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import aiohttp

from flowyard.foundation.version import __version__
from flowyard.inference.errors import ModelStreamCutError, ModelTimeoutError, ModelUnreachableError
from flowyard.inference.providers.base import Reply, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Bounds in seconds: to connect, to the first byte of an answer, for a silence at any time, and for all of a call with its retries.

    An answer that is not streamed is silence until it is whole: it may take what the openai package lets it take, ten minutes.
    """

    connect_s: float = 10.0
    first_byte_s: float = 600.0
    idle_s: float = 600.0
    total_s: float = 600.0


class HttpTransport:
    """Sends to any server; keeps connections open. Belongs to no event loop: each that uses it gets its own connections."""

    def __init__(self) -> None:
        self._sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()

    async def send(self, target: Target, body: bytes | None, headers: Mapping[str, str], timeouts: Timeouts) -> Reply:
        """Send one request and return when the status is there.

        Closing the reply's body before its end closes the connection, which tells the server to stop.

        Raises:
            ModelUnreachableError: no connection, or it broke before anything was answered.
            ModelTimeoutError: connecting or the first byte took too long.
        """
        sent = {"user-agent": f"flowyard/{__version__}", "content-type": "application/json", **target.headers, **headers}
        host = urlsplit(target.url).netloc
        limits = aiohttp.ClientTimeout(total=None, connect=timeouts.connect_s, sock_connect=timeouts.connect_s, sock_read=timeouts.idle_s)
        try:
            async with asyncio.timeout(timeouts.first_byte_s):
                answer = await self._session().request(
                    target.method, target.url, data=body, headers=sent, timeout=limits, proxy=_proxy(target.url), allow_redirects=False
                )
        except (aiohttp.ConnectionTimeoutError, aiohttp.SocketTimeoutError) as error:
            stage = "connect" if isinstance(error, aiohttp.ConnectionTimeoutError) else "answer"
            raise ModelTimeoutError(
                f"{host} did not {stage} in time.", remedy="Is it overloaded? Raise the timeout, or try later."
            ) from error
        except TimeoutError as error:
            raise ModelTimeoutError(
                f"{host} sent nothing for {timeouts.first_byte_s:g} s.", remedy="Is it overloaded? Raise the timeout, or try later."
            ) from error
        except (aiohttp.ClientError, OSError) as error:
            unreachable = ModelUnreachableError(
                f"{host} cannot be reached: {error or type(error).__name__}.", remedy="Check the connection's address and the network."
            )
            unreachable.reached = not isinstance(error, aiohttp.ClientConnectorError)
            raise unreachable from error
        return Reply(
            status=answer.status, headers={name.lower(): value for name, value in answer.headers.items()}, body=_pieces(answer, host)
        )

    async def close(self) -> None:
        """Close the connections of the running event loop."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.close()

    def _session(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None:
            # No bound on connections here: whoever calls bounds how much runs at once.
            session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30), auto_decompress=True)
            self._sessions[loop] = session
        return session


async def _pieces(answer: aiohttp.ClientResponse, host: str) -> AsyncGenerator[bytes, None]:
    try:
        while piece := await answer.content.readany():
            yield piece
    except (aiohttp.SocketTimeoutError, TimeoutError) as error:
        raise ModelTimeoutError(f"{host} fell silent in the middle of its answer.", remedy="Try again.") from error
    except (aiohttp.ClientError, OSError) as error:
        raise ModelStreamCutError(f"The connection to {host} broke in the middle of its answer.", remedy="Try again.") from error
    finally:
        # At the end of the body this keeps the connection for the next call; before it, it closes it.
        if answer.content.at_eof():
            answer.release()
        else:
            answer.close()


@lru_cache(maxsize=256)
def _proxy_of_host(scheme: str, host: str) -> str | None:
    if host == "localhost" or _is_loopback(host):
        return None
    return None if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(scheme)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _proxy(url: str) -> str | None:
    parts = urlsplit(url)
    return _proxy_of_host(parts.scheme, parts.hostname or "")
