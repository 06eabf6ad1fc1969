import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowyard.tracing import spool
from flowyard.tracing.errors import SpoolWriteError
from flowyard.tracing.frames import PROLOGUE, FrameKind, decode_batch, process_start, read_frames, read_writer
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.spool import SpoolSink


def record(number: int, **fields: object) -> SpanRecord:
    return SpanRecord(trace_id="a" * 32, span_id=f"{number:016x}", name="n", kind="node", start_ns=number, duration_ns=0, **fields)


def numbers(path: Path, offset: int = 0) -> list[int]:
    """The spans of a file, by the number that `record` was given."""
    return [int(row[1], 16) for frame in read_frames(path, offset) if frame.kind == FrameKind.SPANS for row in decode_batch(frame.payload)]


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.spool"))


def test_flushed_spans_are_in_the_file_and_an_idle_sink_makes_none(tmp_path: Path) -> None:
    sink = SpoolSink(tmp_path / "spools", "gateway")
    sink.flush()
    assert not (tmp_path / "spools").exists()
    for number in range(10):
        sink.emit(record(number))
    sink.flush()
    (path,) = files(tmp_path / "spools")
    assert path.name.startswith("gateway-")
    assert numbers(path) == list(range(10))
    sink.close()
    assert [frame.kind for frame in read_frames(path)][-1] == FrameKind.END


def test_spans_are_durable_soon_without_a_flush(tmp_path: Path) -> None:
    sink = SpoolSink(tmp_path, "x")
    sink.emit(record(1))
    deadline = time.monotonic() + 5
    while not (files(tmp_path) and numbers(files(tmp_path)[0])) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert numbers(files(tmp_path)[0]) == [1]
    sink.close()


def test_the_file_names_its_writer(tmp_path: Path) -> None:
    sink = SpoolSink(tmp_path, "x")
    sink.emit(record(1))
    sink.close()
    writer = read_writer(files(tmp_path)[0])
    assert writer is not None
    assert (writer.pid, writer.started) == (os.getpid(), process_start(os.getpid()))
    assert not writer.is_gone()


def test_a_writer_that_ended_is_known_to_be_gone(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from flowyard.tracing.spool import SpoolSink; from flowyard.tracing.model import SpanRecord\n"
        "sink = SpoolSink(Path(sys.argv[1]), 'child')\n"
        "sink.emit(SpanRecord(trace_id='a' * 32, span_id='b' * 16, name='n', kind='node', start_ns=1, duration_ns=0))\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    (path,) = files(tmp_path)
    writer = read_writer(path)
    assert writer is not None
    assert writer.is_gone()
    # It never closed its sink: leaving the interpreter did.
    assert [frame.kind for frame in read_frames(path)] == [FrameKind.WRITER, FrameKind.SPANS, FrameKind.END]


def test_a_full_file_is_finished_and_the_next_begun(tmp_path: Path) -> None:
    sink = SpoolSink(tmp_path, "x", roll_bytes=2000)
    for number in range(60):
        sink.emit(record(number))
        if number % 10 == 9:
            sink.flush()
    sink.close()
    paths = files(tmp_path)
    assert len(paths) > 1
    assert [number for path in paths for number in numbers(path)] == list(range(60))
    assert all([frame.kind for frame in read_frames(path)][-1] == FrameKind.END for path in paths)


def test_reading_goes_on_where_it_stopped(tmp_path: Path) -> None:
    sink = SpoolSink(tmp_path, "x")
    sink.emit(record(1))
    sink.flush()
    (path,) = files(tmp_path)
    end = [frame.end for frame in read_frames(path)][-1]
    sink.emit(record(2))
    sink.flush()
    assert numbers(path, end) == [2]
    sink.close()


def spooled(folder: Path, batches: int) -> tuple[Path, list[int]]:
    """A file of `batches` frames with one span each, and where each frame ends."""
    sink = SpoolSink(folder, "x")
    for number in range(batches):
        sink.emit(record(number))
        sink.flush()
    sink.close()
    (path,) = files(folder)
    return path, [frame.end for frame in read_frames(path) if frame.kind == FrameKind.SPANS]


def test_every_torn_tail_gives_the_whole_frames_before_it(tmp_path: Path) -> None:
    path, ends = spooled(tmp_path, 3)
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        assert numbers(path) == [number for number, end in enumerate(ends) if end <= size]


def test_a_damaged_frame_costs_only_itself(tmp_path: Path) -> None:
    path, ends = spooled(tmp_path, 4)
    data = path.read_bytes()
    marker = 8
    for place in range(ends[0], ends[1]):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x40]) + data[place + 1 :])
        # The marker only serves to find a frame after damage; a frame that is where it should be needs none.
        assert numbers(path) == ([0, 1, 2, 3] if place < ends[0] + marker else [0, 2, 3]), f"byte {place}"
    assert sum(frame.skipped for frame in read_frames(path)) == ends[1] - ends[0]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_is_survived_and_nothing_false_is_read(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("spool")
    path, _ = spooled(folder, 3)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(PROLOGUE, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=12))
    path.write_bytes(bytes(content))
    found = numbers(path)
    assert set(found) <= {0, 1, 2}
    assert len(found) == len(set(found))
    shutil.rmtree(folder)


