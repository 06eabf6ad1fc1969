"""Which bounds a deployment's requests can have."""

from flowyard.endpoints.checking.gates import check_gates
from flowyard.endpoints.collecting.settings import check_collector
from flowyard.endpoints.errors import DeploymentInvalidError
from flowyard.foundation.errors import Location
from flowyard.wire.endpoints import DeploymentSettings, ScaleSettings

_DAY_MS = 24 * 3600 * 1000
#: Lowest and highest value of each.
_RANGES = {"request_timeout_ms": (1, _DAY_MS), "max_concurrent_requests_per_instance": (1, 10_000), "max_queue_wait_ms": (0, _DAY_MS)}
_PROBE_RANGES = {"initial_delay": (0, 3600), "period": (1, 3600), "timeout": (1, 300), "failure_threshold": (1, 1000)}
_LONGEST_START_S = 3600
#: Replicas of a deployment.
MOST_INSTANCES = 16
_SCALE_RANGES = {
    "min_instances": (1, MOST_INSTANCES),
    "max_instances": (1, MOST_INSTANCES),
    "target_utilization_percentage": (1, 100),
    "polling_interval": (1, 3600),
    "target_p95_ms": (1, _DAY_MS),
    "cool_down_s": (1, 24 * 3600),
}


def check_settings(settings: DeploymentSettings) -> DeploymentSettings:
    """Return `settings` when every bound is in its range.

    Raises:
        DeploymentInvalidError: one is not.
    """
    for name, (lowest, highest) in _RANGES.items():
        _check(f"request/{name}", getattr(settings.request, name), lowest, highest)
    if settings.liveness_probe is not None:
        for name, (lowest, highest) in _PROBE_RANGES.items():
            _check(f"liveness_probe/{name}", getattr(settings.liveness_probe, name), lowest, highest)
    check_scale(settings.scale)
    _check("ready_within_s", settings.ready_within_s, 1, _LONGEST_START_S)
    if settings.data_collector is not None:
        check_collector(settings.data_collector)
    check_gates(settings.gates)
    return settings


def check_scale(scale: ScaleSettings) -> ScaleSettings:
    """Return `scale` when every bound is in its range.

    Raises:
        DeploymentInvalidError: one is not, or the least number of instances is above the greatest.
    """
    for name, (lowest, highest) in _SCALE_RANGES.items():
        _check(f"scale/{name}", getattr(scale, name), lowest, highest)
    if scale.min_instances > scale.max_instances:
        raise DeploymentInvalidError(
            f"min_instances is {scale.min_instances} and max_instances {scale.max_instances}.",
            remedy="Let the first be no greater than the second.",
            location=Location(pointer="/settings/scale/min_instances"),
        )
    return scale


def _check(name: str, value: int | None, lowest: int, highest: int) -> None:
    if value is not None and not lowest <= value <= highest:
        raise DeploymentInvalidError(
            f"{name.rpartition('/')[2]} is {value}, expected {lowest} to {highest}.", location=Location(pointer=f"/settings/{name}")
        )
