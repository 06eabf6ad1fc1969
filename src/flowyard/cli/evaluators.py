"""``flowyard evaluator``: score answers, on files alone."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from flowyard.cli.options import ManyWordsCommand
from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from flowyard.evaluation.model import EvaluatorInfo, Measure
    from flowyard.evaluation.over_rows import Evaluation

app = typer.Typer(no_args_is_help=True, help="Score answers: list, try and run evaluators. No server is needed.")

Words = list[str] | None
Name = Annotated[str, typer.Argument(help="The evaluator's name; `flowyard evaluator list` shows all.")]


class _RunCommand(ManyWordsCommand):
    many: ClassVar[frozenset[str]] = frozenset({"--column-mapping", "--init", "--connections-file"})


@app.command("list")
def list_evaluators(as_json: AsJson = False) -> None:
    """Show all evaluators: what they need, and which way is better.

    Example: flowyard evaluator list
    """
    from flowyard.evaluation import evaluators

    found = list(evaluators().values())
    rows = [(it.name, it.kind, ", ".join(it.inputs), _scales(it), it.description) for it in found]
    emit_table(found, as_json=as_json, columns=("name", "kind", "inputs", "scores", "description"), rows=rows, empty="No evaluators.")


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show one evaluator: inputs, settings, scores and metrics.

    Example: flowyard evaluator show groundedness
    """
    from flowyard.evaluation.registry import entry, evaluator_class
    from flowyard.evaluation.service import settings_of

    info = evaluator_class(name).info
    settings = settings_of(name)
    value = {"info": info, "entry": entry(name), "settings": settings}
    lines = [
        f"{info.name}: {info.description}",
        f"kind: {info.kind}; source: {info.source}",
        f"inputs: {', '.join(info.inputs)}" + (f"; optional: {', '.join(info.optional)}" if info.optional else ""),
        *(["or: conversation, turn by turn"] if info.conversation else []),
        f"settings (--init): {', '.join(key if default is None else f'{key}={default}' for key, default in settings.items()) or 'none'}",
        f"scores: {_scales(info)}",
        f"entry of a flow: {entry(name)}",
    ]
    emit(value, as_json=as_json, text="\n".join(lines))


@app.command()
def init(
    name: Name, folder: Annotated[Path, typer.Argument(help="The folder to make.", show_default=False)], as_json: AsJson = False
) -> None:
    """Make a flow's folder of an evaluator: to run it over a run's outputs, to change a judge's prompt, or to deploy it.

    Example: flowyard evaluator init groundedness my_groundedness
    """
    from flowyard.evaluation.folders import evaluator_files
    from flowyard.flows.authoring import write_files
    from flowyard.flows.errors import FlowExistsError

    files = evaluator_files(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FlowExistsError(f"{str(folder)!r} is there already, and not empty.", remedy="Choose another folder.")
    write_files(folder, files)
    made = {"flow": str(folder), "evaluator": name, "files": sorted(files)}
    emit(made, as_json=as_json, text=f"Made {folder} ({', '.join(sorted(files))}).")
    note(f"Try it: flowyard run create --flow {folder} --data {folder}/data.jsonl --local")


@app.command("run", cls=_RunCommand)
def run_evaluator(
    name: Name,
    *,
    data: Annotated[Path, typer.Option("--data", help="Rows: .jsonl, .csv, .tsv, .json or .parquet, or a folder of such.")],
    column_mapping: Annotated[Words, typer.Option("--column-mapping", help="input='${data.column}', several after one flag.")] = None,
    init: Annotated[Words, typer.Option("--init", help="Settings of the evaluator, name=value (see `show`).")] = None,
    connection: Annotated[str, typer.Option("--connection", help="For judges: the connection of their model.")] = "local",
    model: Annotated[str | None, typer.Option("--model", help="For judges: the model or deployment.")] = None,
    connections_file: Annotated[
        list[Path] | None, typer.Option("--connections-file", help="Connections as prompt flow writes them, one a file.")
    ] = None,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, help="Rows at once at most.")] = 16,
    output: Annotated[Path | None, typer.Option("--output", help="Write a line a row (.jsonl), or all with the metrics (.json).")] = None,
    as_json: AsJson = False,
) -> None:
    """Score the rows of a file and print the metrics. A row that cannot be scored has its reason and does not stop the others.

    Exit codes: 0 done (with failed rows too), 1 no row could be scored, 2 bad usage or invalid input.

    Example: flowyard evaluator run f1_score --data rows.jsonl --column-mapping response='${data.answer}' --output scores.jsonl
    """
    from flowyard.cli.flow_models import GivenModels, given_connections, open_spool
    from flowyard.data.rows import open_data
    from flowyard.evaluation.over_rows import evaluate
    from flowyard.flows.runtime.secrets import scrubber
    from flowyard.foundation.settings import read_settings
    from flowyard.tracing.recorder import Recorder

    connections, settings = given_connections(connections_file or []), read_settings()
    values = {key: _value(text) for key, text in _pairs("--init", init).items()}
    sink = open_spool(settings, "evaluator")
    try:
        found = evaluate(
            name,
            open_data(data),
            mapping=_pairs("--column-mapping", column_mapping),
            init=_with_model(name, values, connection, model),
            resolver=GivenModels(connections, settings),
            recorder=Recorder(sink, scrub=scrubber(connections)) if sink else None,
            concurrency=concurrency,
        )
    finally:
        if sink:
            sink.close()
    if output is not None:
        _write(output, found)
    _tell(found, as_json=as_json)
    if found.rows and found.failed == len(found.rows):
        raise typer.Exit(1)


