"""Embedding and reranking models of indexes, called by the gateway as everybody calls them."""

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from flowyard.catalog.errors import ModelNotLocalError, ModelUnknownError
from flowyard.catalog.service import Catalog
from flowyard.catalog.verify.ports import Keys
from flowyard.catalog.verify.probe import Subject
from flowyard.catalog.verify.subjects import Subjects
from flowyard.compute.ports import JobContext
from flowyard.foundation.bridge import Bridge
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.errors import PermissionDeniedError
from flowyard.identity.model import Caller
from flowyard.identity.permissions import allowed
from flowyard.rag.chunking.tokens import ApproximateTokenizer, ModelTokenizer, Tokenizer, longest_text
from flowyard.rag.embedding import Embedder, ModelEmbedder
from flowyard.rag.ports import Reranker

_JOB_NS, _QUESTIONS_NS = 7 * 24 * 3600 * NANOSECONDS, 3600 * NANOSECONDS
#: A key for questions is replaced so long before it ends.
_EARLY_NS = 600 * NANOSECONDS


class EmbeddingModels:
    """Implements `rag.building.job.Models` and `rag.service.Questions`.

    Args:
        catalog: the models of this machine.
        subjects: what a model's name means.
        keys: makes the keys that models are called with.
        gateway_url: where they are called.
    """

    def __init__(self, catalog: Catalog, subjects: Subjects, keys: Keys, gateway_url: str) -> None:
        self._catalog = catalog
        self._subjects = subjects
        self._keys = keys
        self._gateway_url = gateway_url
        self._bridge = Bridge()
        self._lock = threading.Lock()
        self._asking: dict[str, tuple[str, int]] = {}

    def check(self, caller: Caller, model: str) -> int | None:
        """See `Questions.check`."""
        subject = self._subjects.find(caller, model)
        if subject.place == "local" and subject.task != "embeddings":
            raise InvalidInputError(
                f"The model {model!r} is for {subject.task}, not for embeddings.",
                remedy="flowyard model list --task embeddings shows those that are.",
                location=Location(pointer="/embedding_model"),
            )
        return longest_text(self._catalog.card(model).context_length) if subject.place == "local" else None

    def tokenizer(self, model: str) -> Tokenizer:
        """See `Models.tokenizer`: a local model's own; for others tokens are counted approximately."""
        try:
            card, folder = self._catalog.card(model), self._catalog.folder(model)
        except (ModelUnknownError, ModelNotLocalError):
            return ApproximateTokenizer()
        file = card.engine.tokenizer_file if card.engine is not None else None
        return ModelTokenizer(folder / file, card.context_length) if file is not None else ApproximateTokenizer()

    @contextmanager
    def embedder(self, context: JobContext, model: str) -> Generator[Embedder]:
        """See `Models.embedder`. The key is the job's alone and ends with it."""
        scope = f"index:{context.job_id}"
        try:
            key = self._keys.issue(context.workspace_id, "index", "invoker", scope=scope, expires_ns=now_ns() + _JOB_NS)
            with self._client(key, model, context) as embedder:
                yield embedder
        finally:
            self._keys.revoke_scope(context.workspace_id, scope)

    def vector(self, workspace_id: str, model: str, text: str) -> Sequence[float]:
        """See `Questions.vector`."""
        with self._client(self._key(workspace_id), model, None) as embedder:
            [vector] = embedder.embed([text])
        return vector

    @contextmanager
    def _client(self, key: str, model: str, context: JobContext | None) -> Generator[Embedder]:
        # The client is 0.15 s of imports, which every process of the platform would pay at its start.
        from flowyard.inference.client import ModelClient
        from flowyard.inference.retries import PATIENT

        # A build waits as long as a service asks for; who asks a question would rather be told.
        client = ModelClient(f"{self._gateway_url}/v1", key, retries=PATIENT if context is not None else None)
        try:
            yield ModelEmbedder(client, model, self._bridge, context.check_canceled if context is not None else _go_on)
        finally:
            self._bridge.run(client.close())

    def reranker(self, caller: Caller, model: str) -> Reranker:
        """See `Questions.reranker`."""
        return _Reranking(f"{self._gateway_url}/v1", self._key(caller.workspace_id), self.reranking_call(caller, model))

    @contextmanager
    def reranking(self, context: JobContext, calls: dict[str, str]) -> Generator[dict[str, Reranker]]:
        """See `SearchModels.reranking`. The key is the job's alone and ends with it."""
        scope = f"index-rerank:{context.job_id}"
        try:
            key = self._keys.issue(context.workspace_id, "index", "invoker", scope=scope, expires_ns=now_ns() + _JOB_NS)
            yield {name: _Reranking(f"{self._gateway_url}/v1", key, call) for name, call in calls.items()}
        finally:
            self._keys.revoke_scope(context.workspace_id, scope)

    def reranking_call(self, caller: Caller, model: str) -> str:
        """Return the name that a reranking model is called by.

        Raises:
            InvalidInputError: it is no reranking model.
            PermissionDeniedError: it is behind a connection, which the caller may not call.
            ModelUnknownError, ModelNotCallableError: it is not there.
        """
        subject = self._subjects.find(caller, model)
        if subject.place == "endpoint" or (subject.place == "local" and subject.task != "rerank"):
            raise InvalidInputError(
                f"{model[:120]!r} is {'an endpoint' if subject.place == 'endpoint' else f'for {subject.task}'}, not a reranking model.",
                remedy="flowyard model list --task rerank shows those that there are; a connection's is <connection>/<model>.",
                location=Location(pointer="/rerank"),
            )
        _check_may_call(caller, subject, "Rerank by a local model")
        return subject.call

    def judging(self, caller: Caller, model: str) -> Subject:
        """Return a model that judges answers.

        Raises:
            InvalidInputError: it is for something else than chatting.
            PermissionDeniedError: it is behind a connection, which the caller may not call.
            ModelUnknownError, ModelNotCallableError: it is not there.
        """
        subject = self._subjects.find(caller, model)
        if subject.task != "chat-completion":
            raise InvalidInputError(
                f"{model[:120]!r} is for {subject.task}; answers are judged by a model that chats.",
                remedy="flowyard model list --task chat shows those that do; a connection's is <connection>/<model>.",
                location=Location(pointer="/answers/judge"),
            )
        _check_may_call(caller, subject, "Judge by a local model")
        return subject

    def _key(self, workspace_id: str) -> str:
        with self._lock:
            key, ends = self._asking.get(workspace_id, ("", 0))
            if ends - _EARLY_NS < now_ns():
                ends = now_ns() + _QUESTIONS_NS
                key = self._keys.issue(workspace_id, "index", "invoker", scope="index-questions", expires_ns=ends)
                self._asking[workspace_id] = (key, ends)
            return key


def _check_may_call(caller: Caller, subject: Subject, instead: str) -> None:
    if subject.place == "connection" and not allowed(caller.role, "models:invoke", caller.scope):
        raise PermissionDeniedError(
            f"The model {subject.model[:120]!r} is behind a connection, which the role {caller.role} may not call.",
            remedy=f"{instead}, or ask an owner for the role contributor.",
        )


class _Reranking:
    """`Reranker` by a model, with a client for each call."""

    def __init__(self, url: str, key: str, model: str) -> None:
        self._url = url
        self._key = key
        self._model = model

    def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        from flowyard.foundation import bridge
        from flowyard.inference.client import ModelClient
        from flowyard.rag.search.rerank import ModelReranker

        client = ModelClient(self._url, self._key)
        try:
            return ModelReranker(client, self._model).rerank(query, texts)
        finally:
            bridge.run(client.close())


def _go_on() -> None:
    """Nothing ends a question's embedding."""
