"""``flowyard model compare``: models side by side on a data set."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.model_verify import agree
from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import follow, workspace

if TYPE_CHECKING:
    from flowyard.wire.model_comparisons import ComparedMeasure, ComparedModel, ModelComparison


def compare(
    models: Annotated[list[str], typer.Argument(help="Two to eight: names of the catalog, CONNECTION/MODEL, endpoint:NAME.")],
    data: Annotated[str, typer.Option(help="A data asset: NAME:VERSION or azureml:NAME@latest.")],
    evaluators: Annotated[str, typer.Option(help="Their names, with commas between.")] = "f1,rouge",
    *,
    prompt: Annotated[str, typer.Option(help="The column with the question, or a text with {{COLUMN}} in it.")] = "query",
    ground_truth: Annotated[str, typer.Option(help="The column with the right answer.")] = "ground_truth",
    system: Annotated[str | None, typer.Option(help="A system message.")] = None,
    judge: Annotated[str | None, typer.Option(help="The model for evaluators that judge: CONNECTION/MODEL.")] = None,
    max_rows: Annotated[int, typer.Option(min=2, help="Rows from the beginning of the data at most.")] = 200,
    max_tokens: Annotated[int, typer.Option(min=1, help="Of one answer.")] = 256,
    least_difference: Annotated[float | None, typer.Option(help="The difference that matters, for the rows needed to see it.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before models that may cost money are called.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare models on your own data: scores with intervals, times, cost, and what the differences show.

    Example: flowyard model compare smollm2-135m openai/gpt-4o-mini --data faq:1 --evaluators f1,rouge --max-rows 100
    """
    names = [name.strip() for name in evaluators.split(",") if name.strip()]
    settings: dict[str, Any] = {
        "prompt": prompt,
        "ground_truth": ground_truth,
        "system": system,
        "judge": judge,
        "max_rows": max_rows,
        "max_tokens": max_tokens,
        "least_difference": least_difference,
    }
    made = workspace().models.comparisons
    plan = made.plan(models, data, names, **settings)
    told = f"{plan.calls:,} calls, at most {plan.prompt_tokens:,} tokens asked (by estimate) and {plan.completion_tokens:,} answered"
    if not plan.free:
        agree(told, plan.cost, yes=yes, quiet=as_json)
    job = made.create(models, data, names, **settings)
    follow(workspace(), job, quiet=as_json)
    found = made.get(job.id)
    emit(found, as_json=True) if as_json else _show(found)


def comparisons(
    comparison: Annotated[str | None, typer.Argument(help="The id of one; none lists all.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List comparisons of models, the newest first, or show one.

    Example: flowyard model comparisons
    """
    made = workspace().models.comparisons
    if comparison is not None:
        found = made.get(comparison)
        emit(found, as_json=True) if as_json else _show(found)
        return
    listed = made.list(limit=limit)
    rows = [(one.id, one.status, ", ".join(one.models), one.data, one.rows, one.started_at[:19]) for one in listed]
    columns = ("comparison", "status", "models", "data", "rows", "started")
    empty = "None yet. Compare models: flowyard model compare A B --data NAME:VERSION"
    emit_table(listed, as_json=as_json, columns=columns, rows=rows, empty=empty)


def _show(found: "ModelComparison") -> None:
    keys = list(found.results[0].scores) if found.results else []
    columns = ("model", *keys, "P50", "P95", "tokens/s", "cost", "failed")
    rows = [_row(result, keys) for result in found.results]
    emit_table(found.results, as_json=False, columns=columns, rows=rows, empty=f"The comparison is {found.status}.")
    emit(None, as_json=False, text="\n".join(["", *(pair.sentence for pair in found.pairs), *(f"Mind: {word}" for word in found.warnings)]))


def _row(result: "ComparedModel", keys: list[str]) -> tuple[str, ...]:
    cost = "unknown" if result.cost is None else f"{int(result.cost.micros) / 1e6:,.4f} {result.cost.currency}"
    times = ["" if value is None else f"{value:,.0f} ms" for value in (result.latency_p50_ms, result.latency_p95_ms)]
    speed = "" if result.tokens_per_s is None else f"{result.tokens_per_s:,.1f}"
    return (result.model, *(_score(result.scores[key]) for key in keys), *times, speed, cost, str(result.failed))


def _score(found: "ComparedMeasure") -> str:
    if found.mean is None:
        return "none"
    interval = "" if found.low is None or found.high is None else f" ({found.low:.3f} to {found.high:.3f})"
    return f"{found.mean:.3f}{interval}"
