"""One run of a flow from files, as ``flowyard flow test`` does it: a flow process of its own, without a server."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from flowyard.cli.flow_models import GivenModels, given_connections, open_spool
from flowyard.cli.output import note
from flowyard.flows import process
from flowyard.flows.errors import LineFailedError
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.format.read import flow_file
from flowyard.flows.former import Former, of_results, row_of
from flowyard.flows.model import AS_WRITTEN, FlowOptions, FlowSpec, NodeReference
from flowyard.flows.runs.local import LocalRuns
from flowyard.flows.runtime import capture
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.part import OUTPUT, Part
from flowyard.flows.runtime.record import LineRecord, NodeRecord
from flowyard.flows.runtime.secrets import scrubber
from flowyard.foundation.codecs import convert, from_json, to_json
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.file_values import file_value
from flowyard.foundation.settings import Settings, read_settings
from flowyard.tracing.recorder import Recorder
from flowyard.wire.flows import FlowTest, NodeResult


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPart:
    """What of a flow runs: `node` alone, or `onward` all that uses what it gives; `run`: a former run that has what else is needed."""

    node: str
    onward: bool
    run: str | None


def asked_part(node: str | None, start: str | None, run: str | None) -> AskedPart | None:
    """Return what --node, --from and --run ask for; None: the whole flow.

    Raises:
        InvalidInputError: they do not go together.
    """
    if node is not None and start is not None:
        raise InvalidInputError(
            "--node and --from exclude one another.", remedy="Give --node for one node, --from for it and what uses it."
        )
    chosen = node or start
    if chosen is None and run is not None:
        raise InvalidInputError("--run says where a part of a flow finds what the rest gave.", remedy="Give --node or --from with it.")
    return AskedPart(node=chosen, onward=start is not None, run=run) if chosen else None


def run_test(
    flow: Path,
    *,
    inputs: list[str],
    inputs_file: Path | None,
    connection_files: list[Path],
    detail: Path | None,
    progress: bool,
    replay: bool = False,
    options: FlowOptions = AS_WRITTEN,
    part: AskedPart | None = None,
) -> Any:
    """Run `flow` once and return its outputs, of one node alone what it gives. The process becomes the flow's: its working folder, its
    standard streams.

    With `replay`, kept results are used of all nodes, whatever they say; `options`: what this run changes of the flow; `part`: what of it
    runs.

    Raises:
        FlowNotFoundError, InvalidFlowError, InvalidInputError, NodeNotFoundError, NodeOutputMissingError: nothing was run.
        LineFailedError: a node failed.
    """
    folder = flow_file(flow).parent.resolve()
    given = {**(_inputs_file(inputs_file) if inputs_file else {}), **words(inputs)}
    detail = detail.resolve() if detail else None
    connections = given_connections(connection_files)
    settings = read_settings()
    sink = open_spool(settings, "flow-test")
    before = _former(part.run, settings) if part is not None and part.run is not None else Former()
    recorder = Recorder(sink, scrub=scrubber(connections)) if sink else None
    engine = Engine(resolver=GivenModels(connections, settings), recorder=recorder, scrub=scrubber(connections), replay=replay)
    engine.exchanges = detail is not None
    target = flow_file(flow).resolve()
    stderr = sys.stderr
    process.enter(folder, passthrough=stderr)
    try:
        loaded = process.load(target, engine, connections, options=options)
        if part is not None:
            loaded, given = _part(loaded, part, given, before)
        record = loaded.run(given, observer=_Progress(stderr) if progress else None)
    finally:
        capture.remove()
        if sink:
            sink.close()
    if detail:
        detail.write_bytes(to_json(_detail(record)))
    for warning in record.warnings:
        note(f"warning: {warning}")
    if record.error is not None:
        raise LineFailedError(record.error)
    if record.metrics:
        note(f"metrics: {record.metrics}")
    return record.outputs if part is None or part.onward else record.outputs[OUTPUT]


def _part(loaded: LoadedFlow, part: AskedPart, given: dict[str, Any], before: Former) -> tuple[LoadedFlow, dict[str, Any]]:
    asked = before.filled(FlowTest(inputs=_values(loaded.spec, part, given), node=part.node, onward=part.onward))
    return loaded.part(Part(node=part.node, onward=part.onward, outputs=asked.outputs, bypassed=frozenset(asked.bypassed)), asked.inputs)


def _values(spec: FlowSpec, part: AskedPart, given: dict[str, Any]) -> dict[str, Any]:
    """Return `given` with what stands for outputs of nodes read as JSON where it is a list or an object: words are text."""
    node = spec.node(part.node)
    own = {name for name, binding in (node.inputs if node else {}).items() if isinstance(binding.value, NodeReference)}
    return {key: _json(value) if key in own or ".output" in key else value for key, value in given.items()}


def _json(value: Any) -> Any:
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return from_json(value)
    except ValueError:
        return value


def _former(run: str, settings: Settings) -> Former:
    """Return the run that --run names: the file that --detail wrote, or a row of a run on this machine.

    Raises:
        InvalidInputError: it is no such file.
        RunNotFoundError, RowNotFoundError: there is no such run.
    """
    path = Path(run)
    if path.suffix == ".json":
        found = _json_object(path, "Name a file that --detail wrote.")
        return of_results(found.get("inputs") or {}, convert(found.get("nodes") or [], tuple[NodeResult, ...]))
    name, row = row_of(run)
    line = LocalRuns(settings.home).line(name, row)
    return of_results(line.row.inputs, line.nodes)


class _Progress:
    """Tells of each node that ended or waits to try again, on the stream that is not captured into the node's record."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def begin(self, record: LineRecord) -> None:
        """Nothing: the first node tells enough."""

    def node(self, record: NodeRecord) -> None:
        """Write a line; while it runs, the last one that it logged."""
        if record.status == "running" and record.logs:
            self._stream.write(f"{record.node}: {record.logs[-1].splitlines()[-1]}\n")
        elif record.status not in {"running", "pending"}:
            tokens = f", {record.prompt_tokens} + {record.completion_tokens} tokens" if record.completion_tokens is not None else ""
            kept = ", kept result" if record.cached else ""
            self._stream.write(f"{record.node}: {record.status}{kept} ({record.duration_ns / 1e6:.1f} ms{tokens})\n")

    def fields(self, outputs: dict[str, Any]) -> None:
        """Nothing: outputs are printed at the end."""

    def chunk(self, output: str, text: str) -> None:
        """Nothing: outputs are printed at the end."""


