"""Splits and imports as the platform offers them: what is asked is looked at first, a job does it."""

import math
from dataclasses import replace

from flowyard.compute.jobs.service import JobService
from flowyard.data.datastores.service import DatastoreService
from flowyard.data.imports.job import DATA_IMPORT, ImportArguments
from flowyard.data.service import DataService
from flowyard.data.splits.job import DATA_SPLIT, SplitArguments
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.foundation.references import parse_reference
from flowyard.identity.model import Caller
from flowyard.wire.data_jobs import DataImportCreate, DataSplitCreate
from flowyard.wire.jobs import Job

_MOST_PARTS, _LONGEST_QUERY = 20, 100_000
_ENDINGS = {2: ("train", "test"), 3: ("train", "validation", "test")}


class DataJobs:
    """Queues work that makes versions of data assets, within the caller's workspace.

    Args:
        data: the data assets.
        datastores: where imports come from.
        jobs: carries them out.
    """

    def __init__(self, data: DataService, datastores: DatastoreService, jobs: JobService) -> None:
        self._data = data
        self._datastores = datastores
        self._jobs = jobs

    def split(self, caller: Caller, asked: DataSplitCreate) -> Job:
        """Queue a split and return its job, whose result is a `DataSplitResult`.

        Raises:
            InvalidInputError: ratios or names are not valid.
            DataAssetNotFoundError, DataError: there is no such version.
        """
        _check_ratios(asked.ratios)
        pinned = self._data.pin(caller.workspace_id, asked.source)
        base = parse_reference(pinned, kind="data").name
        endings = _ENDINGS.get(len(asked.ratios)) or tuple(f"part{number}" for number in range(1, len(asked.ratios) + 1))
        names = asked.names or tuple(f"{base}-{ending}" for ending in endings)
        if len(names) != len(asked.ratios) or len(set(names)) != len(names):
            raise InvalidInputError(
                f"There are {len(asked.ratios)} ratios and {len(set(names))} different names.",
                remedy="Give each part a name of its own, or leave the names out.",
                location=Location(pointer="/names"),
            )
        for name in names:
            self._data.check_names(caller, name, None)
        arguments = plain(SplitArguments(request=replace(asked, source=pinned, names=names), by=caller.actor))
        return self._jobs.submit(caller, DATA_SPLIT, arguments, title=f"Split {pinned}", target=f"data/{base}")

    def import_rows(self, caller: Caller, asked: DataImportCreate) -> Job:
        """Queue an import and return its job, whose result is a `DataImportResult`.

        Raises:
            InvalidInputError: a name is not valid, or not one of query and table is given.
            DataAssetExistsError: the version is there.
            DatastoreNotFoundError, StoreRefusedError: there is no such database.
        """
        self.check_import(caller, asked)
        arguments = plain(ImportArguments(request=asked, by=caller.actor))
        return self._jobs.submit(caller, DATA_IMPORT, arguments, title=_title(asked), target=f"data/{asked.name}")

    def check_import(self, caller: Caller, asked: DataImportCreate) -> None:
        """Look whether an import could begin. Raises what `import_rows` does."""
        if (asked.query is None) == (asked.table is None):
            raise InvalidInputError("An import is of a query or of a table.", remedy="Give one of `query` and `table`.")
        if len(asked.query or "") > _LONGEST_QUERY or len(asked.table or "") > 500:
            raise InvalidInputError("The query is too long.", remedy=f"At most {_LONGEST_QUERY} characters.")
        self._data.check_names(caller, asked.name, asked.version)
        self._datastores.tables(caller.workspace_id, asked.datastore)


def _title(asked: DataImportCreate) -> str:
    return f"Import {asked.table or 'a query'} of {asked.datastore} into {asked.name}"


def _check_ratios(ratios: tuple[float, ...]) -> None:
    good = 2 <= len(ratios) <= _MOST_PARTS and all(math.isfinite(ratio) and 0 < ratio < 1 for ratio in ratios)
    if not good or abs(sum(ratios) - 1) > 1e-6:
        raise InvalidInputError(
            f"The ratios {', '.join(f'{ratio:g}' for ratio in ratios[:_MOST_PARTS])} do not divide anything.",
            remedy=f"Give 2 to {_MOST_PARTS} numbers above 0 that add up to 1, such as 0.8, 0.1, 0.1.",
            location=Location(pointer="/ratios"),
        )
