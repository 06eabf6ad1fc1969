"""Replicas follow what they have to do: the decisions, at a time that tests set, and what becomes of processes."""

from typing import Any

import pytest

from flowyard.cli.entry import main
from flowyard.endpoints.errors import DeploymentBusyError, DeploymentInvalidError
from flowyard.endpoints.figures import Counts, GatewayCounts, bucket_of
from flowyard.endpoints.online import reconcile
from flowyard.endpoints.online.scaling import Autoscaler
from flowyard.wire.endpoints import DeploymentCreate, DeploymentSettings, EndpointCreate, RequestSettings, ScaleSettings
from flowyard.wire.scaling import DeploymentScale
from support.online_installation import Online


class Load:
    """An endpoint under a load that tests give, looked at once a second."""

    def __init__(self, online: Online, *, each: int | None = 2, instance_count: int = 1, **scale: Any) -> None:
        self.online = online
        self.now = 1000.0
        self.counts = Counts()
        online.write_flow()
        online.service.create(online.caller, EndpointCreate(name="support"))
        settings = DeploymentSettings(
            request=RequestSettings(max_concurrent_requests_per_instance=each),
            scale=ScaleSettings(type="target_utilization", **{"min_instances": 1, "max_instances": 4, "cool_down_s": 20, **scale}),
        )
        request = DeploymentCreate(flow="answers", settings=settings, instance_count=instance_count)
        online.run(online.service.deploy(online.caller, "support", request))
        self.scaler = Autoscaler(online.store, online.figures, lambda: self.now)

    @property
    def deployment(self) -> Any:
        return self.online.store.get("w1", "support").deployments[0]  # type: ignore[union-attr]

    def run(self, seconds: int, under_way: float, *, requests: int = 0, ms: float = 50) -> int:
        """Let so many requests be under way, and `requests` end each second; return how many replicas are wanted then."""
        for _ in range(seconds):
            self.now += 1
            durations = dict(self.counts.durations)
            durations[bucket_of(ms / 1000)] = durations.get(bucket_of(ms / 1000), 0) + requests
            open_s = self.counts.open_s + under_way
            self.counts = Counts(requests=self.counts.requests + requests, durations=durations, open_s=open_s)
            self.online.figures.tell([GatewayCounts(deployment_id=self.deployment.id, gateway="g", counts=self.counts)], [])
            self.scaler.tick(self.online.store.find())
        return self.deployment.wanted

    def history(self) -> list[tuple[int, int, str]]:
        changes = self.online.service.scalings(self.online.caller, "support", "blue")
        return [(change.before, change.after, change.by) for change in reversed(changes)]


def test_more_to_do_adds_replicas_within_seconds_and_less_takes_them_away_after_the_cool_down(installation: Online) -> None:
    load = Load(installation)
    assert load.run(5, 1.0) == 1
    # 4 under way at 70 % of 2 each: 2.86 replicas.
    assert load.run(6, 4.0) == 3
    assert load.run(6, 40.0) == 4
    assert load.run(15, 1.0) == 4
    assert load.run(15, 1.0) == 1
    assert load.history()[-1] == (4, 1, "autoscaler")
    assert [after for _, after, _ in load.history()][:-1] == sorted(after for _, after, _ in load.history()[:-1])
    (last, *_) = installation.service.scalings(installation.caller, "support", "blue")
    assert last.reason == "No more than 1 were needed for 20 s."


def test_the_reason_says_what_was_seen(installation: Online) -> None:
    load = Load(installation)
    load.run(2, 0)
    load.run(8, 4.0)
    (last, *_) = installation.service.scalings(installation.caller, "support", "blue")
    assert last.reason.endswith("requests under way or waiting; 70 % of 2 each make 3 instances.")
    assert 2.8 < float(last.reason.split()[0]) <= 4.0


