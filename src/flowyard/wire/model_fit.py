"""Whether a model fits into the memory of the server's machine."""

from dataclasses import dataclass
from typing import Literal

#: ``tight``: it fits into the memory that there is, and not into what is free now.
FitVerdict = Literal["yes", "tight", "no", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryNeed:
    """What an engine takes for a model, bytes: weights, cached keys and values, buffers of the computation, and all else."""

    weights: int
    kv_cache: int
    compute: int
    overhead: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FitPlace:
    """A place that a model may be in: the machine's memory or a card's. Bytes.

    `limit` says whether the machine or its container bounds `total`. `usable` is the share of `total` that a model may take.
    """

    name: str
    engine: Literal["llamacpp", "onnx", "vllm"]
    total: int
    free: int
    usable: int
    limit: Literal["machine", "container"]
    verdict: FitVerdict
    need: MemoryNeed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFit:
    """Whether a model fits, counted before anything of it is downloaded.

    Attributes:
        model: its name.
        context: tokens of one request, prompt and answer together.
        concurrency: requests at once (for encoders: texts at once).
        cache_type: the format of cached keys and values.
        quantization: the format of the weights that was counted with.
        weights_estimated: the weights' bytes come from the count of parameters, not from the sizes of files.
        verdict: of the place where it fits best.
        summary: the same in a sentence.
        reasons: what is not known, or was assumed.
        largest_context: the most tokens of a request that fit, at this concurrency; None where not known.
        places: the machine's memory, and each card.
        download_bytes: what is still to be brought here; None where the files are not known.
        disk_free: bytes free where models are kept.
    """

    model: str
    context: int
    concurrency: int
    cache_type: Literal["f16", "q8_0", "q4_0"]
    quantization: str
    weights_estimated: bool
    verdict: FitVerdict
    summary: str
    reasons: tuple[str, ...] = ()
    largest_context: int | None = None
    places: tuple[FitPlace, ...] = ()
    download_bytes: int | None = None
    disk_free: int | None = None
