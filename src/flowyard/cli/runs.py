"""``flowyard run``: flows over many rows of data."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.run_create import RunCommand, create, follow, resume
from flowyard.cli.run_place import Local, runs_at, server_runs_unless
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from flowyard.flows.runs.local import Archived

app = typer.Typer(no_args_is_help=True, help="Run flows over many rows, look into runs and compare them.")
app.command("create", cls=RunCommand)(create)
app.command("resume", cls=RunCommand)(resume)

Name = Annotated[str, typer.Argument(help="The run's name.")]
Names = Annotated[list[str], typer.Argument(help="The runs' names; the first is what the others are compared with.")]


class Status(StrEnum):
    """What a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELING = "canceling"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"


class LineStatus(StrEnum):
    """How a row ended."""

    COMPLETED = "completed"
    FAILED = "failed"


class Verdict(StrEnum):
    """What an evaluator says of a row."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNKNOWN = "unknown"


class Format(StrEnum):
    """What a run is exported as."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


@app.command("list")
def list_runs(
    *,
    flow: Annotated[str | None, typer.Option(help="Only runs of this flow.")] = None,
    status: Annotated[Status | None, typer.Option(help="Only runs in this state.")] = None,
    archived: Annotated[bool, typer.Option("--archived", "--archived-only", help="Only archived runs.")] = False,
    everything: Annotated[bool, typer.Option("--all", "--include-archived", help="Archived runs too.")] = False,
    limit: Annotated[int, typer.Option("--limit", "--max-results", "-r", min=1, help="How many at most.")] = 50,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """List runs, the newest first.

    Example: flowyard run list --status failed
    """
    from flowyard.cli.run_tables import LIST_COLUMNS, list_row

    which: Archived = "also" if everything else ("only" if archived else "no")
    found = list(runs_at(local=local).list(flow=flow, status=status.value if status else None, archived=which, limit=limit))
    empty = "No runs. Make one: flowyard run create --flow DIR --data rows.jsonl"
    emit_table(found, as_json=as_json, columns=LIST_COLUMNS, rows=map(list_row, found), empty=empty)


@app.command("show")
def show(name: Name, local: Local = False, as_json: AsJson = False) -> None:
    """Show a run: what was asked, how far it is, its metrics.

    Example: flowyard run show my-run
    """
    from flowyard.cli.run_tables import run_text, unread_text

    runs = runs_at(local=local)
    run = runs.get(name)
    emit(run, as_json=as_json, text=run_text(run))
    if not as_json and (unread := unread_text(name, runs.unread_answers(name, limit=1), local=local)):
        note(unread)


@app.command("show-unread")
def show_unread(
    name: Name,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Show the answers of judges from which no score could be read: in which rows, why, and what the judge answered.

    Example: flowyard run show-unread my-evaluation
    """
    from flowyard.cli.run_tables import UNREAD_COLUMNS, unread_row

    found = runs_at(local=local).unread_answers(name, limit=limit)
    if as_json:
        emit(found, as_json=True)
        return
    empty = "Every answer of a judge could be read, or no judge took part."
    emit_table(found.items, as_json=False, columns=UNREAD_COLUMNS, rows=map(unread_row, found.items), empty=empty)
    if found.total > len(found.items):
        note(f"{found.total:,} in all; more of them: --limit {min(1000, found.total)}")


@app.command("show-details")
def show_details(
    name: Name,
    *,
    status: Annotated[LineStatus | None, typer.Option(help="Only rows that ended so.")] = None,
    verdict: Annotated[Verdict | None, typer.Option(help="Only rows that an evaluator let pass, or not, or could not judge.")] = None,
    score: Annotated[str | None, typer.Option(help="The score whose verdict counts; not said, the worst of a row does.")] = None,
    variant: Annotated[str | None, typer.Option(help="Only rows of this variant.")] = None,
    text: Annotated[str | None, typer.Option(help="Only rows in which this occurs.")] = None,
    sort: Annotated[str, typer.Option(help="line, duration, cost, outputs.<name>, …; -duration: the longest first.")] = "line",
    limit: Annotated[int, typer.Option("--limit", "--max-results", "-r", min=1, help="How many rows at most.")] = 100,
    line: Annotated[int | None, typer.Option(min=0, help="This row alone, with what each node did.")] = None,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Show a run's rows, or one row with its nodes.

    Example: flowyard run show-details my-run --verdict fail --limit 20
    """
    from flowyard.cli.run_tables import line_cells, line_columns, verdicts_text

    runs = runs_at(local=local)
    if line is not None:
        detail = runs.line(name, line, variant or "")
        emit(detail, as_json=True)
        return
    chosen = status.value if status else None
    said = verdict.value if verdict else None
    rows = list(runs.lines(name, status=chosen, verdict=said, score=score, variant=variant, text=text, sort=sort, limit=limit))
    columns = line_columns(rows)
    emit_table(rows, as_json=as_json, columns=columns, rows=line_cells(rows, columns), empty="No such rows.")
    if not as_json and (counted := verdicts_text(runs.line_counts(name, variant=variant, text=text))):
        note(counted)


@app.command("show-metrics")
def show_metrics(name: Name, local: Local = False, as_json: AsJson = False) -> None:
    """Show what a run's aggregation gave; with --json a mapping, of variants where it has some.

    Example: flowyard run show-metrics my-run
    """
    from flowyard.cli.run_tables import metric_lines

    found = runs_at(local=local).metrics(name).variants
    only = found.get("", {}) if set(found) <= {""} else found
    emit(only, as_json=as_json, text="\n".join(metric_lines(found)) or "It has no metrics.")


@app.command("compare")
def compare(
    names: Names,
    *,
    changed: Annotated[bool, typer.Option("--changed", help="Only rows whose outputs or status differ.")] = False,
    least_difference: Annotated[
        float | None,
        typer.Option(help="The difference of a score that matters, for the rows needed to see it; 2 % of its range if not said."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many rows at most; they are in --json.")] = 50,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Put runs, or the variants of one, side by side: metrics, scores with a 95 % interval of the difference, and what they show in words.

    Example: flowyard run compare my-run my-other-run --least-difference 0.02
    """
    from flowyard.cli.run_tables import comparison_table

    found = runs_at(local=local).compare(*names, changed=changed, least_difference=least_difference, limit=limit)
    columns, rows = comparison_table(found)
    if as_json:
        emit(found, as_json=True)
        return
    emit_table(rows, as_json=False, columns=columns, rows=rows, empty="")
    if found.sentences:
        emit(found.sentences, as_json=False, text="\n" + "\n".join(found.sentences))


@app.command("visualize")
def visualize(
    names: Names,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write it here; default: a file of its name in this folder.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open it in a browser.")] = False,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Write runs side by side into one HTML file that needs nothing else, and open it.

    Example: flowyard run visualize my-run my-other-run --output report.html
    """
    from flowyard.flows.runs.report import MOST_ROWS, report

    runs = runs_at(local=local)
    page = report([runs.get(name) for name in names], runs.compare(*names, limit=MOST_ROWS))
    target = output or Path(f"{'-'.join(names)[:100]}.html")
    target.write_text(page, encoding="utf-8")
    emit({"file": str(target), "runs": names}, as_json=as_json, text=f"Wrote {target}.")
    if not no_open and not as_json and sys.stdout.isatty():
        import webbrowser

        webbrowser.open(target.resolve().as_uri())


@app.command("stream")
def stream(name: Name, local: Local = False, as_json: AsJson = False) -> None:
    """Follow a run until it has ended; exit code 1 when it did not complete.

    Example: flowyard run stream my-run
    """
    runs = server_runs_unless(local=local)
    if runs is None:
        raise InvalidInputError(
            "A run of this machine is shown by the command that carries it out.", remedy="See: flowyard run show --local"
        )
    follow(runs, name, as_json=as_json)


@app.command("logs")
def logs(
    name: Name,
    *,
    tail: Annotated[int, typer.Option(min=1, max=10_000, help="How many lines at most.")] = 200,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Print the last lines of a run's log: warnings, and what rows' processes printed.

    Example: flowyard run logs my-run --tail 50
    """
    found = runs_at(local=local).logs(name, tail=tail)
    if not found and not as_json:
        note("It has logged nothing.")
        return
    emit(found, as_json=as_json, text="\n".join(f"{log.at[:19]} {log.level:<7} {log.message}" for log in found))


@app.command("export")
def export(
    name: Name,
    *,
    form: Annotated[Format | None, typer.Option("--format", help="What to write; default: by the file's ending, else jsonl.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it here; default: standard output.")] = None,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Write a run's rows as JSON lines, CSV or Parquet.

    Example: flowyard run export my-run --output rows.csv
    """
    from flowyard.flows.runs.export import format_named

    ending = output.suffix.removeprefix(".") if output else ""
    chosen = format_named(form.value if form else (ending or "jsonl"))
    runs = runs_at(local=local)
    if output is None:
        runs.export(name, chosen, sys.stdout.buffer)
        return
    with output.open("wb") as target:
        runs.export(name, chosen, target)
    emit({"file": str(output), "format": chosen, "bytes": output.stat().st_size}, as_json=as_json, text=f"Wrote {output}.")


@app.command("update", cls=RunCommand)
def update(
    name: Name,
    *,
    display_name: Annotated[str | None, typer.Option("--display-name", help="What it is shown as.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="What it is for.")] = None,
    tags: Annotated[list[str] | None, typer.Option("--tags", help="NAME=VALUE, several after one flag; they replace those it has.")] = None,
    changes: Annotated[list[str] | None, typer.Option("--set", help="display_name=x or description=x.")] = None,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Change the words about a run.

    Example: flowyard run update my-run --display-name "Without examples"
    """
    from flowyard.cli.run_create import pairs
    from flowyard.cli.run_tables import run_text
    from flowyard.wire.runs import RunUpdate

    words: dict[str, Any] = {"display_name": display_name, "description": description} | pairs("--set", changes)
    if set(words) - {"display_name", "description"}:
        raise InvalidInputError(f"--set takes display_name and description, got {', '.join(sorted(words))}.", remedy="Use --tags for tags.")
    run = runs_at(local=local).update(name, RunUpdate(**words, tags=pairs("--tags", tags) if tags else None))
    emit(run, as_json=as_json, text=run_text(run))


@app.command("cancel")
def cancel(name: Name, local: Local = False, as_json: AsJson = False) -> None:
    """Stop a run; what is done stays, and it can be resumed.

    Example: flowyard run cancel my-run
    """
    run = runs_at(local=local).cancel(name)
    emit(run, as_json=as_json, text=f"{name}: {run.status}")


@app.command("archive")
def archive(name: Name, local: Local = False, as_json: AsJson = False) -> None:
    """Put a run away, so that lists leave it out.

    Example: flowyard run archive my-run
    """
    run = runs_at(local=local).archive(name)
    emit(run, as_json=as_json, text=f"{name} is archived. Take it back: flowyard run restore {name}")


@app.command("restore")
def restore(name: Name, local: Local = False, as_json: AsJson = False) -> None:
    """Take an archived run back.

    Example: flowyard run restore my-run
    """
    run = runs_at(local=local).restore(name)
    emit(run, as_json=as_json, text=f"{name} is back.")


@app.command("delete")
def delete(name: Name, local: Local = False, as_json: AsJson = False) -> None:
    """Delete a run that has ended, with all that it recorded.

    Example: flowyard run delete my-run
    """
    runs_at(local=local).delete(name)
    emit({"deleted": name}, as_json=as_json, text=f"Deleted {name}.")


@app.command("prune")
def prune(
    older_than: Annotated[
        str, typer.Option("--older-than", help="How long ago they ended: 30d, 12h, …, or a time of RFC 3339; at least 1h.")
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Delete nothing, only say what would go.")] = False,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Delete old runs that no other run was made from, and data and snapshots that nothing needs any more.

    Example: flowyard run prune --older-than 30d --dry-run
    """
    from flowyard.cli.run_tables import pruned_text

    found = runs_at(local=local).prune(older_than, dry_run=dry_run)
    emit(found, as_json=as_json, text=pruned_text(found))