def _tell(found: "Evaluation", *, as_json: bool) -> None:
    for warning in found.warnings:
        note(f"warning: {warning}")
    failed = [row for row in found.rows if row.error is not None]
    for row in failed[:3]:
        note(f"row {row.line}: {row.error.detail if row.error else ''}")
    if len(failed) > 3:
        note(f"and {len(failed) - 3} rows more that failed")
    value = {"evaluator": found.evaluator, "rows": len(found.rows), "failed": len(failed), "metrics": found.metrics}
    text = [f"{found.evaluator}: {len(found.rows)} rows, {len(failed)} failed"]
    text += [f"  {key:<44} {number:.6g}" for key, number in found.metrics.items()]
    emit(value, as_json=as_json, text="\n".join(text))


def _write(output: Path, found: "Evaluation") -> None:
    from flowyard.foundation.codecs import to_json

    if output.suffix == ".json":
        output.write_bytes(to_json(found))
    else:
        output.write_bytes(b"".join(to_json(row) + b"\n" for row in found.rows))
    note(f"Wrote {output}.")


def _with_model(name: str, values: dict[str, Any], connection: str, model: str | None) -> dict[str, Any]:
    """Return the settings with the judge's model, where one is asked for."""
    from inspect import signature

    from flowyard.evaluation.registry import evaluator_class

    judges = "model_config" in signature(evaluator_class(name)).parameters
    if not judges or "model_config" in values:
        return values
    if model is None:
        raise InvalidInputError(
            f"{name} asks a model, and none is named.", remedy="Give --model MODEL and, unless it is local, --connection NAME."
        )
    return {"model_config": {"connection": connection, "model": model}, **values}


def _pairs(option: str, words: Words) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words or []:
        name, separator, value = word.partition("=")
        if not separator or not name:
            raise InvalidInputError(f"{word!r} is not of the form name=value.", remedy=f"Write for instance: {option} name=value")
        found[name] = value
    return found


def _value(text: str) -> Any:
    """Read a setting: JSON where it is some, else text."""
    from flowyard.foundation.codecs import from_json

    try:
        return from_json(text)
    except InvalidInputError:
        return text


def _scales(info: "EvaluatorInfo") -> str:
    return ", ".join(_scale(measure) for measure in info.measures)


def _scale(measure: "Measure") -> str:
    top = "" if measure.high is None else f"{measure.high:g}"
    unit = f" {measure.unit}" if measure.unit else ""
    return f"{measure.key} {measure.low:g}..{top}{unit} ({'higher' if measure.higher_is_better else 'lower'})"