def test_a_load_that_comes_and_goes_within_the_cool_down_keeps_its_replicas(installation: Online) -> None:
    load = Load(installation)
    load.run(8, 4.0)
    for _ in range(4):
        load.run(10, 0.0)
        assert load.run(6, 4.0) == 3


def test_without_a_bound_of_its_own_an_instance_counts_for_one_request_at_a_time(installation: Online) -> None:
    assert Load(installation, each=None).run(8, 2.0) == 3


def test_slow_answers_add_one_at_a_time(installation: Online) -> None:
    load = Load(installation, target_p95_ms=200)
    assert load.run(10, 0.5, requests=10, ms=50) == 1
    assert load.run(25, 0.5, requests=10, ms=400) == 2
    load.online.reconciler.tick()
    load.online.reconciler.tick()
    assert load.run(4, 0.5, requests=10, ms=400) == 2
    assert load.run(10, 0.5, requests=10, ms=400) == 3
    assert "the target is 200 ms" in installation.service.scalings(installation.caller, "support", "blue")[0].reason


def test_a_few_slow_answers_add_none(installation: Online) -> None:
    load = Load(installation, target_p95_ms=200)
    load.run(5, 0.1)
    assert load.run(2, 0.1, requests=9, ms=900) == 1


def test_a_worker_that_has_just_begun_to_lead_takes_nothing_away_at_once(installation: Online) -> None:
    load = Load(installation)
    load.run(8, 4.0)
    load.scaler = Autoscaler(installation.store, installation.figures, lambda: load.now)
    assert load.run(15, 0.0) == 3
    assert load.run(10, 0.0) == 1


def test_what_is_not_scaled_is_left_alone(installation: Online) -> None:
    load = Load(installation)
    installation.service.scale(installation.caller, "support", "blue", DeploymentScale(instance_count=2, scale=ScaleSettings()))
    assert load.run(30, 40.0) == 2


def test_added_replicas_get_requests_only_when_they_are_ready_and_those_too_many_end_when_they_are_done(
    installation: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "_UNWANTED_FOR_S", 0.0)
    load = Load(installation)
    first = load.deployment.replicas[0]
    installation.store.scale(load.deployment, 3, "test", "test")
    installation.reconciler.tick()
    assert [replica.state for replica in load.deployment.replicas] == ["ready", "starting", "starting"]
    installation.reconciler.tick()
    assert [replica.state for replica in load.deployment.replicas] == ["ready"] * 3
    assert load.deployment.replicas[0] == first
    third = load.deployment.replicas[2].name
    busy = GatewayCounts(deployment_id=load.deployment.id, gateway="g", counts=Counts(in_flight=1, replicas={third: 1}))
    installation.figures.tell([busy], [])
    installation.store.scale(load.deployment, 1, "test", "test")
    installation.reconciler.tick()
    installation.reconciler.tick()
    assert [replica.name for replica in load.deployment.replicas] == [first.name]
    assert set(installation.host.specs) == {first.name, third}
    installation.figures.tell([GatewayCounts(deployment_id=load.deployment.id, gateway="g", counts=Counts())], [])
    installation.reconciler.tick()
    assert set(installation.host.specs) == {first.name}
    assert load.deployment.state == "healthy"


def test_a_replica_that_cannot_be_added_says_why_and_the_others_serve(installation: Online) -> None:
    load = Load(installation)
    installation.host.failing = f"replica/{load.deployment.id}/1-1"
    installation.store.scale(load.deployment, 2, "test", "test")
    for _ in range(3):
        installation.reconciler.tick()
    assert (load.deployment.state, load.deployment.error["detail"]) == ("unhealthy", "It ended with exit code 1: no module named x.")
    (blue,) = installation.service.get(installation.caller, "support").deployments
    assert [replica.state for replica in blue.replicas] == ["ready", "failed"]


