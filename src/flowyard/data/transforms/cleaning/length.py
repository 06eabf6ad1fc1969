"""Rows by the length of a text."""

from flowyard.data.rows import Row
from flowyard.data.transforms.cleaning.ports import Dropped, value_of
from flowyard.wire.transforms import FilterLengthStep


class FilterLength:
    """Implements `RowStep`."""

    def __init__(self, step: FilterLengthStep) -> None:
        self._step = step

    def __call__(self, row: Row) -> Row | Dropped:
        """See `RowStep`."""
        step, value = self._step, value_of(row, self._step.column)
        text = value if isinstance(value, str) else ""
        length = len(text) if step.unit == "characters" else len(text.split())
        if length < step.min:
            return Dropped(f"fewer than {step.min} {step.unit}")
        if step.max is not None and length > step.max:
            return Dropped(f"more than {step.max} {step.unit}")
        return row
