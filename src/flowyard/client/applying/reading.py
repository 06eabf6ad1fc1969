"""Reads the keys of a YAML mapping by a table of what they hold, and collects what does not fit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.flows.format.document import Entry, Marked
from flowyard.flows.model import Place
from flowyard.foundation.errors import nearest
from flowyard.wire.flow_terms import Finding, Severity

Kind = Literal["text", "whole", "share", "yes_no", "texts", "shares", "list", "mapping", "any"]
_WORDS: dict[Kind, str] = {
    "text": "a text",
    "whole": "a whole number",
    "share": "a number from 0 to 1",
    "yes_no": "true or false",
    "list": "a list",
    "texts": "a mapping of texts",
    "shares": "a mapping of deployments to whole numbers",
    "mapping": "a mapping",
}


@dataclass(slots=True)
class Reading:
    """What was found in one file: `findings` are errors, `notes` what it asks for that is not done here."""

    file: str
    findings: list[Finding] = field(default_factory=list[Finding])
    notes: list[Finding] = field(default_factory=list[Finding])

    def wrong(self, place: Place | None, code: str, message: str, remedy: str | None = None) -> None:
        """Note an error."""
        self.findings.append(self._finding(place, code, "error", message, remedy))

    def note(self, entry: Entry | None, message: str, remedy: str | None = None) -> None:
        """Note what is not done here; nothing where the key is not there."""
        if entry is not None:
            self.notes.append(self._finding(entry.place, "NotHonoured", "warning", message, remedy))

    def keys(self, value: Marked, table: Mapping[str, Kind], within: str = "") -> dict[str, Entry]:
        """Return the entries of a mapping whose keys are in `table` and whose values are of its kinds; the others are findings.

        Keys that hold nothing are as if they were not there.
        """
        found: dict[str, Entry] = {}
        entries = value.mapping
        if entries is None:
            self.wrong(value.place, "WrongType", f"{within or 'The file'} is {value.kind}, expected a mapping.")
            return found
        for key, entry in entries.items():
            if key not in table:
                near = nearest(key, list(table))
                where = f" in {within}" if within else ""
                remedy = f"Did you mean {near!r}?" if near else f"Known are: {', '.join(table)}."
                self.wrong(entry.place, "UnknownKey", f"There is no key {key!r}{where}.", remedy)
            elif entry.value.data is not None:
                if _FITS[table[key]](entry.value):
                    found[key] = entry
                else:
                    name = f"{within}.{key}" if within else key
                    expected = f"expected {_WORDS[table[key]]}."
                    self.wrong(entry.value.place, "WrongType", f"{name} is {entry.value.kind}, {expected}")
        return found

    def _finding(self, place: Place | None, code: str, severity: Severity, message: str, remedy: str | None) -> Finding:
        line, column = (place.line, place.column) if place is not None else (1, 1)
        return Finding(code=code, severity=severity, message=message, remedy=remedy, file=self.file, line=line, column=column)


def text_of(entry: Entry | None) -> str | None:
    """Return a value as text; None where the key is not there."""
    return None if entry is None else scalar(entry.value)


def scalar(value: Marked) -> str:
    """Return a scalar as text, true and false as YAML writes them."""
    return str(value.data).lower() if isinstance(value.data, bool) else str(value.data)


def whole_of(entry: Entry | None) -> int | None:
    """Return a value as a whole number; None where the key is not there."""
    return None if entry is None else int(entry.value.data)


def share_of(entry: Entry | None) -> float | None:
    """Return a value as a number; None where the key is not there."""
    return None if entry is None else float(entry.value.data)


def texts_of(entry: Entry | None) -> dict[str, str]:
    """Return a mapping of texts; empty where the key is not there."""
    mapping = entry.value.mapping if entry is not None else None
    return {key: "" if inner.value.data is None else scalar(inner.value) for key, inner in (mapping or {}).items()}


def shares_of(entry: Entry | None) -> dict[str, int] | None:
    """Return a mapping of whole numbers; None where the key is not there."""
    mapping = entry.value.mapping if entry is not None else None
    return None if mapping is None else {key: int(inner.value.data) for key, inner in mapping.items()}


def _is_mapping_of(value: Marked, fits: Callable[[Marked], bool]) -> bool:
    return value.mapping is not None and all(fits(entry.value) for entry in value.mapping.values())


def _is_scalar(value: Marked) -> bool:
    data: Any = value.data
    return value.mapping is None and value.items is None and not isinstance(data, bytes)


def _is_whole(value: Marked) -> bool:
    data = value.data
    if isinstance(data, str):  # Azure ML's files write instance_count: "1" too
        return data.isdigit()
    return isinstance(data, int) and not isinstance(data, bool)


def _is_share(value: Marked) -> bool:
    data = value.data
    return isinstance(data, int | float) and not isinstance(data, bool) and 0 <= data <= 1


_FITS: dict[Kind, Callable[[Marked], bool]] = {
    "any": lambda _: True,
    "text": _is_scalar,
    "whole": _is_whole,
    "share": _is_share,
    "list": lambda value: value.items is not None,
    "yes_no": lambda value: isinstance(value.data, bool),
    "mapping": lambda value: value.mapping is not None,
    "texts": lambda value: _is_mapping_of(value, _is_scalar),
    "shares": lambda value: _is_mapping_of(value, _is_whole),
}
