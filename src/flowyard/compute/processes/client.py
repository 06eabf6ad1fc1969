"""The supervisor, seen from gateway, server and worker."""

from typing import Any, TypeVar
from urllib.parse import quote

import urllib3

from flowyard.compute.errors import ProcessFailedError, ProcessNotReadyError, SupervisorUnavailableError
from flowyard.compute.model import ProcessSpec, ProcessStatus
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import FlowyardError, Problem, RemoteError

T = TypeVar("T")

_MARGIN_S = 15.0
_QUICK_S = 10.0
_LONGEST_STOP_S = 120.0


class SupervisorHost:
    """Implements `compute.ports.ProcessHost` over the control port at `address` (``host:port``). Threads may share it."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self._url = f"http://{address}"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._pool = urllib3.PoolManager(maxsize=16, retries=False)

    def ensure(self, spec: ProcessSpec, *, wait_s: float | None = None) -> ProcessStatus:
        """As `ProcessHost.ensure`."""
        query = "" if wait_s is None else f"?wait_s={wait_s:g}"
        limit = (spec.ready_timeout_s if wait_s is None else wait_s) + _MARGIN_S
        return decode(self._call("PUT", f"/processes{query}", limit, to_json(spec)), ProcessStatus)

    def get(self, name: str) -> ProcessStatus | None:
        """As `ProcessHost.get`."""
        try:
            return decode(self._call("GET", f"/processes/{quote(name)}"), ProcessStatus)
        except RemoteError as error:
            if error.remote.status == 404:
                return None
            raise

    def find(self, prefix: str = "") -> list[ProcessStatus]:
        """As `ProcessHost.find`."""
        return decode(self._call("GET", f"/processes?prefix={quote(prefix, safe='')}"), list[ProcessStatus])

    def touch(self, name: str) -> bool:
        """As `ProcessHost.touch`."""
        return decode(self._call("POST", f"/touch/{quote(name)}"), bool)

    def stop(self, name: str) -> None:
        """As `ProcessHost.stop`."""
        self._call("DELETE", f"/processes/{quote(name)}", _LONGEST_STOP_S)

    def logs(self, name: str, *, tail: int = 200) -> list[str]:
        """As `ProcessHost.logs`."""
        return decode(self._call("GET", f"/logs/{quote(name)}?tail={tail}"), list[str])

    def _call(self, method: str, path: str, limit_s: float = _QUICK_S, body: bytes | None = None) -> bytes:
        timeout = urllib3.Timeout(connect=5.0, read=limit_s)
        try:
            response = self._pool.request(method, self._url + path, body=body, headers=self._headers, timeout=timeout)
        except urllib3.exceptions.HTTPError as error:
            raise SupervisorUnavailableError(
                f"The supervisor at {self._url} does not answer: {error}.", remedy="Is it running? See: flowyard status"
            ) from error
        if response.status >= 400:
            raise _error(response.data, response.status)
        return response.data


def _error(body: bytes, status: int) -> FlowyardError:
    try:
        problem = decode(body, Problem)
    except FlowyardError:
        return SupervisorUnavailableError(f"The supervisor answered {status} with no problem details.")
    kinds: dict[str, type[FlowyardError]] = {
        kind.code: kind for kind in (ProcessFailedError, ProcessNotReadyError, SupervisorUnavailableError)
    }
    kind: Any = kinds.get(problem.code)
    if kind is None:
        return RemoteError(problem)
    return kind(problem.detail, remedy=problem.remedy, extra=problem.extra)
