"""Where in its passage an answer stands.

A question that had its whole passage as its place would favour the way of cutting that it was made by: of two shorter chunks each would be
half of it, and both would have to be found.
"""

import re

from flowyard.evaluation.text.claims import claims_of, sentences_of
from flowyard.rag.model import Chunk

#: The share of the answer's words that its place must have.
_FROM = 0.5
#: A sentence, a row of a table, an item of a list, or a heading.
_BREAKS = r"\n\s*\n|\n(?=\s*(?:[-*|#>]|\d+[.)]\s|```))"
_UNIT = re.compile(rf"\S(?:(?!{_BREAKS}).)*?(?:[.!?](?=\s)|(?={_BREAKS})|\Z)", re.DOTALL)


def place_of(chunk: Chunk, question: str, answer: str) -> tuple[int, int]:
    """Return which characters of the document's text answer a question, from and up to: as many sentences as the answer has, next to each
    other, that have most words of it and of the question. Where none has half of the answer's words it is all of the passage."""
    said = frozenset(claims_of(question if answer.lower() in {"yes", "no"} else answer))
    asked = frozenset(claims_of(question))
    units = [(found.span(), frozenset(claims_of(found.group()))) for found in _UNIT.finditer(chunk.text)]
    length = min(max(1, len(sentences_of(answer))), len(units))
    best, place = (_FROM * len(said), 0), None
    for at in range(len(units) - length + 1):
        words = frozenset[str]().union(*(words for _, words in units[at : at + length]))
        score = (float(len(words & said)), len(words & asked))
        if score > best:
            best, place = score, (units[at][0][0], units[at + length - 1][0][1])
    start = chunk.stretch.start
    return (start, chunk.stretch.end) if place is None else (start + place[0], start + place[1])
