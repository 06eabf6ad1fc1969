"""Rollouts as routes ask for them."""

from collections.abc import Callable
from dataclasses import replace

from flowyard.endpoints.errors import DeploymentUnknownError
from flowyard.endpoints.online.lookup import find_endpoint
from flowyard.endpoints.online.ports import EndpointStore
from flowyard.endpoints.rollouts.drive import begun, finished
from flowyard.endpoints.rollouts.errors import RolloutActiveError, RolloutInvalidError, RolloutUnknownError, TrafficMovedError
from flowyard.endpoints.rollouts.model import ACTIVE, Progress, RolloutRecord
from flowyard.endpoints.rollouts.ports import RolloutStore
from flowyard.evaluation.registry import evaluator_class
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import Location, nearest
from flowyard.foundation.ids import new_id
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.wire.rollouts import Rollout, RolloutStart, RolloutStep

#: Lowest and highest value of each number.
_RANGES: dict[str, tuple[float, float]] = {
    "every_s": (5, 7 * 24 * 3600),
    "min_requests": (1, 1_000_000),
    "max_error_rate": (0, 1),
    "max_p95_ms": (1, 3_600_000),
    "max_p95_ratio": (1, 100),
    "sample": (1, 1000),
}
_MOST_STEPS = 20
_TRIES = 5


class RolloutService:
    """Rollouts of the caller's endpoints."""

    def __init__(self, store: RolloutStore, endpoints: EndpointStore) -> None:
        self._store = store
        self._endpoints = endpoints

    def start(self, caller: Caller, name: str, spec: RolloutStart) -> Rollout:
        """Begin a rollout: traffic moves to its first step at once.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            DeploymentUnknownError: it has no such deployment.
            RolloutInvalidError: a value is out of its range, the deployment serves nothing yet, has all traffic, or there is no other.
            RolloutActiveError: a rollout of the endpoint goes on.
            UnknownEvaluatorError: there is no such evaluator.
        """
        endpoint = find_endpoint(self._endpoints, caller, name)
        deployment = endpoint.deployment(spec.to)
        if deployment is None:
            names = [entry.name for entry in endpoint.deployments]
            near = nearest(spec.to, names)
            raise DeploymentUnknownError(
                f"The endpoint {name!r} has no deployment {spec.to!r}.",
                remedy=f"Did you mean {near!r}?" if near else f"It has: {', '.join(names) or 'none'}.",
            )
        _check(spec)
        if any(entry.state in ACTIVE for entry in self._store.find(endpoint.id)):
            raise RolloutActiveError(name)
        if deployment.revision == 0:
            raise _invalid(f"The deployment {spec.to!r} serves nothing yet.", "Deploy it first; it takes no traffic by itself.", "to")
        if not any(share for other, share in endpoint.traffic.items() if other != spec.to):
            raise _invalid(
                f"No other deployment of {name!r} takes traffic: there is nothing to move to {spec.to!r}.",
                f"The traffic is set at once with: flowyard endpoint update {name} --traffic {spec.to}=100",
                "to",
            )
        if spec.steps[0] <= endpoint.traffic.get(spec.to, 0):
            raise _invalid(
                f"{spec.to!r} has {endpoint.traffic[spec.to]} % of the traffic already, and the first step is {spec.steps[0]}.",
                "Begin with a greater share.",
                "steps",
            )
        if spec.to in endpoint.mirror_traffic:
            raise _invalid(
                f"Traffic is mirrored to {spec.to!r}.", f'End that first: flowyard endpoint update {name} --mirror-traffic ""', "to"
            )
        now = now_ns()
        steps = tuple(RolloutStep(share=share, state="pending") for share in spec.steps)
        progress = Progress(before=endpoint.traffic, traffic=endpoint.traffic, steps=steps, revision=deployment.revision)
        record = RolloutRecord(
            id=new_id(),
            workspace_id=caller.workspace_id,
            endpoint_id=endpoint.id,
            endpoint=name,
            state="running",
            spec=spec,
            progress=begun(progress, 0, spec.steps[0], spec.to),
            created_ns=now,
            created_by=caller.actor,
            updated_ns=now,
        )
        self._store.add(record, audit_record(caller, "rollout.start", f"endpoints/{name}", plain(spec)))
        return show_rollout(record)

    def list(self, caller: Caller, name: str) -> tuple[Rollout, ...]:
        """Return an endpoint's rollouts, the newest first.

        Raises:
            EndpointUnknownError: there is no such endpoint.
        """
        return tuple(show_rollout(record) for record in self._store.find(find_endpoint(self._endpoints, caller, name).id))

    def pause(self, caller: Caller, name: str) -> Rollout:
        """Let the rollout stay at its step; a breach still moves traffic back.

        Raises:
            EndpointUnknownError, RolloutUnknownError: there is no such endpoint, or no rollout that goes on.
        """
        return self._change(caller, name, "rollout.pause", lambda record: replace(record, state="paused"))

    def resume(self, caller: Caller, name: str) -> Rollout:
        """Let a paused rollout go on.

        Raises:
            EndpointUnknownError, RolloutUnknownError: there is no such endpoint, or no rollout that goes on.
        """
        return self._change(caller, name, "rollout.resume", lambda record: replace(record, state="running"))

    def abort(self, caller: Caller, name: str) -> Rollout:
        """End the rollout; traffic becomes what it was before.

        Raises:
            EndpointUnknownError, RolloutUnknownError: there is no such endpoint, or no rollout that goes on.
            TrafficMovedError: somebody changed the traffic meanwhile.
        """

        def aborted(record: RolloutRecord) -> RolloutRecord:
            ended = finished(record, "aborted", f"{caller.actor} ended it.", by=caller.actor)
            return replace(ended, progress=replace(ended.progress, traffic=record.progress.before))

        return self._change(caller, name, "rollout.abort", aborted)

    def _change(self, caller: Caller, name: str, action: str, change: Callable[[RolloutRecord], RolloutRecord]) -> Rollout:
        endpoint = find_endpoint(self._endpoints, caller, name)
        for _ in range(_TRIES):
            record = next((entry for entry in self._store.find(endpoint.id) if entry.state in ACTIVE), None)
            if record is None:
                raise RolloutUnknownError(
                    f"No rollout of {name!r} goes on.", remedy=f"See those that ended: flowyard endpoint rollout show {name}"
                )
            changed = change(record)
            moved = record.progress.traffic if changed.progress.traffic != record.progress.traffic else None
            audit = audit_record(caller, action, f"endpoints/{name}", {"rollout": record.id, "to": record.spec.to})
            if self._store.save(changed, sample=0 if changed.state not in ACTIVE else None, moved_from=moved, audit=audit):
                return show_rollout(changed)
        raise TrafficMovedError("The traffic or the rollout was changed at the same moment.", remedy="Look, and try again.")


