"""Measuring what indexes find, from Python."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flowyard.client.data import Data
from flowyard.client.transport import Transport
from flowyard.wire.index_measurements import IndexMeasurement, IndexMeasurementCreate, MeasuredDifference, MeasuredQuestion
from flowyard.wire.index_questions import QUESTIONS_OF, MissingDocument, NamedDocuments, QuestionGeneration
from flowyard.wire.indexes import IndexDocument, IndexSearchKind
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page

_KINDS: tuple[IndexSearchKind, ...] = ("hybrid", "vector", "text")


class IndexMeasurements:
    """What indexes find of sets of questions."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        index: str,
        questions: str | Path,
        *,
        version: str = "latest",
        kinds: tuple[IndexSearchKind, ...] = _KINDS,
        max_questions: int = 1000,
        rerank: str | None = None,
    ) -> Job:
        """Begin to measure a version and return the job, whose id is the measurement's (``ws.jobs.wait`` follows it).

        Args:
            index: its name.
            questions: a data asset (``azureml:<name>:<version>`` or with a label), or a file of this machine, of which one is made: rows
                with ``question`` and one of ``document`` (with ``start`` and ``end``), ``documents``, ``context``.
            version: of the index, or a label.
            kinds: of search.
            max_questions: from the beginning at most.
            rerank: the reranking model that orders the best 30 of each search anew: a local one, or ``<connection>/<model>``.

        Raises:
            RemoteError: there is no such index or version (code ``IndexNotFound``, ``IndexVersionNotFound``); nothing was sent then.
                Or the reranking model is none, or not there.
        """
        if isinstance(questions, Path):
            check_version(self._transport, index, version)
            questions = Data(self._transport).create(f"{index}-questions", questions, tags={QUESTIONS_OF: index}).reference
        body = IndexMeasurementCreate(questions=questions, version=version, kinds=kinds, max_questions=max_questions, rerank=rerank)
        return self._transport.post(_path(index), Job, body=body)

    def generate(self, index: str, model: str, **settings: Any) -> Job:
        """Begin to make a question set of a version's documents and return the job, whose result is a `GeneratedQuestions`.

        Args:
            index: its name.
            model: the chat model that writes: a local one, or ``<connection>/<model>``.
            settings: the other fields of `QuestionGeneration`: name, version, count, kinds, shares, same_meaning,
                seed, max_tokens.
        """
        return self._transport.post(f"indexes/{quote(index, safe='')}/questions", Job, body=QuestionGeneration(model=model, **settings))

    def missing_documents(self, index: str, documents: Sequence[str], version: str = "latest") -> tuple[MissingDocument, ...]:
        """Return which of the documents that questions name a version has no text of.

        Raises:
            RemoteError: there is no such index or version (code ``IndexNotFound``, ``IndexVersionNotFound``), or 10,001 are named.
        """
        path = f"indexes/{quote(index, safe='')}/versions/{quote(version, safe='')}/documents/missing"
        return self._transport.post(path, tuple[MissingDocument, ...], body=NamedDocuments(documents=tuple(documents)))

    def list(self, index: str) -> tuple[IndexMeasurement, ...]:
        """Return the measurements of an index, the newest first."""
        return self._transport.get(_path(index), Page[IndexMeasurement]).items

    def get(self, index: str, measurement: str) -> IndexMeasurement:
        """Return a measurement, as far as it is.

        Raises:
            RemoteError: there is none (code ``MeasurementNotFound``).
        """
        return self._transport.get(f"{_path(index)}/{measurement}", IndexMeasurement)

    def questions(self, index: str, measurement: str) -> Iterator[MeasuredQuestion]:
        """Yield the questions with what each kind of search found."""
        cursor: str | None = "0"
        while cursor is not None:
            page = self._transport.get(f"{_path(index)}/{measurement}/questions", Page[MeasuredQuestion], params={"cursor": cursor})
            yield from page.items
            cursor = page.next_cursor

    def compare(self, index: str, before: str, after: str) -> tuple[MeasuredDifference, ...]:
        """Return the differences between two measurements on the same questions, by their ids.

        Raises:
            RemoteError: they are of different questions, or have not ended.
        """
        told = {"before": before, "after": after}
        return self._transport.get(f"{_path(index)}/compare", tuple[MeasuredDifference, ...], params=told)


def _path(index: str) -> str:
    return f"indexes/{quote(index, safe='')}/measurements"


def check_version(transport: Transport, index: str, version: str) -> None:
    """Look whether a version is there before a file is sent that would stay behind as a data asset.

    Raises:
        RemoteError: code ``IndexNotFound`` or ``IndexVersionNotFound``.
    """
    path = f"indexes/{quote(index, safe='')}/versions/{quote(version, safe='')}/documents"
    transport.get(path, Page[IndexDocument], params={"limit": 1})
