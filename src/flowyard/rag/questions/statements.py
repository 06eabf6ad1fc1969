"""Statements of an English text, split at their verb: what an answer is taken from before a question is asked for it.

No tagger: a closed list of auxiliaries and of frequent verbs. Where a word may be a noun as well, all splits are given, and whoever asks
ranks what is made of them (Heilman and Smith 2010, "Good question! Statistical ranking for question generation": overgenerate, then rank).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flowyard.evaluation.text.claims import claims_of, sentences_of

AUXILIARIES = frozenset({"is", "are", "was", "were", "can", "may", "must", "will", "should"})
_VERBS_TEXT = """
accept add allow answer apply ask assign become begin belong block break bring build buy call cancel carry cause change charge check
choose clean close collect combine come compare compute connect consist contain continue convert cost count cover create cut decide
define delete deliver depend describe determine do drop embed enable end ensure enter exist expect explain export fail fetch fill filter
find finish fit follow forget form get give go grant group grow guard happen have help hide hold identify ignore import improve include
increase install keep know last lead learn leave let limit list live load lock look lose make manage mark match mean measure merge move
need offer open order own pass pay perform permit place play point prevent print produce promise propose protect prove provide publish
pull push put raise reach read receive record reduce refer refuse release remain remove rename replace report represent request require
reserve resolve respond restart restore return reveal roll run save say scan score search see select sell send serve set share show sign
skip speak split stand start state stay stop store suggest support survive take teach tell test touch track train translate treat
trigger turn understand update use validate verify wait want warn watch win work write deploy
"""
_VERBS = frozenset(_VERBS_TEXT.split())
#: What begins no subject that can be understood alone, or no subject at all.
_NO_BEGIN_TEXT = """
all another any as at because before after both but by each either even every everything everybody few for from he here how
however if in instead into it its like many most neither no nobody none nor not nothing of off on once one only or others otherwise out
over several she since so some such that then there these they this those through thus to under unless until we what when where whether
which while who whoever whose why with within without you your same first second last further more rest two three four five
"""
_NO_BEGIN = frozenset(_NO_BEGIN_TEXT.split())
#: What stands in no plain subject.
_NO_INSIDE_TEXT = """
that which who whom whose what when where why how if because while than as it its they them their there this these those you we not
never cannot to then so with
"""
_NO_INSIDE = frozenset(_NO_INSIDE_TEXT.split())
_ASIDE = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)|\s*\[\d+\]")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MAIN = re.compile(
    r"\s*(?:[;:\u2013\u2014]\s|,\s(?:so|and|or|but|which|who|where|whose|as|each|with|unless|even|nor|not|by|in|on|such|except)\b).*$"
)
_TOKEN = re.compile(r"`[^`]*`\S*|\S+")
_NO_END = frozenset(["a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "their", "with"])
#: A sentence that begins with code.
_CODED = re.compile(r"(?<=[.!?])\s+(?=`)")
_LONGEST_SUBJECT, _LONGEST = 8, 45
_EMPHASIS = re.compile(r"(\*\*|__|\*)(?=\S)(.+?)(?<=\S)\1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence and one way to split its main clause; `rest` has no sign at its end. `subject` is as it stands within a sentence."""

    sentence: str
    subject: str
    verb: str
    rest: str

    def helped(self) -> tuple[str, str]:
        """Return the auxiliary that a question begins with, and what stands behind the subject then (empty for a copula)."""
        if self.verb in AUXILIARIES:
            return self.verb, ""
        base = base_of(self.verb)
        return ("do", self.verb) if base is None else ("does", base)


def plain(text: str) -> str:
    """Return a sentence without links' addresses and emphasis."""
    return " ".join(_EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text)).split())


