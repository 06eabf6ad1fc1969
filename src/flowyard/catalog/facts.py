"""The facts on a model card that have a shape of their own. What is not known is None or ``unknown``, never guessed."""

from typing import Literal

import msgspec

YesNo = Literal["yes", "no", "unknown"]
LicenseClass = Literal["permissive", "conditional", "non-commercial", "proprietary", "unknown"]
CommercialUse = Literal["yes", "conditional", "no", "unknown"]
Lifecycle = Literal["preview", "generally-available", "legacy", "deprecated", "retired", "unknown"]
Modality = Literal["text", "image", "audio", "video", "embedding", "score"]
ConnectionKind = Literal["azure_open_ai", "open_ai", "serverless"]

#: SPDX identifiers of licenses that allow any use, selling included, and ask for little more than that their text is kept.
PERMISSIVE = frozenset({"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0", "ISC", "MIT", "MIT-0", "Unlicense"})
#: Bits that a weight takes in files of these formats: those of ggml's blocks, scales included (ggml-common.h), and bfloat16.
BITS_PER_WEIGHT = {"bf16": 16.0, "q8_0": 8.5, "q4_0": 4.5}


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of what stands in a card: a key that is not known is an error."""


class Architecture(Strict, frozen=True, kw_only=True):
    """The numbers that say how much memory a transformer takes, as its ``config.json`` or GGUF header has them.

    Attributes:
        family: the name of the architecture, ``llama`` for instance.
        layers: blocks.
        hidden_size: of the residual stream.
        attention_heads: a block's.
        kv_heads: heads of keys and values that are cached; fewer than `attention_heads` with grouped queries.
        head_dim: the length of one head's keys.
        vocabulary: tokens.
        sliding_window: tokens that local layers look back; None: all layers see all.
    """

    family: str
    layers: int | None = None
    hidden_size: int | None = None
    attention_heads: int | None = None
    kv_heads: int | None = None
    head_dim: int | None = None
    vocabulary: int | None = None
    sliding_window: int | None = None


class HubPlace(Strict, frozen=True, kw_only=True):
    """Where a model is on the Hugging Face hub.

    `repository` has the original weights, `gguf` the publisher's own (or ggml-org's) files for llama.cpp, `file` which of them to take;
    `gated` ones want an account whose holder has accepted the license.
    """

    repository: str
    gguf: str | None = None
    file: str | None = None
    revision: str = "main"
    gated: YesNo = "unknown"


class ConnectionPlace(Strict, frozen=True, kw_only=True):
    """How a hosted model is reached: connections of these types, the name it is called by, and the address where that is not theirs."""

    types: tuple[ConnectionKind, ...]
    model: str
    base_url: str | None = None


class PricePlace(Strict, frozen=True, kw_only=True):
    """What to look up in the price list (genai-prices): the provider as our telemetry calls it, and the model."""

    provider: str
    model: str


class Origin(Strict, frozen=True, kw_only=True):
    """Where an imported model came from: the source as it was given, the revision it stood for, when, and who asked."""

    source: str
    revision: str | None = None
    imported_at: str | None = None
    imported_by: str | None = None


def class_of(license_name: str) -> LicenseClass:
    """Return the class of a license by its SPDX identifier; ``unknown`` for all that are not plainly permissive."""
    return "permissive" if license_name in PERMISSIVE else "unknown"


def estimated_bytes(parameters: int, quantization: str) -> int:
    """Return what a file of so many weights takes in one of `BITS_PER_WEIGHT`, when all are kept in that format."""
    return round(parameters * BITS_PER_WEIGHT[quantization] / 8)
