"""Which models a search may be reranked by, and for whom; the key that they are asked with is the platform's."""

import json
from typing import Any, cast

import pytest

from flowyard.catalog.verify.probe import Subject
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.errors import PermissionDeniedError
from flowyard.identity.model import Caller
from flowyard.rag.models import EmbeddingModels
from support.asgi_server import serving
from support.recording_upstream import Upstream

SUBJECTS = {
    "cross-encoder": Subject(model="cross-encoder", call="cross-encoder", place="local", task="rerank"),
    "bge": Subject(model="bge", call="bge", place="local", task="embeddings"),
    "jina/reranker": Subject(model="jina/reranker", call="jina/reranker", place="connection"),
    "endpoint:chat": Subject(model="endpoint:chat", call="endpoint:chat", place="endpoint"),
}


class Known:
    def find(self, caller: Caller, name: str) -> Subject:
        del caller
        return SUBJECTS[name]


class Keys:
    def issue(self, workspace_id: str, name: str, role: str, **rest: Any) -> str:
        del rest
        return f"{workspace_id}-{name}-{role}"


def models(url: str = "http://127.0.0.1:9") -> EmbeddingModels:
    return EmbeddingModels(cast("Any", None), cast("Any", Known()), cast("Any", Keys()), url)


def caller(role: Any) -> Caller:
    return Caller(workspace_id="w1", workspace="w", actor="ann", kind="user", role=role)


@pytest.mark.parametrize("name", ["bge", "endpoint:chat"])
def test_what_is_no_reranking_model_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match="not a reranking model"):
        models().reranker(caller("owner"), name)


def test_a_reader_reranks_by_local_models_only() -> None:
    assert models().reranker(caller("reader"), "cross-encoder")
    with pytest.raises(PermissionDeniedError, match="role reader may not call"):
        models().reranker(caller("reader"), "jina/reranker")
    for role in ("owner", "contributor", "invoker"):
        assert models().reranker(caller(role), "jina/reranker")


def test_the_gateway_is_asked_with_the_platforms_key() -> None:
    upstream = Upstream()
    upstream.answers["/v1/rerank"] = (
        200,
        b"application/json",
        json.dumps({"results": [{"index": 0, "relevance_score": 0.1}, {"index": 1, "relevance_score": 0.7}]}).encode(),
    )

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await upstream(scope, receive, send)
            return
        for _ in range(2):  # its start and its end
            message = await receive()
            await send({"type": f"{message['type']}.complete"})

    with serving(app) as address:
        assert models(address).reranker(caller("owner"), "jina/reranker").rerank("why", ["a", "b"]) == [0.1, 0.7]
    assert upstream.seen[0].json()["model"] == "jina/reranker"
    assert dict(upstream.seen[0].headers)["authorization"] == "Bearer w1-index-invoker"