def whole_sentences(text: str) -> list[str]:
    """Return the sentences of running text: none of a table, of code, or that broke off."""
    found: list[str] = []
    listing = False
    kept: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            listing = not listing
            kept.append("")
        elif not listing and not line.lstrip().startswith(("|", "#", "    ")):
            kept.append(line)
        else:
            kept.append("")
    for sentence in (part for whole in sentences_of("\n".join(kept)) for part in _CODED.split(whole)):
        told = plain(sentence)
        odd = "|" in told or "![" in told or told.count("`") % 2 or told.count("(") != told.count(")")
        if told.endswith(".") and 5 <= len(told.split()) <= _LONGEST and not odd and (told[0].isupper() or told[0] in "`\"'"):
            found.append(told)
    return found


def base_of(verb: str) -> str | None:
    """Return the base of a verb in the third person; None of what is no such form of a known verb."""
    irregular = {"has": "have", "does": "do", "goes": "go"}
    if verb in irregular:
        return irregular[verb]
    options = (verb.removesuffix("s"), verb.removesuffix("es"), f"{verb.removesuffix('ies')}y")
    return next((base for base in options if base != verb and base in _VERBS), None) if verb.endswith("s") else None


def statements_of(text: str) -> Iterator[Statement]:
    """Yield the statements of a text that can be understood alone."""
    lowered = set(re.findall(r"\b[a-z][\w-]*", text))
    for sentence in whole_sentences(text):
        main = _MAIN.sub("", _ASIDE.sub("", sentence).rstrip("."))
        tokens = _TOKEN.findall(main)
        for at in _verbs(tokens):
            subject = tokens[:at]
            if _stands_alone(subject):
                said = " ".join((_within(subject, lowered), *subject[1:]))
                yield Statement(sentence=sentence, subject=said, verb=tokens[at], rest=" ".join(tokens[at + 1 :]))


def _verbs(tokens: Sequence[str]) -> Iterator[int]:
    found = 0
    for at, token in enumerate(tokens[1 : _LONGEST_SUBJECT + 1], start=1):
        if tokens[at - 1].endswith(",") or token.lower() in _NO_INSIDE or found > 1:
            return
        if token in AUXILIARIES:
            yield at
            return
        if tokens[at - 1].endswith(("'s", "\u2019s", "s'")):
            continue
        plural = tokens[at - 1].endswith("s") and not tokens[at - 1].endswith(("ss", "us"))
        if at + 1 < len(tokens) and (base_of(token) is not None or (plural and token in _VERBS)):
            found += 1
            yield at
            if found == 1 and tokens[0].lower() in {"a", "an"} and token.endswith("s"):
                # Behind "a" no noun of the subject has a plural: "An engine computes calls" has one verb.
                return


def _stands_alone(subject: Sequence[str]) -> bool:
    if subject[0].lower() in _NO_BEGIN or subject[0].lower().endswith("ly") or is_command(" ".join(subject)) or subject[-1] in _NO_END:
        return False
    said = " ".join(subject)
    named = any(token.startswith("`") or any(sign.isupper() for sign in token[1:]) for token in subject)
    return not re.search(r"[,:;\"\u201c=]|\\.(?:\\s|$)", said) and (named or len(claims_of(said)) > 1)


def is_command(text: str) -> bool:
    """Tell whether a text begins with a verb's base, as commands do."""
    return text.partition(" ")[0].lower() in _VERBS


def is_topic(heading: str) -> bool:
    """Tell whether a heading names something, so that a question can be about it."""
    first = heading.partition(" ")[0].lower()
    named = bool(claims_of(heading)) and not _NO_INSIDE.intersection(heading.lower().split())
    return named and first not in _NO_BEGIN and not is_command(heading) and not re.search(r"[.,:;?!(]|ed$", heading)


def _within(subject: Sequence[str], lowered: set[str]) -> str:
    """Return a subject's first word as it is written within a sentence: a name keeps its capital."""
    first = subject[0]
    low = first[0].lower() + first[1:]
    common = low in lowered or low in {"a", "an", "the"}
    return low if common or (len(subject) > 1 and subject[1].islower() and not any(sign.isupper() for sign in first[1:])) else first
