"""How a local model is run: the part of a model card that an engine reads."""

import hashlib
import hmac
from typing import Literal

import msgspec

EngineKind = Literal["llamacpp", "onnx", "vllm"]
EngineTask = Literal["chat", "embedding", "rerank"]
#: In which format llama.cpp keeps keys and values of what it has read: 16 bits, or blocks of 8 or 4.
CacheType = Literal["f16", "q8_0", "q4_0"]


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of one model's engine.

    Attributes:
        model_file: the weights, a name in the model's folder; vLLM takes the whole folder.
        tokenizer_file: a ``tokenizer.json`` in the model's folder; llama.cpp has its tokenizer in the weights.
        context: tokens of one request, prompt and answer together.
        parallel: requests that are computed at once; each has `context` of its own.
        cache_type: of llama.cpp's cached keys and values; those with fewer bits take less memory and cost a little accuracy.
        pooling: how an encoder's token vectors become one: that of ``[CLS]``, or the mean.
    """

    kind: EngineKind
    task: EngineTask
    model_file: str
    tokenizer_file: str | None = None
    context: int = 4096
    parallel: int = 4
    cache_type: CacheType = "f16"
    pooling: Literal["cls", "mean"] = "cls"


def engine_key(secret: str, name: str) -> str:
    """Return the key of the engine of the model `name`: the same for every process that knows `secret`, and nothing to guess.

    An engine's process is known by its whole spec, key included, so all who ask for it must give the same.
    """
    return hmac.new(secret.encode(), f"engine/{name}".encode(), hashlib.sha256).hexdigest()
