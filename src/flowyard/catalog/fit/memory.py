"""How much memory an engine takes for a model, from the numbers of its architecture."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

from flowyard.catalog.facts import Architecture
from flowyard.inference.engines.onnx_models import AT_ONCE
from flowyard.inference.engines.settings import CacheType, EngineKind

#: Bytes of one cached number: those of ggml's blocks, scales included (ggml-common.h).
CACHE_BYTES: dict[CacheType, float] = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}

#: llama.cpp computes so many tokens of prompts at once (its n_ubatch), and rounds a context up to a multiple of the second number.
_AT_ONCE, _CONTEXT_STEP = 512, 256
#: An engine's interpreter, libraries and buffers with no model in it, as measured with SmolLM2 and bge-small; of vLLM as its
#: documentation has it: the CUDA context, kernels, graphs and activations.
_PROCESS: dict[EngineKind, int] = {"llamacpp": 47_000_000, "onnx": 108_000_000, "vllm": 2_500_000_000}
#: The text, score and hash entries of one token and its merges in a vocabulary that is loaded, as measured.
_TOKEN_BYTES = 450
#: What ONNX Runtime's arena takes when computations run side by side: what one gives back seldom fits what another asks for, as measured.
_SIDE_BY_SIDE = 1.6
#: Of these families every n-th layer sees all of the context, the others no more than the sliding window (their config.json).
_FULL_LAYER_EVERY = {"gemma2": 2, "gemma3": 6, "gpt-oss": 2, "cohere2": 4}

Part = Literal["weights", "kv_cache", "compute", "overhead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a model is to do: tokens of one request, requests at once (for encoders: texts), and the type of cached keys and values."""

    context: int
    concurrency: int
    cache_type: CacheType = "f16"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What an engine takes, bytes: the weights, cached keys and values, buffers of the computation, and all else."""

    weights: int
    kv_cache: int
    compute: int
    overhead: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.kv_cache + self.compute + self.overhead


def need_of(given: Architecture, weights: int, engine: EngineKind, load: Load) -> Need | None:
    """Return what the engine takes for a model whose files have `weights` bytes, at its peak; None where a number is not known.

    Weights are mapped or read as they are. A token's keys and values take 2 x layers x kv_heads x head_dim numbers (Pope et al. 2022,
    Efficiently scaling transformer inference, section 2; grouped queries as in Ainslie et al. 2023), and each request has room for all
    of its context. Buffers are those of llama.cpp's graph for 512 tokens: activations of about 8 hidden sizes and the attention's mask
    in 32 and 16 bits; with flash attention, which it turns on by itself, no matrix of scores. For encoders they are the scores before
    and after the softmax and 6 hidden sizes, in 32 bits, of all texts at once.

    Held within 15 % of what the local models are measured to take by ``tests/catalog/test_fit_measured.py``.
    """
    cached = cache_bytes(given, load) if engine != "onnx" else 0
    if cached is None or given.hidden_size is None or given.vocabulary is None:
        return None
    hidden, context = given.hidden_size, load.context
    if engine == "onnx":
        if given.attention_heads is None:
            return None
        texts = min(load.concurrency, AT_ONCE)
        compute = texts * 4 * context * (2 * given.attention_heads * context + 6 * hidden)
        compute = round(compute * _SIDE_BY_SIDE) if texts > 1 else compute
    else:
        compute = _AT_ONCE * (32 * hidden + 6 * _rounded(context)) + 4 * load.concurrency * given.vocabulary
    return Need(weights=weights, kv_cache=cached, compute=compute, overhead=_PROCESS[engine] + _TOKEN_BYTES * given.vocabulary)


def cache_bytes(given: Architecture, load: Load) -> int | None:
    """Return the bytes of cached keys and values of all requests; None where a number is not known."""
    layers, heads, size = given.layers, given.kv_heads, given.head_dim
    if layers is None or heads is None or size is None:
        return None
    seen, window, every = _rounded(load.context), given.sliding_window, _FULL_LAYER_EVERY.get(given.family)
    full = layers if window is None or every is None else layers // every
    # Layers with a window keep it and what is computed at once, and no more than all.
    local = seen if window is None else min(seen, _rounded(window + _AT_ONCE))
    tokens = full * seen + (layers - full) * local
    return round(2 * tokens * heads * size * CACHE_BYTES[load.cache_type] * load.concurrency)


def knows_window(given: Architecture) -> bool:
    """Whether it is known which layers have the sliding window; where not, all are counted with the whole context."""
    return given.sliding_window is None or given.family in _FULL_LAYER_EVERY


def _rounded(context: int) -> int:
    return ceil(context / _CONTEXT_STEP) * _CONTEXT_STEP
