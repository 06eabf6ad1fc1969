"""Reads a search expression.

::

    search = and ("OR" and)*
    and    = not ("AND"? not)*
    not    = ("-" | "NOT") not | "(" search ")" | term
    term   = field (":" | "=" | "!=" | ">" | ">=" | "<" | "<=") value | text
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flowyard.foundation.errors import InvalidInputError, Location, nearest
from flowyard.tracing.search.model import ATTRIBUTE, FIELDS, SCORE, All, FieldKind, Not, Operator, Search, Term, Text, any_of

LIMIT = 2000
_DEPTH = 50
_LARGEST = 10**15
_WORDS = "text"
_LONGEST_NS = (1 << 63) - 1
_TOKEN = re.compile(
    r"""\s+|(?P<open>\()|(?P<close>\))|(?P<minus>-(?=[\w"(]))
    |(?P<field>[A-Za-z_][\w.\-/]*)(?P<operator>:|!=|>=|<=|=|>|<)(?P<value>"(?:[^"\\]|\\.)*"|[^\s()"]+)?
    |(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_UNITS = {"ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ns|us|µs|ms|s|m|h)?")


class SearchError(InvalidInputError):
    """A search expression cannot be read."""

    code = "InvalidSearch"
    title = "The search cannot be read"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    field: str = ""
    operator: str = ""
    value: str | None = None


def parse_search(text: str) -> Search | None:
    """Return what `text` asks for; None when it is empty.

    Raises:
        SearchError: it cannot be read; the message says at which character and what was expected.
    """
    if len(text) > LIMIT:
        raise _error(f"The search has {len(text)} characters.", 0, f"It may have {LIMIT}.")
    tokens = _tokens(text)
    if not tokens:
        return None
    return _Reader(tokens, len(text)).read()


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _error(f"A quote at character {at + 1} is not closed.", at, 'Close it with ", or write \\" for a quote itself.')
        kind = found.lastgroup or "space"
        kind = "term" if found.group("field") else kind
        if kind != "space" and found.group().strip():
            field, operator = found.group("field") or "", found.group("operator") or ""
            tokens.append(_Token(kind, found.group(), at, field, operator, found.group("value")))
        at = found.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[_Token], length: int) -> None:
        self._tokens = tokens
        self._length = length
        self._place = 0
        self._depth = 0

    def read(self) -> Search:
        found = self._either()
        left = self._peek()
        if left is not None:
            raise _error(f"The ) at character {left.at + 1} closes nothing.", left.at, "Take it away, or open a ( before.")
        return found

    def _peek(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _word(self, word: str) -> bool:
        token = self._peek()
        if token is not None and token.kind == "word" and token.text == word:
            self._place += 1
            return True
        return False

    def _either(self) -> Search:
        self._depth += 1
        if self._depth > _DEPTH:
            raise _error("The search is nested too deep.", 0, f"Use at most {_DEPTH} levels of parentheses.")
        parts = [self._both()]
        while self._word("OR"):
            parts.append(self._both())
        self._depth -= 1
        return any_of(tuple(parts))

    def _both(self) -> Search:
        parts = [self._one()]
        while (token := self._peek()) is not None and token.kind != "close" and not (token.kind == "word" and token.text == "OR"):
            self._word("AND")
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self) -> Search:
        negated = False
        while (token := self._peek()) is not None and (token.kind == "minus" or (token.kind == "word" and token.text == "NOT")):
            negated = not negated
            self._place += 1
        found = self._plain()
        return Not(found) if negated else found

    def _plain(self) -> Search:
        token = self._peek()
        if token is None or token.kind == "close" or (token.kind == "word" and token.text in {"AND", "OR"}):
            at = self._length if token is None else token.at
            raise _error(f"Something is missing at character {at + 1}.", at, "Expected a term such as status:error, or a word.")
        self._place += 1
        if token.kind == "open":
            found = self._either()
            closing = self._peek()
            if closing is None or closing.kind != "close":
                raise _error(f"The ( at character {token.at + 1} is not closed.", token.at, "Add a ).")
            self._place += 1
            return found
        return _term(token) if token.kind == "term" else Text(_unquoted(token.text))


