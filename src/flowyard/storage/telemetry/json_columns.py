"""JSON objects as a column of texts: the values of each name are a column, and Arrow puts names and values together."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

from flowyard.tracing.otlp.messages import from_json

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
_encode = msgspec.json.Encoder().encode
_check = msgspec.json.Decoder(msgspec.Raw).decode
#: What JSON writes with an escape, and what of escapes is written without one (RE2).
_ESCAPED, _NEEDLESS = r'["\\\x00-\x1f]', r"\\[u/]"


def objects(columns: Sequence[tuple[str, Any]], rows: int, more: str) -> Any:
    """Return JSON objects, a row a text; an object without anything in it is an empty text.

    Args:
        columns: names, each once, and their values as JSON (`quoted`, `embedded`).
        rows: how many objects.
        more: what each of them has besides, the inside of a JSON object.
    """
    parts: list[Any] = []
    before = "{"
    for name, values in columns:
        parts += [before + _encode(name).decode() + ":", values]
        before = ","
    if more:
        parts.append(before + more)
    if not parts:
        return _pa.array([""] * rows, _pa.string())
    parts.append("}")
    if not columns:
        return _pa.array(["".join(parts)] * rows, _pa.string())
    return _pc.binary_join_element_wise(*(_pa.scalar(part) if isinstance(part, str) else part for part in parts), "")


def quoted(texts: Any) -> Any:
    """Return texts as JSON."""
    odd = _pc.match_substring_regex(texts, _ESCAPED)
    quote = _pa.scalar('"')
    whole = _pc.binary_join_element_wise(quote, texts, quote, "")
    if not _pc.any(odd).as_py():
        return whole
    escaped = [_encode(text).decode() for text in texts.filter(odd).to_pylist()]
    return _pc.replace_with_mask(whole, odd, _pa.array(escaped, _pa.string()))


def embedded(texts: Any) -> Any:
    """Return texts as JSON, those that are a list or an object in JSON as that, with the white space that they have."""
    encoded: list[bytes] = texts.cast(_pa.binary()).to_pylist()
    needless = _pc.match_substring_regex(texts, _NEEDLESS)
    kept = np.fromiter((_is_json(text) for text in encoded), np.bool_, len(encoded)) & ~_numpy(needless)
    if kept.all():
        return texts
    others = [_written(encoded[place]) for place in np.flatnonzero(~kept).tolist()]
    return _pc.replace_with_mask(texts, _pa.array(~kept), _pa.array(others, _pa.string()))


def _is_json(text: bytes) -> bool:
    if text[:1] not in {b"[", b"{"}:
        return False
    try:
        _check(text)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def _written(text: bytes) -> bytes:
    return _encode(from_json(text.decode()))


def _numpy(column: Any) -> NDArray[np.bool_]:
    return column.to_numpy(zero_copy_only=False)