def test_a_file_that_is_no_spool_has_no_frames(tmp_path: Path) -> None:
    path = tmp_path / "x.spool"
    for content in (b"", b"FYSP", b"something else entirely, much longer than a prologue"):
        path.write_bytes(content)
        assert list(read_frames(path)) == []
        assert read_writer(path) is None


def test_a_full_queue_drops_counts_and_never_blocks(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    sink = SpoolSink(blocked / "spools", "x", queue_spans=10)
    for number in range(25):
        sink.emit(record(number))
    assert sink.dropped == 15
    small = SpoolSink(blocked / "spools", "y", queue_bytes=500)
    for number in range(10):
        small.emit(record(number, attributes={"text": "x" * 200}))
    assert small.dropped >= 8
    sink.close()
    small.close()
    assert sink.dropped == 25


def test_a_disk_that_refuses_is_told_of_and_what_waited_is_written_when_it_recovers(tmp_path: Path) -> None:
    blocked = tmp_path / "spools"
    blocked.write_text("not a folder")
    sink = SpoolSink(blocked, "x")
    sink.emit(record(1))
    with pytest.raises(SpoolWriteError, match="Free some space"):
        sink.flush()
    sink.emit(record(2))
    blocked.unlink()
    sink.flush()
    assert numbers(files(blocked)[0]) == [1, 2]
    sink.close()


class FullDisk:
    """Stands for the device: writes of data beyond `room` bytes fail with ENOSPC, after a part was written, as a real one does."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, descriptor: int, data: memoryview) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = os.write(descriptor, data[: min(len(data), self.room)])
        self.room -= written
        return written


def test_a_disk_that_fills_up_leaves_no_torn_frame_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = FullDisk(1_000_000)
    monkeypatch.setattr(spool, "write_some", disk.write)
    sink = SpoolSink(tmp_path, "x")
    sink.emit(record(1))
    sink.flush()
    disk.room = 20
    sink.emit(record(2))
    with pytest.raises(SpoolWriteError):
        sink.flush()
    (path,) = files(tmp_path)
    assert numbers(path) == [1]
    assert path.stat().st_size == [frame.end for frame in read_frames(path)][-1]
    disk.room = 1_000_000
    sink.emit(record(3))
    sink.flush()
    assert numbers(path) == [1, 2, 3]
    sink.close()


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    sink = SpoolSink(tmp_path, "x")

    def work(first: int) -> None:
        for number in range(first, first + 500):
            sink.emit(record(number))
        sink.flush()

    threads = [threading.Thread(target=work, args=(index * 500,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sink.close()
    assert sorted(numbers(files(tmp_path)[0])) == list(range(2000))
    assert sink.dropped == 0


def test_closing_twice_and_emitting_after_it_do_no_harm(tmp_path: Path) -> None:
    sink = SpoolSink(tmp_path, "x")
    sink.emit(record(1))
    sink.close()
    sink.close()
    sink.emit(record(2))
    sink.flush()
    assert sink.dropped == 1
    assert numbers(files(tmp_path)[0]) == [1]