def test_a_new_revision_starts_with_as_many_as_run(installation: Online) -> None:
    load = Load(installation)
    load.run(8, 4.0)
    installation.reconciler.tick()
    settings = load.deployment.plan.settings
    installation.run(installation.service.deploy(installation.caller, "support", DeploymentCreate(flow="answers", settings=settings)))
    assert (load.deployment.revision, load.deployment.wanted, len(load.deployment.replicas)) == (2, 3, 3)


def test_by_hand(installation: Online) -> None:
    caller, service = installation.caller, installation.service
    load = Load(installation)
    bounds = ScaleSettings(type="target_utilization", min_instances=2, max_instances=3)
    assert service.scale(caller, "support", "blue", DeploymentScale(scale=bounds)).deployments[0].instances == 2
    fixed = service.scale(caller, "support", "blue", DeploymentScale(instance_count=4, scale=ScaleSettings())).deployments[0]
    assert (fixed.instances, fixed.instance_count, fixed.settings.scale.type) == (4, 4, "default")
    assert load.history() == [(1, 2, "owner"), (2, 4, "owner")]
    reasons = [change.reason for change in service.scalings(caller, "support", "blue")]
    assert reasons == ["4 instances from now on.", "Between 2 and 3 instances from now on."]
    for change, match in (
        (DeploymentScale(), "Nothing is to be changed"),
        (DeploymentScale(instance_count=0), "instance_count is 0, expected 1 to 16"),
        (DeploymentScale(scale=ScaleSettings(min_instances=3, max_instances=2)), "min_instances is 3 and max_instances 2"),
        (DeploymentScale(scale=ScaleSettings(target_utilization_percentage=0)), "expected 1 to 100"),
    ):
        with pytest.raises(DeploymentInvalidError, match=match):
            service.scale(caller, "support", "blue", change)
    stale = load.deployment
    service.scale(caller, "support", "blue", DeploymentScale(instance_count=1))
    assert not installation.store.scale(stale, 3, "test", "test")
    service.deploy(caller, "support", DeploymentCreate(flow="answers"))
    with pytest.raises(DeploymentBusyError):
        service.scale(caller, "support", "blue", DeploymentScale(instance_count=1))


def test_the_history_is_bounded(installation: Online, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowyard.storage.sql.endpoints.SCALINGS_KEPT", 3)
    load = Load(installation)
    for count in (2, 3, 4, 1, 2):
        installation.store.scale(load.deployment, count, "test", "test")
    assert [after for _, after, _ in load.history()] == [4, 1, 2]
    installation.service.delete(installation.caller, "support")


def test_the_command_line(server: Any, owner_key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from flowyard import Workspace
    from flowyard.endpoints.online.model import DeploymentPlan
    from flowyard.storage.engine import open_engine
    from flowyard.storage.sql.endpoints import SqlEndpointStore

    ws = Workspace(url=server.url, api_key=owner_key, workspace="default")
    ws.flows.create("answers", "python")
    ws.endpoints.create("support")
    ws.endpoints.deploy("support", DeploymentCreate(flow="answers"))
    engine = open_engine(server.services.settings.metadata_url)
    store = SqlEndpointStore(engine)
    store.switch(store.find()[0].deployments[0].id, 1, DeploymentPlan(flow="answers"), "owner")
    engine.dispose()
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)

    def run(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["endpoint", *words])
        return int(ended.value.code or 0), capsys.readouterr().out

    assert run("scale", "support", "--instances", "2") == (0, "support/blue: 2 instances.\n")
    assert run("scale", "support", "--min", "1", "--max", "4") == (0, "support/blue: 2 instances, scaled between 1 and 4.\n")
    assert "blue: healthy, flow answers, scaled from 1 to 4 instances" in run("show", "support")[1]
    assert run("scale", "support")[0] == 2
    assert run("scale", "support", "--instances", "2", "--max", "4")[0] == 2
    code, out = run("scaling", "support")
    assert (code, "1 to 2" in out, "2 instances from now on." in out) == (0, True, True)
    assert ws.endpoints.get("support").deployments[0].settings.scale.max_instances == 4
