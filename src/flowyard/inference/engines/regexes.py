"""Regular expressions of JSON schemas, read into what they are made of.

JSON schemas mean ECMA-262's (JSON Schema 2020-12, section 6.3.3); what Python and Rust write in another way for the same, as Pydantic's
schemas have it, is read too: ``(?P<name>…)``, ``\\A``, ``\\Z``, ``\\U0001f600``. Flags, looks around and references back are refused.
White space is read as what all three take for it, what is none as what none of them does.
"""

from dataclasses import dataclass
from typing import Final, NoReturn

from flowyard.inference.errors import PatternUnsupportedError

LAST: Final = 0x10FFFF

#: Signs by their code points: from and to, both in it; in order, apart from each other.
Ranges = tuple[tuple[int, int], ...]


def joined(*ranges: tuple[int, int]) -> Ranges:
    """Return ranges in order, those that touch as one."""
    made: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if made and low <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(high, made[-1][1]))
        else:
            made.append((low, high))
    return tuple(made)


def others(ranges: Ranges) -> Ranges:
    """Return all signs but these."""
    made: list[tuple[int, int]] = []
    begin = 0
    for low, high in ranges:
        if begin < low:
            made.append((begin, low - 1))
        begin = high + 1
    return (*made, (begin, LAST)) if begin <= LAST else tuple(made)


