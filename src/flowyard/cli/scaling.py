"""``flowyard endpoint scale`` and ``scaling``: how many replicas a deployment has, and why."""

from dataclasses import replace
from typing import Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.endpoints import ScaleSettings
from flowyard.wire.scaling import DeploymentScale

Name = Annotated[str, typer.Argument(help="The endpoint's name.")]
Deployment = Annotated[str, typer.Option(help="The deployment's name.")]


def scale(
    name: Name,
    *,
    deployment: Deployment = "blue",
    instances: Annotated[int | None, typer.Option(min=1, help="So many replicas, whatever they have to do.")] = None,
    least: Annotated[int | None, typer.Option("--min", min=1, help="Between this number of replicas …")] = None,
    most: Annotated[int | None, typer.Option("--max", min=1, help="… and this one, by what they have to do.")] = None,
    target_utilization: Annotated[int, typer.Option(min=1, max=100, help="Per cent of what they may answer at a time.")] = 70,
    target_p95: Annotated[int | None, typer.Option(min=1, help="One more while 5 % of the requests take longer than so many ms.")] = None,
    cool_down: Annotated[int, typer.Option(min=1, help="Replicas go once fewer were enough for so many seconds.")] = 60,
    as_json: AsJson = False,
) -> None:
    """Set how many replicas run, or between which numbers they are scaled. No request is dropped.

    Example: flowyard endpoint scale support --deployment blue --min 1 --max 4
    """
    if (instances is None) == (most is None):
        raise InvalidInputError("Give either --instances, or --max (and --min).", remedy="For instance: --min 1 --max 4")
    settings = ScaleSettings()
    if most is not None:
        settings = replace(
            settings,
            type="target_utilization",
            min_instances=least or 1,
            max_instances=most,
            target_utilization_percentage=target_utilization,
            target_p95_ms=target_p95,
            cool_down_s=cool_down,
        )
    endpoint = workspace().endpoints.scale(name, deployment, DeploymentScale(instance_count=instances, scale=settings))
    now = next(entry for entry in endpoint.deployments if entry.name == deployment)
    how = f"{now.instances} instances" + ("" if most is None else f", scaled between {settings.min_instances} and {most}")
    emit(now, as_json=as_json, text=f"{name}/{deployment}: {how}.")


def scaling(name: Name, *, deployment: Deployment = "blue", as_json: AsJson = False) -> None:
    """List how the number of replicas changed and why, the newest first.

    Example: flowyard endpoint scaling support --deployment blue
    """
    changes = workspace().endpoints.scalings(name, deployment)
    rows = ((change.at, f"{change.before} to {change.after}", change.by, change.reason) for change in changes)
    columns = ("when", "instances", "by", "why")
    empty = f"The number of instances of {name}/{deployment} has not changed."
    emit_table(changes, as_json=as_json, columns=columns, rows=rows, empty=empty)
