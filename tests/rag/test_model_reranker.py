"""Reranking by a model behind ``/rerank``: its scores come back in the order of the texts, and what is wrong is said."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from flowyard.foundation import bridge
from flowyard.inference.client import ModelClient
from flowyard.inference.retries import Retries
from flowyard.rag.errors import RerankError
from flowyard.rag.search.rerank import ModelReranker
from support.asgi_server import serving
from support.recording_upstream import Upstream


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
def reranker(upstream: Upstream) -> Iterator[ModelReranker]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await upstream(scope, receive, send)
            return
        for _ in range(2):  # its start and its end
            message = await receive()
            await send({"type": f"{message['type']}.complete"})

    with serving(app) as address:
        client = ModelClient(f"{address}/v1", retries=Retries(attempts=1))
        yield ModelReranker(client, "cross-encoder")
        bridge.run(client.close())


def answer(upstream: Upstream, status: int, content: object) -> None:
    upstream.answers["/v1/rerank"] = (status, b"application/json", json.dumps(content).encode())


def test_scores_are_in_the_order_of_the_texts(upstream: Upstream, reranker: ModelReranker) -> None:
    answer(upstream, 200, {"results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.25}]})
    assert reranker.rerank("why", ["first", "second"]) == [0.25, 0.9]
    assert upstream.seen[0].json() == {"model": "cross-encoder", "query": "why", "documents": ["first", "second"]}


@pytest.mark.parametrize(
    ("status", "content", "reason"),
    [
        (200, {"results": [{"index": 0, "relevance_score": 1.0}]}, "scored 1 of 2 texts"),
        (200, {"results": [{"index": 0, "score": 1.0}]}, "no scores"),
        (200, {"data": []}, "no scores"),
        (500, {"error": {"message": "out of memory"}}, "out of memory"),
        (404, {"error": {"message": "no such model"}}, "no such model"),
    ],
)
def test_what_is_no_answer_says_so(upstream: Upstream, reranker: ModelReranker, status: int, content: object, reason: str) -> None:
    answer(upstream, status, content)
    with pytest.raises(RerankError, match=reason) as raised:
        reranker.rerank("why", ["first", "second"])
    assert "'cross-encoder'" in str(raised.value)
