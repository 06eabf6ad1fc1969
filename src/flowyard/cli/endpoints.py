"""``flowyard endpoint``: real-time endpoints."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli import (
    collected_data,
    endpoint_build,
    endpoint_checks,
    endpoint_history,
    endpoint_keys,
    endpoint_metrics,
    rollouts,
    scaling,
)
from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.session import follow, key_values, workspace
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.endpoints import Deployment, DeploymentCreate, DeploymentSettings, EndpointUpdate

if TYPE_CHECKING:
    from flowyard.client import Workspace

app = typer.Typer(
    no_args_is_help=True, help="Deploy and call real-time endpoints.\n\nExample: flowyard endpoint deploy support --flow ./support-flow"
)

Name = Annotated[str, typer.Argument(help="The endpoint's name.")]
Variables = Annotated[list[str] | None, typer.Option("--set", help="An environment variable of the replicas, NAME=VALUE; may be repeated.")]


@app.command("create")
def create(
    name: Name,
    *,
    description: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    auth_mode: endpoint_keys.Mode = endpoint_keys.AuthModeName.KEY,
    as_json: AsJson = False,
) -> None:
    """Make an endpoint; deployments come next.

    Example: flowyard endpoint create support
    """
    endpoint = workspace().endpoints.create(name, description=description, auth_mode=auth_mode.value)
    emit(endpoint, as_json=as_json, text=f"{name} is there. Deploy to it: flowyard endpoint deploy {name} --flow DIR")


@app.command("deploy")
def deploy(
    name: Name,
    *,
    flow: Annotated[str | None, typer.Option(help="A flow's folder on this machine, or the name of a flow of the workspace.")] = None,
    model: Annotated[str | None, typer.Option(help="A model of the catalog, or an MLflow model's folder on this machine.")] = None,
    deployment: Annotated[str, typer.Option(help="The deployment's name.")] = "blue",
    instance_count: Annotated[int, typer.Option(min=1, help="How many replicas.")] = 1,
    variables: Variables = None,
    init: Annotated[
        list[str] | None,
        typer.Option("--init", help="An argument of a flex flow's class, name=value; may be repeated. A connection by its name."),
    ] = None,
    check: endpoint_checks.Check = False,
    inputs: endpoint_checks.CheckInputs = None,
    gates: endpoint_checks.Gates = None,
    evaluation: endpoint_checks.Evaluation = None,
    anyway: endpoint_checks.Anyway = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Return as soon as the job is queued.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a flow, a catalog model or an MLflow model into service. What serves now serves until the new replicas are ready.

    Example: flowyard endpoint deploy support --flow ./support-flow --check
    """
    if (flow is None) == (model is None):
        raise InvalidInputError("Give exactly one of --flow and --model.", remedy="For instance: --flow ./my-flow, or --model smollm2-135m")
    ws = workspace()
    environment = {key: str(value) for key, value in key_values(variables or []).items()}
    flow_name, snapshot = _upload(ws, flow) if flow is not None else (None, None)
    script = None
    if model is not None and (folder := Path(model).expanduser()).is_dir():
        model, (snapshot, script) = None, _upload_mlflow(ws, folder)
    request = DeploymentCreate(
        name=deployment,
        flow=flow_name,
        snapshot=snapshot,
        model=model,
        script=script,
        instance_count=instance_count,
        environment_variables=environment,
        init=key_values(init or []),
        settings=DeploymentSettings(gates=endpoint_checks.read_gates(gates or []), evaluation=evaluation),
        anyway=anyway,
    )
    if check:
        request = endpoint_checks.checked(ws, request, inputs)
    job = ws.endpoints.deploy(name, request)
    if no_wait:
        emit(job, as_json=as_json, text=f"Job {job.id} deploys it. Watch it: flowyard job stream {job.id}")
        return
    follow(ws, job, quiet=as_json)
    endpoint = ws.endpoints.get(name)
    emit(endpoint, as_json=as_json, text=f"{name} answers at {ws.transport.address(endpoint.scoring_path)}")


