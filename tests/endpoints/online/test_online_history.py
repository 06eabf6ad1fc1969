"""What served before: kept by revision, and brought back."""

from typing import Any

import pytest

from flowyard.compute.errors import ProcessFailedError
from flowyard.endpoints.errors import DeploymentBusyError, DeploymentUnknownError, ReplicaUnknownError, RevisionUnknownError
from flowyard.storage.sql.snapshot_use import SqlSnapshotUse
from flowyard.wire.endpoints import DeploymentCreate, EndpointCreate
from support.online_installation import Online


def create(installation: Online) -> None:
    installation.service.create(installation.caller, EndpointCreate(name="support"))


def deploy(installation: Online, **fields: Any) -> Any:
    return installation.run(installation.service.deploy(installation.caller, "support", DeploymentCreate(flow="answers", **fields)))


def shown(installation: Online) -> Any:
    return installation.service.get(installation.caller, "support")


def test_what_served_before_is_kept_and_comes_back(installation: Online) -> None:
    create(installation)
    for version in ("1", "2", "3"):
        installation.write_flow(version=version)
        deploy(installation, environment_variables={"VERSION": version})
    kept = installation.service.revisions(installation.caller, "support", "blue")
    assert [(entry.revision, entry.serving, entry.environment_variables["VERSION"]) for entry in kept] == [
        (3, True, "3"),
        (2, False, "2"),
        (1, False, "1"),
    ]
    assert {entry.deployed_by for entry in kept} == {installation.caller.actor}
    assert len({entry.digest for entry in kept}) == 3
    job = installation.service.rollback(installation.caller, "support", "blue", None)
    assert job.title == "Roll support/blue back to revision 2"
    installation.run(job)
    (blue,) = shown(installation).deployments
    assert (blue.digest, blue.environment_variables) == (kept[1].digest, {"VERSION": "2"})
    installation.run(installation.service.rollback(installation.caller, "support", "blue", 1))
    (blue,) = shown(installation).deployments
    assert blue.digest == kept[2].digest
    assert [entry.revision for entry in installation.service.revisions(installation.caller, "support", "blue")] == [5, 4, 3, 2, 1]
    used, _ = SqlSnapshotUse(installation.engine).snapshots_in_use()
    assert {entry.digest for entry in kept} <= used
    with pytest.raises(RevisionUnknownError, match="no revision 9") as refused:
        installation.service.rollback(installation.caller, "support", "blue", 9)
    assert refused.value.remedy == "It has: 5, 4, 3, 2, 1."
    installation.service.delete(installation.caller, "support")


def test_a_rollback_that_does_not_get_ready_leaves_what_serves(installation: Online) -> None:
    create(installation)
    for version in ("1", "2"):
        installation.write_flow(version=version)
        deploy(installation)
    serving = shown(installation).deployments[0]
    job = installation.service.rollback(installation.caller, "support", "blue", 1)
    with pytest.raises(DeploymentBusyError):
        installation.service.rollback(installation.caller, "support", "blue", 1)
    installation.host.failing = "replica/"
    with pytest.raises(ProcessFailedError):
        installation.run(job)
    (blue,) = shown(installation).deployments
    assert (blue.state, blue.digest) == ("healthy", serving.digest)
    assert [entry.serving for entry in installation.service.revisions(installation.caller, "support", "blue")] == [True, False]


def test_the_log_of_one_replica(installation: Online) -> None:
    create(installation)
    installation.write_flow()
    deploy(installation, instance_count=2)
    (blue,) = shown(installation).deployments
    first, second = (replica.name for replica in blue.replicas)
    service, caller = installation.service, installation.caller
    assert [lines.replica for lines in service.logs(caller, "support")] == [first, second]
    assert [lines.lines for lines in service.logs(caller, "support", replica="1-1")] == [(f"line of {second}",)]
    assert [lines.replica for lines in service.logs(caller, "support", replica=first)] == [first]
    with pytest.raises(ReplicaUnknownError, match="no replica '9-0'") as refused:
        service.logs(caller, "support", replica="9-0")
    assert first in str(refused.value.remedy)


def test_only_so_many_revisions_are_kept(installation: Online, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowyard.storage.sql.endpoints.REVISIONS_KEPT", 2)
    create(installation)
    installation.write_flow()
    with pytest.raises(DeploymentUnknownError):
        installation.service.revisions(installation.caller, "support", "blue")
    for _ in range(3):
        deploy(installation)
    assert [entry.revision for entry in installation.service.revisions(installation.caller, "support", "blue")] == [3, 2]
