"""Searching for better configurations of indexes, from Python."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from flowyard.client.data import Data
from flowyard.client.index_measurements import check_version
from flowyard.client.transport import Transport
from flowyard.wire.index_tunings import IndexTuning, IndexTuningCreate, TuningAdoption, TuningAdoptionCreate
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page


class IndexTunings:
    """Searches over configurations of indexes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, index: str, questions: str | Path, **settings: Any) -> Job:
        """Begin a search and return its job, whose id is the search's (``ws.jobs.wait`` follows it).

        Args:
            index: its name.
            questions: a data asset (``azureml:<name>:<version>`` or with a label), or a file of this machine, of which one is made.
            settings: the other fields of `IndexTuningCreate`: version, space, measure, max_configurations, max_indexes, max_questions,
                max_minutes, seed, answers.

        Raises:
            RemoteError: there is no such index or model; no file was sent then.
        """
        if isinstance(questions, Path):
            check_version(self._transport, index, str(settings.get("version", "latest")))
            questions = Data(self._transport).create(f"{index}-questions", questions).reference
        return self._transport.post(_path(index), Job, body=IndexTuningCreate(questions=questions, **settings))

    def list(self, index: str) -> tuple[IndexTuning, ...]:
        """Return the searches of an index, the newest first."""
        return self._transport.get(_path(index), Page[IndexTuning]).items

    def get(self, index: str, tuning: str) -> IndexTuning:
        """Return a search, as far as it is.

        Raises:
            RemoteError: there is none (code ``TuningNotFound``).
        """
        return self._transport.get(f"{_path(index)}/{quote(tuning, safe='')}", IndexTuning)

    def adopt(self, index: str, tuning: str, flow: str, *, trial: str | None = None, variant: str | None = None) -> TuningAdoption:
        """Make a flow of what a search recommends, or of another trial, with the rest of the frontier as variants.

        Args:
            index: its name.
            tuning: the search.
            flow: the name of the flow that is made.
            trial: its id, such as ``c7``; None: the recommended one.
            variant: of the flow that answered, ``${node.variant_id}``; None: the one that answered best by the trial.

        Raises:
            RemoteError: there is a flow of this name (code ``FlowExists``), or the index is being built (``IndexBusy``).
        """
        body = TuningAdoptionCreate(flow=flow, trial=trial, variant=variant)
        return self._transport.post(f"{_path(index)}/{quote(tuning, safe='')}/adoptions", TuningAdoption, body=body)


def _path(index: str) -> str:
    return f"indexes/{quote(index, safe='')}/tunings"