def show_rollout(record: RolloutRecord) -> Rollout:
    """Return a rollout as the API shows it."""
    progress = record.progress
    return Rollout(
        id=record.id,
        endpoint=record.endpoint,
        state=record.state,
        detail=progress.detail,
        spec=record.spec,
        step=progress.step,
        steps=progress.steps,
        before=progress.before,
        created_at=to_rfc3339(record.created_ns),
        created_by=record.created_by,
        updated_at=to_rfc3339(record.updated_ns),
        ended_at=None if progress.ended_ns is None else to_rfc3339(progress.ended_ns),
        ended_by=progress.ended_by,
    )


def _check(spec: RolloutStart) -> None:
    for name, (lowest, highest) in _RANGES.items():
        value = getattr(spec, name)
        if value is not None and not lowest <= value <= highest:
            raise _invalid(f"{name} is {value:g}, expected {lowest:g} to {highest:g}.", None, name)
    rising = all(before < after for before, after in zip(spec.steps, spec.steps[1:], strict=False))
    if not spec.steps or not rising or spec.steps[0] < 1 or spec.steps[-1] > 100 or len(spec.steps) > _MOST_STEPS:
        raise _invalid(
            f"The steps are {', '.join(map(str, spec.steps)) or 'none'}, expected up to {_MOST_STEPS} rising shares of 1 to 100 per cent.",
            "Give for instance 5, 25, 50, 100.",
            "steps",
        )
    if (spec.evaluator is None) != (spec.min_score is None):
        raise _invalid("An evaluator and its bound go together.", "Give both evaluator and min_score, or none.", "evaluator")
    if spec.evaluator is not None:
        evaluator_class(spec.evaluator)


def _invalid(message: str, remedy: str | None, name: str) -> RolloutInvalidError:
    return RolloutInvalidError(message, remedy=remedy, location=Location(pointer=f"/{name}"))
