"""Batch runs: lines a second and processor time a line, a small run as a whole command, disk, and rows that wait for a model.

Start-up is not counted where it says so: the time of a small run is taken off that of a large one, on both sides, each the best of some,
since what else the machine does only ever adds. Where ``PROMPTFLOW_PYTHON`` names an interpreter that has promptflow, it runs the same
flow over the same rows, fewer of them.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.harness import FLOWYARD, Figure, wall

ROOT = Path(__file__).parents[1]
FLOW = ROOT / "examples/flows/three-nodes"
ROWS, PEER_ROWS = 50_000, 1_000
SMALL = 100
ROUNDS, PEER_ROUNDS = 3, 2
WAIT_S, WAIT_ROWS, WAIT_AT_ONCE = 0.2, 1_000, 32

_OURS = """
import json, resource, sys, time
from pathlib import Path
from flowyard.flows.runs.execute import execute
from flowyard.flows.runs.means import RunMeans
from flowyard.flows.runs.spec import RunSpec
from flowyard.flows.runs.store import RunStore
folder, flow, concurrency, connections = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])
RunStore.create(folder / "run", {"name": "bench"}).close()
spec = RunSpec(name="bench", flow=flow, flow_name="bench", data=folder / "data.jsonl", column_mapping={"text": "${data.text}"},
               concurrency=concurrency)
began = time.perf_counter()
counts = execute(folder / "run", spec, RunMeans(connections=connections, spools=folder / "spools"))
took = time.perf_counter() - began
cpu = sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
print(json.dumps({"seconds": took, "cpu": cpu, "completed": counts.completed}))
"""
_THEIRS = """
import json, resource, sys, time
from promptflow.client import PFClient
folder, flow = sys.argv[1], sys.argv[2]
client = PFClient()
began = time.perf_counter()
run = client.run(flow=flow, data=folder + "/data.jsonl", column_mapping={"text": "${data.text}"})
took = time.perf_counter() - began
cpu = sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
completed = int(client.get_details(run, all_results=True).shape[0]) if run.status == "Completed" else 0
sys.stderr.write(json.dumps({"seconds": took, "cpu": cpu, "completed": completed, "output": str(run._output_path)}) + "\\n")
"""
_ASKING = """
inputs:
  text: {type: string}
outputs:
  out: {type: string, reference: "${ask}"}
nodes:
- name: ask
  type: llm
  api: chat
  connection: model
  source: {type: code, path: ask.jinja2}
  inputs: {deployment_name: scripted, text: "${inputs.text}"}
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: wall seconds, processor seconds, bytes and files that it left."""

    seconds: float
    cpu: float
    size: int
    files: int


def figures() -> Iterator[Figure]:
    """Measure all.

    Raises:
        RuntimeError: a run did not complete, or the machine is so busy that a small one took as long as a large one.
    """
    large, small = _best(_ours, ROWS, ROUNDS), _best(_ours, SMALL, ROUNDS)
    rate, cpu = _per_line(large, ROWS, small)
    python = os.environ.get("PROMPTFLOW_PYTHON")
    if python:
        run = partial(_promptflow, python)
        theirs = _best(run, PEER_ROWS, PEER_ROUNDS)
        peer_rate, peer_cpu = _per_line(theirs, PEER_ROWS, _best(run, SMALL, PEER_ROUNDS))
        yield _figure("batch run, 3 Python nodes, recorded and traced", rate, "lines/s", peer_rate, ">= 300")
        yield _figure("processor time a line, likewise", cpu, "ms", peer_cpu, "<= 0.003 (0.06 ms)")
        yield _figure("disk per 1,000 rows", large.size / ROWS * 1e3 / 1e6, "MB", theirs.size / PEER_ROWS * 1e3 / 1e6, "<= 1 MB")
        yield _figure("files of a run of 1,000 rows", _ours(1000).files, "files", theirs.files, "<= 10 files")
        yield _command(python)
    else:
        yield Figure(
            what="batch run, 3 Python nodes, recorded and traced",
            ours=rate,
            unit="lines/s",
            peer_name="the nodes' functions alone, in a loop",
            peer=_loop(),
            aim="",
        )
        yield Figure(what="processor time a line", ours=cpu, unit="ms", peer_name="aim", peer=0.06, aim="<= 1")
    waited = _waiting()
    yield Figure(
        what=f"{WAIT_ROWS} rows that wait {WAIT_S * 1000:.0f} ms for a model, {WAIT_AT_ONCE} at once",
        ours=waited,
        unit="s",
        peer_name="the ideal of that limit",
        peer=-(-WAIT_ROWS // WAIT_AT_ONCE) * WAIT_S,
        aim="<= 1.05",
    )


def _best(run: Callable[[int], Measured], count: int, rounds: int) -> Measured:
    found = [run(count) for _ in range(rounds)]
    return replace(found[0], seconds=min(one.seconds for one in found), cpu=min(one.cpu for one in found))


def _per_line(large: Measured, count: int, small: Measured) -> tuple[float, float]:
    """Return lines a second and milliseconds of processor time a line, of a run of `count` rows without its start-up."""
    seconds, cpu = large.seconds - small.seconds, large.cpu - small.cpu
    if seconds <= 0 or cpu <= 0:
        raise RuntimeError(f"{count} rows took no longer than {SMALL}: the machine is too busy to measure anything.")
    return (count - SMALL) / seconds, cpu / (count - SMALL) * 1000


def _figure(what: str, ours: float, unit: str, peer: float, aim: str) -> Figure:
    return Figure(what=what, ours=ours, unit=unit, peer_name="promptflow", peer=peer, aim=aim)


def _rows(folder: Path, count: int) -> None:
    lines = (json.dumps({"text": f"Row {number}: prompt flows are programs, and programs want tests."}) for number in range(count))
    (folder / "data.jsonl").write_text("\n".join(lines))


def _ours(count: int, flow: Path = FLOW, concurrency: int = 16, connections: dict[str, Any] | None = None) -> Measured:
    with tempfile.TemporaryDirectory(prefix="runs-bench-") as name:
        folder = Path(name)
        _rows(folder, count)
        done = subprocess.run(
            [sys.executable, "-c", _OURS, name, str(flow), str(concurrency), json.dumps(connections or {})],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        found = _result(done.stdout, done.stderr, count)
        (folder / "data.jsonl").unlink()
        size, files = _left(folder)
        return Measured(found["seconds"], found["cpu"], size, files)


def _promptflow(python: str, count: int) -> Measured:
    """Run promptflow on a copy of the flow, since it writes into its folder, under a home of its own."""
    with _promptflow_home(python) as folder:
        name = str(folder)
        _rows(folder, count)
        done = subprocess.run(
            [python, "-c", _THEIRS, name, str(folder / "flow")],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            env={**os.environ, "HOME": name},
        )
        found = _result(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "", done.stderr, count)
        size, files = _left(Path(str(found["output"])))
        return Measured(found["seconds"], found["cpu"], size, files)


@contextmanager
def _promptflow_home(python: str) -> Iterator[Path]:
    """Yield a folder with a copy of the flow, promptflow's home with its telemetry off; the service that it starts there is stopped."""
    with tempfile.TemporaryDirectory(prefix="promptflow-bench-") as name:
        folder = Path(name)
        shutil.copytree(FLOW, folder / "flow")
        (folder / ".promptflow").mkdir()
        (folder / ".promptflow" / "pf.yaml").write_text("telemetry:\n  enabled: false\n")
        try:
            yield folder
        finally:
            stop = [python, "-m", "promptflow._cli._pf.entry", "service", "stop"]
            subprocess.run(stop, capture_output=True, timeout=60, check=False, env={**os.environ, "HOME": name})


