"""``flowyard model import`` and ``refresh``: models and cards from elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.model_here import catalog_here, either, import_here
from flowyard.cli.model_text import size_text
from flowyard.cli.output import AsJson, emit, note
from flowyard.cli.session import follow, workspace
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.settings import read_settings

if TYPE_CHECKING:
    from flowyard.catalog.service import Catalog
    from flowyard.client.models import Models
    from flowyard.wire.models import Model


def import_model(
    source: Annotated[str, typer.Argument(help="hf:ORGANIZATION/NAME[@REVISION], or a .gguf file or a model's folder.")],
    name: Annotated[str | None, typer.Option(help="The model's name in the catalog; default: made of the source's.")] = None,
    file: Annotated[list[str] | None, typer.Option(help="The GGUF file to take, where there are several.")] = None,
    connection: Annotated[str | None, typer.Option(help="A connection whose secret 'token' opens gated models of the hub.")] = None,
    license_name: Annotated[str | None, typer.Option("--license", help="The license, where the source does not say it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import a model from the hub or from files: an engine then runs it like any other.

    Files that can run code when they are loaded (pickles and the like) are refused, whatever they are called.

    Example: flowyard model import hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF --file qwen2.5-0.5b-instruct-q4_k_m.gguf --name qwen-small
    """
    files = tuple(file or ())

    def ask(remote: "Models") -> "Model":
        job = remote.import_(source, name=name, files=files, connection=connection, license=license_name)
        follow(workspace(), job, quiet=as_json)
        return remote.get((job.target or "").removeprefix("model/"))

    def here(catalog: "Catalog") -> "Model":
        from flowyard.catalog.importing.service import ImportOrder

        if connection is not None:
            raise InvalidInputError("Connections are kept by a server, and none runs.", remedy="Start one, or set HF_TOKEN.")
        path = None if source.startswith("hf:") else Path(source.removeprefix("file://")).expanduser().resolve()
        if path is not None and not path.exists():
            raise InvalidInputError(f"There is nothing at {source!r}.", remedy="Give a file, a folder, or hf:ORGANIZATION/NAME.")
        return import_here(catalog, ImportOrder(source=source, path=path, name=name, files=files, license=license_name), quiet=as_json)

    model = either(ask, here)
    emit(model, as_json=as_json, text=f"{model.name} is {model.state} ({size_text(model.bytes_total)}, license: {model.license}).")


def refresh(as_json: AsJson = False) -> None:
    """Copy the Git repositories of cards that FLOWYARD_CATALOG names anew, and say which cards are left out and why.

    Example: flowyard model refresh
    """
    from flowyard.catalog.shelf import bring, is_git

    settings = read_settings()
    places = [place for place in settings.catalog if is_git(place)]
    for place in places:
        bring(settings.home, place)
    catalog = catalog_here()
    problems = catalog.problems()
    for problem in problems:
        note(problem)
    found = {"repositories": len(places), "models": len(catalog.names()), "problems": list(problems)}
    emit(found, as_json=as_json, text=f"{len(catalog.names())} models; {len(problems)} cards left out.")
    if problems:
        raise typer.Exit(1)
