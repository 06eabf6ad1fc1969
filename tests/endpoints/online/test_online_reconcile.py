import shutil
from dataclasses import replace
from typing import Any

import pytest

from flowyard.endpoints.figures import Counts, GatewayCounts
from flowyard.endpoints.online import reconcile
from flowyard.endpoints.online.model import key_scope
from flowyard.wire.endpoints import DeploymentCreate, EndpointCreate
from support.online_installation import Online


@pytest.fixture
def serving(installation: Online) -> Online:
    installation.write_flow()
    installation.service.create(installation.caller, EndpointCreate(name="support"))
    installation.run(installation.service.deploy(installation.caller, "support", DeploymentCreate(flow="answers", instance_count=2)))
    return installation


def deployment(installation: Online) -> Any:
    return installation.store.get("w1", "support").deployments[0]


def test_nothing_to_do_changes_nothing(serving: Online) -> None:
    before = deployment(serving)
    serving.reconciler.tick()
    serving.reconciler.tick()
    assert deployment(serving) == before
    assert serving.host.started == 2


def test_replicas_come_back_with_new_secrets_after_the_supervisor_was_restarted(serving: Online) -> None:
    before = {replica.name: replica for replica in deployment(serving).replicas}
    keys = [spec.message["api_key"] for spec in serving.host.specs.values()]
    serving.host.lose_all()
    serving.reconciler.tick()
    serving.reconciler.tick()
    after = {replica.name: replica for replica in deployment(serving).replicas}
    assert after.keys() == before.keys()
    assert all(after[name].token != before[name].token and after[name].address != before[name].address for name in after)
    assert all(replica.state == "ready" for replica in after.values())
    assert not set(keys) & {spec.message["api_key"] for spec in serving.host.specs.values()}


def test_nothing_is_sent_to_where_replicas_listened_before_the_supervisor_was_restarted(serving: Online) -> None:
    serving.host.lose_all()
    serving.store.forget_addresses()
    assert [(replica.address, replica.state) for replica in deployment(serving).replicas] == [(None, "stopped")] * 2
    serving.reconciler.tick()
    serving.reconciler.tick()
    assert all(replica.address and replica.state == "ready" for replica in deployment(serving).replicas)


def test_a_lost_replica_alone_comes_back(serving: Online) -> None:
    lost, kept = (replica.name for replica in deployment(serving).replicas)
    spec = serving.host.specs[kept]
    serving.host.stop(lost)
    serving.reconciler.tick()
    serving.reconciler.tick()
    assert serving.host.specs.keys() == {lost, kept}
    assert serving.host.specs[kept] is spec


def test_a_failed_replica_makes_the_deployment_unhealthy_until_it_is_well_again(serving: Online, monkeypatch: pytest.MonkeyPatch) -> None:
    name = deployment(serving).replicas[0].name
    problem = {"code": "ProcessFailed", "detail": "It ended."}
    serving.host.statuses[name] = replace(serving.host.statuses[name], state="failed", address=None, error=problem)
    serving.host.failing = name
    serving.reconciler.tick()
    assert (deployment(serving).state, deployment(serving).error["detail"]) == ("unhealthy", "It ended.")
    started = serving.host.started
    serving.reconciler.tick()
    assert serving.host.started == started
    serving.host.failing = None
    monkeypatch.setattr(serving.reconciler, "_not_before", {})
    serving.host.stop(name)
    serving.reconciler.tick()
    serving.reconciler.tick()
    assert (deployment(serving).state, deployment(serving).error) == ("healthy", None)


def test_what_cannot_be_started_says_why_and_is_not_tried_all_the_time(serving: Online) -> None:
    serving.host.lose_all()
    shutil.rmtree(serving.home / "storage")
    serving.reconciler.tick()
    serving.reconciler.tick()
    assert deployment(serving).state == "unhealthy"
    assert "snapshot" in deployment(serving).error["detail"]


