"""Texts that are alike: one-permutation MinHash and locality-sensitive hashing, over whole batches in NumPy.

A text is the set of its runs of `shingle` characters, each hashed to 64 bits by a polynomial (Karp and Rabin, 1987). One permutation
hashing (Li, Owen, Zhang, 2012) puts each hash into one of `BINS` bins by some of its bits and keeps the least of each bin: one pass over
the hashes, where MinHash proper makes one for each of its functions. Empty bins take the value of a full one that a fixed sequence of draws
finds (optimal densification, Shrivastava, 2017). Bands of bins that are equal in two texts make them a candidate; candidates are compared
by the Jaccard similarity of their sets itself, so that what is called alike is so.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

#: Bins of a signature. Texts of fewer shingles share what they have among them.
BINS = 128
#: Of pairs that are just as similar as was asked for so many become candidates, at least.
RECALL = 0.995
#: Characters that are hashed at once: 8 bytes each, a few times over.
_AT_ONCE = 2_000_000
_DRAWS = 64
#: Candidates that are compared at once.
_PAIRS = 4096
_FACTOR, _MIX, _MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_NONE = 0xFFFFFFFF


class Signatures:
    """Signatures of texts, 4 bytes for each bin of each text.

    Args:
        shingle: characters of a shingle.
    """

    def __init__(self, shingle: int) -> None:
        self._np: Any = import_module("numpy")
        self._shingle = shingle
        self._parts: list[Any] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, texts: Sequence[str]) -> None:
        """Add texts; those without a character are like no other."""
        start = 0
        while start < len(texts):
            end, size = start, 0
            while end < len(texts) and (end == start or size + len(texts[end]) <= _AT_ONCE):
                size += len(texts[end])
                end += 1
            self._parts.append(self._signed(texts[start:end]))
            self._count += end - start
            start = end

    def candidates(self, threshold: float) -> "Numbers":
        """Return pairs (the earlier first) of texts that may be as similar as `threshold`, shape (pairs, 2), each once, in order."""
        np = self._np
        if not self._parts:
            return np.zeros((0, 2), np.int64)
        every = np.concatenate(self._parts)
        self._parts = [every]
        rows = band_rows(threshold)
        empty = (every == _NONE).all(axis=1)
        pairs: list[Any] = []
        for start in range(0, BINS - rows + 1, rows):
            keys = _mixed_columns(np, every[:, start : start + rows])
            pairs.append(_neighbours(np, keys, empty))
        found = np.concatenate(pairs)
        # Each pair once: sorted as one number, which is faster than as two.
        keys = np.unique(found[:, 0] * self._count + found[:, 1])
        return np.stack([keys // self._count, keys % self._count], axis=1)

    def _signed(self, texts: Sequence[str]) -> Any:
        np = self._np
        hashes, owners = shingles(np, texts, self._shingle)
        bins = (hashes >> np.uint64(57)).astype(np.int64) if BINS == 128 else (hashes % np.uint64(BINS)).astype(np.int64)
        values = (hashes & np.uint64(_NONE)).astype(np.uint32)
        signature = np.full(len(texts) * BINS, _NONE, np.uint32)
        np.minimum.at(signature, owners * BINS + bins, values)
        return _densified(np, signature.reshape(len(texts), BINS))


def shingles(np: Any, texts: Sequence[str], size: int) -> tuple[Any, Any]:
    """Return the hashes of all shingles of texts, and the number of the text that each is of. A shorter text is one shingle."""
    joined = "".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64) + np.uint64(1)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    rolled = _rolled(np, codes, size)
    counts = np.maximum(lengths - size + 1, 0)
    short = np.flatnonzero((counts == 0) & (lengths > 0))
    owners = np.repeat(np.arange(len(texts)), counts)
    first = np.cumsum(lengths) - lengths
    within = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    hashes = rolled[np.repeat(first, counts) + within] if len(owners) else np.zeros(0, np.uint64)
    if len(short):
        whole = np.array([_whole(texts[int(index)]) for index in short], np.uint64)
        hashes, owners = np.concatenate([hashes, whole]), np.concatenate([owners, short])
    return _mixed(np, hashes), owners


def _rolled(np: Any, codes: Any, size: int) -> Any:
    """Return the polynomial of each run of `size` codes, by the place where it begins."""
    if len(codes) < size:
        return np.zeros(0, np.uint64)
    last = len(codes) - size + 1
    rolled = codes[:last].copy()
    for step in range(1, size):
        rolled *= np.uint64(_FACTOR)
        rolled += codes[step : step + last]
    return rolled


def _whole(text: str) -> int:
    value = 0
    for character in text:
        value = (value * _FACTOR + ord(character) + 1) & 0xFFFFFFFFFFFFFFFF
    return value


def _mixed(np: Any, values: Any) -> Any:
    """Return values with their bits mixed (the finalizer of SplitMix64; Steele, Lea, Flood, 2014)."""
    values = values ^ (values >> np.uint64(30))
    values *= np.uint64(_MIX)
    values ^= values >> np.uint64(27)
    values *= np.uint64(_MIX_2)
    values ^= values >> np.uint64(31)
    return values


def _mixed_columns(np: Any, columns: Any) -> Any:
    """Return one number for each row of a few columns."""
    keys = np.zeros(len(columns), np.uint64)
    for index in range(columns.shape[1]):
        keys = _mixed(np, keys * np.uint64(_FACTOR) + columns[:, index].astype(np.uint64) + np.uint64(1))
    return keys


def _densified(np: Any, signature: Any) -> Any:
    """Fill empty bins of texts that have full ones, as a fixed sequence of draws for each bin says, then from the next full one."""
    full = signature != _NONE
    open_rows, open_bins = np.nonzero(~full & full.any(axis=1, keepdims=True))
    made = signature.copy()
    for draw in range(1, _DRAWS + 1):
        if not len(open_rows):
            return made
        tried = (_mixed(np, (open_bins.astype(np.uint64) << np.uint64(8)) + np.uint64(draw)) % np.uint64(BINS)).astype(np.int64)
        hit = full[open_rows, tried]
        made[open_rows[hit], open_bins[hit]] = signature[open_rows[hit], tried[hit]]
        open_rows, open_bins = open_rows[~hit], open_bins[~hit]
    for step in range(1, BINS):
        if not len(open_rows):
            break
        tried = (open_bins + step) % BINS
        hit = full[open_rows, tried]
        made[open_rows[hit], open_bins[hit]] = signature[open_rows[hit], tried[hit]]
        open_rows, open_bins = open_rows[~hit], open_bins[~hit]
    return made


def band_rows(threshold: float) -> int:
    """Return how many bins a band has: as many as let pairs of that similarity share one band with `RECALL`."""
    for rows in range(BINS, 1, -1):
        if 1 - (1 - threshold**rows) ** (BINS // rows) >= RECALL:
            return rows
    return 1


def _neighbours(np: Any, keys: Any, empty: Any) -> Any:
    """Return pairs of texts with the same key: each with the first of its group, and with the one before it."""
    order = np.argsort(keys, kind="stable")
    order = order[~empty[order]]
    ordered = keys[order]
    same = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
    if not len(same):
        return np.zeros((0, 2), np.int64)
    begins = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    firsts = order[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))]
    with_first = np.stack([firsts[same], order[same]], axis=1)
    return np.concatenate([with_first, np.stack([order[same - 1], order[same]], axis=1)])


class Alike:
    """Groups of texts: two that are alike are of one group, and so are those that others link."""

    def __init__(self, count: int) -> None:
        self._first = list(range(count))

    def first(self, text: int) -> int:
        """Return the earliest text of the group."""
        while self._first[text] != text:
            self._first[text] = self._first[self._first[text]]
            text = self._first[text]
        return text

    def join(self, one: int, other: int) -> None:
        """Make two groups one."""
        one, other = self.first(one), self.first(other)
        if one != other:
            self._first[max(one, other)] = min(one, other)


def groups(signatures: Signatures, threshold: float, shingle: int, text_of: Callable[[int], str]) -> Alike:
    """Return the groups of texts that are at least as similar as `threshold`.

    Args:
        signatures: of all texts, in their order.
        threshold: the Jaccard similarity, above 0 and at most 1.
        shingle: characters of a shingle, as the signatures have it.
        text_of: returns a text by its number; it is asked for candidates alone.
    """
    np: Any = import_module("numpy")
    found = Alike(len(signatures))
    pairs = signatures.candidates(threshold)
    for start in range(0, len(pairs), _PAIRS):
        some = pairs[start : start + _PAIRS]
        sets = _sets(np, np.unique(some).tolist(), shingle, text_of)
        for one, other in some.tolist():
            if found.first(one) != found.first(other) and _similarity(np, sets[one], sets[other]) >= threshold:
                found.join(one, other)
    return found


def _sets(np: Any, wanted: list[int], shingle: int, text_of: Callable[[int], str]) -> dict[int, Any]:
    """Return the hashes of the shingles of texts, by their numbers: of each sorted, and once."""
    hashes, owners = shingles(np, [text_of(text) for text in wanted], shingle)
    order = np.lexsort((hashes, owners))
    hashes, owners = hashes[order], owners[order]
    if len(hashes):
        first = np.concatenate([[True], (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])])
        hashes, owners = hashes[first], owners[first]
    edges = np.searchsorted(owners, np.arange(len(wanted) + 1))
    return {text: hashes[edges[index] : edges[index + 1]] for index, text in enumerate(wanted)}


def _similarity(np: Any, one: Any, other: Any) -> float:
    if not len(one) or not len(other):
        return 0.0
    both = np.concatenate((one, other))
    both.sort(kind="stable")  # two sorted runs: merged
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / (len(one) + len(other) - shared)
