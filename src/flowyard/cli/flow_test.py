"""One run of a flow from files, as ``flowyard flow test`` does it: a flow process of its own, without a server."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from flowyard.cli.flow_models import GivenModels, given_connections, open_spool
from flowyard.cli.output import note
from flowyard.flows import process
from flowyard.flows.errors import LineFailedError
from flowyard.flows.format.read import flow_file
from flowyard.flows.model import AS_WRITTEN, FlowOptions
from flowyard.flows.runtime import capture
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.record import LineRecord, NodeRecord
from flowyard.flows.runtime.secrets import scrubber
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.settings import read_settings
from flowyard.tracing.recorder import Recorder


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
) -> dict[str, Any]:
    """Run `flow` once and return its outputs. The process becomes the flow's: its working folder, its standard streams.

    With `replay`, kept results are used of all nodes, whatever they say; `options`: what this run changes of the flow.

    Raises:
        FlowNotFoundError, InvalidFlowError, InvalidInputError: nothing was run.
        LineFailedError: a node failed.
    """
    folder = flow_file(flow).parent.resolve()
    given = {**(_inputs_file(inputs_file) if inputs_file else {}), **words(inputs)}
    detail = detail.resolve() if detail else None
    connections = given_connections(connection_files)
    settings = read_settings()
    sink = open_spool(settings, "flow-test")
    recorder = Recorder(sink, scrub=scrubber(connections)) if sink else None
    engine = Engine(resolver=GivenModels(connections, settings), recorder=recorder, scrub=scrubber(connections), replay=replay)
    target = flow_file(flow).resolve()
    stderr = sys.stderr
    process.enter(folder, passthrough=stderr)
    try:
        loaded = process.load(target, engine, connections, options=options)
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
    return record.outputs


class _Progress:
    """Tells of each node that ended, on the stream that is not captured into the node's record."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def begin(self, record: LineRecord) -> None:
        """Nothing: the first node tells enough."""

    def node(self, record: NodeRecord) -> None:
        """Write a line."""
        if record.status not in {"running", "pending"}:
            tokens = f", {record.prompt_tokens} + {record.completion_tokens} tokens" if record.completion_tokens is not None else ""
            kept = ", kept result" if record.cached else ""
            self._stream.write(f"{record.node}: {record.status}{kept} ({record.duration_ns / 1e6:.1f} ms{tokens})\n")

    def fields(self, outputs: dict[str, Any]) -> None:
        """Nothing: outputs are printed at the end."""

    def chunk(self, output: str, text: str) -> None:
        """Nothing: outputs are printed at the end."""


def words(pairs: list[str]) -> dict[str, Any]:
    """Read ``name=value`` words. Values stay text: each input's type says what becomes of them."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise InvalidInputError(f"{pair!r} is not of the form name=value.", remedy="Write for instance: --inputs question=Hello")
        found[name] = value
    return found


def _inputs_file(path: Path) -> dict[str, Any]:
    from flowyard.foundation.codecs import from_json

    if not path.is_file():
        raise InvalidInputError(f"There is no file {str(path)!r}.", remedy="Name a JSON file with one object of inputs.")
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
