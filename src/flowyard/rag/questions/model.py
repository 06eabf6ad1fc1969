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
_ASKED = ("question", "query", "input")
_ANSWERED = ("answer", "ground_truth", "response")
_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, and what answers it.

    Attributes:
        line: of the row in its data, from 1.
        text: the question; of one that follows up another (``chat_history``) behind that one.
        answer: the right answer in words.
        documents: keys of the documents that answer it; any of them does.
        span: characters of the one document's text, from and up to, that it was made from: it says which chunks answer it, however an
            index is cut.
        context: the text that answers it, where no document is named.
        kind: of question, as generators make them.
    """

    line: int
    text: str
    answer: str | None = None
    documents: tuple[str, ...] = ()
    span: tuple[int, int] | None = None
    context: str | None = None
    kind: str | None = None
    columns: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """Questions that can be measured with, and why other rows are none (the first few, with their lines)."""

    questions: tuple[Question, ...]
    left_out: int
    reasons: tuple[str, ...]


def read_questions(path: Path, most: int) -> QuestionSet:
    """Return the first `most` rows that have a question and say what answers it.

    A row has ``question`` (or ``query``) and one of ``document``, ``documents``, ``context``; with ``document`` it may have ``start`` and
    ``end``.

    Raises:
        InvalidInputError: no row is a question.
        DataError: the data cannot be read.
    """
    found: list[Question] = []
    reasons: list[str] = []
    for line, row in enumerate(open_data(path).rows(), start=1):
        if len(found) >= most:
            break
        read = str(row) if isinstance(row, RowError) else _question(row, line)
        if isinstance(read, Question):
            found.append(read)
        else:
            reasons.append(f"Row {line}: {read}")
    if not found:
        told = f" {' '.join(reasons[:_TOLD])}" if reasons else ""
        raise InvalidInputError(
            f"No row of the data is a question with what answers it.{told}",
            remedy="Each row has question, and document (with start and end where they are known), documents, or context.",
            location=Location(pointer="/questions"),
        )
    return QuestionSet(questions=tuple(found), left_out=len(reasons), reasons=tuple(reasons[:_TOLD]))


def _question(row: Mapping[str, Any], line: int) -> Question | str:
    text = next((str(row[name]).strip() for name in _ASKED if row.get(name)), "")
    if not text:
        return f"it has no question; its columns are {', '.join(map(repr, row))}."
    documents = _documents(row)
    context = str(row["context"]).strip() if row.get("context") and not documents else None
    if not documents and not context:
        return "it names no document and no context that answers it."
    span = _span(row)
    if isinstance(span, str):
        return span
    return Question(
        line=line,
        text=f"{_before(row)} {text}".strip(),
        answer=next((str(row[name]) for name in _ANSWERED if row.get(name) is not None), None),
        documents=documents,
        span=span if len(documents) == 1 else None,
        context=context,
        kind=str(row["kind"]) if row.get("kind") else None,
        columns=dict(row),
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
