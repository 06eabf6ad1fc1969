"""kill -9 at any moment: what was acknowledged is there, and nothing is there twice."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from flowyard.foundation.clock import now_ns
from flowyard.storage.schema import telemetry_segments
from flowyard.storage.telemetry.compaction import Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.model import DIGEST_SUFFIX, PAYLOADS_SUFFIX
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.storage.telemetry.segments import read_segment
from flowyard.storage.telemetry.verifying import verify_segments
from flowyard.tracing.frames import read_writer
from flowyard.tracing.model import SpanRecord
from support import indexer_victim
from support.forked import forked
from support.spans import make_span, spool, trace_id

TESTS = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(TESTS)}
#: Stands beside its segment, in a file that a kill may leave without one.
LARGE = {"flowyard.input": " ".join(f"{number:x}" for number in range(12_000))}
SEEDS = range(int(os.environ.get("FLOWYARD_TEST_KILLS", "3")))


def seen(folder: Path, indexer: Indexer, trace: int) -> list[int]:
    queries = DuckQueries(indexer.manifest, indexer.tail, SegmentFiles(folder / "segments"))
    spans = [span for name in ("w1", "w2") for span in queries.get_trace(name, trace_id(trace))]
    queries.close()
    assert all(span.attributes == LARGE for span in spans if span.name == "large")
    return sorted(int(span.span_id, 16) for span in spans)


def stored(folder: Path, indexer: Indexer) -> Counter[str]:
    """How often each span stands in the segments that count, before any duplicate is removed."""
    return Counter(
        name
        for segment in indexer.manifest.all_segments()
        for name in read_segment(SegmentFiles(folder / "segments"), segment)["span_id"].to_pylist()
    )


@pytest.mark.integration
@pytest.mark.parametrize("seed", range(1, len(SEEDS) + 1))
def test_a_writer_killed_in_mid_stream_loses_nothing_that_was_durable(tmp_path: Path, engine: Engine, seed: int) -> None:
    command = [sys.executable, "-m", "support.span_writer", str(tmp_path / "spools"), str(seed)]
    indexer = Indexer(engine, tmp_path / "spools", SegmentFiles(tmp_path / "segments"), default_workspace="w1")
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        ends = time.monotonic() + random.Random(seed).uniform(0.1, 0.4)
        while time.monotonic() < ends:
            acknowledged = int(writer.stdout.readline())
            indexer.step()
        writer.kill()
        # What stands in the pipe was said before the end.
        acknowledged = max([acknowledged, *(int(line) for line in writer.stdout.read().splitlines() if line)])
    indexer.step()
    found = seen(tmp_path, indexer, seed)
    assert found[:acknowledged] == list(range(1, acknowledged + 1))
    assert found == list(range(1, len(found) + 1))
    indexer.roll()
    deadline = time.monotonic() + 10
    while waiting(tmp_path / "spools") and time.monotonic() < deadline:
        time.sleep(0.2)
        indexer.step()
        indexer.roll()
    assert waiting(tmp_path / "spools") == []
    assert seen(tmp_path, indexer, seed) == found
    assert set(stored(tmp_path, indexer).values()) == {1}


def waiting(spools: Path) -> list[Path]:
    """The spools that hold something. One whose writer died before its first frame was whole is only old some time later."""
    return [path for path in spools.iterdir() if read_writer(path) is not None]


def victim(engine: Engine, folder: Path, step: str, at: int) -> int:
    """Run the victim; return how many lines it ran, or 0 when it was killed."""
    url = engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=False)
    told, tells = forked.Pipe(duplex=False)
    process = forked.Process(target=indexer_victim.main, args=(tells, url, folder, step, at))
    process.start()
    tells.close()
    process.join()
    assert process.exitcode in {0, -9}, process.exitcode
    with told:
        return told.recv() if process.exitcode == 0 else 0


COUNT = 30


def numbered(number: int) -> SpanRecord:
    """A span of one of two workspaces; of some, what went in is large."""
    large: dict[str, Any] = {"name": "large", "attributes": LARGE} if number % 5 < 2 else {}
    return make_span(1, number, workspace_id=f"w{number % 2 + 1}", **large)


def fill(folder: Path) -> None:
    spool(folder / "spools", [numbered(number) for number in range(1, COUNT)])
    spool(folder / "spools", [make_span(1, COUNT)], name="more")


def check_complete(folder: Path, engine: Engine) -> None:
    """What the next process makes of it."""
    indexer = Indexer(engine, folder / "spools", SegmentFiles(folder / "segments"), default_workspace="w1")
    for _ in range(2):
        indexer.step()
        assert seen(folder, indexer, 1) == list(range(1, COUNT + 1))
        indexer.roll()
        assert seen(folder, indexer, 1) == list(range(1, COUNT + 1))
    assert set(stored(folder, indexer).values()) == {1}
    indexer.step()
    assert list((folder / "spools").iterdir()) == []
    Upkeep(indexer.manifest, SegmentFiles(folder / "segments"), grace_s=-1).clear()
    assert len(list((folder / "segments").rglob("*.parquet"))) == len(indexer.manifest.all_segments())
    # Large values too: none are missing, and none are left over.
    assert list((folder / "segments").rglob(f"*{PAYLOADS_SUFFIX}")) != []
    assert not any(verify_segments(indexer.manifest, SegmentFiles(folder / "segments"), name, grace_s=-1).findings for name in ("w1", "w2"))


def fill_segments(folder: Path, engine: Engine) -> Indexer:
    indexer = Indexer(engine, folder / "spools", SegmentFiles(folder / "segments"), default_workspace="w1")
    for number in range(1, COUNT + 1):
        spool(folder / "spools", [numbered(number)])
        if number % 5 == 0:
            indexer.step()
            indexer.roll()
    return indexer


def forget(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(telemetry_segments.delete())
        assert connection.execute(select(telemetry_segments)).all() == []


def lines_of(engine: Engine, trial: Path, step: str) -> int:
    """Return how many lines a step runs that nobody ends; what it did is forgotten."""
    lines = victim(engine, trial, step, 0)
    assert lines > 100
    forget(engine)
    shutil.rmtree(trial)
    return lines


@pytest.mark.integration
@pytest.mark.parametrize("seed", SEEDS)
def test_an_indexer_killed_while_it_rolls_loses_nothing_and_doubles_nothing(tmp_path: Path, engine: Engine, seed: int) -> None:
    fill(tmp_path / "trial")
    lines = lines_of(engine, tmp_path / "trial", "roll")
    fill(tmp_path)
    # One kill somewhere, and one in the second half, where files and manifest are written.
    chance = random.Random(seed)
    for at in (chance.randint(1, lines), chance.randint(lines // 2, lines)):
        victim(engine, tmp_path, "roll", at)
    check_complete(tmp_path, engine)


@pytest.mark.integration
@pytest.mark.parametrize("seed", SEEDS)
def test_an_upkeep_killed_while_it_compacts_loses_nothing_and_doubles_nothing(tmp_path: Path, engine: Engine, seed: int) -> None:
    fill_segments(tmp_path / "trial", engine)
    lines = lines_of(engine, tmp_path / "trial", "compact")
    indexer = fill_segments(tmp_path, engine)
    chance = random.Random(seed)
    for at in (chance.randint(1, lines), chance.randint(lines // 2, lines)):
        victim(engine, tmp_path, "compact", at)
    check_complete(tmp_path, engine)
    Upkeep(indexer.manifest, SegmentFiles(tmp_path / "segments"), grace_s=-1).compact(now_ns())
    check_complete(tmp_path, engine)
    assert len(indexer.manifest.all_segments()) == 2


@pytest.mark.integration
@pytest.mark.parametrize("seed", SEEDS)
def test_killed_while_digests_are_written_it_leaves_whole_ones_or_none(tmp_path: Path, engine: Engine, seed: int) -> None:
    fill_segments(tmp_path / "trial", engine)
    lines = lines_of(engine, tmp_path / "trial", "digest")
    indexer = fill_segments(tmp_path, engine)
    chance = random.Random(seed)
    for _ in range(2):
        victim(engine, tmp_path, "digest", chance.randint(1, lines))
        # Some have none now; what there is is whole, and the answers are the same without.
        assert not any(verify_segments(indexer.manifest, SegmentFiles(tmp_path / "segments"), name).findings for name in ("w1", "w2"))
        assert seen(tmp_path, indexer, 1) == list(range(1, COUNT + 1))
    assert victim(engine, tmp_path, "digest", 0) > 0
    check_complete(tmp_path, engine)
    assert len(list((tmp_path / "segments").rglob(f"*{DIGEST_SUFFIX}"))) == len(indexer.manifest.all_segments())
    assert list((tmp_path / "segments").rglob("*.part")) == []


@pytest.mark.integration
@pytest.mark.parametrize("seed", SEEDS)
def test_killed_while_old_segments_go_it_leaves_no_half_and_the_next_goes_on(tmp_path: Path, engine: Engine, seed: int) -> None:
    fill_segments(tmp_path / "trial", engine)
    lines = lines_of(engine, tmp_path / "trial", "expire")
    indexer = fill_segments(tmp_path, engine)
    files = SegmentFiles(tmp_path / "segments")
    kept = [number for number in range(1, COUNT + 1) if number % 2]  # of w2, which keeps its spans for good
    chance = random.Random(seed)
    for _ in range(2):
        victim(engine, tmp_path, "expire", chance.randint(1, lines))
        assert not any(verify_segments(indexer.manifest, files, name).findings for name in ("w1", "w2"))
        found = seen(tmp_path, indexer, 1)
        assert len(found) == len(set(found))
        assert set(kept) <= set(found)
    assert victim(engine, tmp_path, "expire", 0) > 0
    assert seen(tmp_path, indexer, 1) == kept
    Upkeep(indexer.manifest, files, grace_s=-1).clear()
    assert not any(verify_segments(indexer.manifest, files, name, grace_s=-1).findings for name in ("w1", "w2"))
    assert len(list((tmp_path / "segments").rglob("*.parquet"))) == len(indexer.manifest.all_segments())
