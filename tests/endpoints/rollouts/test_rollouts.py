"""Rollouts from start to end, over a real database, with what gateways count given by hand."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from flowyard.endpoints.errors import DeploymentUnknownError
from flowyard.endpoints.figures import Counts, GatewayCounts, Sample, bucket_of
from flowyard.endpoints.rollouts import drive
from flowyard.endpoints.rollouts.drive import RolloutDriver
from flowyard.endpoints.rollouts.errors import RolloutActiveError, RolloutInvalidError, RolloutUnknownError
from flowyard.endpoints.rollouts.scoring import EvaluatorScorer
from flowyard.endpoints.rollouts.service import RolloutService
from flowyard.evaluation.errors import UnknownEvaluatorError
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.identity.model import Caller
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.audit import SqlAuditLog
from flowyard.storage.sql.directory import SqlDirectory
from flowyard.storage.sql.figures import SqlFigureStore
from flowyard.storage.sql.rollouts import SqlRolloutStore
from flowyard.wire.endpoints import DeploymentCreate, EndpointCreate
from flowyard.wire.rollouts import Rollout, RolloutStart
from support.online_installation import KeptHost, Online, online


@dataclass
class Rolling:
    """An endpoint with two deployments, and what drives its rollouts at a time that tests set."""

    online: Online
    service: RolloutService
    driver: RolloutDriver
    figures: SqlFigureStore
    clock: list[int]
    counted: dict[str, Counts] = field(default_factory=dict[str, Counts])

    def start(self, **fields: Any) -> Rollout:
        return self.service.start(self.online.caller, "support", RolloutStart(to="green", **fields))

    def wait(self, seconds: float) -> None:
        self.clock[0] += int(seconds * NANOSECONDS)

    def serve(self, name: str, requests: int, errors: int = 0, ms: float = 50) -> None:
        """Let a deployment have answered so many requests more."""
        before = self.counted.get(name, Counts())
        durations = dict(before.durations)
        durations[bucket_of(ms / 1000)] = durations.get(bucket_of(ms / 1000), 0) + requests
        self.counted[name] = Counts(requests=before.requests + requests, errors={"500": before.failed + errors}, durations=durations)
        row = GatewayCounts(deployment_id=self.deployment(name).id, gateway="g1", counts=self.counted[name])
        self.figures.tell([row], [])

    def deployment(self, name: str) -> Any:
        record = self.online.store.get("w1", "support")
        assert record is not None
        return record.deployment(name)

    def tick(self) -> Rollout:
        self.driver.tick()
        return self.last()

    def last(self) -> Rollout:
        return self.service.list(self.online.caller, "support")[0]

    def traffic(self) -> dict[str, int]:
        return self.online.service.get(self.online.caller, "support").traffic

    def step(self, green: int, errors: int = 0, ms: float = 50) -> Rollout:
        """Let the step that runs begin to count, serve, and come to its end."""
        self.wait(3)
        self.tick()
        self.serve("blue", 200)
        self.serve("green", green, errors, ms)
        self.wait(60)
        return self.tick()


@pytest.fixture
def caller(engine: Engine) -> Caller:
    with engine.begin() as connection:
        connection.execute(insert(workspaces).values(id="w1", name="default", display_name="Default", created_ns=1))
    return Caller("w1", "default", "owner", "user", "owner")


@pytest.fixture
def rolling(engine: Engine, tmp_path: Path, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> Rolling:
    installation = online(engine, tmp_path / "home", KeptHost(), caller)
    installation.write_flow()
    installation.service.create(caller, EndpointCreate(name="support"))
    for name in ("blue", "green"):
        installation.run(installation.service.deploy(caller, "support", DeploymentCreate(name=name, flow="answers")))
    store, figures, clock = SqlRolloutStore(engine), SqlFigureStore(engine), [now_ns()]
    monkeypatch.setattr(drive, "now_ns", lambda: clock[0])
    driver = RolloutDriver(store, installation.store, figures, EvaluatorScorer(installation.connections))
    return Rolling(installation, RolloutService(store, installation.store), driver, figures, clock)


def test_traffic_moves_step_by_step_to_the_end(rolling: Rolling) -> None:
    started = rolling.start(steps=(5, 50, 100))
    assert (started.state, started.detail, rolling.traffic()) == ("running", "Step 1 of 3: 5 %.", {"blue": 95, "green": 5})
    assert rolling.step(60).detail == "Step 2 of 3: 50 %."
    assert rolling.traffic() == {"blue": 50, "green": 50}
    rolling.step(60)
    assert rolling.traffic() == {"blue": 0, "green": 100}
    ended = rolling.step(60)
    assert (ended.state, ended.detail) == ("completed", "green has blue=0 green=100.")
    assert [(step.share, step.state, step.requests, step.live_requests) for step in ended.steps] == [
        (5, "passed", 60, 200),
        (50, "passed", 60, 200),
        (100, "passed", 60, 200),
    ]
    assert ended.ended_at is not None
    assert rolling.tick() == ended
    moves = [entry for entry in SqlAuditLog(rolling.online.engine).read("w1", limit=20) if entry.action == "endpoint.traffic"]
    assert [entry.detail["after"]["green"] for entry in moves] == [100, 50]
    assert {entry.actor for entry in moves} == {f"rollout {ended.id}"}


def test_errors_move_traffic_back_with_the_reason(rolling: Rolling) -> None:
    rolling.start(steps=(5, 50, 100))
    rolling.step(60)
    rolling.wait(3)
    rolling.tick()
    rolling.serve("green", 100, errors=30)
    ended = rolling.tick()  # long before the minute is over
    assert ended.state == "rolled_back"
    assert ended.detail == "Step 2 (50 %): 30.0% errors (30 of 100: 30 with 500), at most 2.0%."
    assert rolling.traffic() == {"blue": 100}
    assert [step.state for step in ended.steps] == ["passed", "breached", "pending"]


def test_slowness_beside_the_others_moves_traffic_back(rolling: Rolling) -> None:
    rolling.start(max_p95_ratio=1.5)
    ended = rolling.step(60, ms=200)
    assert (ended.state, rolling.traffic()) == ("rolled_back", {"blue": 100})
    assert "1.5 times" in ended.detail


def test_without_traffic_it_waits_and_says_so(rolling: Rolling) -> None:
    rolling.start()
    assert rolling.step(3).detail == "Step 1 of 4: 5 %. waits for traffic: 3 of 50 requests."
    rolling.wait(3600)
    assert (rolling.tick().state, rolling.traffic()) == ("running", {"blue": 95, "green": 5})
    rolling.serve("green", 47)
    assert rolling.tick().step == 1


def test_what_was_counted_before_a_step_counts_not_in_it(rolling: Rolling) -> None:
    rolling.serve("green", 1000, errors=500)
    rolling.start()
    assert rolling.step(50).step == 1


def test_a_manual_change_stops_it_and_says_who(rolling: Rolling) -> None:
    rolling.start()
    rolling.wait(3)
    rolling.tick()
    other = replace(rolling.online.caller, actor="ann")
    rolling.online.service.set_traffic(other, "support", {"blue": 60, "green": 40})
    ended = rolling.tick()
    assert (ended.state, ended.ended_by, rolling.traffic()) == ("stopped", "ann", {"blue": 60, "green": 40})
    assert ended.detail == "ann changed the traffic to blue=60 green=40: the rollout leaves it so."


def test_what_it_goes_back_to_may_be_deleted_meanwhile(rolling: Rolling) -> None:
    rolling.start(steps=(50, 100))
    rolling.step(60)
    caller = rolling.online.caller
    rolling.online.service.delete_deployment(caller, "support", "blue")
    assert rolling.tick().state == "running"
    rolling.wait(3)
    rolling.tick()
    rolling.serve("green", 60, errors=30)
    ended = rolling.tick()
    assert (ended.state, rolling.traffic()) == ("stopped", {"green": 100})
    assert "The traffic cannot be blue=100: There is no deployment 'blue'." in ended.detail


def test_pause_resume_and_abort(rolling: Rolling) -> None:
    caller = rolling.online.caller
    rolling.start(steps=(5, 100))
    assert rolling.service.pause(caller, "support").state == "paused"
    paused = rolling.step(60)
    assert (paused.state, paused.step, rolling.traffic()) == ("paused", 0, {"blue": 95, "green": 5})
    assert rolling.service.resume(caller, "support").state == "running"
    assert rolling.tick().step == 1
    ended = rolling.service.abort(caller, "support")
    assert (ended.state, ended.ended_by, ended.detail) == ("aborted", "owner", "owner ended it.")
    assert rolling.traffic() == {"blue": 100}
    with pytest.raises(RolloutUnknownError, match="No rollout of 'support' goes on"):
        rolling.service.abort(caller, "support")


def test_a_paused_one_still_goes_back_on_a_breach(rolling: Rolling) -> None:
    rolling.start()
    rolling.service.pause(rolling.online.caller, "support")
    assert (rolling.step(60, errors=30).state, rolling.traffic()) == ("rolled_back", {"blue": 100})


def test_a_deployment_that_dies_moves_traffic_back_at_once(rolling: Rolling) -> None:
    rolling.start()
    rolling.wait(3)
    rolling.tick()
    green = rolling.deployment("green")
    rolling.online.store.put_replica(replace(green.replicas[0], state="failed", address=None))
    rolling.online.store.set_state(green.id, "unhealthy", {"detail": "It ended with exit code 1."})
    ended = rolling.tick()
    assert (ended.state, rolling.traffic()) == ("rolled_back", {"blue": 100})
    assert "green has no replica that is ready: It ended with exit code 1." in ended.detail


def test_a_new_revision_begins_the_step_again(rolling: Rolling) -> None:
    rolling.start()
    rolling.wait(3)
    rolling.tick()
    rolling.serve("green", 60, errors=10)
    online = rolling.online
    online.run(online.service.deploy(online.caller, "support", DeploymentCreate(name="green", flow="answers")))
    assert rolling.tick().detail == "It was deployed anew: the step begins again. Step 1 of 4: 5 %."
    rolling.serve("green", 60)
    rolling.wait(61)
    assert rolling.tick().step == 1


def test_it_goes_on_in_another_worker_where_it_stood(rolling: Rolling) -> None:
    rolling.start(steps=(5, 100))
    rolling.wait(3)
    rolling.tick()
    rolling.serve("green", 60)
    rolling.wait(60)
    engine = rolling.online.engine
    scorer = EvaluatorScorer(rolling.online.connections)
    rolling.driver = RolloutDriver(SqlRolloutStore(engine), rolling.online.store, SqlFigureStore(engine), scorer)
    assert (rolling.tick().step, rolling.traffic()) == (1, {"blue": 0, "green": 100})


def test_two_that_drive_do_not_both_move(rolling: Rolling) -> None:
    rolling.start(steps=(5, 50, 100))
    store = SqlRolloutStore(rolling.online.engine)
    (seen_by_one,) = store.active()
    (seen_by_other,) = store.active()
    assert store.save(seen_by_one)
    moved = replace(seen_by_other, progress=replace(seen_by_other.progress, traffic={"blue": 0, "green": 100}))
    assert not store.save(moved, moved_from={"blue": 95, "green": 5})
    assert rolling.traffic() == {"blue": 95, "green": 5}


def sampled(rolling: Rolling, *answers: str) -> None:
    green = rolling.deployment("green").id
    rolling.figures.tell([], [Sample(deployment_id=green, request='{"question": "q"}', answer=answer) for answer in answers])


@pytest.mark.parametrize(("answer", "state"), [('{"answer": "It is 7."}', "running"), ('{"answer": "no idea"}', "rolled_back")])
def test_an_evaluator_looks_at_answers(rolling: Rolling, answer: str, state: str) -> None:
    mapping = {"response": "${run.outputs.answer}"}
    bound: dict[str, Any] = {"evaluator": "regex", "min_score": 0.9, "sample": 10, "column_mapping": mapping}
    rolling.start(**bound, evaluator_init={"pattern": "[0-9]"})
    rolling.wait(3)
    rolling.tick()
    directory: Any = SqlDirectory(rolling.online.engine, rolling.online.keys, None, rolling.online.connections)  # type: ignore[arg-type]
    (route,) = directory.endpoints("w1")
    assert (route.deployments["green"].sample, route.deployments["blue"].sample) == (10, 0)
    rolling.serve("green", 60)
    rolling.wait(60)
    assert rolling.tick().detail == "Step 1 of 4: 5 %. 0 of 10 answers have a score."
    sampled(rolling, *[answer] * 6)
    assert rolling.tick().detail == "Step 1 of 4: 5 %. 6 of 10 answers have a score."
    sampled(rolling, *[answer] * 6)
    ended = rolling.tick()
    assert (ended.state, ended.steps[0].scored) == (state, 10)


def test_what_cannot_be_scored_is_said_and_moves_nothing(rolling: Rolling) -> None:
    rolling.start(evaluator="regex", min_score=0.9, evaluator_init={"pattern": "("})
    rolling.wait(3)
    rolling.tick()
    sampled(rolling, "{}")
    assert "no regular expression" in rolling.tick().detail
    assert rolling.traffic() == {"blue": 95, "green": 5}


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"steps": ()}, "The steps are none"),
        ({"steps": (50, 25)}, "The steps are 50, 25"),
        ({"steps": (0, 100)}, "1 to 100"),
        ({"every_s": 1}, "every_s is 1, expected 5 to 604800"),
        ({"max_error_rate": 1.5}, "max_error_rate is 1.5, expected 0 to 1"),
        ({"evaluator": "regex"}, "go together"),
        ({"min_score": 1.0}, "go together"),
    ],
)
def test_what_cannot_work_is_refused(rolling: Rolling, fields: dict[str, Any], match: str) -> None:
    with pytest.raises(RolloutInvalidError, match=match):
        rolling.start(**fields)
    assert rolling.traffic() == {"blue": 100}


def test_what_does_not_fit_the_endpoint_is_refused(rolling: Rolling) -> None:
    caller, service = rolling.online.caller, rolling.service
    with pytest.raises(DeploymentUnknownError, match="no deployment 'gren'"):
        service.start(caller, "support", RolloutStart(to="gren"))
    with pytest.raises(UnknownEvaluatorError):
        rolling.start(evaluator="absent", min_score=1.0)
    with pytest.raises(RolloutInvalidError, match="No other deployment"):
        service.start(caller, "support", RolloutStart(to="blue"))
    rolling.online.service.set_traffic(caller, "support", {"blue": 90, "green": 10})
    with pytest.raises(RolloutInvalidError, match="has 10 % of the traffic already"):
        rolling.start()
    rolling.start(steps=(20, 100))
    with pytest.raises(RolloutActiveError, match="goes on"):
        rolling.start(steps=(50, 100))
    rolling.online.service.delete(caller, "support")
    rolling.driver.tick()
