"""The model catalog, from Python."""

from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.wire.jobs import Job
from flowyard.wire.models import Model
from flowyard.wire.shared import Page


class Models:
    """The models of the catalog and their files on the server's machine."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[Model, ...]:
        """Return all models, by name."""
        return self._transport.get("models", Page[Model]).items

    def get(self, name: str) -> Model:
        """Return one model's card and state."""
        return self._transport.get(_path(name), Model)

    def pull(self, name: str) -> Job:
        """Start to download a model and return the job (``ws.jobs.wait`` follows it)."""
        return self._transport.post(_path(name, "pull"), Job)

    def verify(self, name: str) -> Model:
        """Compare the hashes of a model's files; the model comes back as ``ready`` or ``damaged``."""
        return self._transport.post(_path(name, "verify"), Model)

    def remove(self, name: str) -> None:
        """Delete a model's files on the server's machine."""
        self._transport.delete(_path(name))


def _path(name: str, *rest: str) -> str:
    return "/".join(("models", quote(name, safe=""), *rest))
