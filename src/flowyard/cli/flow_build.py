"""``flowyard flow build``: a flow as an image's context, or as a folder that runs by itself."""

from pathlib import Path
from typing import Annotated

import typer

from flowyard.cli.output import AsJson, emit, note
from flowyard.flows.build.formats import Format


def build(
    flow: Annotated[Path, typer.Option("--flow", "--source", help="The flow's folder, or its file.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write; an earlier build in it is replaced.")],
    *,
    kind: Annotated[Format, typer.Option("--format", help="docker: a Dockerfile with all it needs; executable: run it with ./run.")],
    variant: Annotated[str | None, typer.Option("--variant", help="Build a variant of a node: '${node.variant_id}'.")] = None,
    connections_file: Annotated[
        list[Path] | None, typer.Option("--connections-file", help="Connections that the flow uses; their secrets are left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a folder that serves the flow elsewhere: flow, connections without secrets, pinned packages, the runtime's wheel.

    Example: flowyard flow build --flow my_flow --output dist --format docker
    """
    from flowyard.flows.build.bundle import build as build_flow
    from flowyard.foundation.settings import read_settings

    files = [file.resolve() for file in connections_file or []]
    built = build_flow(flow, output, kind, read_settings().home, connection_files=files, variant=variant, progress=note)
    emit(built, as_json=as_json, text=f"Wrote {len(built.files)} files to {output}.")
    for line in built.dropped:
        note(f"Left out of its packages: {line} (flowyard itself provides it).")
    if built.variables:
        note(f"Set where it runs: {', '.join(built.variables)}")
    name = flow.resolve().name.lower()
    note(f"Next: docker build -t {name} {output}" if kind is Format.DOCKER else f"Next: {output}/run")
