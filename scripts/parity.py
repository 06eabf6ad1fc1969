"""Runs the small flows of tests/flows/parity here and, where prompt flow is installed, there; prints what differs.

PROMPTFLOW_PYTHON names an interpreter that has prompt flow 1.18.5; without it the record beside the cases is compared.
``--record`` writes what prompt flow did into that record; ``--only TEXT`` takes the cases with TEXT in their names.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FLOWS = Path(__file__).resolve().parents[1] / "tests" / "flows"
sys.path.insert(0, str(FLOWS))

from parity.cases import HERE, TOPICS, Case, all_cases, recorded  # noqa: E402
from parity.compare import differences  # noqa: E402
from parity.echo_server import echo_server  # noqa: E402
from parity.ours import run_case  # noqa: E402


class Oracle:
    """Prompt flow in a process of its own."""

    def __init__(self, python: str, home: Path) -> None:
        environment = {**os.environ, "HOME": str(home), "PF_TELEMETRY_ENABLED": "false", "PROMPT_FLOW_WORKERS": "1"}
        self._start = lambda: subprocess.Popen(
            [python, "-W", "ignore", str(HERE / "oracle.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(home / "oracle.log").open("a"), text=True, cwd=home, env=environment,
        )  # fmt: skip
        self._process = self._start()

    def run(self, case: Case, folder: Path, server: str) -> dict[str, Any]:
        """Return what prompt flow does with a case."""
        keys = ("inputs", "rows", "mapping", "variant", "overrides", "init")
        question = {key: getattr(case, key) for key in keys}
        question["environment"] = {name: value.replace("{server}", server) for name, value in case.environment.items()}
        question |= {"file": str(case.write(folder)), "connections": case.connected(server)}
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the oracle has no pipes")
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            self._process = self._start()
            return {"status": "process ended", "errors": []}
        return json.loads(answer.replace(str(folder), "").replace(server, "{server}"))

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=30)


@contextmanager
def oracle(home: Path) -> Iterator[Oracle | None]:
    """Start prompt flow where there is one."""
    python = os.environ.get("PROMPTFLOW_PYTHON")
    running = Oracle(python, home) if python else None
    try:
        yield running
    finally:
        if running is not None:
            running.close()


def main() -> int:
    """Run the cases; 1 when something differs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", default="")
    options.add_argument("--record", action="store_true")
    options.add_argument("--show", action="store_true", help="print both outcomes of every case")
    given = options.parse_args()
    cases = {name: case for name, case in all_cases().items() if given.only in name}
    theirs: dict[str, Any] = dict(recorded())
    tally: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="parity-") as text, echo_server() as server:
        home = Path(text).resolve()
        with oracle(home) as there:
            for number, (name, case) in enumerate(cases.items()):
                if there is not None:
                    theirs[name] = there.run(case, home / f"{number}-there", server)
                if name not in theirs:
                    print(f"UNKNOWN {name}: not recorded")
                    tally["unknown"] += 1
                    continue
                ours = run_case(case, home / f"{number}-here", server)
                tally[_report(name, case, theirs[name], ours, show=given.show)] += 1
    if given.record:
        _record(theirs)
    print(f"{len(cases)} cases: " + ", ".join(f"{count} {what}" for what, count in sorted(tally.items())))
    return 1 if tally["different"] or tally["unknown"] else 0


def _report(name: str, case: Case, theirs: dict[str, Any], ours: dict[str, Any], *, show: bool) -> str:
    found = differences(case, theirs, ours)
    if show:
        print(f"{name}\n  there: {json.dumps(theirs)}\n  here:  {json.dumps(ours, default=repr)}")
    if found:
        print(f"DIFFERENT {name}", *(f"    {text}" for text in found), sep="\n")
        for who, outcome in (("there", theirs), ("here", ours)):
            if outcome.get("message"):
                print(f"    {who}: {outcome['message']}")
        return "different"
    if case.better:
        print(f"better on purpose: {name}: {case.better}")
        return "better on purpose"
    return "equal"


def _record(theirs: dict[str, Any]) -> None:
    for topic in TOPICS:
        prefix = f"{topic}: "
        found = {
            name.removeprefix(prefix): {key: value for key, value in theirs[name].items() if key != "message"}
            for name in all_cases()
            if name.startswith(prefix) and name in theirs
        }
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(outcome, sort_keys=True)}" for name, outcome in found.items())
        (HERE / f"{topic}.json").write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    sys.exit(main())
