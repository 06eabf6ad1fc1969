"""Sentences by the Punkt algorithm.

Kiss and Strunk (2006), Unsupervised Multilingual Sentence Boundary Detection, Computational Linguistics 32: 485-525, with the decisions of
NLTK's implementation. Only the use of a model is here, not its training.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

# Flags of where and how a word was seen in the training text.
MID_UPPER = 1 << 2
BEGIN_LOWER = 1 << 4
UPPER = (1 << 1) | MID_UPPER | (1 << 3)
LOWER = BEGIN_LOWER | (1 << 5) | (1 << 6)

_NUMBER = "##number##"
_ENDS = (".", "?", "!")
_NEVER_FIRST = frozenset(";:,.!?")
_NON_WORD = r"(?:[)\";}\]\*:@\'\({\[\u2018\u2019\u201c\u201d\xab\xbb?!])"
_MANY = r"(?:\-{2,}|\.{2,}|(?:\.\s){2,}\.)"
_START = r"[^\(\"\`{\[:;&\#\*@\)}\]\-,]"
_TOKEN = re.compile(rf"({_MANY}|(?={_START})\S+?(?=\s|$|{_NON_WORD}|{_MANY}|,(?=$|\s|{_NON_WORD}|{_MANY}))|\S)")
_CANDIDATE = re.compile(rf"[.?!](?=(?P<after>{_NON_WORD}|\s+(?P<next>\S+)))")
_CLOSING = re.compile(r'["\')\]}\u2018\u2019\u201c\u201d\xab\xbb]+?(?:\s+|(?=--)|$)', re.MULTILINE)
# Most ends: a word of several letters, a period, a word.
_PLAIN = re.compile(r"([A-Za-z]{2,})\.[ \n\t]+([A-Za-z]+)")
_ELLIPSIS = re.compile(r"\.\.+$")
_NUMERIC = re.compile(r"^-?[\.,]?\d[\d,\.-]*\.?$")
_INITIAL = re.compile(r"[^\W\d]\.$")
_WHITESPACE = " \t\n\r\x0b\x0c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What was learned of a language. Words are in lower case; `contexts` has flags by word."""

    abbreviations: frozenset[str] = frozenset()
    collocations: frozenset[tuple[str, str]] = frozenset()
    starters: frozenset[str] = frozenset()
    contexts: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(slots=True)
class _Token:
    text: str
    type: str
    ends: bool = False
    abbreviation: bool = False
    ellipsis: bool = False

    @property
    def bare(self) -> str:
        """The type without its final period."""
        return self.type[:-1] if len(self.type) > 1 and self.type.endswith(".") else self.type

    @property
    def settled(self) -> str:
        """The type, without its period where that ends a sentence."""
        return self.bare if self.ends else self.type


def sentences(text: str, model: Model) -> list[str]:
    """Return the sentences of `text`, without the space between them."""
    return [text[start:stop] for start, stop in _realigned(text, list(_spans(text, model)))]


def _spans(text: str, model: Model) -> Iterator[tuple[int, int]]:
    begin = 0
    for match, context in _candidates(text):
        if _breaks(context, model):
            yield begin, match.end()
            begin = match.start("next") if match["next"] else match.end()
    yield begin, len(text.rstrip())


def _candidates(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the last possible end within each word, with the word before it and what follows."""
    start, stop = 0, 0
    before: re.Match[str] | None = None
    spaces = [character for character in _WHITESPACE if character in text]
    for match in _CANDIDATE.finditer(text):
        space = max((text.rfind(character, stop, match.start()) for character in spaces), default=-1)
        # A space right at the end of the last word counts as none, as in the reference.
        word = space + 1 if space > stop else start
        if before and stop <= word:
            yield before, text[start:stop] + before.group() + before["after"]
        before, start, stop = match, word, match.start()
    if before:
        yield before, text[start:stop] + before.group() + before["after"]


def _breaks(context: str, model: Model) -> bool:
    plain = _PLAIN.fullmatch(context)
    if plain is not None:
        word, following = plain[1].lower(), plain[2].lower()
        if word not in model.abbreviations and (word, following) not in model.collocations:
            return True
    tokens = [_first_pass(text, model) for line in context.split("\n") for text in _TOKEN.findall(line)]
    for token, following in pairwise(tokens):
        if token.text.endswith("."):
            _second_pass(token, following, model)
        if token.ends:
            return True
    return False


def _first_pass(text: str, model: Model) -> _Token:
    token = _Token(text, _NUMERIC.sub(_NUMBER, text.lower()))
    if text in _ENDS:
        token.ends = True
    elif _ELLIPSIS.match(text):
        token.ellipsis = True
    elif text.endswith(".") and not text.endswith(".."):
        word = text[:-1].lower()
        token.abbreviation = word in model.abbreviations or word.rpartition("-")[2] in model.abbreviations
        token.ends = not token.abbreviation
    return token


def _second_pass(token: _Token, following: _Token, model: Model) -> None:
    if (token.bare, following.settled) in model.collocations:
        token.ends, token.abbreviation = False, True
        return
    initial = _INITIAL.match(token.text) is not None
    upper = following.text[0].isupper()
    starts = _starts_sentence(following, model)
    if (token.abbreviation or token.ellipsis) and not initial and (starts or (upper and following.settled in model.starters)):
        token.ends = True
        return
    if not initial and token.bare != _NUMBER:
        return
    always_upper = starts is None and initial and upper and not model.contexts.get(following.settled, 0) & LOWER
    if starts is False or always_upper:
        token.ends, token.abbreviation = False, True


def _starts_sentence(token: _Token, model: Model) -> bool | None:
    """Say by its case whether the word starts a sentence; None: that cannot be told."""
    if token.text in _NEVER_FIRST:
        return False
    context = model.contexts.get(token.settled, 0)
    if token.text[0].isupper() and context & LOWER and not context & MID_UPPER:
        return True
    if token.text[0].islower() and (context & UPPER or not context & BEGIN_LOWER):
        return False
    return None


def _realigned(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give quotes and brackets that close a sentence back to it."""
    moved = 0
    for index, (start, stop) in enumerate(spans):
        begin = start + moved
        moved = 0
        if index + 1 < len(spans):
            after = spans[index + 1]
            closing = _CLOSING.match(text[after[0] : after[1]])
            if closing:
                yield begin, after[0] + len(closing.group().rstrip())
                moved = closing.end()
                continue
        if text[begin:stop]:
            yield begin, stop
