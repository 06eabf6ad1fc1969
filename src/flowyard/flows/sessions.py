"""Session processes: one for each user and flow, started at the first test, stopped when nobody tests."""

import json
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from flowyard.compute.model import ProcessSpec
from flowyard.compute.ports import ProcessHost
from flowyard.flows.errors import SessionError
from flowyard.flows.inspect import tool_connections
from flowyard.flows.platform_ports import ConnectionSource, ProcessKeys
from flowyard.flows.serving.app import TOKEN_HEADER
from flowyard.flows.session import SessionMessage
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import decode, plain
from flowyard.foundation.errors import Problem, RemoteError
from flowyard.foundation.ids import new_secret
from flowyard.identity.model import Caller

IDLE_S = 1800.0
#: More sessions than this at once: the one that rested longest is stopped.
LIMIT = 24
_KEY_NS = 24 * 3600 * NANOSECONDS
_TEST_TIMEOUT_S = 3600


@dataclass(frozen=True, slots=True)
class SessionTarget:
    """A running session: where it listens, and the token that opens it."""

    name: str
    address: str
    token: str


@dataclass(frozen=True, slots=True)
class _Secrets:
    token: str
    api_key: str
    expires_ns: int


class Sessions:
    """Keeps sessions running.

    Args:
        host: runs processes.
        keys: makes the keys with which sessions call the gateway.
        connections: what Python nodes get.
        gateway_url: the gateway's address, asked for when a session starts.
        spools: the folder for spans.
    """

    def __init__(
        self, host: ProcessHost, keys: ProcessKeys, connections: ConnectionSource, gateway_url: Callable[[], str], spools: Path
    ) -> None:
        self._host = host
        self._keys = keys
        self._connections = connections
        self._gateway_url = gateway_url
        self._spools = spools
        self._secrets: OrderedDict[str, _Secrets] = OrderedDict()
        self._lock = threading.Lock()

    def ensure(self, caller: Caller, flow: str, folder: Path) -> SessionTarget:
        """Return the caller's session of a flow, started when it does not run. Blocks.

        Raises:
            ProcessFailedError, ProcessNotReadyError: it cannot start; the message has its last log lines.
        """
        name = f"session/{caller.workspace}/{_slug(caller.actor)}/{flow}"
        secrets = self._secrets_of(name, caller)
        known = {found.name: found for found in self._connections.resolve_all(caller.workspace_id)}
        named = sorted(tool_connections(folder, known))
        message = SessionMessage(
            folder=str(folder),
            flow=flow,
            workspace_id=caller.workspace_id,
            gateway_url=self._gateway_url(),
            api_key=secrets.api_key,
            token=secrets.token,
            spools=str(self._spools / caller.workspace_id),
            connections={
                key: {"type": known[key].type, "configs": dict(known[key].configs), "secrets": dict(known[key].secrets)} for key in named
            },
            user_id=caller.actor,
        )
        status = self._host.ensure(
            ProcessSpec(
                name=name,
                module="flowyard.flows.session",
                message=plain(message),
                working_directory=str(folder),
                ready_timeout_s=30,
                idle_timeout_s=IDLE_S,
                stop_timeout_s=3,
            )
        )
        self._host.touch(name)
        self._stop_surplus()
        if status.address is None:
            raise SessionError(f"The session {name!r} has no address.", remedy="Try again; its log says more.")
        return SessionTarget(name, status.address, secrets.token)

    def stop(self, workspace: str, flow: str, workspace_id: str) -> None:
        """Stop all sessions of a flow, and take their keys back."""
        for status in self._host.find(f"session/{workspace}/"):
            if status.name.rpartition("/")[2] == flow:
                self._host.stop(status.name)
                with self._lock:
                    self._secrets.pop(status.name, None)
                self._keys.revoke_scope(workspace_id, f"session:{status.name}")

    def _secrets_of(self, name: str, caller: Caller) -> _Secrets:
        """Return the session's secrets: the same ones as long as its key lives, so that its process is kept."""
        with self._lock:
            found = self._secrets.get(name)
            if found is None or found.expires_ns - now_ns() < _KEY_NS // 12:
                expires = now_ns() + _KEY_NS
                key = self._keys.issue(caller.workspace_id, name, "invoker", scope=f"session:{name}", expires_ns=expires)
                found = _Secrets(new_secret("ses"), key, expires)
                self._secrets[name] = found
            self._secrets.move_to_end(name)
            return found

    def _stop_surplus(self) -> None:
        with self._lock:
            surplus = [self._secrets.popitem(last=False)[0] for _ in range(len(self._secrets) - LIMIT)]
        for name in surplus:
            self._host.stop(name)


def _slug(actor: str) -> str:
    return "".join(char if char.isalnum() or char in "-_." else "-" for char in actor)


class TestStream:
    """An open test run: the raw stream of events from the session. Close it to cancel the run."""

    __test__ = False

    def __init__(self, client: aiohttp.ClientSession, response: aiohttp.ClientResponse) -> None:
        self._client = client
        self._response = response

    @classmethod
    async def open(cls, target: SessionTarget, body: bytes, traceparent: str | None) -> "TestStream":
        """Begin a run.

        Raises:
            RemoteError: the flow cannot be loaded, or the inputs do not fit; as the session says it.
            SessionError: the session does not answer.
        """
        client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TEST_TIMEOUT_S, sock_connect=10))
        headers = {TOKEN_HEADER.decode(): target.token, "content-type": "application/json"}
        if traceparent:
            headers["traceparent"] = traceparent
        try:
            response = await client.post(f"http://{target.address}/test", data=body, headers=headers)
            await _check(response)
        except aiohttp.ClientError as error:
            await client.close()
            raise SessionError(f"The flow's session does not answer: {error}.", remedy="Try again; its log says more.") from error
        except BaseException:
            await client.close()
            raise
        return cls(client, response)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the stream's bytes as they come; closes at the end, however it comes."""
        try:
            async for chunk in self._response.content.iter_any():
                yield chunk
        except aiohttp.ClientError as error:
            raise SessionError(f"The flow's session broke off: {error}.", remedy="Its log says more.") from error
        finally:
            await self.close()

    async def last(self) -> dict[str, Any]:
        """Return the last event, ``ended``, when the run has ended.

        Raises:
            SessionError: the stream broke off.
        """
        data = b"".join([chunk async for chunk in self.chunks()])
        events = [line[6:] for line in data.split(b"\n") if line.startswith(b"data: ")]
        found: dict[str, Any] = json.loads(events[-1]) if events else {}
        if found.get("kind") != "ended":
            raise SessionError("The flow's session broke off before the run ended.", remedy="Its log says more.")
        return found

    async def close(self) -> None:
        """Close the connection; the session cancels a run that goes on."""
        self._response.close()
        await self._client.close()


async def _check(response: aiohttp.ClientResponse) -> None:
    if response.status < 400:
        return
    values = decode(await response.read(), dict[str, Any])
    values.pop("error", None)
    raise RemoteError(decode(json.dumps(values), Problem))
