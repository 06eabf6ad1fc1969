"""``flowyard flow history``, ``diff`` and ``restore``: what a flow of the workspace was, who changed it, and back to it."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.session import workspace

if TYPE_CHECKING:
    from flowyard.wire.flow_history import FlowDiff, FlowFileDiff, FlowVersion

Flow = Annotated[str, typer.Argument(help="The name of a flow of the workspace.", show_default=False)]
Version = Annotated[str, typer.Argument(help="A version's id, or current: what is there now.")]
Earlier = Annotated[str, typer.Argument(help="The version's id.", show_default=False)]
_SHOWN_FILES = 3


def history(
    flow: Flow,
    *,
    label: Annotated[str | None, typer.Option("--label", help="Name what is there now, so that it is kept for good.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the versions of a flow of the workspace, the newest first: when, by whom, and which files changed.

    Example: flowyard flow history my_flow
    """
    flows = workspace().flows
    if label is not None:
        flows.name_version(flow, "current", label)
    versions = flows.history(flow)
    rows = ((version.id, version.changed_at, version.author or "on disk", version.name or "", _files(version)) for version in versions)
    emit_table(versions, as_json=as_json, columns=("version", "changed", "by", "name", "files"), rows=rows, empty="No versions.")


def diff(
    flow: Flow,
    version: Version = "current",
    *,
    against: Annotated[str, typer.Option(help="previous: the version before; current: what is there now; or a version's id.")] = "previous",
    as_json: AsJson = False,
) -> None:
    """Show what a version changed, or how it differs from another one, as a unified diff.

    Example: flowyard flow diff my_flow --against previous
    """
    found = workspace().flows.diff(flow, version, against=against)
    emit(found, as_json=as_json, text="\n".join(_lines(found)) or "No differences.")


def restore(
    flow: Flow, version: Annotated[str, typer.Argument(help="The version's id.", show_default=False)], as_json: AsJson = False
) -> None:
    """Bring a version's files back, as a new version. What is there now stays in the history.

    Example: flowyard flow restore my_flow 0197a3c2-5b1e-7c44-9d3e-2f6a1b0c8d7e
    """
    made = workspace().flows.restore(flow, version)
    emit(made, as_json=as_json, text=f"{flow} is as it was in {version}: {_files(made) or 'nothing differed'}.")


def clone(flow: Flow, to: Annotated[str, typer.Argument(help="The new flow's name.", show_default=False)], as_json: AsJson = False) -> None:
    """Make a flow of the workspace of another's files.

    Example: flowyard flow clone my_flow my_other_flow
    """
    made = workspace().flows.clone(flow, to)
    emit(made, as_json=as_json, text=f"Made {made.name}.")


def rename(flow: Flow, to: Annotated[str, typer.Argument(help="Its new name.", show_default=False)], as_json: AsJson = False) -> None:
    """Give a flow of the workspace another name; its history goes with it. Runs and deployments made of it keep the old one.

    Example: flowyard flow rename my_flow support
    """
    made = workspace().flows.rename(flow, to)
    emit(made, as_json=as_json, text=f"{flow} is called {made.name} now.")


def upload(
    flow: Flow,
    source: Annotated[Path, typer.Option("--source", help="The flow's folder, or a zip archive of it.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Make a flow of the workspace of a folder or a zip archive on this machine.

    Example: flowyard flow upload my_flow --source my_flow
    """
    from flowyard.flows.snapshots import pack

    made = workspace().flows.import_archive(flow, pack(source) if source.is_dir() else source.read_bytes())
    emit(made, as_json=as_json, text=f"Made {made.name}: {made.nodes} nodes, {made.errors} errors.")


def download(
    flow: Flow,
    output: Annotated[Path, typer.Option("--output", "-o", help="The zip file to write.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Write a flow of the workspace into a zip archive, with what it includes in its place.

    Example: flowyard flow download my_flow --output my_flow.zip
    """
    data = workspace().flows.export_archive(flow)
    output.write_bytes(data)
    emit({"flow": flow, "output": str(output), "bytes": len(data)}, as_json=as_json, text=f"Wrote {output}.")
    note(f"Bring it back: flowyard flow upload {flow} --source {output}")


def _files(version: "FlowVersion") -> str:
    shown = [f"{change.path} {change.change}" for change in version.changes[:_SHOWN_FILES]]
    more = len(version.changes) - len(shown)
    return ", ".join([*shown, f"{more} more"] if more else shown)


def _lines(diff: "FlowDiff") -> Iterator[str]:
    for file in diff.files:
        yield from _file_lines(file)


def _file_lines(file: "FlowFileDiff") -> Iterator[str]:
    if file.before is None and file.after is None:
        yield f"{file.path}: {file.change} (no text)"
        return
    before, after = (text.splitlines() if text is not None else [] for text in (file.before, file.after))
    names = ("/dev/null" if file.change == "added" else f"a/{file.path}", "/dev/null" if file.change == "removed" else f"b/{file.path}")
    yield from difflib.unified_diff(before, after, *names, lineterm="")