def _result(line: str, errors: str, count: int) -> dict[str, float]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise RuntimeError(f"The run failed: {errors[-2000:]}") from error
    if found["completed"] != count:
        raise RuntimeError(f"{found['completed']} of {count} rows completed")
    return found


def _left(folder: Path) -> tuple[int, int]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files), len(files)


def _command(python: str) -> Figure:
    with _promptflow_home(python) as folder:
        _rows(folder, 10)
        data, mapping = str(folder / "data.jsonl"), "text=${data.text}"
        ours = wall(
            [FLOWYARD, "run", "create", "--local", "--flow", str(FLOW), "--data", data, "--column-mapping", mapping],
            environment={"FLOWYARD_HOME": str(folder / "home")},
        )
        theirs = wall(
            [
                *(python, "-m", "promptflow._cli._pf.entry", "run", "create", "--flow", str(folder / "flow")),
                *("--data", data, "--column-mapping", mapping),
            ],
            runs=3,
            environment={"HOME": str(folder)},
        )
    return _figure("a run of 10 rows, whole command", ours, "s", theirs, "<= 1 s")


def _loop() -> float:
    """Return how many lines a second the three functions alone do, called one after the other."""
    from flowyard.flows import load_flow

    steps = [step.executable.call for step in load_flow(FLOW).plan.line.steps]
    clean, count, report = steps
    text = "Row 1: prompt flows are programs, and programs want tests."
    began, lines = time.process_time(), 20_000
    for _ in range(lines):
        cleaned = clean(text=text)
        report(text=cleaned, words=count(text=cleaned))
    return lines / (time.process_time() - began)


def _waiting() -> float:
    """Return how long rows take that each wait for a scripted model, in seconds, without start-up."""
    with tempfile.TemporaryDirectory(prefix="waiting-bench-") as name:
        flow = Path(name)
        (flow / "flow.dag.yaml").write_text(_ASKING)
        (flow / "ask.jinja2").write_text("user:\n{{text}}\n")
        script = f"rules: [{{echo: true, delay_ms: {WAIT_S * 1000:.0f}}}]"
        connections = {"model": {"type": "scripted", "configs": {"script": script}, "secrets": {}}}
        small = _ours(WAIT_AT_ONCE, flow, WAIT_AT_ONCE, connections).seconds - WAIT_S
        return _ours(WAIT_ROWS, flow, WAIT_AT_ONCE, connections).seconds - small
