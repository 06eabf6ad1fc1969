"""A question set: rows of a data asset, each with a question and where its answer is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from flowyard.data.errors import RowError
from flowyard.data.rows import open_data
from flowyard.foundation.errors import InvalidInputError, Location

QuestionKind = Literal["short", "long", "boolean", "summary", "conversation"]
#: Columns that people call a question by, the first that is there counts; and the column of the answer.
ASKED_IN = ("question", "query", "input")
_ANSWERED = ("answer", "ground_truth", "response")
_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, and what answers it.

    Attributes:
        line: of the row in its data, from 1.
        asked: the question, as it was asked.
        before: the question that it follows up (``chat_history``); empty: none.
        answer: the right answer in words.
        documents: keys of the documents that answer it; any of them does.
        span: characters of the one document's text, from and up to, that it was made from: it says which chunks answer it, however an
            index is cut.
        context: the text that answers it, where no document is named.
        kind: of question, as generators make them.
    """

    line: int
    asked: str
    before: str = ""
    answer: str | None = None
    documents: tuple[str, ...] = ()
    span: tuple[int, int] | None = None
    context: str | None = None
    kind: str | None = None
    columns: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def text(self) -> str:
        """What is searched for: the question behind the one that it follows up."""
        return f"{self.before} {self.asked}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """Questions that can be measured with, and why other rows are none (the first few reasons, each with its first line and its count)."""

    questions: tuple[Question, ...]
    left_out: int
    reasons: tuple[str, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """How many rows are left out, and why, in sentences."""
        if not self.left_out:
            return ()
        head = (
            "One row is no question and is left out."
            if self.left_out == 1
            else f"{self.left_out:,} rows are no questions and are left out."
        )
        return (head, *self.reasons)


def read_questions(path: Path, most: int) -> QuestionSet:
    """Return the first `most` rows that have a question and say what answers it.

    A row has ``question`` (or ``query``) and one of ``document``, ``documents``, ``context``; with ``document`` it may have ``start`` and
    ``end``. Names of columns may be written in capitals, too.

    Raises:
        InvalidInputError: no row is a question.
        DataError: the data cannot be read.
    """
    found: list[Question] = []
    reasons: dict[str, list[int]] = {}
    for line, row in enumerate(open_data(path).rows(), start=1):
        if len(found) >= most:
            break
        read = str(row) if isinstance(row, RowError) else _question(row, line)
        if isinstance(read, Question):
            found.append(read)
        else:
            reasons.setdefault(read, []).append(line)
    told = tuple(_told(reason, lines) for reason, lines in list(reasons.items())[:_TOLD])
    if not found:
        raise InvalidInputError(
            " ".join(("No row of the data is a question with what answers it.", *told)),
            remedy="Each row has question, and document (with start and end where they are known), documents, or context.",
            location=Location(pointer="/questions"),
        )
    return QuestionSet(questions=tuple(found), left_out=sum(map(len, reasons.values())), reasons=told)


def _told(reason: str, lines: list[int]) -> str:
    first, others = lines[0], len(lines) - 1
    return f"Row {first}: {reason}" if not others else f"Row {first} and {others:,} more: {reason}"


def _question(written: Mapping[str, Any], line: int) -> Question | str:
    row = {**{name.strip().casefold(): value for name, value in written.items()}, **written}
    asked = next((str(row[name]).strip() for name in ASKED_IN if row.get(name)), "")
    if not asked:
        return f"it has no question; its columns are {', '.join(map(repr, written))}."
    documents = _documents(row)
    context = str(row["context"]).strip() if row.get("context") and not documents else None
    if not documents and not context:
        return "it names no document and no context that answers it."
    span = _span(row)
    if isinstance(span, str):
        return span
    return Question(
        line=line,
        asked=asked,
        before=_before(row),
        answer=next((str(row[name]) for name in _ANSWERED if row.get(name) is not None), None),
        documents=documents,
        span=span if len(documents) == 1 else None,
        context=context,
        kind=str(row["kind"]) if row.get("kind") else None,
        columns=row,
    )


def _before(row: Mapping[str, Any]) -> str:
    """Return the question that a row's question follows up: without it, it cannot be looked for."""
    history = row.get("chat_history")
    last = cast("list[Any]", history)[-1] if isinstance(history, list) and history else None
    inputs = cast("Mapping[str, Any]", last).get("inputs") if isinstance(last, Mapping) else None
    return str(cast("Mapping[str, Any]", inputs).get("question") or "") if isinstance(inputs, Mapping) else ""


def _documents(row: Mapping[str, Any]) -> tuple[str, ...]:
    several = row.get("documents")
    if isinstance(several, list):
        return tuple(str(one) for one in cast("list[object]", several) if one)
    return (str(row["document"]),) if row.get("document") else ()


def _span(row: Mapping[str, Any]) -> tuple[int, int] | str | None:
    start, end = row.get("start"), row.get("end")
    if start is None or end is None:
        return None
    try:
        found = int(start), int(end)
    except (TypeError, ValueError):
        return f"start and end are {start!r} and {end!r}, and must be whole numbers."
    return found if 0 <= found[0] < found[1] else f"its span from {found[0]} to {found[1]} is empty."
