"""Questions that statements and tables answer: the answer is taken from the passage first, the question is made for it.

Answer first is how small models make questions that hold (Lewis et al. 2021, "PAQ: 65 million probably-asked questions", section 2); the
turns of a statement (subject and auxiliary change places, what is asked for goes) are those of Heilman and Smith 2010. More is made than
is good: a model ranks it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

from flowyard.rag.model import Chunk
from flowyard.rag.questions.checking import Candidate, wrong_with
from flowyard.rag.questions.statements import AUXILIARIES, Statement, is_topic, plain, statements_of, whole_sentences
from flowyard.wire.index_questions import GeneratedKind

_SHORT, _LONG_FROM, _LONGEST = 12, 8, 400
_NEGATED = re.compile(r"\b(?:not|no|never|nothing|only|neither|nor|none|without|unless|hardly|few)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|this|that|these|those|he|she|both|here|there)\b", re.IGNORECASE)
_WHEN = re.compile(r"^(?P<head>.+?),? (?P<tail>(?:when|if|unless|until|after|before|once|as soon as|as long as) .+)$")
_WHY = re.compile(r"^(?P<head>.+?),? (?P<tail>(?:because|so that|in order to) .+)$")
_PERIOD = r"(?:\d[\d,.]*|an?|one|two|three|several) (?:second|minute|hour|day|week|month|year)s?"
_LONG = re.compile(rf"^(?P<head>.+?) (?P<tail>for (?:up to |at most |at least |about )?{_PERIOD})$")
_BY = re.compile(r"^(?P<head>\w+(?:ed|en|wn|ne|de|ld|pt|ut|nt))\b(?P<more>.*?) by (?P<tail>.+)$")
#: A place is code or a name, and no day or month.
_PLACE = r"(?:the |its )?(?:`[^`]+`|(?!\w+day|January|May|June|July)[A-Z]\w+)(?: \w+){0,2}"
_WHERE = re.compile(rf"^(?P<head>.+?) (?P<tail>(?:in|at|on|under|to|below) {_PLACE})$")
_MANY = re.compile(r"^(?P<tail>(?:at most |up to |at least |about )?\d[\d,.]*) (?P<head>[a-z]+s)\b(?P<more>.*)$")
_NUMBER = re.compile(r"(?<![\w.,`-])([1-9]\d{0,3})(?![\w.,`%-])")
_OPENED = re.compile(r"^(?P<how>When|If) (?P<head>[^,]+), (?P<tail>.+)\.$")
_AIM = re.compile(r"^To (?P<head>[^,]+), (?P<tail>.+)\.$")
_MEANS = frozenset({"meaning", "means"})
_ENDS_WITHIN = re.compile(r"[.!?]\s+[A-Z`]")
#: What heads a column and is no noun.
_NO_HEADER = re.compile(
    r"^(?:light|dark|better|worse|best|good|bad|ours|fast|slow|new|old|beside|goes|talks|holds|tried|here|there)\b", re.IGNORECASE
)
#: What begins no object of a verb.
_NO_OBJECT_TEXT = """
to as by in on at for from with into when if that whether how what where which who not only it them out up off back away over through
again once then so and or never also always still together alone down of than like without within after before until
"""
_NO_OBJECT = frozenset(_NO_OBJECT_TEXT.split())
#: Verbs that say what something is rather than what it does.
_STATES = frozenset(
    ["contain", "contains", "cost", "costs", "have", "has", "hold", "holds", "last", "lasts", "mean", "means", "need", "needs"]
)
#: What says little of a subject by itself: enough, for what?
_BARE = frozenset(["allowed", "done", "enough", "fine", "given", "missing", "necessary", "needed", "open", "possible", "ready", "there"])


def proposals(chunk: Chunk, kind: GeneratedKind) -> list[Candidate]:
    """Return questions of a kind that a passage answers, with the answers, none of them wrong by `wrong_with`; maybe none."""
    found = dict.fromkeys(_kinds(chunk)[kind]())
    made = (Candidate(kind=kind, question=question, answer=answer, chunk=chunk, before=before) for question, answer, before in found)
    return [one for one in made if _is_whole(one.question) and wrong_with(one) is None]


def _is_whole(question: str) -> bool:
    """Tell whether a question is one sentence, and no quotation was cut in it."""
    return not _ENDS_WITHIN.search(question) and all(question.count(sign) % 2 == 0 for sign in '`"')


_Pair = tuple[str, str]
_Made = tuple[str, str, "_Pair | None"]


def _kinds(chunk: Chunk) -> "Mapping[GeneratedKind, Callable[[], Iterable[_Made]]]":
    text = chunk.text
    return {
        "short": lambda: ((q, a, None) for q, a in _answered(chunk) if len(a.split()) <= _SHORT),
        "long": lambda: ((q, a, None) for q, a in _explained(text) if len(a.split()) >= _LONG_FROM and len(a) <= _LONGEST),
        "boolean": lambda: ((q, a, None) for q, a in _closed(chunk)),
        "summary": lambda: _overviews(chunk),
        "conversation": lambda: _followed(chunk),
    }


def _answered(chunk: Chunk) -> Iterator[_Pair]:
    for statement in statements_of(chunk.text):
        yield from _asked(statement)
    for sentence in whole_sentences(chunk.text):
        yield from _clauses(sentence)
    for key, header, cell in _cells(chunk):
        yield _of_cell(key, header), cell


def _asked(one: Statement) -> Iterator[_Pair]:
    """Yield what a statement says a part of: the question for the part, and the part."""
    aux, verb = one.helped()
    ahead = f"{aux} {one.subject}{' ' * bool(verb)}{verb}"
    for asks, pattern in (("When", _WHEN), ("Why", _WHY), ("How long", _LONG), ("Where", _WHERE)):
        part = pattern.match(one.rest)
        if part and not _PRONOUN.search(part["head"]) and not _NEGATED.match(part["head"]):
            yield f"{asks} {ahead} {part['head']}?", part["tail"]
    if (part := _BY.match(one.rest)) and aux in {"is", "are", "was", "were"} and part["tail"][-3:] != "ing" and "only" not in part["more"]:
        yield f"What {aux} {one.subject} {part['head']}{part['more']} by?", part["tail"]
    if verb and (part := _MANY.match(one.rest)):
        yield f"How many {part['head']} {ahead}{part['more']}?", f"{part['tail']} {part['head']}"
    first = one.rest.partition(" ")[0].lower()
    if verb and first not in _NO_OBJECT and not first.endswith(("ly", ",")):
        yield f"What {ahead}?", one.rest
    if aux in {"is", "are"} and first in {"a", "an", "the"}:
        yield f"What {ahead}?", one.rest


def _clauses(sentence: str) -> Iterator[_Pair]:
    """Yield what a sentence says of a condition, or of an aim."""
    part = _OPENED.match(sentence)
    if part and not _PRONOUN.search(part["head"]):
        yield f"What happens {part['how'].lower()} {part['head']}?", part["tail"]
    part = _AIM.match(sentence)
    if part and not _PRONOUN.search(part["head"]):
        yield f"How do you {part['head']}?", part["tail"]


def _explained(text: str) -> Iterator[_Pair]:
    """Yield open questions that a whole sentence answers."""
    for one in statements_of(text):
        aux, verb = one.helped()
        first = one.rest.partition(" ")[0]
        if (aux in {"can", "may", "must", "should"} and first != "be") or (verb and _acts(verb, first)):
            yield f"What {aux} {one.subject} do?", one.sentence
        yield from ((question, one.sentence) for question, _ in _asked(one))
    for sentence in whole_sentences(text):
        yield from ((question, sentence) for question, _ in _clauses(sentence))


def _acts(verb: str, first: str) -> bool:
    """Tell whether a verb says what its subject does to something: not "counts to", "has" or "means"."""
    return verb not in _STATES and first.lower() not in _NO_OBJECT


def _closed(chunk: Chunk) -> Iterator[_Pair]:
    """Yield questions with yes or no: a statement turned round; with another number, or without its "not", the answer is no."""
    for one in statements_of(chunk.text):
        aux, verb = one.helped()
        ahead = f"{aux.capitalize()} {one.subject}{' ' * bool(verb)}{verb}"
        rest = one.rest.partition(", ")[0]
        if not rest or _PRONOUN.search(rest) or rest.removeprefix("not ") in _BARE:
            continue
        if aux in AUXILIARIES and rest.startswith("not ") and not _NEGATED.search(rest[4:]):
            yield f"{ahead} {rest[4:]}?", "no"
        if not _NEGATED.search(f"{one.subject} {rest}"):
            yield f"{ahead} {rest}?", "yes"
    rows = [(key, header, cell) for key, header, cell in _cells(chunk) if len(cell.split()) <= 4 and not _tells(header)]
    for key, header, cell in rows:
        asked = f"{_is(header).capitalize()} the {header.lower()} of {key}"
        yield f"{asked} {cell}?", "yes"
        others = (other for name, head, other in rows if head == header and name != key and not _share(other.lower(), cell.lower()))
        yield from ((f"{asked} {other}?", "no") for other in others)


def _overviews(chunk: Chunk) -> Iterator[_Made]:
    sentences = whole_sentences(chunk.text)
    begins = chunk.text.lstrip().startswith("#")
    if len(sentences) < 2 or not chunk.headings or not begins or _PRONOUN.match(sentences[0]) or not is_topic(chunk.headings[-1]):
        return
    answer = " ".join(sentences[:3]) if len(" ".join(sentences[:3])) <= _LONGEST else " ".join(sentences[:2])
    title, topic = plain(chunk.headings[0]).lower(), plain(chunk.headings[-1])
    low = topic if any(sign.isupper() for sign in topic[1:]) else topic.lower()
    about = low if low.lower() == title else f"{low} in {title}"
    yield f"What is there to know about {about}?", answer, None
    yield f"What are the main points about {about}?", answer, None


def _followed(chunk: Chunk) -> Iterator[_Made]:
    """Yield follow-ups: of two questions about the same subject, the second with a pronoun."""
    asked = [(one.subject, pair) for one in statements_of(chunk.text) for pair in _asked(one)]
    for (subject, first), (other, second) in combinations(asked, 2):
        if subject.lower() == other.lower() and first[0] != second[0] and not _share(first[1], second[1]) and second[0].count(other) == 1:
            many = re.search(r"^\w+(?: \w+)? (?:are|do|were) ", second[0]) is not None
            yield second[0].replace(other, "they" if many else "it"), second[1], first
    cells = list(_cells(chunk))
    for (key, header, cell), (same, beside, other) in combinations(cells, 2):
        if key == same and header != beside:
            yield _of_it(beside), other, (_of_cell(key, header), cell)


def _share(one: str, other: str) -> bool:
    return one in other or other in one


def _cells(chunk: Chunk) -> Iterator[tuple[str, str, str]]:
    """Yield (what a table's row is about, a column's header, the cell) of a table in Markdown."""
    lines = [line for line in f"{chunk.prefix}{chunk.text}".splitlines() if line.lstrip().startswith("|")]
    rows = [[plain(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))] for line in lines]
    if len(rows) < 3 or set("".join(rows[1])) - set("-: ") or not all(rows[0]):
        return
    headers = rows[0]
    for row in rows[2:]:
        if len(row) == len(headers) and _names(row[0]):
            yield from (
                (row[0], head, cell)
                for head, cell in zip(headers[1:], row[1:], strict=True)
                if _says(cell, row[0]) and _heads(head) and _fits(row[0], head, cell)
            )


def _names(key: str) -> bool:
    return 2 < len(key) <= 60 and len(key.split()) <= 6 and key.count("`") in {0, 2} and "![" not in key and "," not in key


def _says(cell: str, key: str) -> bool:
    return cell.strip("`") != key.strip("`") and bool(re.search(r"\w", cell)) and "![" not in cell and cell.count("`") % 2 == 0


def _fits(key: str, header: str, cell: str) -> bool:
    """Tell whether a header's question can be asked: not what a lone word means, nor what the sentences of something are: 15."""
    if header.lower() in _MEANS and key.islower() and len(key.split()) == 1:
        return key.startswith("`")
    return _is(header) != "are" or not cell[0].isdigit()


def _tells(header: str) -> bool:
    """Tell whether a column describes what its rows are about, rather than giving a value of theirs."""
    return _does(header) or header.lower() in _MEANS or header.lower() == "example"


def _heads(header: str) -> bool:
    """Tell whether a column's header names what its cells are of their rows."""
    return _does(header) or header.lower() in _MEANS or (len(header.split()) <= 2 and is_topic(header) and not _NO_HEADER.search(header))


def _is(header: str) -> str:
    return "are" if re.search(r"[^su]s$", header) else "is"


def _does(header: str) -> bool:
    return header.lower() in {"what it does", "does", "effect", "purpose"}


def _of_it(header: str) -> str:
    if _does(header):
        return "And what does it do?"
    if header.lower() in _MEANS:
        return "And what does it mean?"
    return "And what is an example of it?" if header.lower() == "example" else f"And what {_is(header)} its {header.lower()}?"


def _of_cell(key: str, header: str) -> str:
    if _does(header):
        return f"What does {key} do?"
    if header.lower() in _MEANS:
        return f"What does {key} mean?"
    return f"What is an example of {key}?" if header.lower() == "example" else f"What {_is(header)} the {header.lower()} of {key}?"