@app.command("invoke")
def invoke(
    name: Name,
    *,
    inputs: Annotated[list[str] | None, typer.Option("--inputs", "-i", help="An input, name=value or name=@FILE; may be repeated.")] = None,
    request_file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="A file with the request's body, JSON.")] = None,
    deployment: Annotated[str | None, typer.Option(help="Call this deployment, whatever the traffic split says.")] = None,
    as_json: AsJson = False,
) -> None:
    """Call an endpoint and print its answer as JSON.

    Example: flowyard endpoint invoke support --inputs question=Hello
    """
    del as_json
    emit(workspace().endpoints.invoke(name, _body(inputs, request_file), deployment=deployment), as_json=True)


@app.command("list")
def list_endpoints(as_json: AsJson = False) -> None:
    """List the endpoints.

    Example: flowyard endpoint list
    """
    endpoints = workspace().endpoints.list()
    rows = (
        (endpoint.name, _split(endpoint.traffic), ", ".join(f"{item.name} ({item.state})" for item in endpoint.deployments) or "none")
        for endpoint in endpoints
    )
    empty = "There are no endpoints. Make one: flowyard endpoint create NAME"
    emit_table(endpoints, as_json=as_json, columns=("name", "traffic", "deployments"), rows=rows, empty=empty)


@app.command("show")
def show(name: Name, as_json: AsJson = False) -> None:
    """Show an endpoint with its deployments and replicas.

    Example: flowyard endpoint show support
    """
    ws = workspace()
    endpoint = ws.endpoints.get(name)
    lines = [
        f"{endpoint.name}" + (f": {endpoint.description}" if endpoint.description else ""),
        f"  score    {ws.transport.address(endpoint.scoring_path)}",
        f"  openai   {ws.transport.address(endpoint.openai_path)}",
        f"  auth     {endpoint.auth_mode}",
        f"  traffic  {_split(endpoint.traffic)}" + (f", mirrored {_split(endpoint.mirror_traffic)}" if endpoint.mirror_traffic else ""),
        *(line for deployment in endpoint.deployments for line in _deployment_lines(deployment)),
        *(f"  {use.deployment} asks the index {endpoint_checks.use_text(use)}" for use in ws.endpoints.index_uses(endpoint=name)),
    ]
    emit(endpoint, as_json=as_json, text="\n".join(lines))


