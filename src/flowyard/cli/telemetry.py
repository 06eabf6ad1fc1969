"""``flowyard telemetry``: the files in which what ran is kept."""

import typer

from flowyard.cli.output import AsJson, counted, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.cli.telemetry_policy import app as policy

app = typer.Typer(no_args_is_help=True, help="Look after what telemetry keeps.")
app.add_typer(policy, name="policy")


@app.command()
def verify(*, as_json: AsJson = False) -> None:
    """Read every segment of the workspace's telemetry and name what is missing, damaged, left over or could not be read.

    Nothing is changed. The exit code is 1 when something is wrong.

    Example: flowyard telemetry verify
    """
    found = workspace().telemetry.verify()
    if as_json:
        emit(found, as_json=True)
    else:
        rows = [(one.trouble, one.path, one.detail) for one in found.findings]
        emit_table(list(found.findings), as_json=False, columns=("trouble", "file", "detail"), rows=rows, empty="Nothing is wrong.")
        typer.echo(
            f"{counted(found.segments, 'segment')}, {counted(found.rows, 'row')}, {int(found.bytes) / 1e6:.1f} MB were read.", err=True
        )
    if found.findings:
        raise typer.Exit(1)
