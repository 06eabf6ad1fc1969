"""Puts markers in the place of what rules find: in texts, and in the texts within JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from flowyard.tracing.redaction.model import Place, Rule, no_name
from flowyard.tracing.redaction.rules import RULES
from flowyard.wire.telemetry_policy import RedactionRule

#: Letters, digits and slashes that JSON writes as an escape would hide from a hint.
_ESCAPED = r"\\u00[2-7]|\\/"
#: A number of fewer digits is none that a rule finds.
_FEWEST_DIGITS = 13
#: So many short texts in which nothing is found are remembered: names of attributes, models, roles. What is found is not.
_REMEMBERED, _SHORT = 10_000, 100
_Found = tuple[int, int, Rule]


class Redactor:
    """Redacts by `names`. The same text always becomes the same, and what was redacted is not changed again.

    `hint` is a regular expression of RE2's syntax, for texts and for JSON as it is written: what does not match it stays as it is.
    Empty when there are no rules.
    """

    def __init__(self, names: Iterable[RedactionRule]) -> None:
        wanted = set(names)
        self.names: tuple[RedactionRule, ...] = tuple(name for name in RULES if name in wanted)
        self._rules: tuple[Rule, ...] = tuple(RULES[name] for name in self.names)
        self._of_names = tuple(rule for rule in self._rules if rule.named is not no_name)
        self._of_numbers = tuple(rule for rule in self._rules if rule.numbers)
        self._clean: set[str] = set()
        self.hint = "|".join([f"(?:{rule.hint})" for rule in self._rules] + [_ESCAPED]) if self._rules else ""

    def text(self, text: str) -> str:
        """Return `text` with markers."""
        return self.found(text)[0]

    def found(self, text: str) -> tuple[str, list[tuple[RedactionRule, Place]]]:
        """Return `text` with markers, and what each stands for: the rule, and where in the original."""
        if text in self._clean:
            return text, []
        places = _merged([(start, end, rule) for rule in self._rules for start, end in rule.find(text)], self._rules)
        if not places:
            self._remember(text)
            return text, []
        parts: list[str] = []
        at = 0
        for start, end, rule in places:
            parts += [text[at:start], rule.marker]
            at = end
        parts.append(text[at:])
        return "".join(parts), [(rule.name, (start, end)) for start, end, rule in places]

    def _remember(self, text: str) -> None:
        if len(text) <= _SHORT:
            if len(self._clean) >= _REMEMBERED:
                self._clean.clear()
            self._clean.add(text)

    def json(self, text: str) -> str:
        """Return JSON with markers in its texts, names and whole numbers; unchanged when nothing is found.

        Raises:
            msgspec.DecodeError: it is no JSON.
            RecursionError: it is nested too deeply.
        """
        value = msgspec.json.decode(text)
        redacted = self._value(value, "")
        return text if redacted is value else msgspec.json.encode(redacted).decode()

    def _value(self, value: Any, key: str) -> Any:
        """Return `value`, itself where nothing is found; `key` is the name that it stands under."""
        match value:
            case str():
                return self._string(value, key)
            case dict():
                return self._object(value)  # pyright: ignore[reportUnknownArgumentType]
            case list():
                items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
                made = [self._value(item, key) for item in items]
                return made if any(new is not old for new, old in zip(made, items, strict=True)) else items
            case bool():
                return value
            case int():
                return self._number(value, key)
            case _:
                return value

    def _string(self, value: str, key: str) -> str:
        named = self._named(key, value)
        if named is not None:
            return named
        redacted, found = self.found(value)
        return redacted if found else value

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        changed = False
        for key, item in value.items():
            name = self.text(key)
            new = self._value(item, key)
            changed = changed or name != key or new is not item
            made[_free(name, made)] = new
        return made if changed else value

    def _number(self, value: int, key: str) -> int | str:
        text = str(value)
        named = self._named(key, text)
        if named is not None or len(text) < _FEWEST_DIGITS:
            return value if named is None else named
        for rule in self._of_numbers:
            if (0, len(text)) in rule.find(text):
                return rule.marker
        return value

    def _named(self, key: str, value: str) -> str | None:
        return next((rule.marker for rule in self._of_names if rule.named(key, value)), None) if key else None


def _merged(found: list[_Found], rules: Sequence[Rule]) -> list[_Found]:
    """Return places in order without overlap: those that overlap become one, with the marker of the rule that goes first."""
    merged: list[_Found] = []
    for start, end, rule in sorted(found, key=lambda one: one[:2]):
        if merged and start < merged[-1][1]:
            first, last, other = merged[-1]
            merged[-1] = (first, max(last, end), min(rule, other, key=rules.index))
        else:
            merged.append((start, end, rule))
    return merged


def _free(name: str, taken: dict[str, Any]) -> str:
    """Return `name`, with a number when two names became the same."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} {number}"
    return free
