"""Parts of a request of OTLP as columns: texts, ids, and the values of attributes."""

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import pyarrow
from numpy.typing import NDArray

from flowyard.tracing.otlp.values import any_value
from flowyard.tracing.otlp.wire import LENGTH, VARINT, Bytes, Numbers, scan

_pa: Any = pyarrow

#: The fields of an ``AnyValue`` that are read together: texts and whole numbers. All else is `OTHER`.
TEXT, WHOLE, OTHER = 1, 3, 0
_DIGITS = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), "<u2")
_encode = msgspec.json.Encoder().encode


def bytes_at(data: bytes, begin: Numbers, end: Numbers) -> Any:
    """Return ``data[begin:end]`` as binary values; each begins where the one before ends, or after it."""
    if not len(begin):
        return _pa.array([], _pa.binary())
    # What stands between two of them is a value too, which is not taken.
    offsets = np.empty(2 * len(begin), np.int32)
    offsets[0::2], offsets[1::2] = begin, end
    buffers = [None, _pa.py_buffer(offsets), _pa.py_buffer(data)]
    return _pa.Array.from_buffers(_pa.binary(), 2 * len(begin) - 1, buffers).take(_pa.array(np.arange(0, 2 * len(begin) - 1, 2)))


def texts_at(data: bytes, begin: Numbers, end: Numbers) -> Any:
    """Return ``data[begin:end]`` as texts.

    Raises:
        ValueError: one is not UTF-8.
    """
    return bytes_at(data, begin, end).cast(_pa.string())


def ids_at(data: Bytes, begin: Numbers, end: Numbers, size: int) -> tuple[Bytes, NDArray[np.bool_]]:
    """Return the ids of `size` bytes in ``data[begin:end]``, a row each, and which are valid: of that length, and not all zero."""
    fit = end - begin == size
    found = data[np.where(fit, begin, 0)[:, None] + np.arange(size)]
    return found, fit & found.any(axis=1)


def hexadecimal_texts(ids: Bytes, valid: NDArray[np.bool_]) -> Any:
    """Return ids as texts of hexadecimal digits, null where they are not valid."""
    count, size = ids.shape
    digits, offsets = np.ascontiguousarray(_DIGITS[ids]), np.arange(count + 1, dtype=np.int32) * (2 * size)
    texts = _pa.StringArray.from_buffers(count, _pa.py_buffer(offsets), _pa.py_buffer(digits))
    return texts if valid.all() else _pa.array(np.where(valid, texts.to_numpy(zero_copy_only=False), None), _pa.string())


@dataclass(frozen=True, slots=True)
class Values:
    """Values of attributes: which field of ``AnyValue`` each is (`form`), where its text is, its number, where the whole message is."""

    data: bytes
    form: Numbers
    begin: Numbers
    end: Numbers
    number: Numbers
    message_begin: Numbers
    message_end: Numbers

    def form_of(self, places: Numbers) -> int:
        """Return the form that all values at `places` have; `OTHER` when they differ."""
        forms = self.form[places]
        return int(forms[0]) if (forms == forms[0]).all() else OTHER

    def texts(self, places: Numbers) -> Any:
        """Return the texts at `places`."""
        return texts_at(self.data, self.begin[places], self.end[places])

    def as_json(self, places: Numbers) -> Any:
        """Return values of any form as JSON, one by one."""
        message: Any = _any_value()
        begins, ends = self.message_begin[places].tolist(), self.message_end[places].tolist()
        read = (any_value(message.FromString(self.data[begin:end])) for begin, end in zip(begins, ends, strict=True))
        return _pa.array([_encode(value) for value in read], _pa.string())


def values_at(data: bytes, view: Bytes, begin: Numbers, end: Numbers) -> Values:
    """Return the messages ``AnyValue`` that stand in ``data[begin:end]``, which `view` shows as numbers.

    Raises:
        ValueError: one is malformed.
    """
    fields, count = scan(view, begin, end), len(begin)
    once = (np.bincount(fields.of, minlength=count) == 1)[fields.of]
    text = once & (fields.number == TEXT) & (fields.kind == LENGTH)
    whole = once & (fields.number == WHOLE) & (fields.kind == VARINT)
    form, first, last, number = np.full(count, OTHER), begin.copy(), begin.copy(), np.zeros(count, np.int64)
    form[fields.of[text]], form[fields.of[whole]] = TEXT, WHOLE
    first[fields.of[text]], last[fields.of[text]] = fields.begin[text], fields.end[text]
    number[fields.of[whole]] = fields.value[whole].view(np.int64)
    return Values(data, form, first, last, number, begin, end)


def times_at(view: Bytes, begin: Numbers, end: Numbers) -> NDArray[np.uint64]:
    """Return the numbers of 64 bits at `begin`; 0 where nothing stands."""
    found = view[begin[:, None] + np.arange(8)].copy().view("<u8")[:, 0].astype(np.uint64)
    return np.where(end > begin, found, np.uint64(0))


def _any_value() -> Any:
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue

    return AnyValue
