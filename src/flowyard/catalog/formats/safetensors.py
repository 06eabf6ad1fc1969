"""The header of a safetensors file: https://github.com/huggingface/safetensors#format."""

import math
import struct
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from flowyard.catalog.errors import ModelFileInvalidError
from flowyard.catalog.facts import Architecture

#: The reference implementation's own bound of the header, bytes.
_LARGEST = 100_000_000
_LARGEST_CONFIG = 16_000_000


class _Tensor(msgspec.Struct):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetensorsHeader:
    """How many weights a file has, and how many of each type (``BF16``)."""

    parameters: int
    types: Counter[str]

    @property
    def quantization(self) -> str | None:
        """The type of most weights, in lower case."""
        return self.types.most_common(1)[0][0].lower() if self.types else None


def read_safetensors(path: Path) -> SafetensorsHeader:
    """Read the header of a file.

    Raises:
        ModelFileInvalidError: it is no safetensors file, or its header does not fit its size.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        begin = file.read(8)
        length = struct.unpack("<Q", begin)[0] if len(begin) == 8 else 0
        if not 2 <= length <= min(_LARGEST, size - 8):
            raise _invalid(path, f"its header has {length:,} bytes")
        head = file.read(length)
    try:
        entries: dict[str, msgspec.Raw] = msgspec.json.decode(head, type=dict[str, msgspec.Raw])
        entries.pop("__metadata__", None)
        tensors = [msgspec.json.decode(entry, type=_Tensor) for entry in entries.values()]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _invalid(path, str(error)) from error
    types = Counter[str]()
    for tensor in tensors:
        begin_at, end_at = tensor.data_offsets
        if not 0 <= begin_at <= end_at <= size - 8 - length or any(side < 0 for side in tensor.shape):
            raise _invalid(path, "a tensor lies outside the file")
        types[tensor.dtype] += math.prod(tensor.shape)
    return SafetensorsHeader(parameters=types.total(), types=types)


def read_config(path: Path) -> tuple[Architecture | None, dict[str, Any]]:
    """Return the architecture that a ``config.json`` tells, and all that is in it.

    Raises:
        ModelFileInvalidError: it is no JSON object.
    """
    if path.stat().st_size > _LARGEST_CONFIG:
        raise _invalid(path, "it is too large")
    try:
        whole: dict[str, Any] = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _invalid(path, str(error)) from error
    inner = whole.get("text_config")
    told: dict[str, Any] = {**inner, **{k: v for k, v in whole.items() if k not in inner}} if isinstance(inner, dict) else whole
    family = told.get("model_type")
    if not isinstance(family, str):
        return None, told
    heads, hidden = _count(told, "num_attention_heads"), _count(told, "hidden_size")
    return Architecture(
        family=family,
        layers=_count(told, "num_hidden_layers"),
        hidden_size=hidden,
        attention_heads=heads,
        kv_heads=_count(told, "num_key_value_heads") or heads,
        head_dim=_count(told, "head_dim") or (hidden // heads if hidden and heads else None),
        vocabulary=_count(told, "vocab_size"),
        sliding_window=_count(told, "sliding_window"),
    ), told


def context_of(config: dict[str, Any]) -> int | None:
    """Return the tokens that a model was made for."""
    return _count(config, "max_position_embeddings") or _count(config, "n_positions")


def _count(config: dict[str, Any], key: str) -> int | None:
    found = config.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def _invalid(path: Path, why: str) -> ModelFileInvalidError:
    return ModelFileInvalidError(f"{path.name} is not what its name says: {why}.", remedy="Get the file again.")
