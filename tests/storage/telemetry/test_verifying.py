"""The manifest against the files: each kind of damage is found, named, and nothing else."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.model import Segment
from flowyard.storage.telemetry.spools import UNREADABLE
from flowyard.storage.telemetry.verifying import unreadable_frames, verify_segments
from flowyard.tracing.signals import SIGNALS, LogRecord, MetricPoint, Score
from flowyard.tracing.spool import SpoolSink
from flowyard.wire.telemetry import Verification
from support.spans import START_NS, make_span, spool, trace_id


class Opened:
    def __init__(self, folder: Path, home: Path) -> None:
        self.engine = open_engine(f"sqlite:///{home / 'metadata.db'}")
        self.spools, self.segments = folder / "spools", folder / "segments"
        self.indexer = Indexer(self.engine, self.spools, SegmentFiles(self.segments), default_workspace="w1")
        for number in (1, 2, 3):
            spool(self.spools, [make_span(number, 1), make_span(number, 2)])
            self.indexer.step()
            self.indexer.roll()

    def verify(self, workspace: str = "w1") -> Verification:
        return verify_segments(self.indexer.manifest, SegmentFiles(self.segments), workspace)

    def first(self) -> tuple[Segment, Path]:
        segment = self.indexer.manifest.segments("w1")[0]
        return segment, self.segments / segment.path


@pytest.fixture
def opened(tmp_path: Path, home: Path) -> Iterator[Opened]:
    place = Opened(tmp_path, home)
    yield place
    place.engine.dispose()


def test_sound_segments_have_no_findings(opened: Opened) -> None:
    found = opened.verify()
    assert (found.segments, found.rows, found.findings) == (3, 6, ())
    assert int(found.bytes) > 0


def test_a_missing_file_is_named(opened: Opened) -> None:
    segment, path = opened.first()
    path.unlink()
    assert [(finding.path, finding.trouble) for finding in opened.verify().findings] == [(segment.path, "missing")]


@pytest.mark.parametrize("where", [4, -20, 0.5])
def test_one_changed_byte_is_found(opened: Opened, where: float) -> None:
    segment, path = opened.first()
    content = bytearray(path.read_bytes())
    content[int(where * len(content)) if where == 0.5 else int(where)] ^= 1
    path.write_bytes(content)
    assert [(finding.path, finding.trouble) for finding in opened.verify().findings] == [(segment.path, "damaged")]


def test_a_segment_of_an_earlier_version_without_a_checksum_is_read(opened: Opened) -> None:
    segment, path = opened.first()
    assert opened.indexer.manifest.replace([segment], replace(segment, checksum=None))
    assert opened.verify().findings == ()
    path.write_bytes(path.read_bytes()[:-30])
    assert [finding.trouble for finding in opened.verify().findings] == ["damaged"]


def test_other_rows_than_the_manifest_says_are_found(opened: Opened) -> None:
    segment, _ = opened.first()
    assert opened.indexer.manifest.replace([segment], replace(segment, rows=7))
    (finding,) = opened.verify().findings
    assert (finding.trouble, finding.detail) == ("rows", "The file has 2 rows, the manifest says 7.")


def test_an_index_that_is_gone_is_found(opened: Opened) -> None:
    segment, path = opened.first()
    path.with_name(f"{segment.id}.traces.npy").unlink()
    assert [finding.trouble for finding in opened.verify().findings] == ["index"]


@pytest.mark.parametrize("where", [-200, 0.5])
def test_a_damaged_digest_is_found_and_one_that_is_gone_is_none(opened: Opened, where: float) -> None:
    segment, path = opened.first()
    digest = path.with_name(f"{segment.id}.digest.npz")
    content = bytearray(digest.read_bytes())
    content[int(where * len(content)) if where == 0.5 else int(where)] ^= 1
    digest.write_bytes(content)
    assert [(finding.path, finding.trouble) for finding in opened.verify().findings] == [(segment.path, "index")]
    digest.unlink()
    assert opened.verify().findings == ()


def test_files_that_nothing_names_are_found_after_the_grace_and_only_for_their_workspace(opened: Opened) -> None:
    _, path = opened.first()
    left = path.with_name("0199-left-over.parquet")
    left.write_bytes(path.read_bytes())
    assert opened.verify().findings == ()
    long_ago = time.time() - 86400
    os.utime(left, (long_ago, long_ago))
    place = left.relative_to(opened.segments).as_posix()
    assert [(finding.path, finding.trouble) for finding in opened.verify().findings] == [(place, "orphaned")]
    other = opened.verify("w2")
    assert (other.segments, other.findings) == (0, ())


def test_segments_of_every_signal_are_verified(opened: Opened) -> None:
    sink = SpoolSink(opened.spools, "signals")
    sink.emit_log(LogRecord(log_id="l1", at_ns=START_NS, body="it broke", workspace_id="w1"))
    sink.emit_metric(MetricPoint(point_id="p1", name="g", at_ns=START_NS, value=1.5, workspace_id="w1"))
    sink.emit_score(Score(score_id="s1", at_ns=START_NS, trace_id=trace_id(1), name="good", value=0.0, author="a", workspace_id="w1"))
    sink.close()
    opened.indexer.step()
    opened.indexer.roll()
    assert (opened.verify().segments, opened.verify().findings) == (6, ())
    added = {signal: opened.indexer.manifest.segments("w1", signal=signal)[0] for signal in SIGNALS}
    for segment in added.values():
        (opened.segments / segment.path).unlink()
    assert {(finding.path, finding.trouble) for finding in opened.verify().findings} == {
        (segment.path, "missing") for segment in added.values()
    }


def test_frames_that_could_not_be_read_are_named_to_their_workspace_and_shared_ones_to_all(tmp_path: Path) -> None:
    for place in ("shared", "w1/own", "w2/foreign"):
        path = tmp_path / f"{place}-7{UNREADABLE}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"12345")
    (tmp_path / "w1" / "whole.spool").write_bytes(b"a spool that is read")
    found = unreadable_frames(tmp_path, "w1")
    assert [(finding.path, finding.trouble) for finding in found] == [
        (f"shared-7{UNREADABLE}", "unreadable"),
        (f"w1/own-7{UNREADABLE}", "unreadable"),
    ]
    assert found[0].detail.startswith("5 bytes")
