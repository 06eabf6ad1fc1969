"""``flowyard model``: look at, pull and remove models.

With a running server these ask it; without one they work on the home folder of this machine directly, so that a model can be
pulled before the platform starts.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli import model_compare, model_import, model_registry, model_verify
from flowyard.cli.model_fit_text import CacheTypeName, fit_text
from flowyard.cli.model_here import either, pull_here
from flowyard.cli.model_text import card_text, list_row, size_text
from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import follow, workspace
from flowyard.wire.models import Model

if TYPE_CHECKING:
    from flowyard.catalog.service import Catalog
    from flowyard.client.models import Models
    from flowyard.inference.engines.settings import CacheType
    from flowyard.wire.model_fit import ModelFit
    from flowyard.wire.models import ModelPage

app = typer.Typer(no_args_is_help=True, help="Look at, pull and remove models.\n\nExample: flowyard model pull smollm2-135m")

Name = Annotated[str, typer.Argument(help="The model's name, as 'flowyard model list' shows it.")]


@app.command("list")
def list_models(
    search: Annotated[str, typer.Argument(help="Words that are all in the card.")] = "",
    task: Annotated[list[str] | None, typer.Option(help="chat, completion, embeddings, rerank.")] = None,
    license_class: Annotated[
        list[str] | None, typer.Option("--license", help="permissive, conditional, non-commercial, proprietary, unknown.")
    ] = None,
    runs_here: Annotated[bool, typer.Option("--runs-here", help="Only what fits into this machine's memory.")] = False,
    where: Annotated[
        list[str] | None, typer.Option(help="Any other filter as FIELD=VALUE: collection=Qwen, size=1b-4b, language=de, tool_use=yes.")
    ] = None,
    facets: Annotated[bool, typer.Option("--facets", help="Show the filters' values and how many models there are of each.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the models of the catalog: those that fit all filters; an option given twice wants one of its values.

    Example: flowyard model list --task chat --license permissive --runs-here
    """
    given: dict[str, list[str]] = {
        "task": task or [],
        "license": license_class or [],
        "runs_here": ["yes"] if runs_here else [],
    }
    for text in where or ():
        field, separator, value = text.partition("=")
        if not separator:
            raise typer.BadParameter(f"{text!r} is not FIELD=VALUE.", param_hint="--where")
        given.setdefault(field.replace("-", "_"), []).append(value)
    page = either(lambda remote: remote.search(search, **given), lambda catalog: _search_here(catalog, search, given))
    if facets:
        rows = [(name, facet.value, facet.count) for name, found in page.facets.items() for facet in found]
        emit_table(page.facets, as_json=as_json, columns=("filter", "value", "models"), rows=rows, empty="No model fits.")  # pyright: ignore[reportArgumentType] - a mapping is shown as it is
        return
    emit_table(
        page.items,
        as_json=as_json,
        columns=("name", "task", "license", "parameters", "size", "runs here", "state", "tested"),
        rows=(list_row(model) for model in page.items),
        empty="No model fits. See what there is: flowyard model list --facets",
    )


def _search_here(catalog: "Catalog", search: str, given: dict[str, list[str]]) -> "ModelPage":
    from flowyard.catalog.filters import query_of, select

    return select(catalog.list(), query_of(search, given))


@app.command("show")
def show(name: Name, as_json: AsJson = False) -> None:
    """Show a model's card and state.

    Example: flowyard model show smollm2-135m
    """
    model = either(lambda remote: remote.get(name), lambda catalog: catalog.get(name))
    emit(model, as_json=as_json, text=card_text(model))


@app.command("fit")
def fit(
    name: Name,
    context: Annotated[int | None, typer.Option(min=1, help="Tokens of one request, prompt and answer together.")] = None,
    concurrency: Annotated[int | None, typer.Option(min=1, help="Requests at once; for encoders texts.")] = None,
    cache_type: Annotated[CacheTypeName | None, typer.Option(help="The format of cached keys and values.")] = None,
    quantization: Annotated[str | None, typer.Option(help="Of the weights, where files are not chosen yet: bf16, q8_0, q4_0.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a model fits into the machine's memory, before anything is downloaded. Exit code 1 when it does not.

    Example: flowyard model fit llama-3.1-8b-instruct --context 8192 --concurrency 4
    """

    def here(catalog: "Catalog") -> "ModelFit":
        from flowyard.catalog.fit.service import FitQuery

        kept: CacheType | None = cache_type.value if cache_type else None  # pyright: ignore[reportAssignmentType] - the names are the types
        return catalog.fit(name, FitQuery(context=context, concurrency=concurrency, cache_type=kept, quantization=quantization))

    def ask(remote: "Models") -> "ModelFit":
        kept = cache_type.value if cache_type else None
        return remote.fit(name, context=context, concurrency=concurrency, cache_type=kept, quantization=quantization)

    found = either(ask, here)
    emit(found, as_json=as_json, text=fit_text(found))
    if found.verdict == "no":
        raise typer.Exit(1)


@app.command("pull")
def pull(
    name: Name,
    connection: Annotated[str | None, typer.Option(help="A connection that keeps a token for the hub, for gated models.")] = None,
    as_json: AsJson = False,
) -> None:
    """Download a model: resumes, checks the hash, and costs nothing when it is here already.

    Example: flowyard model pull smollm2-135m
    """

    def ask(remote: "Models") -> Model:
        job = remote.pull(name, connection=connection)
        follow(workspace(), job, quiet=as_json)
        return remote.get(name)

    model = either(ask, lambda catalog: pull_here(catalog, name, quiet=as_json))
    emit(model, as_json=as_json, text=f"{model.name} is {model.state} ({size_text(model.bytes_total)}).")


model_registry.add_to(app)
app.command("import")(model_import.import_model)
app.command("refresh")(model_import.refresh)
app.command("verify")(model_verify.verify)
app.command("verifications")(model_verify.verifications)
app.command("compare")(model_compare.compare)
app.command("comparisons")(model_compare.comparisons)


@app.command("remove")
def remove(name: Name, as_json: AsJson = False) -> None:
    """Delete a model's files from the machine.

    Example: flowyard model remove smollm2-135m
    """

    def ask(remote: "Models") -> Model:
        remote.remove(name)
        return remote.get(name)

    model = either(ask, lambda catalog: catalog.remove(name))
    emit(model, as_json=as_json, text=f"{model.name} was removed.")