_DEEPEST = 32
_CONTROLS = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11, "0": 0}
_HEX = {"x": 2, "u": 4, "U": 8}
_DIGITS: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
# All take these for white space; the others some do.
_SPACES: Ranges = ((9, 13), (32, 32))
_ALL_SPACES: Ranges = (
    (9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F),
    (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
_KINDS = {"d": _DIGITS, "D": others(_DIGITS), "w": _WORD, "W": others(_WORD), "s": _SPACES, "S": others(_ALL_SPACES)}
#: In a class that is negated: what may count as one of the kind.
_AT_MOST = {**_KINDS, "s": _ALL_SPACES, "S": others(_SPACES)}
_LINE_ENDS: Ranges = ((10, 10), (13, 13), (0x2028, 0x2029))
_ENDS = {"^": "^", "$": "$", r"\A": "^", r"\Z": "$", r"\z": "$"}
_TIMES: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_REFUSED = {
    "k": "a reference back",
    "b": "a boundary of a word",
    "B": "a boundary of a word",
    "p": "a class of Unicode",
    "P": "a class of Unicode",
}
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")


@dataclass(frozen=True, slots=True)
class Signs:
    """One sign out of several."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class End:
    """The text's beginning (``^``) or end (``$``)."""

    which: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences."""

    ways: "tuple[tuple[Part, ...], ...]"


@dataclass(frozen=True, slots=True)
class Times:
    """A part `least` to `most` times; without a bound where `most` is None."""

    part: "Signs | Choice"
    least: int
    most: int | None


Part = Signs | End | Choice | Times


def read_pattern(pattern: str) -> Choice:
    """Return what a regular expression is made of.

    Raises:
        PatternUnsupportedError: it is none, or has what no grammar can say.
    """
    return _Reader(pattern).read()


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._depth = 0
        self._kinds = _KINDS

    def read(self) -> Choice:
        made = self._choice()
        if self._at < len(self._text):
            self._refuse("a ')' without its '('")
        return made

    def _choice(self) -> Choice:
        ways = [self._sequence()]
        while self._take("|"):
            ways.append(self._sequence())
        return Choice(tuple(ways))

    def _sequence(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            begun = self._at
            part = self._part()
            times = self._times()
            if times is None:
                parts.append(part)
                continue
            if isinstance(part, End):
                self._refuse(f"{self._text[begun : self._at]!r}: ends cannot be repeated")
            parts.append(Times(part, *times))
        return tuple(parts)

    def _part(self) -> Signs | End | Choice:
        for written, which in _ENDS.items():
            if self._take(written):
                return End(which)
        if self._take("("):
            return self._group()
        if self._take("["):
            return Signs(self._class())
        if self._take("."):
            return Signs(others(_LINE_ENDS))
        if self._take("\\"):
            return Signs(self._escaped())
        if self._text[self._at] in "*+?":
            self._refuse(f"{self._text[self._at]!r} with nothing before it to repeat")
        return Signs(self._sign())

    def _group(self) -> Choice:
        begun = self._at - 1
        if self._take("?") and not self._take(":"):
            self._name(begun)
        self._depth += 1
        if self._depth > _DEEPEST:
            self._refuse(f"more than {_DEEPEST} groups within each other")
        made = self._choice()
        if not self._take(")"):
            self._refuse("a '(' without its ')'")
        self._depth -= 1
        return made

    def _name(self, begun: int) -> None:
        rest = self._text[begun : begun + 4]
        if rest.startswith(_LOOKS):
            self._refuse(f"{rest!r}: a look around")
        if rest.startswith("(?P="):
            self._refuse(f"{rest!r}: a reference back")
        end = self._text.find(">", self._at)
        if not rest.startswith(("(?<", "(?P<")) or end < 0:
            self._refuse(f"{rest!r}: only plain groups, (?:…) and (?<name>…) are known")
        self._at = end + 1

    def _times(self) -> tuple[int, int | None] | None:
        begun = self._at
        times = self._counted()
        if times is None:
            return None
        self._take("?")  # lazily or not, the same texts fit
        if self._at < len(self._text) and (self._text[self._at] in "*+?" or self._counted()):
            self._refuse(f"{self._text[begun : self._at + 1]!r}: one count after another")
        return times

    def _counted(self) -> tuple[int, int | None] | None:
        for sign, times in _TIMES.items():
            if self._take(sign):
                return times
        end = self._text.find("}", self._at)
        if not self._text.startswith("{", self._at) or end < 0:
            return None
        least, comma, most = self._text[self._at + 1 : end].partition(",")
        if not all(number.isascii() and (number.isdigit() or not number) for number in (least, most)) or not (least or most):
            return None
        self._at = end + 1
        low, high = int(least or 0), int(most) if most else (None if comma else int(least))
        if high is not None and high < low:
            self._refuse(f"{{{low},{high}}}: the most is below the least")
        return low, high

    def _class(self) -> Ranges:
        negated = self._take("^")
        self._kinds = _AT_MOST if negated else _KINDS
        closed = self._text.find("]", self._at + 1) >= 0
        ranges: list[tuple[int, int]] = []
        # As the first of a class ']' stands for itself in Python; in ECMA-262 it closes an empty one.
        first = closed
        while first or not self._take("]"):
            first = False
            if self._at >= len(self._text):
                self._refuse("a '[' without its ']'")
            ranges += self._members()
        self._kinds = _KINDS
        made = joined(*ranges)
        return others(made) if negated else made

    def _members(self) -> Ranges:
        begun = self._at
        low = self._member()
        if not self._text.startswith("-", self._at) or self._text.startswith("-]", self._at) or self._at + 1 >= len(self._text):
            return low
        self._at += 1
        high = self._member()
        if not (_is_one(low) and _is_one(high)):
            return (*low, (45, 45), *high)
        if low[0][0] > high[0][0]:
            self._refuse(f"{self._text[begun : self._at]!r}: the first sign is behind the last")
        return ((low[0][0], high[0][0]),)

    def _member(self) -> Ranges:
        if self._take("\\"):
            return _one(8) if self._take("b") else self._escaped()
        return self._sign()

    def _escaped(self) -> Ranges:
        if self._at >= len(self._text):
            self._refuse("a '\\' at the end")
        name = self._text[self._at]
        self._at += 1
        if name in self._kinds:
            return self._kinds[name]
        if name in _HEX:
            return self._numbered(name)
        if name in _CONTROLS:
            return _one(_CONTROLS[name])
        if name.isalnum():
            self._refuse(f"'\\{name}': {_REFUSED.get(name, 'a reference back' if name.isdigit() else 'no known escape')}")
        return _one(ord(name))

    def _numbered(self, kind: str) -> Ranges:
        end = self._text.find("}", self._at) if kind == "u" and self._take("{") else -1
        digits = self._text[self._at : end if end >= 0 else self._at + _HEX[kind]]
        self._at += len(digits) + (end >= 0)
        try:
            number = int(digits, 16)
        except ValueError:
            number = LAST + 1
        if number > LAST or (end < 0 and len(digits) != _HEX[kind]):
            self._refuse(f"'\\{kind}{digits}', which is the number of no sign")
        if 0xD800 <= number < 0xDC00 and self._text.startswith("\\u", self._at):
            self._at += 2
            (low, _), *_ = self._numbered("u")
            number = 0x10000 + ((number - 0xD800) << 10) + (low & 0x3FF)
        return _one(number)

    def _sign(self) -> Ranges:
        sign = ord(self._text[self._at])
        self._at += 1
        return _one(sign)

    def _take(self, text: str) -> bool:
        if not self._text.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def _refuse(self, what: str) -> NoReturn:
        raise PatternUnsupportedError(f"The pattern {self._text!r} has {what}.")


def _one(code: int) -> Ranges:
    return ((code, code),)


def _is_one(ranges: Ranges) -> bool:
    return len(ranges) == 1 and ranges[0][0] == ranges[0][1]
