"""What many rows gave, name by name: outputs are decoded by the thousand, and a name is gone over once for all of them."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

import msgspec

_OUTPUTS = msgspec.json.Decoder(list[dict[str, Any]])
_NUMBERS = {int, float, bool}
_LARGEST = sys.float_info.max


def columns_of(outputs: Sequence[str]) -> dict[str, list[Any]]:
    """Return the values of each name in rows' outputs (JSON), one a row; None where a row has none.

    Raises:
        msgspec.MsgspecError, ValueError: a row's outputs are no object.
    """
    rows = _OUTPUTS.decode(f"[{','.join(outputs)}]")
    if len(rows) != len(outputs):
        raise ValueError(f"{len(outputs)} rows have {len(rows)} outputs")
    return {name: [row.get(name) for row in rows] for name in dict.fromkeys(chain.from_iterable(rows))}


def numbers_in(lines: Sequence[int], values: Sequence[Any]) -> dict[int, float]:
    """Return the numbers among `values`, true as 1 and false as 0, by the line of each; none that is too large for a float."""
    kinds = set(map(type, values))
    if kinds.isdisjoint(_NUMBERS):
        return {}
    with suppress(OverflowError):
        if kinds <= _NUMBERS:
            return dict(zip(lines, map(float, values), strict=True))
    return {
        line: float(value) for line, value in zip(lines, values, strict=True) if isinstance(value, int | float) and abs(value) <= _LARGEST
    }
