"""Reading typed fields out of a marked mapping. What does not fit becomes a finding; reading goes on."""

from typing import Any

from flowyard.flows.format.document import Entry, Marked
from flowyard.flows.model import Place
from flowyard.foundation.errors import nearest
from flowyard.wire.flow_terms import Finding, Severity


class Findings:
    """Collects findings while a file is read."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def add(
        self, code: str, message: str, place: Place, *, severity: Severity = "error", remedy: str | None = None, node: str | None = None
    ) -> None:
        """Add one finding at `place`."""
        self.found.append(
            Finding(
                code=code,
                severity=severity,
                message=message,
                remedy=remedy,
                file=place.file,
                line=place.line,
                column=place.column,
                node=node,
            )
        )


class Fields:
    """One mapping of the file: its typed fields, and warnings for keys that mean nothing.

    Args:
        value: where the mapping should be.
        known: every key that has a meaning here.
        findings: takes what does not fit.
        where: what this is, for messages: ``node 'ask'``.
        node: the node it belongs to, if any.
    """

    def __init__(self, value: Marked, known: tuple[str, ...], findings: Findings, where: str, node: str | None = None) -> None:
        self.place = value.place
        self.where = where
        self._node = node
        self._findings = findings
        mapping = value.mapping
        if mapping is None:
            self.wrong(value, "a mapping", where)
        self._entries: dict[str, Entry] = mapping or {}
        for key, entry in self._entries.items():
            if key not in known:
                self._unknown(key, entry, known)

    def entry(self, key: str) -> Entry | None:
        """Return the entry when the key is there and has a value."""
        entry = self._entries.get(key)
        return entry if entry is not None and entry.value.data is not None else None

    def has(self, key: str) -> bool:
        """Whether the key is there, with a value or without."""
        return key in self._entries

    def text(self, key: str) -> str | None:
        """Return the text at `key`; numbers and truth values count as their text, as YAML's writers expect."""
        entry = self.entry(key)
        if entry is None:
            return None
        if isinstance(entry.value.data, dict | list):
            self.wrong(entry.value, "a text", f"{key!r} of {self.where}")
            return None
        return str(entry.value.data)

    def flag(self, key: str) -> bool:
        """Return the truth value at `key`, False when absent. The texts true and false count."""
        entry = self.entry(key)
        if entry is None:
            return False
        data = entry.value.data
        if isinstance(data, str) and data.lower() in {"true", "false"}:
            return data.lower() == "true"
        if not isinstance(data, bool):
            self.wrong(entry.value, "true or false", f"{key!r} of {self.where}")
            return False
        return data

    def number(self, key: str, least: float, most: float, *, whole: bool = False) -> float | None:
        """Return the number at `key` when it is from `least` to `most`, both included, and without a fraction where it must be `whole`."""
        entry = self.entry(key)
        if entry is None:
            return None
        data = entry.value.data
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.wrong(entry.value, "a number", f"{key!r} of {self.where}")
            return None
        if not least <= data <= most or (whole and data != int(data)):
            kind = "a whole number" if whole else "a number"
            self.add("WrongValue", f"{key!r} of {self.where} must be {kind} from {least:g} to {most:g}, got {data!r}.", entry.value.place)
            return None
        return data

    def choice(self, key: str, known: tuple[str, ...], code: str = "WrongValue") -> str | None:
        """Return the text at `key` if it is one of `known`."""
        text = self.text(key)
        entry = self.entry(key)
        if text is None or entry is None or text in known:
            return text if text in known else None
        near = nearest(text, known)
        self.add(
            code,
            f"{key!r} of {self.where} is {text!r}; expected one of {', '.join(known)}.",
            entry.value.place,
            remedy=f"Did you mean {near!r}?" if near else None,
        )
        return None

    def mapping(self, key: str) -> dict[str, Entry]:
        """Return the entries of the mapping at `key`, empty when absent."""
        entry = self.entry(key)
        if entry is None:
            return {}
        found = entry.value.mapping
        if found is None:
            self.wrong(entry.value, "a mapping", f"{key!r} of {self.where}")
        return found or {}

    def items(self, key: str) -> list[Marked]:
        """Return the items of the list at `key`, empty when absent."""
        entry = self.entry(key)
        if entry is None:
            return []
        found = entry.value.items
        if found is None:
            self.wrong(entry.value, "a list", f"{key!r} of {self.where}")
        return found or []

    def plain(self, key: str) -> Any:
        """Return the value at `key` as plain data, None when absent."""
        entry = self.entry(key)
        return entry.value.plain() if entry else None

    def wrong(self, value: Marked, expected: str, where: str) -> None:
        """Report a value of the wrong type."""
        self.add("WrongType", f"{where} must be {expected}, got {value.kind}.", value.place)

    def add(self, code: str, message: str, place: Place, *, severity: Severity = "error", remedy: str | None = None) -> None:
        """Report something about this mapping."""
        self._findings.add(code, message, place, severity=severity, remedy=remedy, node=self._node)

    def _unknown(self, key: str, entry: Entry, known: tuple[str, ...]) -> None:
        near = nearest(key, known)
        self.add(
            "UnknownKey",
            f"{key!r} means nothing in {self.where} and is ignored.",
            entry.place,
            severity="warning",
            remedy=f"Did you mean {near!r}?" if near else f"Known here: {', '.join(known)}.",
        )