@app.command("logs")
def logs(
    name: Name,
    *,
    deployment: Annotated[str | None, typer.Option(help="Of this deployment only.")] = None,
    replica: Annotated[str | None, typer.Option(help="Of this replica only: its name, or the end of it such as 3-0.")] = None,
    tail: Annotated[int, typer.Option(min=1, max=5000, help="How many lines of each replica.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Print the last lines that the replicas wrote.

    Example: flowyard endpoint logs support --tail 50
    """
    found = workspace().endpoints.logs(name, deployment=deployment, replica=replica, tail=tail)
    text = "\n".join(line for lines in found for line in (f"== {lines.replica} ==", *lines.lines))
    if not found and not as_json:
        note(f"{name} has no replicas.")
        return
    emit(found, as_json=as_json, text=text)


@app.command("update")
def update(
    name: Name,
    *,
    traffic: Annotated[str | None, typer.Option(help='The split, per cent: "blue=90 green=10".')] = None,
    mirror_traffic: Annotated[
        str | None, typer.Option(help='The deployment that gets copies of so many per cent of the requests: "green=10"; "" ends it.')
    ] = None,
    description: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    auth_mode: endpoint_keys.NewMode = None,
    as_json: AsJson = False,
) -> None:
    """Split the traffic among the deployments, mirror some of it, say what the endpoint is for, or how it is called.

    Example: flowyard endpoint update support --traffic "blue=90 green=10"
    """
    endpoints = workspace().endpoints
    mirror = None if mirror_traffic is None else _shares(mirror_traffic)
    change = EndpointUpdate(description=description, mirror_traffic=mirror, auth_mode=None if auth_mode is None else auth_mode.value)
    if traffic is None and change == EndpointUpdate():
        remedy = 'Give --traffic "blue=90 green=10", --mirror-traffic, --description or --auth-mode.'
        raise InvalidInputError("Nothing is to be changed.", remedy=remedy)
    if change != EndpointUpdate():
        endpoint = endpoints.update(name, change)
        emit(endpoint, as_json=as_json and traffic is None, text=f"{name}: mirrored {_split(endpoint.mirror_traffic)}")
    if traffic is not None:
        endpoint = endpoints.set_traffic(name, _shares(traffic))
        emit(endpoint, as_json=as_json, text=f"{name}: {_split(endpoint.traffic)}")


app.add_typer(collected_data.app, name="collected-data")
app.command("get-credentials")(endpoint_keys.get_credentials)
app.command("regenerate-key")(endpoint_keys.regenerate_key)
app.command("metrics")(endpoint_metrics.metrics)
app.command("scale")(scaling.scale)
app.command("scaling")(scaling.scaling)
app.add_typer(rollouts.app, name="rollout")
app.command("build")(endpoint_build.build)
app.command("history")(endpoint_history.history)
app.command("rollback")(endpoint_history.rollback)


@app.command("delete")
def delete(
    name: Name,
    deployment: Annotated[str | None, typer.Option(help="Delete this deployment only.")] = None,
    as_json: AsJson = False,
) -> None:
    """Delete an endpoint with its deployments, or one deployment that takes no traffic.

    Example: flowyard endpoint delete support
    """
    ws = workspace()
    if deployment is None:
        ws.endpoints.delete(name)
    else:
        ws.endpoints.delete_deployment(name, deployment)
    what = {"deleted": f"{name}/{deployment}" if deployment else name}
    emit(what, as_json=as_json, text=f"Deleted {what['deleted']}.")


def _upload(ws: "Workspace", flow: str) -> tuple[str, str | None]:
    """Return the flow's name and, for a folder on this machine, the digest of its snapshot."""
    folder = Path(flow).expanduser()
    if not folder.exists():
        if "/" in flow or flow.startswith("."):
            raise InvalidInputError(f"There is no folder {flow!r}.", remedy="Give a flow's folder.")
        return flow, None
    from flowyard.flows.snapshots import pack

    folder = (folder if folder.is_dir() else folder.parent).resolve()
    return folder.name, ws.flows.upload(pack(folder)).digest


def _upload_mlflow(ws: "Workspace", folder: Path) -> tuple[str, str]:
    """Return the digest of a snapshot that serves an MLflow model, and its script."""
    from flowyard.client.applying.sources import Source
    from flowyard.flows.mlflow_models import SCRIPT, is_mlflow_model, mlflow_files

    if not is_mlflow_model(folder):
        raise InvalidInputError(
            f"{str(folder)!r} is no MLflow model.", remedy="Give a folder with the file MLmodel, or a catalog model's name."
        )
    source = Source(script=SCRIPT, files=mlflow_files(folder.resolve()))
    return ws.flows.upload(source.archive()).digest, SCRIPT


def _body(inputs: list[str] | None, request_file: Path | None) -> Any:
    if request_file is None:
        return key_values(inputs or [])
    if inputs:
        raise InvalidInputError("Give --inputs or --request-file, not both.")
    from flowyard.foundation.codecs import from_json

    return from_json(request_file.read_bytes())


def _shares(text: str) -> dict[str, int]:
    shares: dict[str, int] = {}
    for pair in text.replace(",", " ").split():
        name, _, share = pair.partition("=")
        if not name or not share.isdigit():
            raise InvalidInputError(f"{pair!r} is not of the form name=percent.", remedy='Write for instance --traffic "blue=90 green=10".')
        shares[name] = int(share)
    return shares


def _split(shares: dict[str, int]) -> str:
    return " ".join(f"{name}={share}" for name, share in shares.items()) or "none"


def _deployment_lines(deployment: Deployment) -> list[str]:
    what = f"flow {deployment.flow or (deployment.digest or '')[:12]}"
    if deployment.model or deployment.script:
        what = f"model {deployment.model}" if deployment.model else f"script {deployment.script}"
    scale = deployment.settings.scale
    scaled = "" if scale.type == "default" else f", scaled from {scale.min_instances} to {scale.max_instances} instances"
    lines = [f"  {deployment.name}: {deployment.state}, {what}{scaled}"]
    if deployment.error:
        lines.append(f"    {str(deployment.error.get('detail', '')).strip()}")
    lines += [f"    {replica.name} {replica.state} pid {replica.pid} restarts {replica.restarts}" for replica in deployment.replicas]
    return lines
