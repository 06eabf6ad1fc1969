"""``flowyard endpoint build``: what serves, as a container image's context with a Kubernetes manifest."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flowyard.cli.output import AsJson, emit, note
from flowyard.cli.session import workspace


class Base(StrEnum):
    """The kind of machine."""

    CPU = "cpu"
    CUDA = "cuda"


def build(
    name: Annotated[str, typer.Argument(help="The endpoint's name.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write; an earlier build in it is replaced.")],
    *,
    deployment: Annotated[str, typer.Option(help="The deployment's name.")] = "blue",
    base: Annotated[Base, typer.Option(help="cuda: the image asks for an NVIDIA card.")] = Base.CPU,
    image: Annotated[str | None, typer.Option(help="What to build on, with Python and pip. Python's own slim image by default.")] = None,
    tag: Annotated[str | None, typer.Option(help="What the image is called in the manifest: registry/name:version.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write what serves as the context of a container image with a Kubernetes manifest: pinned as deployed, and without secrets.

    Example: flowyard endpoint build support --deployment blue --output dist --tag registry.example.com/support:1
    """
    built = workspace().endpoints.build(name, output, deployment=deployment, base=base.value, image=image, tag=tag)
    emit(built, as_json=as_json, text=f"Wrote {len(built.files)} files to {output}.")
    for line in built.dropped:
        note(f"Left out of its packages: {line} (flowyard itself provides it).")
    if built.variables:
        note(f"Set where it runs: {', '.join(built.variables)}")
    note(f"Next: docker build -t {tag or f'{name}-{deployment}'.lower()} {output}, and: kubectl apply -f {output}/kubernetes.yaml")
