"""Whether a text supports a sentence, by words: which share of the sentence's words a stretch of the text has.

The coverage of extractive summaries (Grusky, Naaman and Artzi 2018, Newsroom, section 4), of words that carry meaning, in at most `WINDOW`
sentences next to each other. A paraphrase in other words it does not see. Numbers, amounts and dates (`numbers.Fact`) are held to more:
each has to be in the stretch, and the text may not say another one of what the sentence is about.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from flowyard.evaluation.text.claims import claims_of
from flowyard.evaluation.text.numbers import Fact, facts_of, in_digits

#: The share of a sentence's words that a stretch must have to support it.
SUPPORTED_FROM = 0.65
WINDOW = 3
#: What says that nothing is known.
SAID_UNKNOWN = re.compile(
    r"\bi (?:do not|don['\u2019]t) know\b|\b(?:not|no) (?:enough )?information\b|\b(?:do|does) not (?:say|mention|contain)\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"[;:),\u2013\u2014]\s|\s\(|\s(?:and|but|or|while|whereas)\s", re.IGNORECASE)


class Clause(NamedTuple):
    """A part of a sentence that says a number: its words, those with the words before it in the sentence, and its numbers."""

    words: frozenset[str]
    behind: frozenset[str]
    facts: tuple[Fact, ...]


class Said(NamedTuple):
    """What sentences say: their words that carry meaning, and their numbers."""

    words: frozenset[str]
    clauses: tuple[Clause, ...]

    @property
    def facts(self) -> Iterator[Fact]:
        """Its numbers, in their order."""
        return (fact for clause in self.clauses for fact in clause.facts)


class Source(NamedTuple):
    """What a text says: each stretch of its sentences, and all parts of it that say a number."""

    stretches: tuple[Said, ...]
    clauses: tuple[Clause, ...]

    @property
    def words(self) -> frozenset[str]:
        """All its words."""
        return frozenset[str]().union(*(stretch.words for stretch in self.stretches))


_NOTHING = Said(frozenset(), ())


def said(sentence: str) -> Said:
    """Return what a sentence says."""
    text = in_digits(sentence)
    return Said(frozenset(claims_of(text)), tuple(_clauses(text)))


def source_of(sentences: Sequence[str], about: Said = _NOTHING) -> Source:
    """Return what a text says; `about` is what all of it is about, such as its headings say it."""
    each = [said(sentence) for sentence in sentences]
    stretches = tuple(_together((about, *each[at : at + WINDOW])) for at in range(max(1, len(each) - WINDOW + 1)))
    return Source(stretches, _together((about, *each)).clauses)


def joined(claim: Said, sources: Iterable[Source]) -> Source:
    """Return the best stretches of several texts for a claim as one, put one behind the other."""
    known = list(sources)
    best = [max(source.stretches, key=lambda stretch: _share(claim, stretch)) for source in known]
    return Source((_together(best),), tuple(clause for source in known for clause in source.clauses))


def coverage(claim: Said, source: Source) -> float:
    """Return the greatest share of a claim's words that a stretch has, 0 to 1.

    It is 0 of stretches that lack a number of the claim, and where a number of the claim is one of something else: another part of the
    text says another number of the same unit, and has all the claim's words that the number's own part has, and more.
    """
    if any(_is_of_something_else(fact, clause, source.clauses) for clause in claim.clauses for fact in clause.facts):
        return 0.0
    return max((_share(claim, stretch) for stretch in source.stretches), default=0.0)


def claims_something(sentence: str, words: Collection[str]) -> bool:
    """Return whether a sentence says what a text could support: it has two words that carry meaning, and is no question."""
    return len(words) >= 2 and not sentence.endswith("?")


def _together(several: Iterable[Said]) -> Said:
    every = list(several)
    return Said(frozenset[str]().union(*(one.words for one in every)), tuple(clause for one in every for clause in one.clauses))


def _clauses(text: str) -> Iterator[Clause]:
    """Yield the parts of a sentence with numbers; a part without goes with the next that has one, at the end with the one before."""
    parts: list[str] = []
    for part in _BETWEEN.split(text):
        if parts and not any(True for _ in facts_of(parts[-1])):
            parts[-1] += f" {part}"
        else:
            parts.append(part)
    if len(parts) > 1 and not any(True for _ in facts_of(parts[-1])):
        last = parts.pop()
        parts[-1] += f" {last}"
    behind = frozenset[str]()
    for part in parts:
        facts = tuple(_stemmed(fact) for fact in facts_of(part))
        words = frozenset(claims_of(part))
        behind |= words
        if facts:
            yield Clause(words, behind, facts)


def _stemmed(fact: Fact) -> Fact:
    return fact if fact.of is None else fact._replace(of=next(iter(claims_of(fact.of)), None))


def _share(claim: Said, stretch: Said) -> float:
    told, known = [fact for fact in claim.facts if not fact.by_the_way], list(stretch.facts)
    if not all(any(fact.is_said_by(other) for other in known) for fact in told):
        return 0.0
    numbers = frozenset(claims_of("; ".join(fact.text for fact in told)))
    if any(word[0].isdigit() and word not in numbers and word not in stretch.words for word in claim.words):
        return 0.0
    return sum(word in stretch.words or word in numbers for word in claim.words) / len(claim.words) if claim.words else 0.0


def _is_of_something_else(fact: Fact, of: Clause, clauses: Sequence[Clause]) -> bool:
    if fact.by_the_way:
        return False
    found = [clause for clause in clauses if any(fact.is_said_by(other) for other in clause.facts)]
    own = [clause for clause in found if _says(clause, fact)]
    rivals = [clause for clause in clauses if clause not in found and any(fact.is_alike(other) for other in clause.facts)]
    words = of.words - frozenset(claims_of(fact.text))
    return (bool(found) and not own) or any(all(words & mine.words < words & rival.behind for mine in own) for rival in rivals)


def _says(clause: Clause, fact: Fact) -> bool:
    """Tell whether a part that has a number says it of the same: not "4 chunks" where it says 30 chunks in 4 seconds."""
    alike = [other for other in clause.facts if fact.is_alike(other)] if fact.unit or fact.of else []
    return not alike or any(fact.is_said_by(other) for other in alike)
