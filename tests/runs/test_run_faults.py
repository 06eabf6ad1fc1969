"""Rows that do harm: each fails alone with its reason, its neighbours complete, and a killed run goes on from where it was."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flowyard.compute.errors import JobCanceledError
from flowyard.flows.runs.errors import RunBusyError
from flowyard.flows.runs.means import RunMeans
from flowyard.flows.runs.store import FILE, RunStore
from flowyard.wire.runs import RunCounts
from support.flow_folders import python_node, write_flow
from support.runs import codes_of, lines_of, run_rows, write_rows

HARM = """
import ctypes, os, sys, time
from promptflow.core import tool

@tool
def harm(kind: str):
    if kind == "exit":
        os._exit(3)
    if kind == "crash":
        ctypes.string_at(0)
    if kind == "leave":
        sys.exit(4)
    if kind == "hang":
        time.sleep(600)
    if kind == "memory":
        block = bytearray(600 * 1024 * 1024)
        time.sleep(30)
        return len(block)
    if kind == "binary":
        os.write(1, b"\\xff\\x00\\xfe" * 1000 + b"\\n")
        print("\\x00\\x01", "\\ud800".encode("utf-8", "surrogatepass"))
    if kind == "object":
        return object()
    if kind == "raise":
        raise KeyError("raised")
    return kind
