"""How it is shown whether a model fits."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowyard.wire.model_fit import FitPlace, ModelFit


class CacheTypeName(StrEnum):
    """The format of cached keys and values."""

    F16 = "f16"
    Q8_0 = "q8_0"
    Q4_0 = "q4_0"


def fit_text(found: "ModelFit") -> str:
    """Return the answer in a sentence, what it is made of, and what was assumed."""
    lines = [found.summary, ""]
    for place in found.places:
        lines += _place(place, found)
    if found.largest_context:
        lines.append(f"longest context    {found.largest_context:,} tokens at {found.concurrency:,} at once")
    if found.download_bytes is not None and found.disk_free is not None:
        lines.append(f"to download        {_size(found.download_bytes)} ({_size(found.disk_free)} free on disk)")
    return "\n".join([*lines, *(f"  {reason}" for reason in found.reasons)])


def _place(place: "FitPlace", found: "ModelFit") -> list[str]:
    bound = f", bounded by the container to {_size(place.total)}" if place.limit == "container" else f" of {_size(place.total)}"
    rows = [f"{place.name} ({place.engine}): {place.verdict}; free {_size(place.free)}{bound}"]
    if place.need is not None:
        estimated = f" (estimated, {found.quantization})" if found.weights_estimated else ""
        rows += [
            f"  weights          {_size(place.need.weights)}{estimated}",
            f"  keys and values  {_size(place.need.kv_cache)} ({found.cache_type})",
            f"  buffers          {_size(place.need.compute)}",
            f"  engine           {_size(place.need.overhead)}",
            f"  in all           {_size(place.need.total)}",
        ]
    return rows


def _size(count: int) -> str:
    return f"{count / 1e9:,.2f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
