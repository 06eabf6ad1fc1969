"""Rollouts through routes, SDK and command line, on a real server; nothing drives them here."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.endpoints.online.model import DeploymentPlan
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import RemoteError
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.endpoints import SqlEndpointStore
from flowyard.wire.endpoints import DeploymentCreate
from flowyard.wire.rollouts import RolloutStart
from support.commands import Command


@pytest.fixture
def ws(ws: Workspace, server: Any) -> Workspace:
    """The workspace with an endpoint whose two deployments serve, as far as the database knows."""
    ws.flows.create("answers", "python")
    ws.endpoints.create("support")
    engine = open_engine(server.services.settings.metadata_url)
    store = SqlEndpointStore(engine)
    for name in ("blue", "green"):
        ws.endpoints.deploy("support", DeploymentCreate(name=name, flow="answers"))
        (record,) = [entry for endpoint in store.find() for entry in endpoint.deployments if entry.name == name]
        store.switch(record.id, 1, DeploymentPlan(flow="answers"), "owner")
    engine.dispose()
    return ws


@pytest.fixture
def command(ws: Workspace, command: Command) -> Command:
    return partial(command, "endpoint", "rollout")


def test_the_sdk_starts_pauses_resumes_and_aborts(ws: Workspace) -> None:
    assert ws.rollouts.list("support") == ()
    started = ws.rollouts.start("support", RolloutStart(to="green", steps=(5, 100), max_p95_ms=800))
    assert (started.state, started.before, started.spec.max_p95_ms) == ("running", {"blue": 100}, 800)
    assert [(step.share, step.state) for step in started.steps] == [(5, "running"), (100, "pending")]
    assert ws.endpoints.get("support").traffic == {"blue": 95, "green": 5}
    assert ws.rollouts.pause("support").state == "paused"
    assert ws.rollouts.resume("support").state == "running"
    assert ws.rollouts.abort("support").state == "aborted"
    assert ws.endpoints.get("support").traffic == {"blue": 100}
    assert [entry.id for entry in ws.rollouts.list("support")] == [started.id]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda ws: ws.rollouts.list("absent"), "EndpointNotFound"),
        (lambda ws: ws.rollouts.start("support", RolloutStart(to="red")), "DeploymentNotFound"),
        (lambda ws: ws.rollouts.start("support", RolloutStart(to="green", steps=(9, 1))), "RolloutInvalid"),
        (lambda ws: ws.rollouts.pause("support"), "RolloutNotFound"),
    ],
)
def test_errors_come_as_problems(ws: Workspace, call: Callable[[Workspace], Any], code: str) -> None:
    with pytest.raises(RemoteError) as refused:
        call(ws)
    assert refused.value.problem().code == code
    assert refused.value.problem().remedy


def test_the_command_line(command: Command) -> None:
    assert command("show", "support")[0] != 0
    code, out, err = command("start", "support", "--to", "green", "--steps", "5,100", "--every", "10m", "--max-p95", "800")
    assert (code, out) == (0, "Step 1 of 2: 5 %. See: flowyard endpoint rollout show support\n"), err
    code, out, _ = command("show", "support")
    assert (code, "support to green: running" in out, "  5 %  running" in out, "before: blue=100" in out) == (0, True, True, True)
    assert from_json(command("show", "support", "--json")[1])["spec"]["every_s"] == 600
    assert "goes on" in command("start", "support", "--to", "green")[2]
    assert command("pause", "support")[1] == "paused: Step 1 of 2: 5 %.\n"
    assert command("resume", "support")[0] == 0
    code, out, _ = command("abort", "support")
    assert (code, out.startswith("aborted: ")) == (0, True)
    assert command("start", "support", "--to", "green", "--steps", "a,b")[0] == 2
    assert command("start", "support", "--to", "green", "--every", "soon")[0] == 2
