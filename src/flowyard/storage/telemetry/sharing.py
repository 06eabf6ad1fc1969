"""Which segments hold a span that stands somewhere else too: only there does a question have to look for duplicates."""

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
import pyarrow.compute
from numpy.typing import NDArray

from flowyard.storage.telemetry.columns import hexadecimal
from flowyard.storage.telemetry.digests import Digests, Key
from flowyard.storage.telemetry.model import Segment, Table
from flowyard.storage.telemetry.segments import TraceIndexes

_pc: Any = pyarrow.compute
_ASKED = 2


class Sharing:
    """Compares segments by the ids of their traces and spans. What it found out of the segments that were asked about last is kept."""

    def __init__(self, indexes: TraceIndexes, digests: Digests) -> None:
        self._indexes = indexes
        self._digests = digests
        self._lock = Lock()
        self._known: dict[tuple[str, ...], tuple[Key, set[str]]] = {}

    def doubled(self, segments: Sequence[Segment], tail: Table) -> set[str] | None:
        """Return the ids of the segments that hold a span that another one, or the tail, holds too.

        None: an index or a digest is gone, so nobody knows.
        """
        known = self._among(segments)
        if known is None:
            return None
        keys, doubled = known
        if not tail.num_rows:
            return doubled
        ids = tail["trace_id"].combine_chunks()
        mine = hexadecimal(_pc.utf8_slice_codeunits(ids, 16, 32))
        both = np.unique(mine[_inside(keys, mine)])
        if not len(both):
            return doubled
        mine_of = np.searchsorted(both, mine)
        there = _inside(both, mine)
        spans = hexadecimal(tail["span_id"].combine_chunks())[there]
        found = self._pairs(segments, both)
        return None if found is None else doubled | _twice([*found, ("", mine_of[there], spans)])

    def _among(self, segments: Sequence[Segment]) -> tuple[Key, set[str]] | None:
        """Return all keys of the segments' traces, sorted, and the segments that hold a span of another."""
        name = tuple(sorted(segment.id for segment in segments))
        with self._lock:
            if name in self._known:
                return self._known[name]
        found: list[Key] = []
        for segment in segments:
            keys = self._indexes.keys(segment)
            if keys is None:
                return None
            found.append(keys)
        keys = np.sort(np.concatenate(found)) if found else np.empty(0, np.uint64)
        shared = np.unique(keys[1:][keys[1:] == keys[:-1]])
        pairs = self._pairs(segments, shared) if len(shared) else []
        if pairs is None:
            return None
        answer = keys, _twice(pairs)
        with self._lock:
            while len(self._known) >= _ASKED:
                self._known.pop(next(iter(self._known)))
            self._known[name] = answer
        return answer

    def _pairs(self, segments: Sequence[Segment], keys: Key) -> list[tuple[str, NDArray[np.int64], Key]] | None:
        """Return, by segment, the spans of the traces with `keys`: which key, and the span's id."""
        pairs: list[tuple[str, NDArray[np.int64], Key]] = []
        for segment in segments:
            known = self._indexes.keys(segment)
            if known is None:
                return None
            inside = np.flatnonzero(_inside(known, keys))
            if not len(inside):
                continue
            places = self._digests.places(segment)
            if places is None:
                return None
            spans, of = places.spans(np.searchsorted(known, keys[inside]))
            pairs.append((segment.id, inside[of], spans))
        return pairs


def _inside(known: Key, keys: Key) -> NDArray[np.bool_]:
    """Return which of `keys` are among the sorted `known`."""
    places = np.searchsorted(known, keys)
    found = places < len(known)
    found[found] = known[places[found]] == keys[found]
    return found


def _twice(pairs: list[tuple[str, NDArray[np.int64], Key]]) -> set[str]:
    """Return where a pair of trace and span is that is also somewhere else."""
    if not pairs:
        return set()
    traces, spans = np.concatenate([trace for _, trace, _ in pairs]), np.concatenate([span for _, _, span in pairs])
    of = np.repeat(np.arange(len(pairs)), [len(trace) for _, trace, _ in pairs])
    order = np.lexsort((spans, traces))
    same = (traces[order][1:] == traces[order][:-1]) & (spans[order][1:] == spans[order][:-1])
    places = np.unique(np.concatenate([of[order][1:][same], of[order][:-1][same]]))
    return {pairs[int(place)][0] for place in places} - {""}
