"""Routes: made, checked, changed, deleted."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from flowyard.endpoints.errors import RouteInvalidError, RouteTakenError, RouteUnknownError
from flowyard.endpoints.routes.ports import RouteRecord, RouteStore
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import Location, nearest
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.wire.routes import Route, RouteCreate, RouteSample, RouteSpec

ENDPOINT_PREFIX = "endpoint:"
_NAME = re.compile(r"[a-zA-Z0-9](?:[-._a-zA-Z0-9]{0,62}[a-zA-Z0-9])?")
_MOST_TARGETS = 20
_MOST_ATTEMPTS = 10
_DAY_S = 86_400.0


class RouteService:
    """The routes of the caller's workspace.

    Args:
        store: keeps them.
        models: returns the names of the catalog's models: a route must not take one.
        connections: returns the names of the workspace's connections.
    """

    def __init__(self, store: RouteStore, models: Callable[[], Iterable[str]], connections: Callable[[Caller], Iterable[str]]) -> None:
        self._store = store
        self._models = models
        self._connections = connections

    def list(self, caller: Caller) -> tuple[Route, ...]:
        """Return the routes by name."""
        return tuple(_to_wire(record) for record in self._store.all(caller.workspace_id))

    def get(self, caller: Caller, name: str) -> Route:
        """Return one route.

        Raises:
            RouteUnknownError: there is none of this name.
        """
        record = self._store.get(caller.workspace_id, name)
        if record is None:
            raise self._unknown(caller, name)
        return _to_wire(record)

    def create(self, caller: Caller, request: RouteCreate) -> Route:
        """Make a route.

        Raises:
            RouteInvalidError: the name or something of the spec cannot be.
            RouteTakenError: there is a route, or a model of the catalog, of that name.
        """
        if not _NAME.fullmatch(request.name):
            raise RouteInvalidError(
                f"{request.name[:100]!r} is no name for a route.",
                remedy="Use 1 to 64 letters, digits, hyphens, dots and underscores, a letter or digit first and last.",
                location=Location(pointer="/name"),
            )
        if request.name in set(self._models()):
            raise RouteTakenError(
                f"The catalog has a model {request.name!r}: a route of that name would hide it.", remedy="Choose another name."
            )
        self._check(caller, request.spec)
        now = now_ns()
        record = RouteRecord(workspace_id=caller.workspace_id, name=request.name, spec=request.spec, created_ns=now, updated_ns=now)
        if not self._store.add(record, audit_record(caller, "route.create", f"routes/{record.name}", plain(record.spec))):
            raise RouteTakenError(
                f"There is a route {request.name!r} already.", remedy="Run: flowyard gateway route update -f FILE, or choose another name."
            )
        return _to_wire(record)

    def replace(self, caller: Caller, name: str, spec: RouteSpec) -> Route:
        """Put a spec in the place of what a route was; gateways know it within a second.

        Raises:
            RouteInvalidError: something of the spec cannot be.
            RouteUnknownError: there is no such route.
        """
        self._check(caller, spec)
        present = self._store.get(caller.workspace_id, name)
        if present is None:
            raise self._unknown(caller, name)
        record = replace(present, spec=spec, updated_ns=now_ns())
        if not self._store.replace(record, audit_record(caller, "route.update", f"routes/{name}", plain(spec))):
            raise self._unknown(caller, name)
        return _to_wire(record)

    def delete(self, caller: Caller, name: str) -> None:
        """Delete a route.

        Raises:
            RouteUnknownError: there is none of this name.
        """
        if not self._store.delete(caller.workspace_id, name, audit_record(caller, "route.delete", f"routes/{name}")):
            raise self._unknown(caller, name)

    def _unknown(self, caller: Caller, name: str) -> RouteUnknownError:
        near = nearest(name, [record.name for record in self._store.all(caller.workspace_id)])
        return RouteUnknownError(
            f"There is no route {name!r}.", remedy=f"Did you mean {near!r}?" if near else "List them with: flowyard gateway route list"
        )

    def _check(self, caller: Caller, spec: RouteSpec) -> None:
        check_numbers(spec)
        catalog, connections = set(self._models()), set(self._connections(caller))
        named = [(f"/targets/{at}/model", target.model) for at, target in enumerate(spec.targets)]
        named += [(f"/fallbacks/{at}", model) for at, model in enumerate(spec.fallbacks)]
        for pointer, model in named:
            connection, separator, rest = model.partition("/")
            if model.startswith(ENDPOINT_PREFIX) and len(model) > len(ENDPOINT_PREFIX):
                continue
            known = connection in connections and bool(rest) if separator else model in catalog
            if not known:
                near = nearest(connection if separator else model, connections if separator else catalog)
                missing = f"there is no connection {connection!r}" if separator else "the catalog has none of that name"
                remedy = "Name a catalog model, <connection>/<model> or endpoint:<name>; no other route."
                raise RouteInvalidError(
                    f"{model!r} names no model: {missing}.",
                    remedy=f"Did you mean {near!r}?" if near else remedy,
                    location=Location(pointer=pointer),
                )


def check_numbers(spec: RouteSpec) -> None:
    """Check what can be checked of the spec alone.

    Raises:
        RouteInvalidError: a number is out of its range, or there is no target that takes calls.
    """
    if not 1 <= len(spec.targets) + len(spec.fallbacks) <= _MOST_TARGETS or not any(target.weight > 0 for target in spec.targets):
        raise RouteInvalidError(
            "The route has no target that takes calls, or too many.",
            remedy=f"Give 1 to {_MOST_TARGETS} targets and fallbacks, and a target with a weight above 0.",
            location=Location(pointer="/targets"),
        )
    share = spec.logging.sample if isinstance(spec.logging, RouteSample) else 1.0
    bounds: list[tuple[str, float | None, float, float]] = [
        ("/retry/attempts", spec.retry.attempts, 1, _MOST_ATTEMPTS),
        ("/retry/backoff_s", spec.retry.backoff_s, 0, 60),
        ("/timeout_s", spec.timeout_s, 0.001, _DAY_S),
        ("/breaker/errors", spec.breaker.errors, 1, 1000),
        ("/breaker/window_s", spec.breaker.window_s, 0.1, _DAY_S),
        ("/breaker/open_s", spec.breaker.open_s, 0.1, _DAY_S),
        ("/cache/ttl_s", None if spec.cache is None else spec.cache.ttl_s, 0.001, 30 * _DAY_S),
        ("/logging/sample", share, 0, 1),
        *((f"/targets/{at}/weight", target.weight, 0, 1_000_000) for at, target in enumerate(spec.targets)),
    ]
    for pointer, value, least, most in bounds:
        if value is not None and not least <= value <= most:
            raise RouteInvalidError(
                f"{pointer.rpartition('/')[2]} is {value:g}.", remedy=f"Give {least:g} to {most:g}.", location=Location(pointer=pointer)
            )


def _to_wire(record: RouteRecord) -> Route:
    return Route(name=record.name, spec=record.spec, created_at=to_rfc3339(record.created_ns), updated_at=to_rfc3339(record.updated_ns))
