"""Holds the manifest against the files: what it names must be there, whole, with the rows it says; what it does not name is left over."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pyarrow.parquet

from flowyard.storage.telemetry.compaction import GRACE_S
from flowyard.storage.telemetry.manifest import Manifest
from flowyard.storage.telemetry.model import INDEX_SUFFIX, SUFFIX, Segment
from flowyard.storage.telemetry.segments import file_checksum, read_segment
from flowyard.tracing.signals import SIGNALS, Signal
from flowyard.wire.telemetry import SegmentFinding, Verification

_pq: Any = pyarrow.parquet


def verify_segments(manifest: Manifest, folder: Path, workspace_id: str, *, grace_s: float = GRACE_S) -> Verification:
    """Read every segment of a workspace and return what is wrong with them. It changes nothing, and may run beside the indexer.

    Files that no manifest names count as left over once they are older than `grace_s` seconds: until then a roll or a query may need them.
    """
    # The files first: one that the manifest gets meanwhile is younger than the grace.
    files = list(_old_files(folder, workspace_id, time.time() - grace_s))
    segments = _segments(manifest, workspace_id)
    findings = [finding for segment in segments if (finding := _check(folder, segment)) is not None]
    if findings:
        # A merge may have replaced a segment, and its files gone, while others were read.
        still = {segment.path for segment in _segments(manifest, workspace_id)}
        findings = [finding for finding in findings if finding.path in still]
    named = {segment.id for segment in segments}
    for path in files:
        if _segment_of(path) not in named:
            place = path.relative_to(folder).as_posix()
            findings.append(SegmentFinding(path=place, trouble="orphaned", detail="No manifest names this file; upkeep removes it."))
    return Verification(
        segments=len(segments),
        rows=sum(segment.rows for segment in segments),
        bytes=str(sum(segment.bytes for segment in segments)),
        findings=tuple(sorted(findings, key=lambda finding: finding.path)),
    )


def _segments(manifest: Manifest, workspace_id: str) -> list[Segment]:
    return [segment for signal in get_args(Signal) for segment in manifest.segments(workspace_id, signal=signal)]


def _check(folder: Path, segment: Segment) -> SegmentFinding | None:
    path = folder / segment.path
    if not path.exists():
        return SegmentFinding(path=segment.path, trouble="missing", detail=f"The file with {segment.rows} rows is gone.")
    try:
        if segment.checksum is None:
            # Of an earlier version: reading all of it is the only way to know.
            rows = read_segment(folder, segment).num_rows
        elif file_checksum(path) != segment.checksum:
            return SegmentFinding(path=segment.path, trouble="damaged", detail="The file is not what was written: its checksum differs.")
        else:
            rows = _pq.read_metadata(path).num_rows
    except (OSError, ValueError) as error:
        return SegmentFinding(path=segment.path, trouble="damaged", detail=f"The file cannot be read: {error}")
    if rows != segment.rows:
        detail = f"The file has {rows} rows, the manifest says {segment.rows}."
        return SegmentFinding(path=segment.path, trouble="rows", detail=detail)
    if "trace_id" in SIGNALS[segment.signal].columns and not path.with_name(f"{segment.id}{INDEX_SUFFIX}").exists():
        detail = "The index of its traces is gone: answers are right, but the segment is read for every trace."
        return SegmentFinding(path=segment.path, trouble="index", detail=detail)
    return None


def _old_files(folder: Path, workspace_id: str, before: float) -> Iterator[Path]:
    """Yield the workspace's files that were last written before `before`; spans of earlier versions lie beside the signals' folders."""
    for place in (folder / workspace_id, *(folder / signal / workspace_id for signal in get_args(Signal))):
        for path in place.rglob("*"):
            if not path.name.endswith((SUFFIX, INDEX_SUFFIX)):
                continue
            try:
                old = path.stat().st_mtime < before
            except FileNotFoundError:
                # Upkeep removed it meanwhile.
                continue
            if old:
                yield path


def _segment_of(path: Path) -> str:
    return path.name.removesuffix(SUFFIX).removesuffix(INDEX_SUFFIX)