def _term(token: _Token) -> Search:
    name, written = token.field, token.operator
    operator: Operator = "=" if written == ":" else written  # pyright: ignore[reportAssignmentType]
    named = name.startswith((SCORE, ATTRIBUTE)) and not name.endswith(".")
    if name not in FIELDS and not named and name != _WORDS:
        if written == ":" and token.value and token.value.startswith("//"):
            return Text(token.text)  # an address is a word
        like = nearest(name, set(FIELDS))
        known = f"Did you mean {like}?" if like else f"Fields: {', '.join(FIELDS)}, score.NAME, attr.NAME."
        raise _error(
            f"There is no field {name!r} (character {token.at + 1}).", token.at, f'{known} Words with a colon go in quotes: "{token.text}".'
        )
    if not token.value:
        raise _error(f"{token.text!r} at character {token.at + 1} has no value.", token.at, f"Write for instance {_example(name)}.")
    if name == _WORDS:
        words = Text(str(_value(token, "word", _unquoted(token.value))))
        return Not(words) if written == "!=" else words
    kind: FieldKind = FIELDS[name].kind if name in FIELDS else ("number" if operator not in {"=", "!="} else "word")
    value = _value(token, kind, _unquoted(token.value))
    known = FIELDS[name].known if name in FIELDS else ()
    if known and not _is_known(str(value), known):
        like = nearest(str(value), set(known))
        remedy = f"Did you mean {like}? " if like else ""
        raise _error(f"There is no {name} {value!r} (character {token.at + 1}).", token.at, f"{remedy}There are: {', '.join(known)}.")
    return Term(name, operator, value)


def _is_known(value: str, known: tuple[str, ...]) -> bool:
    """Whether a value may be found; one with a ``*`` may."""
    return value in known or "*" in value


def _value(token: _Token, kind: FieldKind, text: str) -> str | int | float:
    if kind == "word":
        if token.operator in {">", ">=", "<", "<="}:
            raise _error(
                f"{token.field} at character {token.at + 1} is text, and has no order.", token.at, f"Write {_example(token.field)}."
            )
        return text
    if kind == "duration":
        found = _DURATION.fullmatch(text)
        if found is None:
            raise _error(f"{text!r} is no duration (character {token.at + 1}).", token.at, "Write 300ms, 2s, 1.5m or 1h.")
        length = Decimal(found["number"]) * _UNITS[found["unit"] or "s"]
        if length > _LONGEST_NS:
            raise _error(f"{text!r} is longer than any trace (character {token.at + 1}).", token.at, "Write 300ms, 2s, 1.5m or 1h.")
        return int(length)
    number = _number(text)
    if number is None:
        raise _error(f"{text!r} is no number (character {token.at + 1}).", token.at, f"Write for instance {_example(token.field)}.")
    if kind == "money":
        return int(number * 1_000_000)
    if kind == "number":
        return float(number)
    if number != number.to_integral_value():
        raise _error(f"{text!r} is no whole number (character {token.at + 1}).", token.at, f"Write for instance {_example(token.field)}.")
    return int(number)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= _LARGEST else None


def _example(field: str) -> str:
    if field.startswith(SCORE):
        return f"{field}>0.5 or {field}:good"
    kind = FIELDS[field].kind if field in FIELDS else "word"
    return {"duration": f"{field}>2s", "money": f"{field}>0.01", "count": f"{field}>=1000"}.get(kind, f'{field}:"some value"')


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _error(message: str, at: int, remedy: str) -> SearchError:
    return SearchError(message, remedy=remedy, location=Location(pointer="/query/q"), extra={"position": at})
