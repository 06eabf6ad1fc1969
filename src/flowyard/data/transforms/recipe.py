"""A transform as it is kept with the version that it made: enough to do it again."""

from dataclasses import fields
from typing import Any

from flowyard.data.lineage.model import Made, Thing
from flowyard.data.transforms.errors import TransformError
from flowyard.data.transforms.model import kind_of
from flowyard.data.transforms.running import Outcome
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.version import __version__
from flowyard.wire.data import DataAsset
from flowyard.wire.transforms import TransformCreate, TransformStep

KIND = "transform"
_ASSET = "azureml:"


def step_words(steps: tuple[TransformStep, ...]) -> list[dict[str, Any]]:
    """Return steps as a file has them: ``{kind: what it says}``, without what is as it is by default."""
    found: list[dict[str, Any]] = []
    for step in steps:
        kind = kind_of(step)
        body = getattr(step, kind)
        usual = {field.name: field.default for field in fields(body)}
        found.append({kind: {name: value for name, value in plain(body).items() if value != usual[name] and value not in ([], {})}})
    return found


def origin_of(request: TransformCreate, outcome: Outcome, *, environment: str | None, job: str) -> dict[str, Any]:
    """Return what stands in the version's origin."""
    return {
        "kind": KIND,
        "source": request.source,
        "inputs": request.inputs,
        "steps": step_words(request.steps),
        "code": request.code,
        "on_error": request.on_error,
        "environment": environment,
        "flowyard": __version__,
        "job": job,
        "results": plain(outcome.steps),
    }


def made_by(request: TransformCreate, origin: dict[str, Any], job: str) -> Made:
    """Return the edges' one end of the version."""
    told = ("steps", "on_error", "results", "flowyard")
    return Made(
        activity="transform",
        sources=tuple(_thing(text) for text in (request.source, *request.inputs.values())),
        by=f"job/{job}",
        parameters={name: origin[name] for name in told},
        code=request.code.partition(":")[2].partition("/")[0] if request.code else None,
        environment=origin["environment"],
    )


def again(asset: DataAsset, *, latest: bool) -> TransformCreate:
    """Return what made a version, as a request for the next one of its name.

    Args:
        asset: the version.
        latest: of the newest versions of its sources, not of those that it was made of.

    Raises:
        TransformError: no transform made it.
    """
    origin = asset.origin
    if origin.get("kind") != KIND:
        raise TransformError(
            f"{asset.reference} was made by no transform (but by {origin.get('kind', 'nothing that is known')}).",
            remedy="Only what a transform made can be made again.",
        )

    def named(text: str) -> str:
        return f"{text.rpartition(':')[0]}@latest" if latest else text

    return TransformCreate(
        source=named(origin["source"]),
        name=asset.name,
        steps=tuple(convert(step, TransformStep) for step in origin["steps"]),
        inputs={name: named(text) for name, text in origin["inputs"].items()},
        code=origin["code"],
        on_error=origin["on_error"],
        description=asset.description,
        tags=asset.tags,
    )


def _thing(reference: str) -> Thing:
    name, _, version = reference.removeprefix(_ASSET).partition(":")
    return Thing("data", name, version)
