"""``flowyard data transform`` and ``rerun``: versions made from others by steps."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.session import follow, workspace
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.references import parse_reference

if TYPE_CHECKING:
    from flowyard.data.transforms.reading import TransformFile
    from flowyard.wire.transforms import TransformPreview, TransformStepResult

Source = Annotated[str | None, typer.Argument(help="NAME or NAME:VERSION of the data asset; without it what the file says.")]
Asset = Annotated[str, typer.Argument(help="NAME or NAME:VERSION of what a transform made.")]
_SHOWN = 60


def transform(
    source: Source = None,
    *,
    out: Annotated[str | None, typer.Option("--out", help="The asset that gets the new version; without it what the file says.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="A YAML file with the steps.")] = None,
    step: Annotated[
        list[str] | None, typer.Option("--step", help="A step, such as 'normalize' or 'sql: SELECT ...'; may be given several times.")
    ] = None,
    inputs: Annotated[
        list[str] | None, typer.Option("--input", help="name=NAME:VERSION, a table for SQL; may be given several times.")
    ] = None,
    code: Annotated[
        Path | None, typer.Option("--code", help="The folder with the code of Python steps; without it the present one.")
    ] = None,
    skip_errors: Annotated[bool, typer.Option("--skip-errors", help="Leave rows out that a step fails at, and count them.")] = False,
    preview: Annotated[int | None, typer.Option(min=1, max=1000, help="Show what becomes of so many rows, and keep nothing.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a version of a data asset from another by steps: clean, filter, deduplicate, redact, SQL, Python.

    Example: flowyard data transform questions:2 --out clean --step normalize --step 'deduplicate: {near: 0.8}'
    """
    said = _said(file, step, code)
    tables = {**said.inputs, **_inputs(inputs)}
    on_error: Any = "skip" if skip_errors else said.on_error
    from_ = source or said.source
    if from_ is None:
        raise InvalidInputError(
            "Nothing says what to transform.", remedy="Name a data asset: flowyard data transform questions:2 --out clean …"
        )
    from_ = _reference(from_)
    if preview is not None:
        tried = workspace().transforms.preview(from_, said.steps, rows=preview, inputs=tables, code=said.code, on_error=on_error)
        _show(tried, as_json=as_json)
        return
    name = out or said.name
    if name is None:
        raise InvalidInputError("Nothing says what the result is called.", remedy="Add --out NAME.")
    about = {key: getattr(said, key) for key in ("version", "description", "tags")}
    ws = workspace()
    job = ws.transforms.create(from_, name, said.steps, inputs=tables, code=said.code, on_error=on_error, **about)
    _end(follow(ws, job, quiet=as_json).result, as_json=as_json)


def rerun(
    asset: Asset,
    *,
    latest: Annotated[bool, typer.Option("--latest", help="Of the newest versions of what it was made of.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make what a transform made once more. The same bytes make no new version.

    Example: flowyard data rerun clean:3
    """
    name, version = _named(asset)
    ws = workspace()
    _end(follow(ws, ws.transforms.rerun(name, version, latest=latest), quiet=as_json).result, as_json=as_json)


def _said(file: Path | None, step: list[str] | None, code: Path | None) -> "TransformFile":
    from flowyard.data.transforms.reading import TransformFile, read_file, read_step, read_steps

    if (file is None) == (not step):
        raise InvalidInputError("The steps are in a file, or given one by one.", remedy="Give --file FILE, or --step STEP.")
    if file is not None:
        return read_file(file)
    steps = read_steps([read_step(text) for text in step or ()])
    needs_code = any(one.python is not None for one in steps)
    return TransformFile(steps=steps, code=(code or Path.cwd()).resolve() if needs_code else None)


def _inputs(given: list[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given or ():
        name, equals, asset = text.partition("=")
        if not equals or not name:
            raise InvalidInputError(f"{text!r} names no input.", remedy="Write --input labels=NAME:VERSION.")
        found[name] = _reference(asset)
    return found


def _reference(text: str) -> str:
    return text if text.startswith(("azureml:", "flowyard://", "data/")) else f"azureml:{text}"


def _named(text: str) -> tuple[str, str]:
    reference = parse_reference(_reference(text), kind="data")
    return reference.name, reference.version or reference.label or "latest"


def _end(result: Any, *, as_json: bool) -> None:
    from flowyard.foundation.codecs import convert
    from flowyard.wire.transforms import TransformResult

    made: TransformResult = convert(result, TransformResult)
    if made.made:
        last = f"{made.data} is there with {made.rows_out} of {made.rows_in} rows. See: flowyard data lineage {made.data} --up"
    else:
        last = f"The same bytes as {made.data}, so no version was made."
    emit(made, as_json=as_json, text="\n".join([*map(_did, made.steps), last]))


def _did(step: "TransformStepResult") -> str:
    dropped = "".join(f", {count} dropped: {reason}" for reason, count in step.dropped.items())
    changed = f", {step.changed} changed" if step.changed else ""
    return f"  {step.number} {step.kind}: {step.rows_in} → {step.rows_out} rows{changed}{dropped}"


def _show(tried: "TransformPreview", *, as_json: bool) -> None:
    if as_json:
        emit(tried, as_json=True)
        return
    for step in tried.steps:
        note(_did(step))
    became: dict[int | None, list[dict[str, Any]]] = {}
    for row in tried.after:
        became.setdefault(row.line, []).append(row.values)
    dropped = {drop.line: f"dropped by step {drop.step}: {drop.reason}" for drop in tried.dropped}
    lines: list[tuple[object, ...]] = []
    for row in tried.before:
        after = became.pop(row.line, [])
        told = "; ".join(map(_words, after)) if after else dropped.get(row.line, "")
        lines.append((row.line, _words(row.values), "as before" if after == [row.values] else told))
    lines += [(line, "", _words(values)) for line, rows in became.items() for values in rows]
    emit_table(lines, as_json=False, columns=("row", "before", "after"), rows=lines, empty="There are no rows.")


def _words(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={str(value)[:_SHOWN]}" for name, value in values.items())
