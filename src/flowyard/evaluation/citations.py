"""Whether what a response says is cited, and whether its citations say it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from flowyard.evaluation.errors import EvaluatorInputError
from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.results import finite_threshold, missing, scored, texts
from flowyard.evaluation.text.claims import sentences_of
from flowyard.evaluation.text.support import SAID_UNKNOWN, SUPPORTED_FROM, Said, Source, claims_something, coverage, joined, said, source_of
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import InvalidInputError, Location

_CITED = re.compile(r"\s*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_LEADING = re.compile(r"(?:\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\])+")
_MEASURES = ("citation_recall", "citation_precision", "supported_claims")


class Claim(NamedTuple):
    """A sentence of a response that claims something: its text without marks, the passages that it cites, from 1, and what it says."""

    text: str
    cited: tuple[int, ...]
    said: Said


class CitationsEvaluator(Evaluator):
    """Citation recall and precision of a response whose sentences name passages as ``[1]``, and the share of supported claims.

    Gao, Yen, Yu and Chen (2023), Enabling Large Language Models to Generate Text with Citations, EMNLP, section 3.3. In the place of
    their model for entailment stands the share of a sentence's words that a passage has (`evaluation.text.support`): it needs no model,
    and does not see a paraphrase in other words. Sentences that claim nothing, such as questions, count nowhere; a response without
    a claim, such as "I don't know", has no score.

    Args:
        threshold: each score passes at or above it, 0 to 1.
    """

    info = EvaluatorInfo(
        name="citations",
        description="Whether what the response claims is cited, and the passages that it cites say it.",
        kind="deterministic",
        inputs=("response", "context"),
        measures=tuple(Measure(key=name, prefix=name) for name in _MEASURES),
        source="Gao et al. 2023 (ALCE); support by words: Grusky et al. 2018",
    )

    def __init__(self, *, threshold: float = 0.5) -> None:
        self._threshold = finite_threshold(self.info, threshold)

    def __call__(self, *, response: str, context: object) -> Result:
        """Return the scores of a response, each 0 to 1.

        Args:
            response: with its citations.
            context: the passages in the order of their numbers: a list of texts, or of objects with ``text`` or ``content``, such as
                an index lookup gives, or the JSON text of one; a text that is none is one passage. A passage with a ``number``, as
                a chat with documents cites it, has that one.

        Returns:
            ``citation_recall``: the share of claims that the passages which they cite support together. ``citation_precision``: the
            share of citations without which their claim would have less support, of a claim that is supported. ``supported_claims``:
            the share of claims that any passage supports, cited or not. Each None without a claim, the second without a citation.

        Raises:
            EvaluatorInputError: an input is missing, or is of another kind.
        """
        (answer,) = texts(self.info, {"response": response})
        passages = {number: source_of(sentences_of(text)) for number, text in _passages(self.info, context)}
        claims = claims_in(answer)
        recalls = [_supports(claim, passages, claim.cited) for claim in claims]
        citations = [
            _counts(claim, passages, number) if recalled else False
            for claim, recalled in zip(claims, recalls, strict=True)
            for number in claim.cited
        ]
        supported = [_supports(claim, passages, (_best(claim, passages),)) for claim in claims]
        bare = [claim.text for claim, recalled in zip(claims, recalls, strict=True) if not recalled]
        reason = f"Not supported by what is cited: {' '.join(bare)}" if bare else None
        scores = (_mean(recalls), _mean(citations), _mean(supported))
        found: Result = {}
        for name, score in zip(_MEASURES, scores, strict=True):
            found |= scored(name, score, self._threshold, reason=reason if name == "citation_recall" else None)
        return found


def claims_in(answer: str) -> list[Claim]:
    """Return the sentences of an answer that claim something, with the passages that they cite, each once.

    Marks stand before the point of their sentence, or behind it: those that begin a sentence are of the one before, unless that has some.
    """
    told: list[tuple[str, list[int]]] = []
    for sentence in sentences_of(answer):
        leading = _LEADING.match(sentence)
        rest = sentence
        if leading is not None and told and not told[-1][1]:
            told[-1][1].extend(_numbers(leading.group()))
            rest = sentence[leading.end() :]
        told.append((_CITED.sub("", rest).strip(), _numbers(rest)))
    claims = [Claim(text, tuple(dict.fromkeys(cited)), said(text)) for text, cited in told]
    return [claim for claim in claims if claims_something(claim.text, claim.said.words) and not SAID_UNKNOWN.search(claim.text)]


def _numbers(text: str) -> list[int]:
    return [int(number) for told in _CITED.findall(text) for number in told.split(",")]


def _supports(claim: Claim, passages: Mapping[int, Source], numbers: Sequence[int]) -> bool:
    """Return whether passages support a claim together: their best stretches, put one behind the other."""
    cited = [passages[number] for number in numbers if number in passages]
    return bool(cited) and coverage(claim.said, joined(claim.said, cited)) >= SUPPORTED_FROM


def _counts(claim: Claim, passages: Mapping[int, Source], number: int) -> bool:
    """Return whether a citation is needed: it supports the claim alone, or the others do not without it."""
    others = [other for other in claim.cited if other != number]
    return _supports(claim, passages, (number,)) or not _supports(claim, passages, others)


def _best(claim: Claim, passages: Mapping[int, Source]) -> int:
    """Return the number of the passage that supports a claim most; 0 without passages."""
    return max(passages, key=lambda number: coverage(claim.said, passages[number]), default=0)


def _mean(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _passages(info: EvaluatorInfo, context: object) -> list[tuple[int, str]]:
    """Return the passages with their numbers: their own ones where they have them, else their places from 1."""
    if context is None:
        raise missing(info, "context")
    if isinstance(context, str):
        if not context.lstrip().startswith("["):
            return [(1, context)]
        try:
            context = from_json(context)
        except InvalidInputError:
            return [(1, str(context))]
    if not isinstance(context, list):
        raise _wrong(info, f"a {type(context).__name__}")
    return [_numbered(info, each, place) for place, each in enumerate(cast("list[Any]", context), start=1)]


def _numbered(info: EvaluatorInfo, passage: object, place: int) -> tuple[int, str]:
    if isinstance(passage, Mapping):
        told = cast("Mapping[str, object]", passage)
        number = told.get("number")
        place = number if isinstance(number, int) and not isinstance(number, bool) else place
        passage = told.get("text", told.get("content"))
    if not isinstance(passage, str):
        raise _wrong(info, f"a list with a {type(passage).__name__}")
    return place, passage


def _wrong(info: EvaluatorInfo, got: str) -> EvaluatorInputError:
    return EvaluatorInputError(
        f"{info.name} needs 'context' as a list of passages, got {got}.",
        remedy="Map the output of the lookup to it, or a list of texts.",
        location=Location(pointer="/context"),
    )
