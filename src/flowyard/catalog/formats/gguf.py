"""The header of a GGUF file: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3."""

import struct
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from flowyard.catalog.errors import ModelFileInvalidError
from flowyard.catalog.facts import Architecture

MAGIC = b"GGUF"

_MOST_PAIRS, _MOST_TENSORS, _MOST_ITEMS, _LONGEST = 65_536, 262_144, 16_777_216, 67_108_864
_KEPT_ARRAY = 64
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
_TYPES = {
    0: "f32", 1: "f16", 2: "q4_0", 3: "q4_1", 6: "q5_0", 7: "q5_1", 8: "q8_0", 9: "q8_1", 10: "q2_k", 11: "q3_k", 12: "q4_k", 13: "q5_k",
    14: "q6_k", 15: "q8_k", 16: "iq2_xxs", 17: "iq2_xs", 18: "iq3_xxs", 19: "iq1_s", 20: "iq4_nl", 21: "iq3_s", 22: "iq2_s", 23: "iq4_xs",
    24: "i8", 25: "i16", 26: "i32", 27: "i64", 28: "f64", 29: "iq1_m", 30: "bf16", 34: "tq1_0", 35: "tq2_0", 39: "mxfp4",
}  # fmt: skip
_FILE_TYPES = {
    0: "f32", 1: "f16", 2: "q4_0", 3: "q4_1", 7: "q8_0", 8: "q5_0", 9: "q5_1", 10: "q2_k", 11: "q3_k_s", 12: "q3_k_m", 13: "q3_k_l",
    14: "q4_k_s", 15: "q4_k_m", 16: "q5_k_s", 17: "q5_k_m", 18: "q6_k", 19: "iq2_xxs", 20: "iq2_xs", 21: "q2_k_s", 22: "iq3_xs",
    23: "iq3_xxs", 24: "iq1_s", 25: "iq4_nl", 26: "iq3_s", 27: "iq3_m", 28: "iq2_s", 29: "iq2_m", 30: "iq4_xs", 31: "iq1_m", 32: "bf16",
    36: "tq1_0", 37: "tq2_0", 38: "mxfp4",
}  # fmt: skip
_Value = int | float | bool | str | list["_Value"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufHeader:
    """What the header says. Of long arrays only the length is kept, in `lengths`."""

    version: int
    values: dict[str, _Value]
    lengths: dict[str, int] = field(default_factory=dict[str, int])
    parameters: int = 0
    types: Counter[str] = field(default_factory=Counter[str])

    @property
    def family(self) -> str | None:
        """The name of the architecture."""
        return self._text("general.architecture")

    @property
    def context_length(self) -> int | None:
        """Tokens that the model was made for."""
        return self._count("context_length")

    @property
    def chat_template(self) -> str | None:
        """The Jinja template of a conversation, where there is one."""
        return self._text("tokenizer.chat_template")

    @property
    def quantization(self) -> str | None:
        """The format of the file as llama.cpp calls it, else that of most weights."""
        told = self.values.get("general.file_type")
        if isinstance(told, int) and told in _FILE_TYPES:
            return _FILE_TYPES[told]
        return self.types.most_common(1)[0][0] if self.types else None

    @property
    def pooled(self) -> bool:
        """Whether the model makes one vector of a text (an encoder)."""
        return isinstance(self.values.get(f"{self.family}.pooling_type"), int)

    def architecture(self) -> Architecture | None:
        """Return the numbers of the transformer, or None where the file names no architecture."""
        if self.family is None:
            return None
        heads, hidden = self._count("attention.head_count"), self._count("embedding_length")
        per_head = self._count("attention.key_length") or (hidden // heads if hidden and heads else None)
        return Architecture(
            family=self.family,
            layers=self._count("block_count"),
            hidden_size=hidden,
            attention_heads=heads,
            kv_heads=self._count("attention.head_count_kv") or heads,
            head_dim=per_head,
            vocabulary=self._count("vocab_size") or self.lengths.get("tokenizer.ggml.tokens"),
            sliding_window=self._count("attention.sliding_window"),
        )

    def text(self, key: str) -> str | None:
        """Return a value that is text: ``general.name``, ``general.license``."""
        return self._text(key)

    def _text(self, key: str) -> str | None:
        found = self.values.get(key)
        return found if isinstance(found, str) and found else None

    def _count(self, key: str) -> int | None:
        found = self.values.get(f"{self.family}.{key}")
        if isinstance(found, list):  # a number for each layer: the largest
            numbers = [item for item in found if isinstance(item, int)]
            found = max(numbers, default=None)
        return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def read_gguf(path: Path) -> GgufHeader:
    """Read the header of a file, and how many weights it has.

    Raises:
        ModelFileInvalidError: it is no GGUF file, of another version, or its header is damaged.
    """
    with path.open("rb") as file:
        try:
            return _read(_Reader(file, path.name))
        except (struct.error, UnicodeDecodeError, MemoryError, OverflowError) as error:
            raise ModelFileInvalidError(f"The header of {path.name} is damaged: {error}.", remedy="Get the file again.") from error


class _Reader:
    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self.name = name

    def number(self, form: str) -> int:
        value = struct.unpack(form, self._file.read(struct.calcsize(form)))[0]
        return int(value)

    def scalar(self, form: str) -> int | float | bool:
        return struct.unpack(form, self._file.read(struct.calcsize(form)))[0]

    def bounded(self, form: str, most: int, what: str) -> int:
        value = self.number(form)
        if value > most:
            raise ModelFileInvalidError(f"The header of {self.name} is damaged: it says {value:,} {what}.", remedy="Get the file again.")
        return value

    def bytes(self, count: int) -> bytes:
        got = self._file.read(count)
        if len(got) < count:
            raise struct.error("the file ends too early")
        return got

    def string(self) -> str:
        return self.bytes(self.bounded("<Q", _LONGEST, "bytes of text")).decode("utf-8", "replace")

    def skip(self, count: int) -> None:
        self._file.seek(count, 1)


def _read(reader: _Reader) -> GgufHeader:
    if reader.bytes(4) != MAGIC:
        raise ModelFileInvalidError(f"{reader.name} is no GGUF file.", remedy="Give a file whose first bytes are GGUF.")
    version = reader.number("<I")
    if version not in {2, 3}:
        raise ModelFileInvalidError(f"{reader.name} is GGUF of version {version}.", remedy="Versions 2 and 3 are known; convert it anew.")
    tensors = reader.bounded("<Q", _MOST_TENSORS, "tensors")
    pairs = reader.bounded("<Q", _MOST_PAIRS, "values")
    values: dict[str, _Value] = {}
    lengths: dict[str, int] = {}
    for _ in range(pairs):
        key = reader.string()
        values[key], length = _value(reader, reader.number("<I"), 0)
        if length is not None:
            lengths[key] = length
    parameters, types = 0, Counter[str]()
    for _ in range(tensors):
        reader.string()
        count = 1
        for _ in range(reader.bounded("<I", 8, "dimensions")):
            count *= reader.bounded("<Q", 2**40, "weights in a row")
        types[_TYPES.get(reader.number("<I"), "unknown")] += count
        reader.skip(8)
        parameters += count
    return GgufHeader(version=version, values=values, lengths=lengths, parameters=parameters, types=types)


def _value(reader: _Reader, kind: int, depth: int) -> tuple[_Value, int | None]:
    """Return a value, and of an array its length."""
    if kind in _SCALARS:
        return reader.scalar(_SCALARS[kind]), None
    if kind == _STRING:
        return reader.string(), None
    if kind != _ARRAY or depth > 2:
        raise ModelFileInvalidError(f"The header of {reader.name} is damaged: a value of type {kind}.", remedy="Get the file again.")
    inner, length = reader.number("<I"), reader.bounded("<Q", _MOST_ITEMS, "items")
    if inner in _SCALARS and length > _KEPT_ARRAY:
        reader.skip(struct.calcsize(_SCALARS[inner]) * length)
        return None, length
    items: list[_Value] = []
    for number in range(length):
        item, _ = _value(reader, inner, depth + 1)
        if number < _KEPT_ARRAY:
            items.append(item)
    return (items if length <= _KEPT_ARRAY and inner != _STRING else None), length
