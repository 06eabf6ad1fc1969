"""The real embedding model and reranker in the real engine, called by stock clients."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import openai
import pytest

from flowyard.catalog.service import Catalog
from flowyard.compute.processes.supervisor import Supervisor
from flowyard.inference.client import ModelClient
from flowyard.inference.errors import ModelAccessDeniedError, ModelRequestRefusedError
from flowyard.inference.providers.local import engine
from local_model import EMBEDDING_MODEL, RERANK_MODEL

pytestmark = pytest.mark.integration

Start = Callable[[str], Awaitable[tuple[str, str]]]


@pytest.fixture
async def start(encoder_store: Path, tmp_path: Path) -> AsyncIterator[Start]:
    supervisor = Supervisor(tmp_path / "logs")
    started: list[str] = []

    async def run(model: str) -> tuple[str, str]:
        wanted = Catalog(encoder_store).engine(model, "secret")
        status = await supervisor.ensure(wanted.process)
        started.append(wanted.process.name)
        assert status.address
        return status.address, wanted.key

    yield run
    for name in started:
        await supervisor.stop(name)


def dot(left: list[float], right: list[float]) -> float:
    return sum(x * y for x, y in zip(left, right, strict=True))


async def test_embeddings(start: Start) -> None:
    address, key = await start(EMBEDDING_MODEL)
    texts = ["a cat sits on the mat", "a kitten lies on the rug", "stock markets fell sharply", "word " * 400]
    async with openai.AsyncOpenAI(base_url=f"http://{address}/v1", api_key=key, max_retries=0) as stock:
        vectors = [item.embedding for item in (await stock.embeddings.create(model=EMBEDDING_MODEL, input=texts)).data]
        plain = (await stock.embeddings.create(model=EMBEDDING_MODEL, input=texts[0], encoding_format="float")).data[0].embedding
        alone = (await stock.embeddings.create(model=EMBEDDING_MODEL, input=texts[3])).data[0].embedding
    assert [len(vector) for vector in vectors] == [384] * 4
    assert all(dot(vector, vector) == pytest.approx(1, abs=1e-4) for vector in vectors)
    assert dot(vectors[0], vectors[1]) > dot(vectors[0], vectors[2]) + 0.2
    # What else is in the batch changes an int8 model's answer a little, and no more.
    assert dot(plain, vectors[0]) > 0.99
    assert alone == pytest.approx(vectors[3], abs=1e-6), "a long text is computed alone whatever else is asked"

    async with ModelClient.of(engine(address, key)) as client:
        refused: list[dict[str, Any]] = [
            {"input": [1, 2]},
            {"input": [[1, 2]]},
            {"input": []},
            {"input": ""},
            {"input": "x", "dimensions": 64},
            {"input": "word " * 600},
            {"input": "x", "encoding_format": "hex"},
            {},
        ]
        for body in refused:
            with pytest.raises(ModelRequestRefusedError):
                await client.embeddings(body)
        with pytest.raises(ModelRequestRefusedError, match="answers POST /v1/embeddings"):
            await client.chat({"messages": []})
        assert (await client.models())["data"][0]["id"] == EMBEDDING_MODEL
    async with ModelClient.of(engine(address, "wrong")) as stranger:
        with pytest.raises(ModelAccessDeniedError):
            await stranger.embeddings({"input": "x"})


async def test_rerank(start: Start) -> None:
    address, key = await start(RERANK_MODEL)
    documents = ["The stock market fell.", "Cats sleep curled up, twelve hours a day.", {"text": "Dogs sleep too."}]
    async with ModelClient.of(engine(address, key)) as client:
        answer = await client.rerank({"query": "how do cats sleep", "documents": documents, "top_n": 2, "return_documents": True})
        assert [result["index"] for result in answer["results"]] == [1, 2]
        assert answer["results"][0]["document"] == {"text": documents[1]}
        scores = [result["relevance_score"] for result in answer["results"]]
        assert 1 >= scores[0] > scores[1] >= 0
        long = await client.rerank({"query": "cats", "documents": ["cats " * 2000]})
        assert len(long["results"]) == 1
        with pytest.raises(ModelRequestRefusedError):
            await client.rerank({"query": "cats", "documents": []})
