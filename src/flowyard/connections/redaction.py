"""Keeps known secret values out of records, logs and traces."""

import base64
import json
import logging
import re
import threading
from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import quote, quote_plus

MASK = "******"
# Shorter values would blot out ordinary words; nothing that short protects anything.
SHORTEST = 6
SHORTEST_ENCODED = 8
_URL_SAFE = str.maketrans("+/", "-_")


class Redactor:
    """Replaces registered values wherever they stand in a text. Safe to use from all threads."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._looked_for: tuple[str, ...] = ()
        self.register(values)

    def register(self, values: Iterable[str]) -> None:
        """Add secret values; they are also found as they look inside JSON, a URL and base64. Those shorter than 6 characters are not."""
        with self._lock:
            before = len(self._values)
            for value in values:
                if len(value) >= SHORTEST:
                    self._values |= _forms(value)
            if len(self._values) != before:
                longest_first = sorted(self._values, key=len, reverse=True)
                self._pattern = re.compile("|".join(re.escape(value) for value in longest_first))
                self._looked_for = _without_longer(longest_first)

    def scrub(self, text: str) -> str:
        """Return `text` with every registered value replaced by ``******``."""
        # Next to all texts have none: to look for each value is many times quicker than to try them all at each character.
        for value in self._looked_for:
            if value in text:
                return self._pattern.sub(MASK, text) if self._pattern else text
        return text

    def scrub_value(self, value: Any) -> Any:
        """Return plain data (dicts, lists, strings, …) with every text in it scrubbed, keys too."""
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, dict):
            found = cast("dict[Any, Any]", value)
            return {self.scrub_value(key): self.scrub_value(item) for key, item in found.items()}
        if isinstance(value, list | tuple):
            return [self.scrub_value(item) for item in cast("Iterable[Any]", value)]
        return value


def _without_longer(longest_first: list[str]) -> tuple[str, ...]:
    """Return the values without those that hold another one: where they are, that is found."""
    kept: list[str] = []
    for value in reversed(longest_first):
        if not any(shorter in value for shorter in kept):
            kept.append(value)
    return tuple(kept)


def _forms(value: str) -> set[str]:
    """Return how a value may look in a text: as it is, escaped for JSON, Python and URLs, and encoded."""
    data = value.encode("utf-8", "surrogatepass")
    quoted = {quote(value, safe="", errors="replace"), quote_plus(value, errors="replace"), quote(value, errors="replace")}
    lower = {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), each) for each in quoted}
    escaped = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
    return {value, data.hex(), *quoted, *lower, *escaped, *_in_base64(data)}


def _in_base64(data: bytes) -> set[str]:
    """Return what of `data` stands in a base64 text, of either alphabet, whatever is before and after it.

    Three bytes make four characters, so there are three positions; characters that share bits with a neighbour are left out.
    """
    found: set[str] = set()
    for before in range(3):
        first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        core = base64.b64encode(bytes(before) + data).decode("ascii")[first:last]
        if len(core) >= SHORTEST_ENCODED:
            found |= {core, core.translate(_URL_SAFE)}
    return found


class RedactingFilter(logging.Filter):
    """Scrubs log records; add it to handlers."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub the message with its arguments; every record passes."""
        message = record.getMessage()
        scrubbed = self._redactor.scrub(message)
        if scrubbed != message:
            record.msg, record.args = scrubbed, None
        if record.exc_info and not record.exc_text:
            record.exc_text = self._redactor.scrub(logging.Formatter().formatException(record.exc_info))
        return True
