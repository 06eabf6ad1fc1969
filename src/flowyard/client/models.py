"""The model catalog, from Python."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePath
from urllib.parse import quote, urlencode

from flowyard.client.model_comparisons import ModelComparisons
from flowyard.client.model_verifications import ModelVerifications
from flowyard.client.transport import Transport
from flowyard.wire.jobs import Job
from flowyard.wire.model_fit import ModelFit
from flowyard.wire.models import Model, ModelImportCreate, ModelPage


class Models:
    """The models of the catalog and their files on the server's machine."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        #: What models were seen to do when they were tried.
        self.verifications = ModelVerifications(transport)
        #: Models side by side on data of the workspace.
        self.comparisons = ModelComparisons(transport)

    def list(self, text: str = "", **filters: Sequence[str] | str) -> tuple[Model, ...]:
        """Return the models that fit, by name: see `search`."""
        return self.search(text, **filters).items

    def search(self, text: str = "", **filters: Sequence[str] | str) -> ModelPage:
        """Return the models that fit, by name, with the counts of what further filters would leave.

        Args:
            text: words that are all in the card.
            filters: values by field, one or several: ``task="chat", license="permissive", runs_here="yes"``. The fields are
                collection, publisher, task, license, license_name, size, fine_tunable, runs_here, tool_use, access, state, lifecycle,
                language and modality.
        """
        asked = [(name, word) for name, words in filters.items() for word in ([words] if isinstance(words, str) else words)]
        query = urlencode([*([("q", text)] if text else []), *asked])
        return self._transport.get(f"models?{query}" if query else "models", ModelPage)

    def get(self, name: str) -> Model:
        """Return one model's card and state."""
        return self._transport.get(_path(name), Model)

    def fit(
        self,
        name: str,
        *,
        context: int | None = None,
        concurrency: int | None = None,
        cache_type: str | None = None,
        quantization: str | None = None,
    ) -> ModelFit:
        """Return whether a model fits into the memory of the server's machine, counted before anything is downloaded.

        Args:
            name: the model.
            context: tokens of one request; None: as its card runs it.
            concurrency: requests at once.
            cache_type: of cached keys and values: f16, q8_0, q4_0.
            quantization: of the weights, for models whose files are not chosen yet: bf16, q8_0, q4_0.
        """
        asked = {"context": context, "concurrency": concurrency, "cache_type": cache_type, "quantization": quantization}
        return self._transport.get(_path(name, "fit"), ModelFit, params=asked)

    def pull(self, name: str, *, connection: str | None = None) -> Job:
        """Start to download a model and return the job (``ws.jobs.wait`` follows it). `connection` keeps a hub's token."""
        return self._transport.post(_path(name, "pull"), Job, params={"connection": connection} if connection else None)

    def import_(
        self,
        source: str | Path,
        *,
        name: str | None = None,
        files: Sequence[str] = (),
        connection: str | None = None,
        license: str | None = None,  # noqa: A002 - the field's word
    ) -> Job:
        """Start to import a model and return the job.

        Args:
            source: ``hf:organization/name[@revision]``, ``file:///folder`` of the server, or a file or folder here, which is uploaded.
            name: the model's in the catalog; None makes one of the source's.
            files: which GGUF file to take, where the choice is not left to the server.
            connection: of type custom, with a hub's token as its secret ``token``.
            license: what it is, where the source does not say.

        Raises:
            RemoteError: the server refuses it; the problem says why.
        """
        from flowyard.client.runs import Runs

        text = str(source)
        if not text.startswith(("hf:", "file:/", "upload:")):
            name = name or _name_of(text)
            text = Runs(self._transport).upload(text)
        order = ModelImportCreate(source=text, name=name, files=tuple(files), connection=connection, license=license)
        return self._transport.post("model-imports", Job, body=order)

    def verify(self, name: str) -> Model:
        """Compare the hashes of a model's files; the model comes back as ``ready`` or ``damaged``."""
        return self._transport.post(_path(name, "verify"), Model)

    def remove(self, name: str) -> None:
        """Delete a model's files on the server's machine."""
        self._transport.delete(_path(name))


def _name_of(source: str) -> str:
    last = PurePath(source).name.lower().removesuffix(".gguf").removesuffix(".safetensors")
    return re.sub(r"[^a-z0-9._-]+", "-", last).strip("-._")[:64]


def _path(name: str, *rest: str) -> str:
    return "/".join(("models", quote(name, safe=""), *rest))
