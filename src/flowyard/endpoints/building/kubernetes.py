"""The Kubernetes manifest of a built deployment: Deployment, Service and HorizontalPodAutoscaler."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from flowyard.flows.build.docker import PORT, USER
from flowyard.wire.endpoints import Probe

FILE = "kubernetes.yaml"
_PERIOD_S = 5
# The autoscaler adds pods above this share of the processor that is asked for.
_BUSY_PERCENT = 70
# A pod is taken off the service's list while it still answers: until all have heard of that, it goes on.
_LEAVE_S = 5
_DRAIN_S = 30

_HEAD = """\
# Apply: kubectl apply -f {file}
# The image: docker build -t {image} . && docker push {image}
{secret}# Who may reach the service is the cluster's to say: the image asks {callers}.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What runs.

    Attributes:
        name: of all its objects.
        image: the image's name in a registry.
        replicas: how many pods at least.
        most: how many at most.
        variables: environment variables that the Secret of the same name holds.
        callers: what callers are asked for, in words.
        annotations: what the pods say of themselves.
        gpu: each pod gets an NVIDIA card.
        memory_mib: memory that each pod asks for; it may use four times that.
        start_s: how long a start may take.
        liveness: when a pod that does not answer is started again.
    """

    name: str
    image: str
    replicas: int = 1
    most: int = 1
    variables: Sequence[str] = ()
    callers: str = "for no key"
    annotations: Mapping[str, str] = field(default_factory=dict[str, str])
    gpu: bool = False
    memory_mib: int = 256
    start_s: int = 120
    liveness: Probe = field(default_factory=lambda: Probe(initial_delay=0, failure_threshold=3, timeout=5))


def manifest(workload: Workload) -> str:
    """Return the text of the manifest: YAML documents."""
    keys = " ".join(f"--from-literal={variable}=..." for variable in workload.variables)
    secret = f"# Before: kubectl create secret generic {workload.name} {keys}\n" if keys else ""
    head = _HEAD.format(file=FILE, image=workload.image, secret=secret, callers=workload.callers)
    return head + yaml.safe_dump_all([_deployment(workload), _service(workload), _autoscaler(workload)], sort_keys=False)


def _named(workload: Workload) -> dict[str, Any]:
    return {"name": workload.name, "labels": _labels(workload)}


def _labels(workload: Workload) -> dict[str, str]:
    return {"app.kubernetes.io/name": workload.name, "app.kubernetes.io/managed-by": "flowyard"}


def _selector(workload: Workload) -> dict[str, str]:
    return {"app.kubernetes.io/name": workload.name}


def _deployment(workload: Workload) -> dict[str, Any]:
    pod: dict[str, Any] = {
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": _DRAIN_S,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(workload)],
        # The image's own file system is read only; these two are what may be written.
        "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "home", "emptyDir": {}}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _named(workload),
        "spec": {
            "replicas": workload.replicas,
            "selector": {"matchLabels": _selector(workload)},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "template": {"metadata": {"labels": _labels(workload), "annotations": dict(workload.annotations)}, "spec": pod},
        },
    }


def _container(workload: Workload) -> dict[str, Any]:
    live = workload.liveness
    limits = {"memory": f"{workload.memory_mib * 4}Mi"} | ({"nvidia.com/gpu": "1"} if workload.gpu else {})
    return {
        "name": "serve",
        "image": workload.image,
        "ports": [{"name": "http", "containerPort": PORT}],
        **({"envFrom": [{"secretRef": {"name": workload.name}}]} if workload.variables else {}),
        "startupProbe": {**_health(), "periodSeconds": _PERIOD_S, "failureThreshold": max(1, -(-workload.start_s // _PERIOD_S))},
        "readinessProbe": {**_health(), "periodSeconds": _PERIOD_S, "failureThreshold": 1},
        "livenessProbe": {
            **_health(),
            "initialDelaySeconds": live.initial_delay,
            "periodSeconds": live.period,
            "timeoutSeconds": live.timeout,
            "failureThreshold": live.failure_threshold,
        },
        "lifecycle": {"preStop": {"exec": {"command": ["sleep", str(_LEAVE_S)]}}},
        "resources": {"requests": {"cpu": "250m", "memory": f"{workload.memory_mib}Mi"}, "limits": limits},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, {"name": "home", "mountPath": "/home/flow"}],  # noqa: S108
    }


def _health() -> dict[str, Any]:
    return {"httpGet": {"path": "/health", "port": "http"}, "timeoutSeconds": 4}


def _service(workload: Workload) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _named(workload),
        "spec": {"selector": _selector(workload), "ports": [{"name": "http", "port": 80, "targetPort": "http"}]},
    }


def _autoscaler(workload: Workload) -> dict[str, Any]:
    processor = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": _BUSY_PERCENT}}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": _named(workload),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.name},
            "minReplicas": workload.replicas,
            "maxReplicas": workload.most,
            "metrics": [{"type": "Resource", "resource": processor}],
        },
    }
