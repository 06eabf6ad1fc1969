"""The rows of a data set as questions to a model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flowyard.data.errors import RowError
from flowyard.data.rows import open_data
from flowyard.evaluation.comparing.errors import ComparisonInvalidError
from flowyard.foundation.errors import Location

_PLACE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A row: `line` counts from 0 in the order of the data, `columns` are all of its own."""

    line: int
    text: str
    ground_truth: str | None
    columns: dict[str, Any] = field(default_factory=dict[str, Any])


def read_questions(path: Path, prompt: str, ground_truth: str, most: int) -> list[Question]:
    """Return the first `most` rows that can be read as questions.

    Args:
        path: a file or folder of rows.
        prompt: the column with the question, or a text with ``{{column}}`` in it.
        ground_truth: the column with the right answer, which a row may lack.
        most: rows at most.

    Raises:
        ComparisonInvalidError: no row can be read, or a row lacks a column of the prompt.
        DataError: the file cannot be read at all.
    """
    found: list[Question] = []
    for line, row in enumerate(open_data(path).rows()):
        if len(found) >= most:
            break
        if isinstance(row, RowError):
            continue
        truth = row.get(ground_truth)
        found.append(
            Question(
                line=line,
                text=_text(prompt, row, line),
                ground_truth=None if truth is None else str(truth),
                columns=dict(row),
            )
        )
    if len(found) < 2:
        raise ComparisonInvalidError(
            f"The data has {len(found)} rows that can be read; a comparison needs two.", location=Location(pointer="/data")
        )
    return found


def _text(prompt: str, row: Mapping[str, Any], line: int) -> str:
    names = _PLACE.findall(prompt) or [prompt]
    lacking = next((name for name in names if row.get(name) is None), None)
    if lacking is not None:
        raise ComparisonInvalidError(
            f"Row {line} of the data has no {lacking!r}; it has {', '.join(map(repr, row))}.",
            remedy="Name the column with the question: --prompt COLUMN, or a text with '{{COLUMN}}' in it.",
            location=Location(pointer="/prompt"),
        )
    if not _PLACE.search(prompt):
        return str(row[prompt])
    return _PLACE.sub(lambda place: str(row[place.group(1)]), prompt)
