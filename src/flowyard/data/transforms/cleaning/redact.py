"""Personal data and secrets, as the rules of telemetry find them."""

from flowyard.data.rows import Row
from flowyard.data.transforms.cleaning.ports import Dropped, columns_of
from flowyard.foundation.codecs import from_json, to_json
from flowyard.tracing.redaction.redactor import Redactor
from flowyard.tracing.redaction.rules import RULES
from flowyard.wire.transforms import RedactStep


class Redact:
    """Implements `RowStep`. Texts within lists and objects are redacted too; a column's name may tell of what is in it (``password``)."""

    def __init__(self, step: RedactStep) -> None:
        self._columns = step.columns
        self._redactor = Redactor(step.rules or tuple(RULES))

    def __call__(self, row: Row) -> Row | Dropped:
        """See `RowStep`."""
        made: Row | None = None
        for column in columns_of(row, self._columns):
            value = row[column]
            if value is None or isinstance(value, bool | float):
                continue
            before = to_json({column: value}).decode()
            after = self._redactor.json(before)
            if after is not before:
                made = made if made is not None else dict(row)
                # The column's name stays, whatever the rules think of it.
                made[column] = next(iter(from_json(after).values()))
        return row if made is None else made
