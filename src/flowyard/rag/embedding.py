"""Vectors of many texts, by whatever model answers ``/v1/embeddings``."""

import math
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from flowyard.foundation.bridge import Bridge
from flowyard.inference.client import ModelClient
from flowyard.rag.errors import EmbeddingMismatchError

#: So many texts are sent at once, and so many of their characters: services take 2,048 texts, local engines are fed steadily by fewer.
_TEXTS, _CHARACTERS = 64, 100_000


class Embedder(Protocol):
    """A model that makes vectors."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each text, in order.

        Raises:
            FlowyardError: the model does not answer, or takes none of the texts.
            EmbeddingMismatchError: what it answers are no vectors.
        """
        ...


class _Item(msgspec.Struct):
    index: int
    embedding: list[float]


class ModelEmbedder:
    """Embeds over a client, which waits and tries again where a service asks for that.

    Args:
        client: belongs to `bridge`'s event loop.
        model: as ``/v1`` knows it.
        bridge: where calls run.
        check: is called between requests and ends the work by raising.
    """

    def __init__(self, client: ModelClient, model: str, bridge: Bridge, check: Callable[[], None]) -> None:
        self._client = client
        self._model = model
        self._bridge = bridge
        self._check = check

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """See `Embedder.embed`."""
        vectors = list[list[float]]()
        for batch in _batches(texts):
            self._check()
            vectors += self._asked(batch)
        return vectors

    def _asked(self, texts: Sequence[str]) -> list[list[float]]:
        answer = self._bridge.run(self._client.embeddings({"model": self._model, "input": list(texts)}))
        try:
            items = msgspec.convert(answer.get("data"), list[_Item])
        except msgspec.ValidationError as error:
            raise EmbeddingMismatchError(f"What {self._model!r} answers are no embeddings: {error}.", remedy=_CHECK) from error
        found = {item.index: item.embedding for item in items}
        if set(found) != set(range(len(texts))):
            raise EmbeddingMismatchError(f"{self._model!r} embedded {len(found)} of {len(texts)} texts.", remedy=_CHECK)
        vectors = [found[index] for index in range(len(texts))]
        if len({len(vector) for vector in vectors}) > 1 or not all(math.isfinite(number) for vector in vectors for number in vector):
            raise EmbeddingMismatchError(
                f"{self._model!r} answers vectors of several lengths, or with numbers that are none.", remedy=_CHECK
            )
        return vectors


_CHECK = "Check that it is an embedding model."


def _batches(texts: Sequence[str]) -> list[list[str]]:
    """Divide texts into requests; a text alone is one however long it is."""
    batches, room = list[list[str]](), 0
    for text in texts:
        if not batches or len(batches[-1]) == _TEXTS or len(text) > room:
            batches.append([])
            room = _CHARACTERS
        batches[-1].append(text)
        room -= len(text)
    return batches
