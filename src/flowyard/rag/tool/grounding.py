"""Whether documents support what an answer says, sentence by sentence, and where they do.

The measure is `evaluation.text.support`: it needs no model, costs a few milliseconds, and cannot be talked round; a paraphrase in other
words it does not see. A judge (the evaluators groundedness and relevance) sees more and costs a call of a model.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from flowyard.evaluation.text.claims import claims_of, sentences_of
from flowyard.evaluation.text.support import SAID_UNKNOWN, SUPPORTED_FROM, Source, claims_something, coverage, said, source_of
from flowyard.rag.tool.injection import as_data, flags_of

Support = Literal["supported", "unsupported", "no_claim"]
#: The share of the question's words that a passage must have to answer it.
ASKED_FROM = 0.34
#: The share of the question's words that a sentence must have to be quoted for an answer.
QUOTED_FROM = 0.6
UNKNOWN = "I don't know: the documents do not say."
#: What a weak model repeats of its prompt.
_ECHOED = re.compile(r"<<(?:passage|end) [^<>\n]*>>|^\s*(?:question|asked)\s*:.*$", re.IGNORECASE | re.MULTILINE)
_LISTING = re.compile(r"^[^\S\n]*```.*?(?:^[^\S\n]*```[^\S\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_CITED = re.compile(r"\s*[\[(](?:passage\s*)?(\d{1,2}(?:\s*,\s*\d{1,2})*)[\])]", re.IGNORECASE)
_ENDED = re.compile(r"[.!?:;)\]\"'\u201d\u2019`*\u3002\uff01\uff1f]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an answer.

    Attributes:
        text: without the marks of citations that the model wrote.
        support: ``no_claim``: it says nothing that a document could support.
        score: the share of its words that the best stretch has, 0 to 1.
        citations: numbers of passages that support it, the best first.
        pages: of each of these the page that says it; None where a document has no pages.
    """

    text: str
    support: Support
    score: float
    citations: tuple[int, ...] = ()
    pages: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    """What of a passage supports, what of it can be quoted, the words of its title and headings, and those that speak to the model."""

    number: int
    source: Source
    sentences: tuple[str, ...]
    about: frozenset[str]
    told: frozenset[str]


def ground(answer: str, passages: Sequence[Mapping[str, Any]], question: str = "", unsupported: str = "mark") -> dict[str, Any]:
    """Compare an answer with the passages that it was made from.

    An answer no sentence of which is supported is not given, nor one of passages that have hardly a word of the question: instead a
    sentence of the documents is quoted that has most of the question's words, or `UNKNOWN` is said. What a model says again, what it
    repeats of its prompt, and the sentence in which it broke off are left out. A sentence of a passage that speaks to the model
    (`injection.flags_of`) supports nothing, and no passage supports what has a word from there that the passage does not have.

    Args:
        answer: what the model wrote.
        passages: what a lookup returned, in the order in which the prompt numbers them.
        question: what was asked.
        unsupported: ``mark`` keeps sentences that nothing supports, ``drop`` leaves them out.

    Returns:
        ``answer``: the text, with ``[n]`` behind each supported sentence. ``sentences``: each a `Sentence`. ``citations``: the passages
        that are cited, each with number, index, document, title, pages (those that say what cites it), page (the first of them to be
        cited), headings, chunk, start, end and text. ``groundedness``: the
        supported share of the answer's sentences that claim something, None without such. ``draft``: what the model wrote.
    """
    known = [_passage(number, passage) for number, passage in enumerate(passages, start=1)]
    sentences = [_judged(sentence, known) for sentence in _said_once(answer)]
    claims = [sentence.support == "supported" for sentence in sentences if sentence.support != "no_claim"]
    if not any(claims) or (len(claims) == 1 and SAID_UNKNOWN.search(answer)) or not _on_the_question(question, sentences, known):
        sentences = [_quoted(question, known)]
    elif unsupported == "drop":
        sentences = [sentence for sentence in sentences if sentence.support != "unsupported"]
    sentences = [_placed(sentence, passages) for sentence in sentences]
    given = [sentence.support == "supported" for sentence in sentences if sentence.support != "no_claim"]
    cited = sorted({number for sentence in sentences for number in sentence.citations})
    return {
        "answer": " ".join(_marked(sentence) for sentence in sentences),
        "sentences": [asdict(sentence) for sentence in sentences],
        "citations": [_citation(number, passages[number - 1], sentences) for number in cited],
        "groundedness": sum(given) / len(given) if given else None,
        "draft": answer,
    }


def _passage(number: int, passage: Mapping[str, Any]) -> _Passage:
    # What speaks to the model says nothing about the world: it supports no claim, and is not quoted.
    text = as_data(str(passage["text"]))
    every = sentences_of(text)
    sentences = tuple(sentence for sentence in every if not flags_of(sentence))
    told = frozenset(word for sentence in every if flags_of(sentence) for word in claims_of(sentence))
    # A listing can hold the question, as an example does, and answers nothing by being repeated.
    quotable = tuple(sentence for sentence in sentences_of(_LISTING.sub("\n\n", text)) if not flags_of(sentence))
    metadata = passage["metadata"]
    about = said(" ".join([str(metadata["source"].get("title") or ""), *metadata.get("headings", [])]))
    return _Passage(number=number, source=source_of(sentences, about), sentences=quotable, about=about.words, told=told)