def test_processes_that_nobody_wants_are_stopped_after_a_while(serving: Online, monkeypatch: pytest.MonkeyPatch) -> None:
    names = set(serving.host.specs)
    serving.service.delete(serving.caller, "support")
    serving.reconciler.tick()
    assert set(serving.host.specs) == names
    monkeypatch.setattr(reconcile, "_UNWANTED_FOR_S", 0.0)
    serving.reconciler.tick()
    assert not serving.host.specs


def test_a_deploy_under_way_is_left_alone(serving: Online, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "_UNWANTED_FOR_S", 0.0)
    job = serving.service.deploy(serving.caller, "support", DeploymentCreate(flow="answers"))
    record = deployment(serving)
    run = serving.job_store.begin(job.id, "worker")
    new, _ = serving.job._start(record, record.plan, 2, 0, lambda _: None)
    serving.reconciler.tick()
    serving.reconciler.tick()
    assert new.name in serving.host.specs
    serving.run_record(run.job)
    assert deployment(serving).revision == 2


def test_a_deploy_that_was_canceled_while_it_waited_is_closed(serving: Online) -> None:
    job = serving.service.deploy(serving.caller, "support", DeploymentCreate(flow="answers"))
    serving.jobs.cancel("w1", job.id)
    assert deployment(serving).state == "deploying"
    serving.reconciler.tick()
    assert deployment(serving).state == "healthy"
    assert "canceled" in deployment(serving).error["detail"]


def test_what_gateways_counted_that_are_long_gone_is_forgotten(serving: Online, monkeypatch: pytest.MonkeyPatch) -> None:
    row = GatewayCounts(deployment_id="d1", gateway="g", counts=Counts(requests=1))
    serving.figures.tell([row], [])
    serving.reconciler.tick()
    assert serving.figures.read(["d1"])["d1"]
    monkeypatch.setattr(serving.reconciler, "_forget_at", 0.0)
    monkeypatch.setattr(reconcile, "_REMEMBERED_NS", 0)
    serving.reconciler.tick()
    assert serving.figures.read(["d1"]) == {"d1": []}


def active_scopes(installation: Online) -> set[str]:
    return {scope for _, scope in installation.keys.scopes("deployment:")}


def test_what_a_worker_left_that_was_killed_while_it_drained_is_stopped_and_its_keys_are_revoked(
    serving: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "_UNWANTED_FOR_S", 0.0)
    monkeypatch.setattr(reconcile, "_REVOKE_EVERY_S", 0.0)
    monkeypatch.setattr(serving.job, "_stop_old", lambda *_: None)
    serving.run(serving.service.deploy(serving.caller, "support", DeploymentCreate(flow="answers", instance_count=2)))
    old, new = (key_scope(deployment(serving).id, revision) for revision in (1, 2))
    assert (len(serving.host.specs), active_scopes(serving)) == (4, {old, new})
    serving.reconciler.tick()
    assert active_scopes(serving) == {old, new}, "its processes may still answer their last requests"
    serving.reconciler.tick()
    assert (len(serving.host.specs), active_scopes(serving)) == (2, {new})


def test_keys_of_a_deploy_under_way_stay_and_those_of_what_was_deleted_go(serving: Online, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "_REVOKE_EVERY_S", 0.0)
    serving.service.deploy(serving.caller, "support", DeploymentCreate(flow="answers"))
    record = deployment(serving)
    serving.job._start(record, record.plan, 2, 0, lambda _: None)
    serving.reconciler.tick()
    assert active_scopes(serving) == {key_scope(record.id, 1), key_scope(record.id, 2)}
    serving.store.delete_deployment(record.id, None)
    serving.host.lose_all()
    serving.reconciler.tick()
    assert not active_scopes(serving)


def test_restarting_replicas_stay_in_service(serving: Online) -> None:
    name = deployment(serving).replicas[0].name
    serving.host.statuses[name] = replace(serving.host.statuses[name], state="restarting", restarts=1)
    serving.reconciler.tick()
    assert deployment(serving).replicas[0].state == "ready"
    assert deployment(serving).state == "healthy"
