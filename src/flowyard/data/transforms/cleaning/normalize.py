"""Texts written one way: Unicode, white space, case."""

import re
import unicodedata
from typing import Literal

from flowyard.data.rows import Row
from flowyard.data.transforms.cleaning.ports import Dropped, columns_of
from flowyard.wire.transforms import NormalizeStep

#: Control characters other than line ends and tabs, and marks that only say how bytes or lines are written.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff]")
_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_LINE_EDGES = re.compile(r" ?\n ?")
_EMPTY_LINES = re.compile(r"\n{3,}")


class Normalize:
    """Implements `RowStep`."""

    def __init__(self, step: NormalizeStep) -> None:
        self._step = step
        self._form: Literal["NFC", "NFKC"] | None = None if step.form == "none" else step.form

    def __call__(self, row: Row) -> Row | Dropped:
        """See `RowStep`."""
        made: Row | None = None
        for column in columns_of(row, self._step.columns):
            value = row[column]
            if isinstance(value, str) and (text := self.text(value)) != value:
                made = made if made is not None else dict(row)
                made[column] = text
        return row if made is None else made

    def text(self, text: str) -> str:
        """Return a text in that form; done again, it changes nothing."""
        if self._step.lowercase:
            text = text.lower()
        if self._form is not None:
            text = unicodedata.normalize(self._form, text)
        if self._step.whitespace:
            text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", _CONTROL.sub("", text)))
            text = _EMPTY_LINES.sub("\n\n", _LINE_EDGES.sub("\n", text)).strip()
        return text