def _said_once(answer: str) -> list[str]:
    """Return an answer's sentences without those that say what one before said, and without a last one that broke off."""
    kept: dict[tuple[str, ...], str] = {}
    for sentence in sentences_of(_ECHOED.sub("", answer)):
        kept.setdefault(tuple(sorted(claims_of(_CITED.sub("", sentence)))) or (sentence,), sentence)
    sentences = list(kept.values())
    broke_off = len(sentences) > 1 and answer.rstrip().endswith(sentences[-1]) and not _ENDED.search(sentences[-1])
    return sentences[:-1] if broke_off else sentences


def _on_the_question(question: str, sentences: Sequence[Sentence], passages: Sequence[_Passage]) -> bool:
    words = claims_of(question)
    cited = {number for sentence in sentences for number in sentence.citations}
    found = [passage.source.words for passage in passages if passage.number in cited]
    return not words or any(sum(word in own for word in words) >= ASKED_FROM * len(words) for own in found)


def _judged(text: str, passages: Sequence[_Passage]) -> Sentence:
    told = [int(number) for found in _CITED.findall(text) for number in found.split(",")]
    plain = _CITED.sub("", text).strip()
    claim = said(plain)
    if not claims_something(plain, claim.words):
        return Sentence(text=plain, support="no_claim", score=0.0)
    from_orders = claim.words & frozenset[str]().union(*(passage.told for passage in passages))
    scores = {passage.number: coverage(claim, passage.source) if from_orders <= passage.source.words else 0.0 for passage in passages}
    fitting = [number for number, score in scores.items() if score >= SUPPORTED_FROM]
    # Of passages that fit as well, the one that the model named, then the one that was found first.
    fitting.sort(key=lambda number: (-scores[number], number not in told, number))
    best = max(scores.values(), default=0.0)
    return Sentence(text=plain, support="supported" if fitting else "unsupported", score=round(best, 3), citations=tuple(fitting[:2]))


def _quoted(question: str, passages: Sequence[_Passage]) -> Sentence:
    """Return the sentence of the documents that has most of the question's words, or that they do not say it."""
    words = claims_of(question)
    best, number, text = 0.0, 0, ""
    for passage in passages:
        for sentence in passage.sentences:
            own = frozenset(claims_of(sentence))
            # What the heading says counts, but a heading alone answers nothing.
            score = (
                sum(word in own or word in passage.about for word in words) / len(words)
                if words and (len(own) > 2 or _ENDED.search(sentence))
                else 0.0
            )
            score *= 1.0 if any(word in own for word in words) else 0.5
            if score > best:
                best, number, text = score, passage.number, sentence
    if best < QUOTED_FROM:
        return Sentence(text=UNKNOWN, support="no_claim", score=round(best, 3))
    return Sentence(text=f"The documents say: \u201c{text}\u201d", support="supported", score=round(best, 3), citations=(number,))


def _marked(sentence: Sentence) -> str:
    return sentence.text + "".join(f" [{number}]" for number in sentence.citations)


def _citation(number: int, passage: Mapping[str, Any], sentences: Sequence[Sentence]) -> dict[str, Any]:
    metadata, extra = passage["metadata"], passage.get("additional_fields", {})
    places = [dict(zip(sentence.citations, sentence.pages, strict=True)) for sentence in sentences]
    pages = [page for place in places if (page := place.get(number)) is not None]
    return {
        "number": number,
        "index": extra.get("index"),
        "document": metadata["source"]["filename"],
        "title": metadata["source"].get("title"),
        "page": pages[0] if pages else None,
        "pages": sorted(set(pages)),
        "headings": metadata.get("headings", []),
        "chunk": extra.get("id"),
        "start": extra.get("start"),
        "end": extra.get("end"),
        "text": passage["text"],
    }


def _placed(sentence: Sentence, passages: Sequence[Mapping[str, Any]]) -> Sentence:
    return replace(sentence, pages=tuple(_page(passages[number - 1], sentence.text) for number in sentence.citations))


def _page(passage: Mapping[str, Any], citing: str) -> int | None:
    """Return the page on which a passage says what cites it: of several that it stands on, the first that supports it best."""
    extra = passage.get("additional_fields", {})
    if not extra.get("pages"):
        return passage["metadata"].get("page_number")
    claim, text = said(citing), str(passage["text"])
    begins = extra["start"] - (len(text) - (extra["end"] - extra["start"]))  # what was repeated before the chunk is of no page

    def share(page: Sequence[int]) -> tuple[float, int]:
        _, start, end = page
        part = text[start - begins : end - begins]
        return coverage(claim, source_of(sentences_of(part))), len(claim.words & said(part).words)

    return max(extra["pages"], key=share)[0]
