"""Spans whose attributes have the same names in the same order, from the same origin: what these say is read a column at a time.

The tables are those of `tracing.otlp.mapping`. What they make of one span in a way that its neighbours might not share is left to it
(`UnreadableShapeError`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

from flowyard.storage.telemetry.json_columns import embedded, objects, quoted
from flowyard.storage.telemetry.otlp_slices import OTHER, TEXT, WHOLE, Values
from flowyard.tracing.otlp.mapping import MODEL_KINDS, SAID, Reading, reading_of
from flowyard.tracing.otlp.spans import FIRST_ANSWERED, Origin, PriceOf
from flowyard.tracing.otlp.wire import Numbers
from flowyard.tracing.rows import encode_attributes

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
_NUMBERS = frozenset({"prompt_tokens", "completion_tokens", "line"})
_MOST_COUNTED = 1 << 62
_MODELS = _pa.array(sorted(MODEL_KINDS))


class UnreadableShapeError(Exception):
    """The spans of a shape have to be read one by one."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Spans of one shape.

    `names` are those of their attributes, `spans` the numbers of the spans, and `first` says where the values of each begin among `values`.
    """

    names: tuple[str, ...]
    origin: Origin
    spans: Numbers
    first: Numbers
    values: Values

    def is_plain(self) -> bool:
        """Return whether columns can say what its attributes mean."""
        reading = self.reading()
        names = set(self.names)
        return (
            len(names) == len(self.names)
            and not (reading.spread or reading.sided or FIRST_ANSWERED in names)
            and names.isdisjoint(self.origin.about)
        )

    def reading(self) -> Reading:
        """Return what of the tables concerns it."""
        return reading_of(dict.fromkeys(self.names))

    def places(self, name: str) -> Numbers:
        """Return where the values of an attribute are."""
        return self.first + self.names.index(name)

    def kinds(self) -> Any:
        """Return the kind of each span."""
        reading, kinds = self.reading(), _pa.nulls(len(self.spans), _pa.string())
        for name, known in reading.kinds:
            form = self.values.form_of(self.places(name))
            if form == OTHER:
                raise UnreadableShapeError
            if form == TEXT:
                encoded = self.values.texts(self.places(name)).dictionary_encode()
                told = _pa.array([known.get(word) for word in encoded.dictionary.to_pylist()], _pa.string())
                kinds = _pc.coalesce(kinds, told.take(encoded.indices))
        return _pc.fill_null(kinds, reading.kind)

    def fields(self, kinds: Any) -> tuple[dict[str, Any], set[str]]:
        """Return the columns that attributes tell, and the names of those that say no more than their column."""
        found: dict[str, Any] = {}
        said: set[str] = set()
        for field, names in self.reading().fields:
            for name in names:
                column = self._numbers(name) if field in _NUMBERS else self._texts(name)
                if column is not None:
                    found[field] = column
                    said |= {name} & SAID
                    break
        counted = found.keys() & {"prompt_tokens", "completion_tokens"}
        if counted and not _pc.all(_pc.is_in(kinds, _MODELS)).as_py():
            # A sum over children stays an attribute of those that are no calls themselves.
            raise UnreadableShapeError
        return found, said

    def _numbers(self, name: str) -> Any:
        places = self.places(name)
        numbers = self.values.number[places]
        if self.values.form_of(places) != WHOLE or not ((numbers >= 0) & (numbers < _MOST_COUNTED)).all():
            raise UnreadableShapeError
        return _pa.array(numbers, _pa.int64())

    def _texts(self, name: str) -> Any:
        """Return the texts of an attribute; None when all are empty."""
        places = self.places(name)
        empty = self.values.begin[places] == self.values.end[places]
        if self.values.form_of(places) != TEXT or (empty.any() and not empty.all()):
            raise UnreadableShapeError
        return None if empty.all() else self.values.texts(places)

    def attributes(self, said: set[str]) -> Any:
        """Return the attributes as JSON, without those that are `said`, with those of the origin."""
        texts = set(self.reading().texts)
        columns = [(name, self._json(name, json=name in texts)) for name in self.names if name not in said]
        about = encode_attributes(self.origin.about).decode()[1:-1] if self.origin.about else ""
        return objects(columns, len(self.spans), about)

    def _json(self, name: str, *, json: bool) -> Any:
        places = self.places(name)
        form = self.values.form_of(places)
        if form == WHOLE:
            return _pa.array(self.values.number[places], _pa.int64()).cast(_pa.string())
        if form == TEXT:
            texts = self.values.texts(places)
            return embedded(texts) if json else quoted(texts)
        if json:
            raise UnreadableShapeError
        return self.values.as_json(places)

    def costs(self, fields: dict[str, Any], kinds: Any, price_of: PriceOf | None) -> Any:
        """Return what each call cost; null where that is not known."""
        rows, counts = len(self.spans), [fields.get(name) for name in ("prompt_tokens", "completion_tokens")]
        provider, model = fields.get("provider"), self._answered() or fields.get("model")
        told = any(count is not None for count in counts) and "model" in fields and provider is not None
        if price_of is None or not told or not _pc.any(_pc.is_in(kinds, _MODELS)).as_py():
            return _pa.nulls(rows, _pa.int64())
        columns: list[Any] = [provider, model, *(_pa.array(np.zeros(rows, np.int64)) if count is None else count for count in counts)]
        calls = list(zip(*(column.to_pylist() for column in columns), strict=True))
        known = {call: price_of(*call) for call in set(calls)}
        return _pa.array([known[call] for call in calls], _pa.int64())

    def _answered(self) -> Any:
        return self._texts("gen_ai.response.model") if "gen_ai.response.model" in self.names else None


def shapes_of(names: NDArray[np.int64], counts: Numbers, begins: Numbers, origin: Numbers) -> list[Numbers]:
    """Return the spans that have the same names of attributes in the same order, and the same origin: their numbers, shape by shape.

    Args:
        names: a number for the name of each attribute, span after span.
        counts: how many attributes each span has.
        begins: where its first one is.
        origin: a number for where each span comes from.
    """
    # Each place in the order has a factor of its own; what only seems to be the same is seen when names are compared.
    factors = np.random.default_rng(1).integers(1, 1 << 63, int(counts.max(initial=0)) + 2, dtype=np.uint64) | np.uint64(1)
    of = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(names)) - begins[of]
    sums = np.zeros(len(counts), np.uint64)
    np.add.at(sums, of, (names + 1).astype(np.uint64) * factors[place])
    sums += (origin + 1).astype(np.uint64) * factors[-1] + counts.astype(np.uint64) * factors[-2]
    _, first, shape = np.unique(sums, return_index=True, return_inverse=True)
    likeness = first[shape]
    same = (counts == counts[likeness]) & (origin == origin[likeness])
    same[of[~(names == names[np.minimum(begins[likeness][of] + place, len(names) - 1)])]] = False
    order = np.argsort(shape, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(shape))[:-1])
    return [group[same[group]] for group in groups]
