"""A public question set in BEIR's format (Thakur et al. 2021), refused where its figures would mean nothing; and nDCG@10."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEPTH = 10
_TOLD = 5


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Documents as Markdown below their titles, questions that have a relevant one, and the grades above 0 of each question's documents."""

    texts: dict[str, str]
    questions: dict[str, str]
    grades: dict[str, dict[str, float]]

    @property
    def graded(self) -> bool:
        """Whether some documents are more relevant than others."""
        return len({grade for one in self.grades.values() for grade in one.values()}) > 1


def read_question_set(folder: Path) -> QuestionSet:
    """Read ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv`` (a heading, then question, document and grade between tabs).

    Raises:
        ValueError: a document has neither title nor text, something is there twice, or a grade is of a document or a question that is
            not there or is no number: the set was not converted as it was meant, and what is measured by it would be worth nothing.
    """
    texts = _by_id(folder / "corpus.jsonl")
    questions = _by_id(folder / "queries.jsonl")
    _none(folder / "corpus.jsonl", "documents have neither a title nor a text", (key for key, one in texts.items() if not _markdown(one)))
    _none(folder / "queries.jsonl", "questions have no text", (key for key, one in questions.items() if not one["text"].strip()))
    file = folder / "qrels" / "test.tsv"
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:] if line.strip()]
    _none(file, "rows are no question, document and grade", ("\t".join(row) for row in rows if len(row) != 3 or not _is_number(row[2])))
    _none(file, "documents are graded that the corpus does not have", (row[1] for row in rows if row[1] not in texts))
    _none(file, "questions are graded that are not there", (row[0] for row in rows if row[0] not in questions))
    _none(file, "documents are graded twice for a question", _twice([f"{row[1]} for {row[0]}" for row in rows]))
    grades: dict[str, dict[str, float]] = {}
    for question, document, grade in rows:
        if float(grade) > 0:
            grades.setdefault(question, {})[document] = float(grade)
    if not grades:
        raise ValueError(f"{file}: no document is relevant to any question.")
    return QuestionSet(
        texts={key: _markdown(one) for key, one in texts.items()},
        questions={key: one["text"] for key, one in questions.items() if key in grades},
        grades=grades,
    )


def ndcg(found: Sequence[str], grades: dict[str, float]) -> float:
    """Return nDCG@10 of documents in their order, 0 to 1, with their grades as gains (Järvelin and Kekäläinen 2002)."""
    best = sorted(grades.values(), reverse=True)[:DEPTH]
    return _gain([grades.get(document, 0.0) for document in found[:DEPTH]]) / _gain(best)


def _gain(grades: Sequence[float]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _by_id(file: Path) -> dict[str, dict[str, Any]]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    _none(file, "rows have the id of another", _twice([row["_id"] for row in rows]))
    return {row["_id"]: row for row in rows}


def _markdown(row: dict[str, Any]) -> str:
    title, text = (row.get("title") or "").strip(), row["text"].strip()
    return f"# {title}\n\n{text}".strip() if title else text


def _twice(keys: Sequence[str]) -> list[str]:
    seen = set[str]()
    return [key for key in keys if key in seen or seen.add(key)]


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _none(file: Path, what: str, wrong: Iterable[str]) -> None:
    found = list(dict.fromkeys(wrong))
    if found:
        more = f" and {len(found) - _TOLD:,} more" if len(found) > _TOLD else ""
        raise ValueError(f"{file}: {len(found):,} {what}: {', '.join(map(repr, found[:_TOLD]))}{more}. Convert the set without them.")
