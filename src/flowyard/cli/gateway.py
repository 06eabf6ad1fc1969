"""``flowyard gateway``: routes, and how the gateway fares with them."""

from pathlib import Path
from typing import Annotated, cast

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.routes import GatewayStatus, Route, RouteCreate, RouteSample, RouteSpec

app = typer.Typer(no_args_is_help=True, help="Give models one name to call them by, with fallbacks, and see how calls fare.")
route = typer.Typer(no_args_is_help=True, help="Make and change routes.")
app.add_typer(route, name="route")

Name = Annotated[str, typer.Argument(help="The route's name.")]
File = Annotated[Path, typer.Option("--file", "-f", help="YAML: name, targets, and what else docs/gateway.md tells.")]


@route.command("create")
def create_route(*, file: File, as_json: AsJson = False) -> None:
    """Make a route from a YAML file.

    Example: flowyard gateway route create -f route.yaml
    """
    asked = _read(file)
    made = workspace().routes.create(asked.name, asked.spec)
    emit(made, as_json=as_json, text=f'The route {made.name!r} is there. Call it as a model: "model": "{made.name}"')


@route.command("update")
def update_route(*, file: File, as_json: AsJson = False) -> None:
    """Put a YAML file in the place of what a route was; it holds within a second.

    Example: flowyard gateway route update -f route.yaml
    """
    asked = _read(file)
    changed = workspace().routes.replace(asked.name, asked.spec)
    emit(changed, as_json=as_json, text=f"The route {changed.name!r} is changed.")


@route.command("list")
def list_routes(*, as_json: AsJson = False) -> None:
    """List the routes.

    Example: flowyard gateway route list
    """
    found = workspace().routes.list()
    rows = [
        (one.name, _targets(one.spec), ", ".join(one.spec.fallbacks), _cache(one.spec), _logging(one.spec), one.updated_at[:16])
        for one in found
    ]
    emit_table(
        found,
        as_json=as_json,
        columns=("name", "targets", "fallbacks", "cache", "logging", "changed"),
        rows=rows,
        empty="There are no routes. Make one with: flowyard gateway route create -f FILE",
    )


@route.command("show")
def show_route(name: Name, *, as_json: AsJson = False) -> None:
    """Show a route as the YAML that makes it.

    Example: flowyard gateway route show chat
    """
    found = workspace().routes.get(name)
    emit(found, as_json=as_json, text=_yaml(found))


@route.command("delete")
def delete_route(name: Name, *, as_json: AsJson = False) -> None:
    """Delete a route.

    Example: flowyard gateway route delete chat
    """
    workspace().routes.delete(name)
    emit({"name": name, "deleted": True}, as_json=as_json, text=f"The route {name!r} is deleted.")


@app.command("status")
def show_status(*, as_json: AsJson = False) -> None:
    """Show each gateway that runs: how calls to the routes' models ended, whether a breaker is open, its cache, what it adds to a call.

    Example: flowyard gateway status
    """
    found = workspace().routes.gateways()
    rows = [(gateway.gateway, one.route, one.model, one.breaker, one.answered, one.failed) for gateway in found for one in gateway.targets]
    emit_table(
        found,
        as_json=as_json,
        columns=("gateway", "route", "model", "breaker", "answered", "failed"),
        rows=rows,
        empty="No route was called yet.",
    )
    if not as_json:
        for gateway in found:
            typer.echo(_gateway_line(gateway), err=True)


def _gateway_line(found: GatewayStatus) -> str:
    cache = f"cache: {found.cache_hits} hits, {found.cache_misses} misses, {found.cache_bytes / 1e6:.1f} MB"
    if found.overhead_p50_ms is None or found.overhead_p99_ms is None:
        return f"{found.gateway}: no model call yet; {cache}"
    added = f"adds {found.overhead_p50_ms:.2f} ms to a call (p50), {found.overhead_p99_ms:.2f} ms (p99)"
    return f"{found.gateway}: {found.calls} model calls, {added}; {cache}"


def _read(file: Path) -> RouteCreate:
    import yaml

    from flowyard.foundation.codecs import convert

    try:
        given = yaml.safe_load(file.read_text())
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be read: {error.strerror}.", remedy="Give the path of a YAML file.") from error
    except yaml.YAMLError as error:
        raise InvalidInputError(f"{file} is no YAML: {error}.", remedy="See docs/gateway.md for the form.") from error
    if not isinstance(given, dict):
        raise InvalidInputError(f"{file} is no mapping.", remedy="Write name: and targets:, see docs/gateway.md.")
    fields = cast("dict[str, object]", given)
    known = {"name", *RouteSpec.__dataclass_fields__}
    for key in fields:
        if key not in known:
            raise InvalidInputError(f"{file}: {key!r} is not known.", remedy=f"Known are {', '.join(sorted(known))}.")
    return convert({"name": fields.pop("name", None), "spec": fields}, RouteCreate)


def _yaml(found: Route) -> str:
    import yaml

    from flowyard.foundation.codecs import plain

    return yaml.safe_dump({"name": found.name, **plain(found.spec)}, sort_keys=False).rstrip()


def _targets(spec: RouteSpec) -> str:
    return ", ".join(f"{target.model} ({target.weight})" for target in spec.targets)


def _cache(spec: RouteSpec) -> str:
    return "" if spec.cache is None else f"{spec.cache.ttl_s:g} s per {spec.cache.scope}"


def _logging(spec: RouteSpec) -> str:
    return f"{spec.logging.sample:.0%} of traces" if isinstance(spec.logging, RouteSample) else spec.logging
