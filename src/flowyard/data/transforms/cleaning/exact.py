"""Rows that are equal to an earlier one."""

import hashlib

from flowyard.data.rows import Row
from flowyard.data.transforms.cleaning.ports import Dropped, columns_of
from flowyard.foundation.codecs import to_json
from flowyard.wire.transforms import DeduplicateStep


class DeduplicateExact:
    """Implements `RowStep`. It remembers 16 bytes of a hash for each row that is kept (about 80 bytes of memory)."""

    def __init__(self, step: DeduplicateStep) -> None:
        self._columns = step.columns
        self._seen: set[bytes] = set()

    def __call__(self, row: Row) -> Row | Dropped:
        """See `RowStep`."""
        wanted = self._columns or tuple(sorted(row))
        text = to_json([(column, row[column]) for column in columns_of(row, wanted)])
        key = hashlib.blake2b(text, digest_size=16).digest()
        if key in self._seen:
            return Dropped("equal to an earlier row")
        self._seen.add(key)
        return row
