"""``flowyard flow import``: what flows of prompt flow and Azure ML need here, and whether they do the same."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from flowyard.cli.flow_models import Connections
    from flowyard.flows.find import FlowFile
    from flowyard.flows.migration.model import FlowReport, Parity

_SHOWN_ROWS = 20


def bring(
    folder: Annotated[Path | None, typer.Argument(help="A flow, or a folder with flows below it.", show_default=False)] = None,
    *,
    azure_export: Annotated[Path | None, typer.Option("--azure-export", help="Instead: the zip file that Azure ML made of flows.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Copy the flows into this folder.")] = None,
    connections_file: Annotated[list[Path] | None, typer.Option("--connections-file", help="Connections that are there already.")] = None,
    past: Annotated[
        Path | None, typer.Option("--replay", help="A run of prompt flow (~/.promptflow/.runs/NAME): run its inputs here, and compare.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check flows of prompt flow or Azure ML: what they use, what differs here, what is missing. Their code runs with --replay only.

    Exit codes: 0 all can run here, 1 a replayed row came out otherwise, 2 a flow has errors.

    Example: flowyard flow import ./flows --output ./moved
    """
    if (folder is None) == (azure_export is None):
        raise InvalidInputError("Give exactly one of a folder and --azure-export.", remedy="For instance: flowyard flow import ./my-flows")
    from flowyard.cli.flow_models import given_connections
    from flowyard.flows.migration.sources import flows_in, unpack

    connections = given_connections(connections_file or [])
    with ExitStack() as stack:
        base = folder.resolve() if folder is not None else None
        if base is None and azure_export is not None:
            base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flowyard-import-"))).resolve()
            unpack(azure_export, base)
        assert base is not None  # noqa: S101  # one of the two was given
        flows = flows_in(base)
        if past is not None and len(flows) != 1:
            raise InvalidInputError(f"--replay needs one flow, and there are {len(flows)}.", remedy="Name the folder of the run's flow.")
        reports = [_report(flow, base if base.is_dir() else base.parent, connections, output, past) for flow in flows]
    emit(reports, as_json=as_json, text="\n\n".join("\n".join(_lines(report)) for report in reports))
    if not all(report.runs for report in reports):
        raise typer.Exit(2)
    if any(report.parity is not None and (report.parity.different or report.parity.metrics) for report in reports):
        raise typer.Exit(1)


def _report(flow: "FlowFile", base: Path, connections: "Connections", output: Path | None, past: Path | None) -> "FlowReport":
    from flowyard.flows.migration.examine import examine

    report = examine(flow, base, connections)
    if output is not None:
        report = replace(report, copied_to=str(_copy(flow.path.parent, base, output)))
    if past is not None and report.runs:
        report = replace(report, parity=_replayed(flow.path, connections, past))
    return report


def _copy(folder: Path, base: Path, output: Path) -> Path:
    """Copy a flow with what it includes, and return where to."""
    from flowyard.flows.authoring import write_files
    from flowyard.flows.errors import FlowExistsError
    from flowyard.flows.folders import read_files

    inside = folder.relative_to(base)
    target = output / (inside if inside.parts else folder.name)
    if target.exists() and any(target.iterdir()):
        raise FlowExistsError(f"{str(target)!r} is there already, and not empty.", remedy="Choose another --output.")
    write_files(target, read_files(folder))
    return target


def _replayed(flow: Path, connections: "Connections", past: Path) -> "Parity":
    from flowyard.cli.flow_models import GivenModels
    from flowyard.flows import process
    from flowyard.flows.migration.past import read_past_run
    from flowyard.flows.migration.replay import replay
    from flowyard.flows.runtime import capture
    from flowyard.flows.runtime.line import Engine
    from flowyard.flows.runtime.secrets import scrubber
    from flowyard.foundation.settings import read_settings

    run = read_past_run(past.resolve())
    process.enter(flow.parent, passthrough=sys.stderr)
    try:
        engine = Engine(resolver=GivenModels(connections, read_settings()), scrub=scrubber(connections))
        return replay(process.load(flow, engine, connections), run)
    finally:
        capture.remove()


def _lines(report: "FlowReport") -> Iterator[str]:
    yield f"{report.path}: {'runs here' if report.runs else 'does not run here yet'} ({report.kind}, {report.purpose or 'unreadable'})"
    if report.nodes:
        yield f"  nodes: {', '.join(f'{count} {kind}' for kind, count in report.nodes.items())}"
    if report.features:
        yield f"  uses: {', '.join(report.features)}"
    yield from (f"  differs: {text}" for text in report.differs)
    for package in report.packages:
        yield f"  package: {package.requirement} ({package.file}:{package.line}): {package.state}"
    for connection in report.connections:
        wanted = f"; give {', '.join(connection.keys)}" if connection.keys and not connection.given else ""
        state = "given" if connection.given else "missing"
        yield f"  connection: {connection.name} ({connection.type or 'type unknown'}; {', '.join(connection.nodes)}): {state}{wanted}"
    for tool in report.tools:
        yield f"  tool: {tool.tool} (node {tool.node}): {'available' if tool.available else 'missing'}"
    if report.variables:
        yield f"  environment variables: {', '.join(report.variables)}"
    for finding in report.findings:
        place = f"{finding.file or ''}:{finding.line or ''}"
        yield f"  {finding.severity}: {place}: {finding.message} {finding.remedy or ''} [{finding.code}]"
    if report.copied_to:
        yield f"  copied to {report.copied_to}"
    if report.parity is not None:
        yield from _parity_lines(report.parity)


def _parity_lines(parity: "Parity") -> Iterator[str]:
    yield f"  replay of {parity.run}: {parity.equal} equal, {parity.different} different, {parity.not_comparable} not comparable"
    shown = [row for row in parity.rows if row.state != "equal"]
    for row in shown[:_SHOWN_ROWS]:
        yield f"    row {row.line}: {row.state}" + (f": {row.reason}" if row.reason else "")
        yield from (f"      {line}" for difference in row.differences for line in difference.splitlines())
    if len(shown) > _SHOWN_ROWS:
        yield f"    ... {len(shown) - _SHOWN_ROWS} more rows; --json shows all"
    yield from (f"    {difference}" for difference in parity.metrics)