def words(pairs: list[str]) -> dict[str, Any]:
    """Read ``name=value`` words; ``@PATH`` is what is in that file. Values stay text: each input's type says what becomes of them."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise InvalidInputError(f"{pair!r} is not of the form name=value.", remedy="Write for instance: --inputs question=Hello")
        from_file = file_value(value)
        found[name] = value if from_file is None else from_file
    return found


def _inputs_file(path: Path) -> dict[str, Any]:
    return _json_object(path, "Name a JSON file with one object of inputs.")


def _json_object(path: Path, remedy: str) -> dict[str, Any]:
    if not path.is_file():
        raise InvalidInputError(f"There is no file {str(path)!r}.", remedy=remedy)
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".jsonl":
        text = next((line for line in text.splitlines() if line.strip()), "{}")
    found = from_json(text)
    if not isinstance(found, Mapping):
        raise InvalidInputError(f"{path} must hold one JSON object, got {type(found).__name__}.", remedy='Write {"name": value, ...}.')
    return dict(found)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _detail(record: LineRecord) -> dict[str, Any]:
    return {
        "flow": record.flow,
        "trace_id": record.trace_id,
        "status": record.status,
        "duration_ms": record.duration_ns / 1e6,
        "inputs": record.inputs,
        "outputs": record.outputs,
        "error": record.error,
        "metrics": record.metrics,
        "warnings": record.warnings,
        "nodes": [node.result() for node in record.nodes],
    }
