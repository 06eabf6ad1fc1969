"""Holds the manifest against the files: what it names must be there, whole, with the rows it says; what it does not name is left over."""

import time
from pathlib import Path
from typing import Any, get_args

import pyarrow.parquet

from flowyard.storage.telemetry.compaction import GRACE_S
from flowyard.storage.telemetry.digests import is_sound_digest
from flowyard.storage.telemetry.files import SegmentFiles, payloads_of, segment_of
from flowyard.storage.telemetry.manifest import Manifest
from flowyard.storage.telemetry.model import Segment
from flowyard.storage.telemetry.payloads import Written, told
from flowyard.storage.telemetry.segments import file_checksum
from flowyard.storage.telemetry.spools import UNREADABLE
from flowyard.tracing.signals import SIGNALS, Signal
from flowyard.wire.telemetry import SegmentFinding, Verification

_pq: Any = pyarrow.parquet


def verify_segments(manifest: Manifest, files: SegmentFiles, workspace_id: str, *, grace_s: float = GRACE_S) -> Verification:
    """Read every segment of a workspace and return what is wrong with them. It changes nothing, and may run beside the indexer.

    Files that no manifest names count as left over once they are older than `grace_s` seconds: until then a roll or a query may need them.
    """
    # The files first: one that the manifest gets meanwhile is younger than the grace.
    # Spans of earlier versions lie beside the signals' folders.
    places = [workspace_id, *(f"{signal}/{workspace_id}" for signal in get_args(Signal))]
    old = files.old(places, time.time() - grace_s)
    segments = _segments(manifest, workspace_id)
    findings = [finding for segment in segments if (finding := _check(files, segment)) is not None]
    if findings:
        # A merge may have replaced a segment, and its files gone, while others were read.
        still = {segment.id for segment in _segments(manifest, workspace_id)}
        findings = [finding for finding in findings if segment_of(finding.path.rpartition("/")[2]) in still]
    named = {segment.id for segment in segments}
    for place in old:
        if segment_of(place.rpartition("/")[2]) not in named:
            findings.append(SegmentFinding(path=place, trouble="orphaned", detail="No manifest names this file; upkeep removes it."))
    return Verification(
        segments=len(segments),
        rows=sum(segment.rows for segment in segments),
        bytes=str(sum(segment.bytes for segment in segments)),
        findings=tuple(sorted(findings, key=lambda finding: finding.path)),
    )


def unreadable_frames(spool_folder: Path, workspace_id: str) -> tuple[SegmentFinding, ...]:
    """Return the frames that could not be read and lie beside the spools: the workspace's own, and those of spools that all share."""
    found = [*spool_folder.glob(f"*{UNREADABLE}"), *(spool_folder / workspace_id).glob(f"*{UNREADABLE}")]
    return tuple(
        SegmentFinding(
            path=path.relative_to(spool_folder).as_posix(),
            trouble="unreadable",
            detail=f"{path.stat().st_size} bytes that could not be read are kept here; the server's log says why.",
        )
        for path in sorted(found)
    )


def _segments(manifest: Manifest, workspace_id: str) -> list[Segment]:
    return [segment for signal in get_args(Signal) for segment in manifest.segments(workspace_id, signal=signal)]


def _check(files: SegmentFiles, segment: Segment) -> SegmentFinding | None:
    try:
        with files.original(segment.path) as path:
            found = _check_file(path, segment)
            written = told(_pq.read_metadata(path).metadata) if found is None else None
    except FileNotFoundError:
        return SegmentFinding(path=segment.path, trouble="missing", detail=f"The file with {segment.rows} rows is gone.")
    if written is not None:
        found = _check_payloads(files, segment, written)
    if found is None and "trace_id" in SIGNALS[segment.signal].columns and not files.index(segment).exists():
        detail = "The index of its traces is gone: answers are right, but the segment is read for every trace."
        return SegmentFinding(path=segment.path, trouble="index", detail=detail)
    # None was written by earlier versions, and upkeep adds them.
    if found is None and (digest := files.digest(segment)).exists() and not is_sound_digest(digest):
        detail = "The digest is damaged: answers are right, but the segment is read for them. Upkeep makes it again after a start."
        return SegmentFinding(path=segment.path, trouble="index", detail=detail)
    return found


def _check_payloads(files: SegmentFiles, segment: Segment, written: Written) -> SegmentFinding | None:
    name, lost = payloads_of(segment), f"of {written.count} large values of its rows only the beginnings are left"
    try:
        with files.original(name) as path:
            if file_checksum(path) == written.checksum:
                return None
    except FileNotFoundError:
        return SegmentFinding(path=name, trouble="missing", detail=f"The file is gone: {lost}.")
    return SegmentFinding(
        path=name, trouble="damaged", detail=f"The file is not what was written, its checksum differs: {lost}, or of some."
    )


def _check_file(path: Path, segment: Segment) -> SegmentFinding | None:
    try:
        if segment.checksum is None:
            # Of an earlier version: reading all of it is the only way to know.
            rows = _pq.read_table(path).num_rows
        elif file_checksum(path) != segment.checksum:
            return SegmentFinding(path=segment.path, trouble="damaged", detail="The file is not what was written: its checksum differs.")
        else:
            rows = _pq.read_metadata(path).num_rows
    except (OSError, ValueError) as error:
        return SegmentFinding(path=segment.path, trouble="damaged", detail=f"The file cannot be read: {error}")
    if rows != segment.rows:
        detail = f"The file has {rows} rows, the manifest says {segment.rows}."
        return SegmentFinding(path=segment.path, trouble="rows", detail=detail)
    return None
