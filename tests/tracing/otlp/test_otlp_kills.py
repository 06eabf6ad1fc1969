"""kill -9 while OTLP comes in: what was acknowledged is there, once."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer

TESTS = Path(__file__).parents[2]


@pytest.mark.integration
@pytest.mark.parametrize("seed", range(int(os.environ.get("FLOWYARD_TEST_KILLS", "3"))))
def test_what_was_acknowledged_before_a_kill_is_there_once(home: Path, tmp_path: Path, seed: int) -> None:
    spools = tmp_path / "spools"
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    command = [sys.executable, "-m", "support.collector_victim", str(spools), "w1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as victim:
        output: Any = victim.stdout
        first = int(output.readline())
        time.sleep(random.Random(seed).uniform(0.0, 0.6))
        victim.send_signal(signal.SIGKILL)
        acknowledged = {first, *(int(line) for line in output if line.endswith("\n"))}
    engine = open_engine(f"sqlite:///{home / 'metadata.db'}")
    indexer = Indexer(engine, spools, SegmentFiles(tmp_path / "segments"), default_workspace="w1")
    indexer.step()
    rows = indexer.tail.of("w1").to_pylist()
    engine.dispose()
    found = [(int(row["trace_id"], 16), row["span_id"]) for row in rows]
    assert len(found) == len(set(found))
    traces = {trace for trace, _ in found}
    assert acknowledged <= traces
    assert all(sum(trace == number for trace, _ in found) == 3 for number in traces), "a request is there whole or not at all"
