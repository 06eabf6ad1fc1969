"""What a rule of redaction is."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from flowyard.wire.telemetry_policy import RedactionRule

#: Where something is in a text: the first character, and the one after the last.
Place = tuple[int, int]
_compiled = cache(re.compile)
Find = Callable[[str], Iterator[Place]]

#: Patterns begin where no word, number or decimal goes on; after a line break that is written as ``\\n`` (JSON within a text) too.
START = r"(?:(?<![\w.,+-])|(?<=\\[nrt]))"
#: ... and end likewise.
END = r"(?![\w-]|[.,]\d)"


def _nothing(key: str, value: str) -> bool:
    del key, value
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of thing that is found.

    Args:
        name: as a policy names it.
        title: what it finds, in words.
        find: yields where it stands in a text. Its time grows with the text's length and no faster, whatever the text.
        hint: a regular expression (RE2's syntax, which Python's includes) without looking around, that matches wherever `find` or `named`
            finds something, also in the JSON of the text: what does not match is not looked at.
        words: words in small letters, one of which is in every text in which `find` finds something; then they are looked for instead of
            the hint in single texts, which is faster. None: the hint is.
        named: whether a text is one because of the name that it stands under in an object.
        numbers: whether whole numbers are looked at too.
    """

    name: RedactionRule
    title: str
    find: Find
    hint: str
    words: tuple[str, ...] | None = None
    named: Callable[[str, str], bool] = _nothing
    numbers: bool = False

    @property
    def marker(self) -> str:
        """What stands in the place of what was found."""
        return f"[{'SECRET' if self.name == 'secrets' else self.name.upper()}]"

    def places(self, text: str) -> Iterator[Place]:
        """Yield what `find` does, without its cost where there is nothing."""
        if self.words is None:
            may_be = _compiled(self.hint).search(text) is not None
        else:
            small = text.lower()
            may_be = any(word in small for word in self.words)
        return self.find(text) if may_be else iter(())
