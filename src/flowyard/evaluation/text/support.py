"""Whether a text supports a sentence, by words: which share of the sentence's words a stretch of the text has.

The coverage of extractive summaries (Grusky, Naaman and Artzi 2018, Newsroom, section 4), of words that carry meaning, in at most `WINDOW`
sentences next to each other, and with every number of the sentence among them. A paraphrase in other words it does not see.
"""

import re
from collections.abc import Sequence

from flowyard.evaluation.text.claims import claims_of

#: The share of a sentence's words that a stretch must have to support it.
SUPPORTED_FROM = 0.65
WINDOW = 3
#: What says that nothing is known.
SAID_UNKNOWN = re.compile(
    r"\bi (?:do not|don['\u2019]t) know\b|\b(?:not|no) (?:enough )?information\b|\b(?:do|does) not (?:say|mention|contain)\b", re.IGNORECASE
)


def windows_of(sentences: Sequence[str], about: frozenset[str] = frozenset()) -> tuple[frozenset[str], ...]:
    """Return the words of each stretch of a text's sentences; `about` are words that all of it has, such as those of its headings."""
    words = [frozenset(claims_of(sentence)) for sentence in sentences]
    return tuple(frozenset[str]().union(about, *words[at : at + WINDOW]) for at in range(max(1, len(words) - WINDOW + 1)))


def coverage(words: Sequence[str], windows: Sequence[frozenset[str]]) -> float:
    """Return the greatest share of words that a stretch has, 0 to 1; of one that lacks a number of them none counts."""
    return max((_share(words, window) for window in windows), default=0.0)


def claims_something(sentence: str, words: Sequence[str]) -> bool:
    """Return whether a sentence says what a text could support: it has two words that carry meaning, and is no question."""
    return len(words) >= 2 and not sentence.endswith("?")


def _share(words: Sequence[str], window: frozenset[str]) -> float:
    if any(word[0].isdigit() and word not in window for word in words):
        return 0.0
    return sum(word in window for word in words) / len(words)
