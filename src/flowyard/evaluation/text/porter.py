"""Stems of English words by Porter's algorithm with NLTK's extensions.

Porter (1980), An algorithm for suffix stripping, Program 14(3): 130-137. The extensions are those of NLTK's default mode: a list of
irregular words, ``ies`` and ``ied`` in words of four letters, ``y`` to ``i`` only after a consonant, ``alli``, ``fulli`` and ``logi``.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

Condition = Callable[[str], bool]
Rule = tuple[str, str, Condition | None]

_VOWELS = frozenset("aeiou")
_IRREGULAR = {
    "skies": "sky",
    "dying": "die",
    "lying": "lie",
    "tying": "tie",
    "innings": "inning",
    "outings": "outing",
    "cannings": "canning",
}
_KEPT = frozenset({"sky", "news", "inning", "outing", "canning", "howe", "proceed", "exceed", "succeed"})


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of `word`, in lower case."""
    word = word.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 2 or word in _KEPT:
        return word
    for step in (_plural, _past, _final_y, _double_suffix, _suffix, _bare, _final_e, _final_l):
        word = step(word)
    return word


def _consonants(word: str) -> list[bool]:
    flags: list[bool] = []
    for letter in word:
        if letter == "y":
            flags.append(not flags[-1] if flags else True)
        else:
            flags.append(letter not in _VOWELS)
    return flags


def _measure(word: str) -> int:
    """Return how often a vowel is followed by a consonant: the m of the paper."""
    flags = _consonants(word)
    return sum(after and not before for before, after in pairwise(flags))


def _some(word: str) -> bool:
    return _measure(word) > 0


def _more(word: str) -> bool:
    return _measure(word) > 1


def _has_vowel(word: str) -> bool:
    return not all(_consonants(word))


def _doubled(word: str) -> bool:
    return len(word) >= 2 and word[-1] == word[-2] and _consonants(word)[-1]


def _short(word: str) -> bool:
    """The paper's *o: consonant, vowel, consonant other than w, x, y; here also a word of a vowel and a consonant."""
    flags = _consonants(word)
    if len(word) == 2:
        return not flags[0] and flags[1]
    return len(word) >= 3 and flags[-3:] == [True, False, True] and word[-1] not in "wxy"


def _first(word: str, rules: tuple[Rule, ...]) -> str:
    """Apply the first rule whose suffix fits; where its condition does not hold, no other is tried."""
    for suffix, replacement, condition in rules:
        if word.endswith(suffix):
            rest = word[: len(word) - len(suffix)]
            return rest + replacement if condition is None or condition(rest) else word
    return word


def _plural(word: str) -> str:
    if len(word) == 4 and word.endswith("ies"):
        return word[:-1]
    return _first(word, (("sses", "ss", None), ("ies", "i", None), ("ss", "ss", None), ("s", "", None)))


def _past(word: str) -> str:
    if word.endswith("ied"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _some(word[:-3]) else word
    for suffix in ("ed", "ing"):
        if word.endswith(suffix) and _has_vowel(word[: -len(suffix)]):
            return _mended(word[: -len(suffix)])
    return word


def _mended(rest: str) -> str:
    """Put right what losing ``ed`` or ``ing`` left."""
    if rest.endswith(("at", "bl", "iz")):
        return rest + "e"
    if _doubled(rest):
        return rest if rest[-1] in "lsz" else rest[:-1]
    return rest + "e" if _measure(rest) == 1 and _short(rest) else rest


def _final_y(word: str) -> str:
    return _first(word, (("y", "i", lambda rest: len(rest) > 1 and _consonants(rest)[-1]),))


_DOUBLE: tuple[Rule, ...] = (
    ("ational", "ate", _some),
    ("tional", "tion", _some),
    ("enci", "ence", _some),
    ("anci", "ance", _some),
    ("izer", "ize", _some),
    ("bli", "ble", _some),
    ("alli", "al", _some),
    ("entli", "ent", _some),
    ("eli", "e", _some),
    ("ousli", "ous", _some),
    ("ization", "ize", _some),
    ("ation", "ate", _some),
    ("ator", "ate", _some),
    ("alism", "al", _some),
    ("iveness", "ive", _some),
    ("fulness", "ful", _some),
    ("ousness", "ous", _some),
    ("aliti", "al", _some),
    ("iviti", "ive", _some),
    ("biliti", "ble", _some),
    ("fulli", "ful", _some),
    # The l counts to the rest, so that short ones (geology) work like long ones.
    ("logi", "log", lambda rest: _some(rest + "l")),
)


def _double_suffix(word: str) -> str:
    while word.endswith("alli") and _some(word[:-4]):
        word = word[:-2]
    return _first(word, _DOUBLE)


_SINGLE: tuple[Rule, ...] = (
    ("icate", "ic", _some),
    ("ative", "", _some),
    ("alize", "al", _some),
    ("iciti", "ic", _some),
    ("ical", "ic", _some),
    ("ful", "", _some),
    ("ness", "", _some),
)


def _suffix(word: str) -> str:
    return _first(word, _SINGLE)


_REST: tuple[Rule, ...] = (
    *((suffix, "", _more) for suffix in ("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent")),
    ("ion", "", lambda rest: _more(rest) and rest[-1] in "st"),
    *((suffix, "", _more) for suffix in ("ou", "ism", "ate", "iti", "ous", "ive", "ize")),
)


def _bare(word: str) -> str:
    return _first(word, _REST)


def _final_e(word: str) -> str:
    if not word.endswith("e"):
        return word
    rest = word[:-1]
    measure = _measure(rest)
    return rest if measure > 1 or (measure == 1 and not _short(rest)) else word


def _final_l(word: str) -> str:
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word
