"""Tries every flow below a folder: checks it, runs it once with its own sample inputs, and with ``--rows`` its sample data. Prints a table.

What a team runs over its own flows of prompt flow before it moves. A flow's inputs are its sample, else the first row of the
data beside it, else its defaults. Every run is a process of its own, ``flowyard flow test`` or ``flowyard run create --local``,
and the flows' code runs as you.
Exit code 1: a flow that has all it needs does not work.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from flowyard.cli.flow_models import Connections, given_connections
from flowyard.data.rows import open_data
from flowyard.flows.find import FlowFile
from flowyard.flows.migration.examine import examine
from flowyard.flows.migration.model import FlowReport
from flowyard.flows.migration.sources import flows_in
from flowyard.flows.model import FlowSpec
from flowyard.flows.rules import validate

State = Literal["works", "fails", "needs", "invalid", "no inputs"]
_COMMAND = [sys.executable, "-W", "ignore", "-c", "from flowyard.cli.entry import main; main()"]
_SHOWN = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of a flow. `rows`: of the batch run, completed and all; `said`: the outputs, or why not."""

    flow: str
    kind: str
    state: State
    said: Any
    inputs: dict[str, Any] | None = None
    rows: tuple[int, int] | None = None
    seconds: float = 0.0


def main() -> int:
    """Try the flows; 1 when one fails or is invalid."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--connections-file", type=Path, action="append", default=[])
    options.add_argument("--only", default="", help="flows with this text in their path")
    options.add_argument("--rows", action="store_true", help="run the sample data of each flow, too")
    options.add_argument("--environment", choices=["auto", "none"], default="auto", help="none: with the packages that are here")
    options.add_argument("--timeout", type=float, default=600.0, help="seconds for each run")
    options.add_argument("--json", type=Path, help="write what came out into this file")
    given = options.parse_args()
    base = given.folder.resolve()
    connections = given_connections(given.connections_file)
    trials: list[Trial] = []
    for flow in flows_in(base):
        if given.only in str(flow.path):
            trials.append(_try(flow, base, connections, given))
            _show(trials[-1])
    if given.json:
        given.json.write_text(json.dumps([asdict(trial) for trial in trials], indent=1, default=str))
    tally = Counter(trial.state for trial in trials)
    print(f"{len(trials)} flows: " + ", ".join(f"{count} {state}" for state, count in tally.most_common()))
    return 1 if tally["fails"] or tally["invalid"] else 0


def _try(flow: FlowFile, base: Path, connections: Connections, given: argparse.Namespace) -> Trial:
    report = examine(flow, base, connections)
    if not report.runs:
        wrong = next((f"{found.code}: {found.message}" for found in report.findings if found.severity == "error"), "cannot be read")
        return Trial(flow=report.path, kind=report.kind, state="invalid", said=wrong)
    needs = [*report.missing, *(f"package {found.requirement}" for found in report.packages if _lacks(found.state, given.environment))]
    if needs:
        return Trial(flow=report.path, kind=report.kind, state="needs", said=", ".join(needs))
    spec, _ = validate(flow.path)
    assert spec is not None
    data = _data(flow.path.parent)
    inputs = _inputs(spec, data)
    if inputs is None:
        asked = ", ".join(name for name, value in spec.inputs.items() if not value.has_default)
        return Trial(flow=report.path, kind=report.kind, state="no inputs", said=f"neither sample, nor data, nor defaults give {asked}")
    return _run(flow, report, (inputs, data, _run_file(flow.path.parent)), given)


def _lacks(state: str, environment: str) -> bool:
    return state == "to install" and environment == "none"


def _run(flow: FlowFile, report: FlowReport, what: tuple[dict[str, Any], Path | None, dict[str, Any]], given: argparse.Namespace) -> Trial:
    inputs, data, run_file = what
    files = [word for file in given.connections_file for word in ("--connections-file", str(file.resolve()))]
    init = [word for name, value in _init(flow, run_file).items() for word in ("--init", f"{name}={_word(value)}")]
    with tempfile.TemporaryDirectory(prefix="try-") as folder:
        file = Path(folder, "inputs.json")
        file.write_text(json.dumps(inputs))
        words = ["flow", "test", "--flow", str(flow.path), "--environment", given.environment, "--json"]
        words += [*files, *init, *(["--inputs-file", str(file)] if inputs else [])]
        code, said, seconds = _call(words, folder, given.timeout)
    rows = _rows(flow, data, run_file, [*files, *init], given) if given.rows and data is not None else None
    works = code == 0 and (rows is None or rows[0] == rows[1])
    state: State = "works" if works else "fails"
    return Trial(flow=report.path, kind=report.kind, state=state, said=said, inputs=inputs, rows=rows, seconds=round(seconds, 1))


def _rows(flow: FlowFile, data: Path | None, run_file: dict[str, Any], words: list[str], given: argparse.Namespace) -> tuple[int, int]:
    """Run the data as its run.yml says, and return how many rows completed, and how many there were."""
    words = ["run", "create", "--local", "--flow", str(flow.path), "--data", str(data), "--json", *words]
    for option in ("column_mapping", "environment_variables"):
        pairs = [f"{name}={_word(value)}" for name, value in dict(run_file.get(option) or {}).items()]
        words += [f"--{option.replace('_', '-')}", *pairs] if pairs else []
    _, made, _ = _call(words, str(flow.path.parent), given.timeout)
    counts = made.get("counts") if isinstance(made, dict) else None
    return (counts["completed"], counts["completed"] + counts["failed"]) if counts else (0, 1)


def _call(words: list[str], folder: str, timeout: float) -> tuple[int, Any, float]:
    """Return the exit code, what was printed (the last line of the errors where it failed), and the seconds."""
    from time import perf_counter

    start = perf_counter()
    try:
        done = subprocess.run(
            [*_COMMAND, *words], check=False, cwd=folder, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return 124, f"not done after {timeout:g} s", timeout
    seconds = perf_counter() - start
    if done.returncode:
        return done.returncode, _error(done.stdout, done.stderr), seconds
    try:
        return 0, json.loads(done.stdout), seconds
    except ValueError:
        return 0, done.stdout.strip(), seconds


def _error(out: str, err: str) -> str:
    start = err.rfind("\n{\n") + 1
    try:
        said = json.loads(err[start:])
    except ValueError:
        return " ".join((err or out).strip().splitlines()[-2:]) or "it said nothing"
    return f"{said.get('code')}: {said.get('detail')}"


def _data(folder: Path) -> Path | None:
    """Return the sample data beside a flow: what its run.yml names, else the one file of JSON lines."""
    named = _run_file(folder).get("data")
    if isinstance(named, str) and (folder / named).is_file():
        return folder / named
    found = sorted(path for path in folder.glob("*.jsonl") if path.stat().st_size > 1)
    return next((path for path in found if path.name == "data.jsonl"), found[0] if found else None)


def _run_file(folder: Path) -> dict[str, Any]:
    file = next((folder / name for name in ("run.yml", "run.yaml") if (folder / name).is_file()), None)
    said = yaml.safe_load(file.read_text(encoding="utf-8")) if file else None
    return said if isinstance(said, dict) else {}


def _inputs(spec: FlowSpec, data: Path | None) -> dict[str, Any] | None:
    """Return what the flow is tried with (nothing: its own sample or defaults), or None where nothing gives it its inputs."""
    wanted = [name for name, value in spec.inputs.items() if not value.has_default and name != spec.chat_history]
    if spec.sample:
        return {}
    for row in _samples(spec.folder, data):
        if all(name in row for name in wanted):
            return {name: value for name, value in row.items() if name in spec.inputs}
    return None if wanted else {}


def _samples(folder: Path, data: Path | None) -> Iterator[dict[str, Any]]:
    """Yield what may be a flow's inputs: the first row of its data, mapped as its run.yml says, and files of JSON beside it."""
    if data is not None:
        row = next(open_data(data).rows(), {})
        columns = {name: _mapped(value, row) for name, value in _run_file(folder).get("column_mapping", {}).items()}
        yield {**row, **columns} if isinstance(row, dict) else {}
    for file in sorted(folder.glob("*.json")):
        said = json.loads(file.read_text(encoding="utf-8-sig"))
        first = said[0] if isinstance(said, list) and said else said
        if isinstance(first, dict):
            yield first


def _mapped(value: Any, row: Any) -> Any:
    column = value.removeprefix("${data.").removesuffix("}") if isinstance(value, str) and value.startswith("${data.") else None
    return row.get(column) if column and isinstance(row, dict) else value


def _init(flow: FlowFile, run_file: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a flex flow's class: its init.json's, else its run.yml's; a sample is taken anyway."""
    beside = flow.path.parent / "init.json"
    said = json.loads(beside.read_text(encoding="utf-8")) if beside.is_file() else run_file.get("init", {})
    return said if flow.kind == "flex" else {}


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _show(trial: Trial) -> None:
    said = json.dumps(trial.said, default=str) if trial.state == "works" else str(trial.said)
    rows = f"rows {trial.rows[0]}/{trial.rows[1]} " if trial.rows else ""
    print(f"{trial.state:10} {trial.kind:8} {trial.flow}: {rows}{said if len(said) <= _SHOWN else said[:_SHOWN] + '…'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
