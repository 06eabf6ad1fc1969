"""Runs cases here, as ``flowyard flow test`` and a batch run do, in this process."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from flowyard.flows import process
from flowyard.flows.model import FlowOptions
from flowyard.flows.resolvers.direct import DirectResolver
from flowyard.flows.runs.mapping import ColumnMapping
from flowyard.flows.runtime.batch import run_batch
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.record import LineRecord
from flowyard.foundation.bridge import run
from flowyard.foundation.codecs import from_json, to_json
from flowyard.foundation.errors import FlowyardError
from parity.cases import Case


class _Clients:
    """Closes what a resolver opened."""

    def __init__(self, resolver: DirectResolver) -> None:
        self._resolver = resolver

    def close(self) -> None:
        for clients in self._resolver._clients.values():
            for client in list(clients._clients.values()):
                run(client.close())


@contextmanager
def _in_folder(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    before, home = dict(os.environ), Path.cwd()
    try:
        os.chdir(folder)
        os.environ.update(environment)
        yield
    finally:
        os.chdir(home)
        os.environ.clear()
        os.environ.update(before)


def run_case(case: Case, folder: Path, server: str) -> dict[str, Any]:
    """Return the outcome of a case, its files below `folder`, its models at `server`."""
    file = case.write(folder)
    connections = {name: _filled(values) for name, values in case.connected(server).items()}
    options = FlowOptions(variant=case.variant, overrides=case.overrides, init=case.init)
    resolver = DirectResolver(connections)
    with (
        _in_folder(file.parent, {name: value.replace("{server}", server) for name, value in case.environment.items()}),
        closing(_Clients(resolver)),
    ):
        try:
            engine = Engine(resolver=resolver)
            flow = process.load(file, engine, connections, options=options)
            try:
                return _run(flow, case)
            finally:
                flow.close()
        except Exception as error:  # noqa: BLE001 - anything else than our own errors is a difference in itself
            if not isinstance(error, FlowyardError):
                return {"status": "crashed", "codes": [type(error).__name__], "message": str(error)[:400]}
            return {"status": "refused", "codes": _codes(error), "message": str(error)[:400]}


def _run(flow: Any, case: Case) -> dict[str, Any]:
    if case.rows is None:
        return _line(flow.run(case.inputs))
    mapping = ColumnMapping(case.mapping or {}, frozenset({"data"}))
    names = [name for name, spec in flow.spec.inputs.items() if not (spec.has_default or (spec.in_code and case.mapping))]
    rows = [{**{name: row[name] for name in names if name in row}, **mapping.inputs({"data": row})} for row in case.rows]
    found = run_batch(flow, rows, concurrency=2)
    lines = [{key: value for key, value in _line(line).items() if key != "metrics"} for line in found.lines]
    nodes = {node.node: node.status for node in found.aggregation}
    return {"lines": lines, "metrics": found.metrics, "nodes": nodes, "status": "completed"}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Return a connection in our form: secrets apart."""
    if "configs" in values or "secrets" in values:
        return {"configs": {}, "secrets": {}, **values}
    secret = {key: value for key, value in values.items() if key == "api_key"}
    return {
        "type": values["type"],
        "configs": {key: value for key, value in values.items() if key not in {"type", "api_key"}},
        "secrets": secret,
    }


def _line(record: LineRecord) -> dict[str, Any]:
    code = record.error.code if record.error else next((node.error.code for node in record.nodes if node.error), None)
    return {
        "status": record.status,
        "outputs": from_json(to_json(record.outputs)) if record.status == "completed" else {},
        "nodes": {node.node: node.status for node in record.nodes},
        "metrics": record.metrics,
        "codes": [code] if code else [],
    }


def _codes(error: FlowyardError) -> list[str]:
    """Return the codes of everything that is wrong; prompt flow tells only the first thing that it meets."""
    return [finding.code for finding in error.findings if finding.extra.get("severity") == "error"] or [error.code]
