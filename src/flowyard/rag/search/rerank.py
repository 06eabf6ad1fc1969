"""Reranking by a model behind ``/rerank``, as Jina, Cohere, vLLM and the local engine have it: a cross-encoder."""

from collections.abc import Sequence

import msgspec

from flowyard.foundation import bridge
from flowyard.foundation.errors import FlowyardError
from flowyard.inference.client import ModelClient
from flowyard.rag.errors import RerankError


class _Result(msgspec.Struct):
    index: int
    relevance_score: float


class ModelReranker:
    """`rag.ports.Reranker` over a client, which is used on `foundation.bridge`'s event loop alone: a local model, or a connection's."""

    def __init__(self, client: ModelClient, model: str) -> None:
        self._client = client
        self._model = model

    def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker.rerank`."""
        body = {"model": self._model, "query": query, "documents": list(texts)}
        try:
            answer = bridge.run(self._client.rerank(body))
            results = msgspec.convert(answer.get("results"), list[_Result])
        except msgspec.ValidationError as error:
            raise self._wrong(f"answers with what are no scores: {error}") from error
        except FlowyardError as error:
            raise RerankError(f"The reranking model {self._model!r} cannot be asked: {error.message}", remedy=error.remedy) from error
        scores = {result.index: result.relevance_score for result in results}
        if set(scores) != set(range(len(texts))):
            raise self._wrong(f"scored {len(scores)} of {len(texts)} texts")
        return [scores[index] for index in range(len(texts))]

    def _wrong(self, what: str) -> RerankError:
        return RerankError(f"The reranking model {self._model!r} {what}.", remedy="Check that it is a reranking model.")
