"""Jupyter's own HTTP API, as far as the platform asks it."""

from dataclasses import dataclass, field
from urllib.parse import quote

import urllib3

from flowyard.foundation.codecs import decode, from_json, to_json
from flowyard.foundation.errors import FlowyardError
from flowyard.notebooks.errors import NotebookStoppedError

_TIMEOUT = urllib3.Timeout(connect=2.0, read=20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kernel:
    execution_state: str


@dataclass(frozen=True, slots=True)
class Jupyter:
    """A running Jupyter server: where it listens (``host:port``), the path below which it answers, and what opens it."""

    address: str
    base: str
    token: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """What a request that comes from its door has."""
        return {"Authorization": f"token {self.token}"}

    def place(self, path: str, content: bytes) -> None:
        """Write a notebook where there is none of this path. One that is there stays as it is. Blocks.

        Raises:
            NotebookStoppedError: Jupyter does not answer, or cannot write it.
        """
        address = f"api/contents/{quote(path)}"
        if self._ask("GET", f"{address}?content=0").status != 404:
            return
        body = to_json({"type": "notebook", "format": "json", "content": from_json(content)})
        answer = self._ask("PUT", address, body)
        if answer.status >= 300:
            told = answer.data[:300].decode("utf-8", "replace")
            raise NotebookStoppedError(f"Jupyter could not write {path!r}: {told}", remedy="Is there room in the home folder?")

    def busy(self) -> bool:
        """Return whether a kernel computes. Blocks."""
        try:
            kernels = decode(self._ask("GET", "api/kernels").data, list[_Kernel])
        except FlowyardError:
            return False
        return any(kernel.execution_state == "busy" for kernel in kernels)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> urllib3.BaseHTTPResponse:
        url = f"http://{self.address}{self.base}{path}"
        try:
            return urllib3.request(method, url, body=body, headers=self.headers, timeout=_TIMEOUT, retries=False)
        except urllib3.exceptions.HTTPError as error:
            raise NotebookStoppedError("Jupyter does not answer.", remedy="Open the notebook again.") from error
