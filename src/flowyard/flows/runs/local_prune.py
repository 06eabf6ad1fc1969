"""Cleaning up the runs of this machine, which no server knows."""

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flowyard.flows.runs.damage import reading
from flowyard.flows.runs.errors import RunDamagedError, RunNotFoundError, RunStateError
from flowyard.flows.runs.needs import RunNeeds, check_age, prunable, size_of
from flowyard.foundation.clock import from_rfc3339, to_rfc3339
from flowyard.tracing.times import read_time
from flowyard.wire.runs import Run, RunsPruned

if TYPE_CHECKING:
    from flowyard.flows.runs.local import LocalRuns

log = logging.getLogger(__name__)


def prune_local(runs: "LocalRuns", names: Iterable[str], before: str, *, dry_run: bool) -> RunsPruned:
    """Delete the runs of `names` that ended before `before` and that no other run which stays was made from; return them.

    While one of them cannot be read none is deleted, for it may need them.

    Raises:
        InvalidInputError: `before` is no time, or less than an hour ago.
    """
    before_ns = read_time("older_than", before) or 0
    check_age(before_ns)
    known: list[RunNeeds] = []
    unreadable: list[str] = []
    for name in names:
        try:
            with reading(runs.folder(name)):
                known.append(_needs(name, runs.get(name)))
        except RunDamagedError:
            unreadable.append(name)
    gone: list[str] = []
    size = 0
    for run in sorted(() if unreadable else prunable(known, before_ns), key=lambda run: run.name):
        try:
            weight = size_of(runs.folder(run.name))
            if not dry_run:
                runs.delete(run.name)
        except (RunStateError, RunNotFoundError) as error:
            log.info("The run %s stays: %s", run.name, error.message)
            continue
        gone.append(run.name)
        size += weight
    return RunsPruned(
        before=to_rfc3339(before_ns),
        dry_run=dry_run,
        runs=tuple(gone),
        bytes=size,
        unreadable_runs=tuple(sorted(unreadable)),
        held_back=bool(unreadable),
    )


def _needs(name: str, run: Run) -> RunNeeds:
    return RunNeeds(
        name=name,
        active=run.status == "running",
        at_ns=from_rfc3339(run.ended_at or run.created_at),
        # Runs of this machine are named by their folders.
        runs=frozenset(Path(it).name for it in (run.run, run.resume_from) if it),
    )
