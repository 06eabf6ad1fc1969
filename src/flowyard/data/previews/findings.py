"""What is odd about data, gathered while it is read: each kind once a file, with its first line and how often."""

from dataclasses import replace

from flowyard.wire.data_previews import DataFinding, FindingSeverity

_MOST = 50


class Findings:
    """Gathers findings."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str | None], DataFinding] = {}

    def add(
        self,
        code: str,
        severity: FindingSeverity,
        message: str,
        *,
        remedy: str | None = None,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
    ) -> None:
        """Add a finding, or one more place to that which has its code and file (and `key`, such as a column)."""
        place = (code, f"{file}\0{key}")
        known = self._found.get(place)
        if known is None:
            self._found[place] = DataFinding(code=code, severity=severity, message=message, remedy=remedy, file=file, line=line)
        else:
            self._found[place] = replace(known, count=known.count + 1)

    def has(self, code: str) -> bool:
        """Whether there is a finding of this code."""
        return any(known == code for known, _ in self._found)

    def all(self) -> tuple[DataFinding, ...]:
        """Return them, errors first, at most 50."""
        order = {"error": 0, "warning": 1, "info": 2}
        return tuple(sorted(self._found.values(), key=lambda one: order[one.severity])[:_MOST])