"""


def harmful(folder: Path) -> Path:
    dag = {
        "inputs": {"kind": {"type": "string"}},
        "outputs": {"out": {"type": "object", "reference": "${harm}"}},
        "nodes": [python_node("harm", kind="${inputs.kind}")],
    }
    return write_flow(folder, dag, harm__py=HARM)


def test_each_harmful_row_fails_alone(tmp_path: Path) -> None:
    kinds = ["fine", "exit", "fine", "crash", "leave", "binary", "object", "raise", "fine"] + ["fine"] * 20
    run = run_rows(tmp_path / "r", harmful(tmp_path / "flow"), [{"kind": kind} for kind in kinds])
    assert codes_of(run) == {
        1: "ProcessCrashed",
        3: "ProcessCrashed",
        4: "ToolExecutionError",
        6: "FlowOutputUnserializable",
        7: "ToolExecutionError",
    }
    lines = lines_of(run)
    assert len(lines) == len(kinds)
    assert "exit code 3" in lines[1].error["detail"]
    assert "SIGSEGV" in lines[3].error["detail"]
    assert lines[1].inputs == {"kind": "exit"}


def test_a_row_that_hangs_fails_after_its_time(tmp_path: Path) -> None:
    rows = [{"kind": "fine"}, {"kind": "hang"}, {"kind": "fine"}, {"kind": "fine"}]
    began = time.monotonic()
    run = run_rows(tmp_path / "r", harmful(tmp_path / "flow"), rows, line_timeout_s=1.0)
    assert codes_of(run) == {1: "LineExecutionTimeoutError"}
    assert time.monotonic() - began < 20


def test_an_asynchronous_row_that_hangs_is_canceled_and_its_process_stays(tmp_path: Path) -> None:
    code = (
        "import asyncio, os\nfrom promptflow.core import tool\n\n@tool\nasync def harm(kind: str):\n"
        "    await asyncio.sleep(600 if kind == 'hang' else 0)\n    return os.getpid()\n"
    )
    flow = harmful(tmp_path / "flow")
    (flow / "harm.py").write_text(code)
    run = run_rows(tmp_path / "r", flow, [{"kind": "fine"}, {"kind": "hang"}, {"kind": "fine"}], line_timeout_s=1.0)
    assert codes_of(run) == {1: "LineExecutionTimeoutError"}
    assert len({line.outputs["out"] for line in lines_of(run) if line.status == "completed"}) == 1


def test_a_row_that_eats_memory_fails_and_its_neighbours_do_not(tmp_path: Path) -> None:
    rows = [{"kind": "fine"}, {"kind": "memory"}, {"kind": "fine"}]
    run = run_rows(tmp_path / "r", harmful(tmp_path / "flow"), rows, memory_limit=400 * 1024 * 1024)
    assert codes_of(run) == {1: "MemoryExceeded"}
    assert "MiB" in lines_of(run)[1].error["detail"]


def test_what_is_written_past_python_is_in_the_runs_log(tmp_path: Path) -> None:
    flow = harmful(tmp_path / "flow")
    (flow / "harm.py").write_text(HARM + "\nos.write(2, b'hello from \\xffbelow\\n')\n")
    run = run_rows(tmp_path / "r", flow, [{"kind": "fine"}])
    with RunStore(run) as store:
        assert "hello from \\xffbelow" in [line.message for line in store.logs()]


def test_a_cancel_ends_the_run_and_a_resume_completes_it(tmp_path: Path) -> None:
    slow = "import time\nfrom promptflow.core import tool\n\n@tool\ndef harm(kind: str):\n    time.sleep(0.05)\n    return kind\n"
    flow = harmful(tmp_path / "flow")
    (flow / "harm.py").write_text(slow)
    done = [0]

    def progress(counts: RunCounts) -> None:
        done[0] = counts.completed

    def check() -> None:
        if done[0]:
            raise JobCanceledError("The job was canceled.")

    rows = [{"kind": str(number)} for number in range(400)]
    with pytest.raises(JobCanceledError):
        run_rows(tmp_path / "r", flow, rows, means=RunMeans(check_canceled=check, progress=progress), concurrency=4)
    with RunStore(tmp_path / "r" / "run") as store:
        assert store.fact("status") == "canceled"
        assert 0 < store.tally().completed < 400
    (flow / "harm.py").write_text(slow.replace("0.05", "0"))
    assert [line.outputs["out"] for line in lines_of(run_rows(tmp_path / "r", flow, rows))] == [row["kind"] for row in rows]


def test_two_processes_do_not_work_on_one_run(tmp_path: Path) -> None:
    flow = harmful(tmp_path / "flow")
    busy: list[BaseException] = []

    def progress(_: object) -> None:
        if not busy:
            try:
                run_rows(tmp_path / "r", flow, [{"kind": "fine"}])
            except RunBusyError as error:
                busy.append(error)

    run_rows(tmp_path / "r", flow, [{"kind": "fine"}], means=RunMeans(progress=progress))
    assert len(busy) == 1


VICTIM = """
import sys
from pathlib import Path
from flowyard.flows.runs.execute import execute
from flowyard.flows.runs.means import RunMeans
from flowyard.flows.runs.spec import RunSpec
folder, flow = Path(sys.argv[1]), Path(sys.argv[2])
execute(folder / "run", RunSpec(name="r", flow=flow, flow_name="flow", data=folder / "data.jsonl"), RunMeans(spools=folder / "spools"))
"""
#: Takes a while, so that there is a while to kill it in.
SQUARE = "from promptflow.core import tool\n\n@tool\ndef harm(kind: str):\n    sum(range(20_000))\n    return int(kind) ** 2\n"


def kill_and_resume(folder: Path, flow: Path, seed: int, rows: int) -> int:
    """Run with kills at random moments, of the run or of a row process, until it completes; return how many there were."""
    chance, kills = random.Random(seed), 0
    write_rows(folder / "data.jsonl", [{"kind": str(number)} for number in range(rows)])
    RunStore.create(folder / "run", {"name": "r"}).close()
    while True:
        before = kills
        victim = subprocess.Popen([sys.executable, "-c", VICTIM, str(folder), str(flow)], start_new_session=True)
        try:
            victim.wait(timeout=chance.uniform(0.6, 1.6) if kills < 12 else 60)
        except subprocess.TimeoutExpired:
            kills += 1
            target = victim.pid if chance.random() < 0.6 else (children(victim.pid) or [victim.pid])[0]
            os.kill(target, signal.SIGKILL)
            if target != victim.pid:
                victim.wait(timeout=60)
        # A kill is followed by a resume: a row whose process was killed each time it ran may have failed, and runs again.
        if victim.wait(timeout=60) == 0 and kills == before:
            return kills


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.integration
@pytest.mark.parametrize("seed", range(int(os.environ.get("FLOWYARD_TEST_KILLS", "3"))))
def test_killed_at_random_moments_and_resumed_each_row_is_there_once(tmp_path: Path, seed: int) -> None:
    rows = 10_000
    flow = harmful(tmp_path / "flow")
    (flow / "harm.py").write_text(SQUARE)
    kills = kill_and_resume(tmp_path, flow, seed, rows)
    lines = lines_of(tmp_path / "run")
    assert kills > 0
    assert [(line.line, line.status, line.outputs["out"]) for line in lines] == [(number, "completed", number**2) for number in range(rows)]
    with RunStore(tmp_path / "run") as store:
        assert store.fact("status") == "completed"
        assert all(store.nodes(line)[0].output == line**2 for line in range(0, rows, 997))
    assert (tmp_path / "run" / FILE).is_file()


def test_waiting_rows_run_as_many_at_once_as_allowed(tmp_path: Path) -> None:
    waiting = "import time\nfrom promptflow.core import tool\n\n@tool\ndef harm(kind: str):\n    time.sleep(0.2)\n    return kind\n"
    flow = harmful(tmp_path / "flow")
    (flow / "harm.py").write_text(waiting)
    run = run_rows(tmp_path / "r", flow, [{"kind": str(number)} for number in range(200)], concurrency=16)
    with RunStore(run) as store:
        starts = sorted((line.started_at or "", line.duration_ms) for line in store.each())
    assert len(starts) == 200
    together = max_together(lines_of(run))
    assert 12 <= together <= 16


def max_together(lines: list) -> int:
    from datetime import datetime

    events: list[tuple[float, int]] = []
    for line in lines:
        began = datetime.fromisoformat(line.started_at).timestamp()
        events += [(began, 1), (began + line.duration_ms / 1000, -1)]
    running = most = 0
    for _, change in sorted(events):
        running += change
        most = max(most, running)
    return most


def test_calls_that_ran_out_of_their_time_do_not_pile_up(tmp_path: Path) -> None:
    code = (
        "import os, time\nfrom promptflow.core import tool\n\n@tool\ndef harm(kind: str):\n"
        "    time.sleep(600 if kind == 'hang' else 0)\n    return os.getpid()\n"
    )
    flow = harmful(tmp_path / "flow")
    (flow / "harm.py").write_text(code)
    dag = (flow / "flow.dag.yaml").read_text().replace("  type: python", "  timeout_s: 0.2\n  type: python")
    (flow / "flow.dag.yaml").write_text(dag)
    run = run_rows(tmp_path / "r", flow, [{"kind": "hang" if number % 3 else "fine"} for number in range(60)], concurrency=2)
    lines = lines_of(run)
    assert {line.error["code"] for line in lines if line.error} == {"NodeTimeout"}
    assert sum(line.status == "completed" for line in lines) == 20
    assert len({line.outputs["out"] for line in lines if line.status == "completed"}) > 2
