"""Sentences, and the words in them that carry meaning: for comparing an answer with what documents say.

Made for English; of other languages words count as they stand.
"""

import re

from flowyard.evaluation.text.numbers import in_digits

#: Where a sentence ends without a sign: at an empty line, and before a heading, a row of a table and the item of a list. Other lines go on.
_BREAK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*\u2022|#>]|\d+[.)]\s|```))")
_HEADING = re.compile(r"^(\s*#+\s.*)$", re.MULTILINE)
#: Between sentences: behind the sign that ends one.
_SENTENCE = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]?[^\W_a-z])|(?<=[\u3002\uff01\uff1f])")
_WORD = re.compile(r"[^\W_]+(?:['\u2019.,][^\W_]+)*")
#: A point that ends no sentence.
_SHORT_FORM = re.compile(r"\b(?:al|approx|cf|dr|e\.g|etc|fig|i\.e|mr|mrs|p|pp|prof|sec|st|vol|vs)\.$", re.IGNORECASE)
_MARK = re.compile(r"^\s*(?:[-*\u2022]|\d+[.)])\s+|^\s*#+\s+")
#: Words that every text has. Negations are none of them: they turn a sentence round.
_COMMON_TEXT = """
a about above after again all also am an and any are as at be because been before being below between both but by can could did do does
doing down during each else few for from further had has have having he her here hers him his how i if in into is it its itself just let may
me might more most much must my of off on once one only or other our out over own per same shall she should so some such than that the their
them then there these they this those through to too under until up upon us very was we were what when where whether which while who whom
whose why will with would you your yes please according answer document documents passage text says said states stated mentioned
"""
_COMMON = frozenset(_COMMON_TEXT.split())
_ENDINGS = ("ations", "ation", "ingly", "edly", "ings", "ing", "ied", "ies", "ed", "es", "ly", "s")


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text without what marks headings and list items; none is empty."""
    found: list[str] = []
    parts = (
        part for block in _BREAK.split(_HEADING.sub(r"\1\n", text)) for part in _SENTENCE.split(" ".join(_MARK.sub("", block).split()))
    )
    for part in (part.strip() for part in parts):
        if found and _SHORT_FORM.search(found[-1]):
            found[-1] += f" {part}"
        elif part:
            found.append(part)
    return found


def claims_of(text: str) -> list[str]:
    """Return the stems of the words of a text that carry meaning, in its order, each once; numbers in one writing."""
    words = (word.lower().replace("\u2019", "'").removesuffix("'s") for word in _WORD.findall(in_digits(text)))
    return list(dict.fromkeys(_stem(word) for word in words if word not in _COMMON and (len(word) > 1 or word.isdigit())))


def _stem(word: str) -> str:
    """Take an ending off where enough of a word is left: an approximation of Porter's stems that needs no table."""
    if any(sign.isdigit() for sign in word):
        return word.strip(".,").replace(",", "")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word
