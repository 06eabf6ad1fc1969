"""Cleaning up a workspace: old runs, and the uploads and snapshots that nothing uses any more."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flowyard.flows.runs.describe import asked
from flowyard.flows.runs.errors import RunDamagedError, RunNotFoundError
from flowyard.flows.runs.needs import RunNeeds, check_age, prunable, put_back, size_of, take_away, unused
from flowyard.flows.runs.places import RunPlaces
from flowyard.flows.runs.ports import RunIndex, RunRecord, SnapshotUse
from flowyard.flows.runs.service import ACTIVE, RunService
from flowyard.flows.runs.store import FILE, RunStore
from flowyard.foundation.clock import to_rfc3339
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.wire.runs import RunsPruned

_UPLOAD = "upload:"


@dataclass(frozen=True, slots=True)
class _Known:
    """The workspace's runs by name, and all others. `unreadable`: those of the workspace that do not say what they need; `held_back`: some
    anywhere do not.
    """

    mine: dict[str, RunNeeds]
    records: dict[str, RunRecord]
    others: list[RunNeeds]
    unreadable: tuple[str, ...]
    held_back: bool


class RunPruner:
    """Deletes what is old and not needed: of a workspace runs and uploads, of the installation snapshots, which workspaces share.

    What a run that stays, a deployment, a data asset, or a deploy that could be resumed refers to is kept, and so is all that it refers to
    in turn. While a run's file cannot be read nobody knows what it needs: then that stays which it could need.

    Args:
        index: which runs there are, of all workspaces.
        service: makes runs; none is made while old ones are deleted.
        places: where all of it is.
        use: which snapshots deployments need.
        local: runs of this machine's own home folder, which share the snapshots.
    """

    def __init__(self, index: RunIndex, service: RunService, places: RunPlaces, use: SnapshotUse, local: Path) -> None:
        self._index = index
        self._service = service
        self._places = places
        self._use = use
        self._local = local
        self._pruning = threading.Lock()

    def prune(self, caller: Caller, before_ns: int, *, dry_run: bool = False) -> RunsPruned:
        """Delete what is older than `before_ns`, UTC nanoseconds, and return it; with `dry_run` only return it.

        Raises:
            InvalidInputError: that is less than an hour ago.
        """
        check_age(before_ns)
        with self._pruning:
            return self._prune(caller, before_ns, dry_run=dry_run)

    def _prune(self, caller: Caller, before_ns: int, *, dry_run: bool) -> RunsPruned:
        with self._service.changing:
            known = self._known(caller.workspace_id)
            going = [] if known.unreadable else prunable(known.mine.values(), before_ns)
            names = {run.name for run in going}
            size = sum(size_of(self._places.root / known.records[name].id) for name in names)
            if not dry_run:
                for name in sorted(names):
                    self._delete(caller, known.records[name])
        found = RunsPruned(
            before=to_rfc3339(before_ns),
            dry_run=dry_run,
            runs=tuple(sorted(names)),
            bytes=size,
            unreadable_runs=known.unreadable,
            held_back=bool(known.held_back or known.unreadable),
        )
        if found.held_back:
            return found
        staying = [run for run in known.mine.values() if run.name not in names]
        found = _with(found, "uploads", self._uploads(caller.workspace_id, staying, before_ns), before_ns)
        return _with(found, "snapshots", self._snapshots([*staying, *known.others], before_ns), before_ns)

    def _delete(self, caller: Caller, record: RunRecord) -> None:
        detail = {"run": record.name, "by": "prune"}
        self._index.delete(record.id, audit_record(caller, "run.delete", f"runs/{record.name}", detail))
        shutil.rmtree(self._places.root / record.id, ignore_errors=True)

    def _known(self, workspace_id: str) -> _Known:
        mine: dict[str, RunNeeds] = {}
        records: dict[str, RunRecord] = {}
        others: list[RunNeeds] = []
        unreadable: list[str] = []
        held_back = False
        for record in self._index.all():
            needs = needs_of(self._places.root / record.id, record)
            if needs is None:
                if record.workspace_id == workspace_id:
                    unreadable.append(record.name)
                held_back = True
            elif record.workspace_id == workspace_id:
                mine[record.name] = needs
                records[record.name] = record
            else:
                others.append(needs)
        for file in self._local.glob(f"*/{FILE}"):
            needs = needs_of(file.parent, None)
            if needs is None:
                held_back = True
            else:
                others.append(needs)
        return _Known(mine, records, others, tuple(sorted(unreadable)), held_back)

    def _uploads(self, workspace_id: str, staying: list[RunNeeds], before_ns: int) -> Iterator[Path]:
        used = {run.upload for run in staying} | {_digest(reference) for reference in self._places.data.references(workspace_id)}
        root = self._places.uploads.folder(workspace_id)
        put_back(root, before_ns)
        return unused(root, before_ns, used)

    def _snapshots(self, staying: list[RunNeeds], before_ns: int) -> Iterator[Path]:
        used, since_ns = self._use.snapshots_in_use()
        limit = before_ns if since_ns is None else min(before_ns, since_ns)
        put_back(self._places.snapshots.root, limit)
        return unused(self._places.snapshots.root, limit, used | {run.snapshot for run in staying})


def _with(found: RunsPruned, kind: str, folders: Iterator[Path], before_ns: int) -> RunsPruned:
    """Return `found` with the folders that are gone, or would be."""
    names: list[str] = []
    size = found.bytes
    for folder in folders:
        weight = size_of(folder)
        if found.dry_run or take_away(folder, before_ns):
            names.append(folder.name)
            size += weight
    return replace(found, **{kind: tuple(names)}, bytes=size)


def needs_of(folder: Path, record: RunRecord | None) -> RunNeeds | None:
    """Return what the run in `folder` was made from, or None when its file cannot be read. Without `record` it counts as one that stays.

    A run whose folder is gone needs nothing.
    """
    name = record.name if record else folder.name
    active = record is None or (record.status in ACTIVE and record.job_id is not None)
    at_ns = (record.ended_ns or record.created_ns) if record else 0
    try:
        with RunStore(folder) as store:
            request = asked(store)
            snapshot = str(store.fact("snapshot") or request.snapshot or "")
    except RunNotFoundError:
        return RunNeeds(name=name, active=active, at_ns=at_ns)
    except RunDamagedError:
        return None
    return RunNeeds(
        name=name,
        active=active,
        at_ns=at_ns,
        runs=frozenset(it for it in (request.run, request.resume_from) if it),
        snapshot=snapshot,
        upload=_digest(request.data or ""),
    )


def _digest(reference: str) -> str:
    """Return the digest of an upload's reference; empty for other data."""
    return reference.removeprefix(_UPLOAD).partition("/")[0] if reference.startswith(_UPLOAD) else ""
