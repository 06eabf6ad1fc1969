"""What a rule of redaction is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flowyard.wire.telemetry_policy import RedactionRule

#: Where something is in a text: the first character, and the one after the last.
Place = tuple[int, int]
Find = Callable[[str], Iterator[Place]]

#: Patterns begin where no word, number or decimal goes on; after a line break that is written as ``\\n`` (JSON within a text) too.
START = r"(?:(?<![\w.,+-])|(?<=\\[nrt]))"
#: The same, to stand after a pattern's first character: the engine skips to what may be the first far faster than it looks back.
STARTED = r"(?:(?<![\w.,+-].)|(?<=\\[nrt].))"
#: ... and end likewise.
END = r"(?![\w-]|[.,]\d)"
#: The same for hints, which see JSON as it is written and cannot look around: wherever a pattern may begin or end, and in some more places.
HINT_START = r"(?:^|[^\w.]|\\[bfnrt]|\\u[0-9A-Fa-f]{4})"
HINT_END = r"(?:$|[^\w-])"
HINT_SPACE = r"(?:[\s\pZ]|\\+(?:[bfnrt]|u[0-9A-Fa-f]{4}))"


def no_name(key: str, value: str) -> bool:
    """Say of every name that it tells nothing."""
    del key, value
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of thing that is found.

    Args:
        name: as a policy names it.
        title: what it finds, in words.
        find: yields where it stands in a text. Its time grows with the text's length and no faster, whatever the text.
        hint: a regular expression in RE2's syntax that matches wherever `find` or `named` finds something, also in the JSON of the text:
            what does not match is not looked at. RE2 takes a microsecond for a prompt, `find` up to a hundred, so it matches little else.
        named: whether a text is one because of the name that it stands under in an object.
        numbers: whether whole numbers are looked at too.
    """

    name: RedactionRule
    title: str
    find: Find
    hint: str
    named: Callable[[str, str], bool] = no_name
    numbers: bool = False

    @property
    def marker(self) -> str:
        """What stands in the place of what was found."""
        return f"[{'SECRET' if self.name == 'secrets' else self.name.upper()}]"
