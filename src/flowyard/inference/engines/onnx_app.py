"""The HTTP side of the ONNX engine: ``/v1/embeddings`` as OpenAI has it, ``/v1/rerank`` as Jina, Cohere and vLLM have it."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import msgspec

from flowyard.foundation.codecs import decode
from flowyard.foundation.errors import FlowyardError, InvalidInputError, Location
from flowyard.inference.engines.onnx_models import Encoder, OnnxMessage
from flowyard.inference.jsonvalues import as_list, as_object
from flowyard.inference.providers import openai_shapes as shapes

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_MOST_TEXTS = 2048


class EmbeddingsRequest(msgspec.Struct, frozen=True):
    """What ``/v1/embeddings`` reads; other keys (`user`, …) are ignored. `input` is looked at by hand, to say clearly what is wrong."""

    input: Any
    model: str = ""
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None


class RerankRequest(msgspec.Struct, frozen=True):
    """What ``/v1/rerank`` reads."""

    query: str
    documents: list[Any]
    model: str = ""
    top_n: int | None = None
    return_documents: bool = False


class OnnxApp:
    """The ASGI app over one encoder. Computing runs on one thread of its own, so health answers meanwhile."""

    def __init__(self, encoder: Encoder, message: OnnxMessage) -> None:
        self._encoder = encoder
        self._message = message
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI 3 defines it."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        status, answer = await self._answer(scope, receive)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": msgspec.json.encode(answer)})

    async def _answer(self, scope: dict[str, Any], receive: Receive) -> tuple[int, Any]:
        route = (scope["method"], scope["path"])
        if route == ("GET", "/health"):
            return 200, {"status": "ok"}
        if not self._is_open(scope):
            return 401, _error("Missing or wrong key.", "invalid_request_error")
        if route == ("GET", "/v1/models"):
            return 200, shapes.model_list([self._message.alias])
        wanted = "/v1/embeddings" if self._message.task == "embedding" else "/v1/rerank"
        if route != ("POST", wanted):
            return 404, _error(f"{self._message.alias!r} answers POST {wanted}, and not {' '.join(route)}.", "invalid_request_error")
        return await self._compute(await _body(receive))

    async def _compute(self, body: bytes) -> tuple[int, Any]:
        work = self._embed if self._message.task == "embedding" else self._rerank
        try:
            return 200, await asyncio.get_running_loop().run_in_executor(self._thread, work, body)
        except FlowyardError as error:
            wrong = isinstance(error, InvalidInputError)
            return 400 if wrong else error.status, _error(str(error), "invalid_request_error" if wrong else "server_error")

    def _embed(self, body: bytes) -> dict[str, Any]:
        request = decode(body, EmbeddingsRequest)
        if request.dimensions is not None:
            raise InvalidInputError(
                "dimensions is not supported: the model was not trained to be shortened.",
                remedy="Leave it out.",
                location=Location(pointer="/dimensions"),
            )
        texts = [request.input] if isinstance(request.input, str) else request.input
        vectors, tokens = self._encoder.embed(_texts(texts, "input"))
        return shapes.embedding_list(vectors, self._message.alias, tokens, as_base64=request.encoding_format == "base64")

    def _rerank(self, body: bytes) -> dict[str, Any]:
        request = decode(body, RerankRequest)
        documents = _texts([as_object(item).get("text") if isinstance(item, dict) else item for item in request.documents], "documents")
        scores, tokens = self._encoder.rerank(request.query, documents)
        order = sorted(range(len(scores)), key=lambda index: (-scores[index], index))
        results = [
            {"index": index, "relevance_score": scores[index]}
            | ({"document": {"text": documents[index]}} if request.return_documents else {})
            for index in order[: request.top_n]
        ]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {"object": "list", "model": self._message.alias, "results": results, "usage": usage}

    def _is_open(self, scope: dict[str, Any]) -> bool:
        given = dict(scope["headers"]).get(b"authorization", b"")
        return hmac.compare_digest(given, f"Bearer {self._message.api_key}".encode())

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self._thread.shutdown()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


def _texts(given: Any, name: str) -> list[str]:
    texts = as_list(given)
    if not texts:
        raise InvalidInputError(
            f"{name} is empty or no list of texts.", remedy="Send at least one text.", location=Location(pointer=f"/{name}")
        )
    if len(texts) > _MOST_TEXTS:
        raise InvalidInputError(f"{name} has {len(texts)} texts; at most {_MOST_TEXTS} go into one call.", remedy="Split it.")
    for index, text in enumerate(texts):
        if isinstance(text, int | list):
            raise InvalidInputError(
                f"{name}/{index} is made of token numbers, which differ from model to model.",
                remedy="Send text (LangChain: check_embedding_ctx_length=False).",
                location=Location(pointer=f"/{name}/{index}"),
            )
        if not isinstance(text, str) or not text:
            raise InvalidInputError(
                f"{name}/{index} is empty or no text.",
                remedy="Send a text, or leave it out.",
                location=Location(pointer=f"/{name}/{index}"),
            )
    return texts


def _error(message: str, kind: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


async def _body(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)
