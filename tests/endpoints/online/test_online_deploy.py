import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flowyard.catalog.errors import ModelUnknownError
from flowyard.compute.errors import ProcessFailedError
from flowyard.connections.model import ResolvedConnection
from flowyard.endpoints.errors import (
    DeploymentBusyError,
    DeploymentInvalidError,
    DeploymentUnknownError,
    EndpointTakenError,
    EndpointUnknownError,
    NameInvalidError,
    TrafficInvalidError,
)
from flowyard.endpoints.online.deploy import RETIRING, DeployArguments
from flowyard.endpoints.online.model import DeploymentPlan, key_scope
from flowyard.endpoints.online.specs import overridden, replica_environment
from flowyard.flows.environments import environment_for
from flowyard.flows.environments.errors import RequirementsError
from flowyard.flows.errors import FlowNotFoundError, InitInvalidError, InvalidFlowError
from flowyard.flows.model import FlowSpec
from flowyard.flows.serving.overrides import serving_variables
from flowyard.flows.serving.requests import InitConfigError
from flowyard.foundation.clock import now_ns
from flowyard.foundation.codecs import from_json, plain
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.audit import audit_record
from flowyard.identity.secrets import secret_hash
from flowyard.storage.sql.audit import SqlAuditLog
from flowyard.storage.sql.directory import SqlDirectory
from flowyard.storage.sql.events import SqlEventLog
from flowyard.storage.sql.snapshot_use import SqlSnapshotUse
from flowyard.wire.endpoints import DeploymentCreate, DeploymentSettings, EndpointCreate, RequestSettings
from support.online_installation import TOOL, InlineContext, Online


def create(installation: Online, name: str = "support") -> None:
    installation.service.create(installation.caller, EndpointCreate(name=name))


def deploy(installation: Online, **fields: Any) -> Any:
    return installation.run(installation.service.deploy(installation.caller, "support", DeploymentCreate(**{"flow": "answers", **fields})))


def shown(installation: Online) -> Any:
    return installation.service.get(installation.caller, "support")


def routes(installation: Online) -> Any:
    directory: Any = SqlDirectory(installation.engine, installation.keys, None, installation.connections)  # type: ignore[arg-type]
    return {route.name: route for route in directory.endpoints("w1")}


def test_a_first_deploy_serves_and_takes_all_traffic(installation: Online) -> None:
    installation.write_flow()
    create(installation)
    result = deploy(installation)
    endpoint = shown(installation)
    (blue,) = endpoint.deployments
    assert (endpoint.traffic, blue.state, blue.flow, blue.digest, blue.error) == (
        {"blue": 100},
        "healthy",
        "answers",
        result["digest"],
        None,
    )
    assert [(replica.state, replica.pid) for replica in blue.replicas] == [("ready", 1)]
    assert endpoint.scoring_path == "/endpoints/support/score"
    route = routes(installation)["support"].deployments["blue"]
    assert [replica.address for replica in route.replicas] == ["127.0.0.1:10001"]
    spec = installation.host.specs[route.replicas[0].name]
    assert spec.message["token"] == route.replicas[0].token
    assert (installation.snapshots.folder(result["digest"]) / "say.py").is_file()


def test_the_replica_is_told_no_secret_but_its_own(installation: Online) -> None:
    flow = """
environment_variables: {KEY: "${named.key}"}
outputs: {answer: {type: string, reference: "${say.output}"}}
nodes:
- {name: say, type: python, source: {type: code, path: say.py}, inputs: {question: search}}
- {name: ask, type: llm, source: {type: code, path: ask.jinja2}, connection: paid, api: chat, inputs: {deployment_name: m}}
"""
    folder = installation.write_flow(flow=flow)
    (folder / "ask.jinja2").write_text("# user:\nhi")
    installation.connections.held = [
        ResolvedConnection(workspace_id="w1", name=name, type="custom", configs={}, secrets={"key": f"secret-{name}"})
        for name in ("search", "paid", "unused", "named")
    ]
    create(installation)
    deploy(installation, environment_variables={"MODE": "test", "FLOWYARD_DATABASE_URL": "x"})
    (spec,) = installation.host.specs.values()
    assert spec.environment == {"PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1", "MODE": "test"}
    assert spec.message["connections"]["search"] == {"type": "custom", "configs": {}, "secrets": {"key": "secret-search"}}
    assert spec.message["connections"].keys() == {"search", "named"}
    assert spec.message["calls_models"] is True
    key = installation.keys.by_hash(secret_hash(spec.message["api_key"]))
    assert key is not None
    assert (key.role, key.scope.startswith("deployment:")) == ("invoker", True)


def test_a_second_deploy_replaces_the_first_only_when_it_is_ready(installation: Online) -> None:
    installation.write_flow(version="1")
    create(installation)
    first = deploy(installation)
    installation.write_flow(version="2")
    old = list(installation.host.specs)
    second = deploy(installation, instance_count=2)
    assert second["digest"] != first["digest"]
    assert installation.host.stopped == old
    (blue,) = shown(installation).deployments
    assert (blue.instance_count, len(blue.replicas), blue.state) == (2, 2, "healthy")
    assert len(routes(installation)["support"].deployments["blue"].replicas) == 2


def test_a_deploy_is_over_while_what_it_replaced_still_answers_its_last_requests(
    installation: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.write_flow(version="1")
    create(installation)
    deploy(installation)
    (old,) = installation.host.specs
    answering, stop = threading.Event(), installation.host.stop

    def drain(name: str) -> None:
        assert answering.wait(30)
        stop(name)

    monkeypatch.setattr(installation.host, "stop", drain)
    installation.write_flow(version="2")
    job = installation.service.deploy(installation.caller, "support", DeploymentCreate(name="blue", flow="answers"))
    record = installation.job_store.get(job.id)
    assert record is not None
    result = installation.job.run(InlineContext("w1"), record.arguments)
    (blue,) = shown(installation).deployments
    assert (result["revision"], blue.digest, blue.state) == (2, result["digest"], "healthy")
    assert old in installation.host.specs
    scope = key_scope(installation.store.get("w1", "support").deployments[0].id, 1)
    answering.set()
    for thread in threading.enumerate():
        if thread.name == RETIRING:
            thread.join(30)
    assert old not in installation.host.specs
    assert installation.keys.revoke_scope("w1", scope) == 0


def test_a_failed_deploy_leaves_the_old_one_serving_and_says_why(installation: Online) -> None:
    installation.write_flow(version="1")
    create(installation)
    first = deploy(installation)
    deployment = installation.store.get("w1", "support").deployments[0]
    installation.host.failing = f"replica/{deployment.id}/2-"
    installation.write_flow(version="2")
    with pytest.raises(ProcessFailedError):
        deploy(installation)
    (blue,) = shown(installation).deployments
    assert (blue.state, blue.digest, len(blue.replicas)) == ("healthy", first["digest"], 1)
    assert "no module named x" in blue.error["detail"]
    assert len(installation.host.specs) == 1
    assert installation.keys.revoke_scope("w1", key_scope(deployment.id, 2)) == 0
    assert routes(installation)["support"].deployments["blue"].replicas
    installation.host.failing = None
    assert deploy(installation)["revision"] == 2
    assert shown(installation).deployments[0].error is None


def test_a_first_deploy_that_fails_is_failed(installation: Online) -> None:
    installation.write_flow()
    create(installation)
    installation.host.failing = "replica/"
    with pytest.raises(ProcessFailedError):
        deploy(installation)
    endpoint = shown(installation)
    assert (endpoint.traffic, endpoint.deployments[0].state) == ({}, "failed")
    route = routes(installation)["support"].deployments["blue"]
    assert route.replicas == ()
    assert "no module named x" in route.error["detail"]


def test_a_resumed_deploy_goes_on_with_the_same_revision(installation: Online) -> None:
    installation.write_flow()
    create(installation)
    job = installation.service.deploy(installation.caller, "support", DeploymentCreate(flow="answers"))
    run = installation.job_store.begin(job.id, "worker")
    context = InlineContext("w1")
    arguments = run.job.arguments
    installation.job.run(context, arguments)
    again = installation.job.run(context, arguments)
    assert again["revision"] == 1
    assert installation.host.started == 1


def test_a_model_is_deployed_as_an_engine_of_its_own(installation: Online) -> None:
    create(installation)
    with pytest.raises(ModelUnknownError, match="no model 'small'"):
        deploy(installation, flow=None, model="small")
    endpoint = installation.store.get("w1", "support")
    plan = DeploymentPlan(model="small")
    begun = installation.store.begin_deploy(endpoint, "blue", plan, audit_record(installation.caller, "x", "y"))
    installation.job.run(InlineContext("w1"), plain(DeployArguments(deployment_id=begun.id, workspace="default", plan=plan)))
    route = routes(installation)["support"].deployments["blue"]
    assert (route.kind, route.model) == ("model", "small")
    assert installation.host.specs[route.replicas[0].name].message["api_key"] == route.replicas[0].token


def test_bad_requests_are_refused_before_any_job(installation: Online) -> None:
    installation.write_flow()
    create(installation)

    def refuse(kind: type[Exception], **fields: Any) -> None:
        with pytest.raises(kind):
            deploy(installation, **fields)

    refuse(DeploymentInvalidError, flow=None)
    refuse(DeploymentInvalidError, model="small")
    refuse(DeploymentInvalidError, instance_count=0)
    refuse(NameInvalidError, name="x")
    refuse(FlowNotFoundError, flow="answer")
    installation.write_flow("broken", flow="nodes: 5")
    refuse(InvalidFlowError, flow="broken")
    with pytest.raises(EndpointUnknownError, match="support"):
        installation.service.deploy(installation.caller, "suport", DeploymentCreate(flow="answers"))
    with pytest.raises(EndpointTakenError):
        create(installation)
    assert shown(installation).deployments == ()


FLEX = "entry: code:Answer\n"
CLASS = """
from promptflow.core import AzureOpenAIModelConfiguration
from promptflow.connections import CustomConnection

class Answer:
    def __init__(self, greeting: str, times: int = 1, model: AzureOpenAIModelConfiguration = None, store: CustomConnection = None):
        self.greeting = greeting

    def __call__(self, question: str) -> dict:
        return {"answer": self.greeting + question}
"""


def write_class(installation: Online, flex: str = FLEX, code: str = CLASS) -> None:
    folder = installation.home / "workspaces" / installation.caller.workspace / "flows" / "flex"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "flow.flex.yaml").write_text(flex)
    (folder / "code.py").write_text(code)


def test_what_a_class_is_made_with_is_kept_and_handed_over(installation: Online) -> None:
    write_class(installation)
    installation.connections.held = [
        ResolvedConnection(workspace_id="w1", name=name, type="custom", configs={}, secrets={"key": f"secret-{name}"})
        for name in ("search", "paid", "unused")
    ]
    create(installation)
    init = {"greeting": "hi", "times": 2, "store": "search", "model": {"connection": "paid", "azure_deployment": "m"}}
    deploy(installation, flow="flex", init=init)
    (blue,) = shown(installation).deployments
    assert blue.init == init
    (spec,) = installation.host.specs.values()
    assert from_json(spec.environment["PF_FLOW_INIT_CONFIG"]) == init
    assert spec.message["connections"].keys() == {"search", "paid"}
    deploy(installation, flow="flex", environment_variables={"PF_FLOW_INIT_CONFIG": '{"greeting": "x", "store": "unused"}'})
    (spec,) = installation.host.specs.values()
    assert spec.message["connections"].keys() == {"unused"}
    assert shown(installation).deployments[0].init == {}


def test_connections_that_a_deployment_changes_are_handed_over_as_changed() -> None:
    azure = ResolvedConnection(
        workspace_id="w1", name="my azure", type="azure_open_ai", configs={"api_base": "a"}, secrets={"api_key": "k"}
    )
    search = replace(azure, name="search", type="custom")
    same = replace(azure, name="same")
    found, direct = overridden(
        [azure, search, same], {"MY_AZURE_API_VERSION": "v2", "SEARCH_API_BASE": "b", "SAME_BASE_URL": "not a key of it"}
    )
    assert direct == {"my azure"}
    assert [connection.configs for connection in found] == [{"api_base": "a", "api_version": "v2"}, {"api_base": "b"}, {"api_base": "a"}]
    assert {connection.secrets["api_key"] for connection in found} == {"k"}


def test_the_flows_own_variables_change_connections_last() -> None:
    place = Path()
    flow = FlowSpec(
        folder=place, file="f", name="f", inputs={}, outputs={}, nodes=(), environment_variables={"A_B": "flow", "C_D": "${c.d}", "E": [1]}
    )
    assert serving_variables(flow, {"X": "given"}, {"X": "process", "A_B": "process"}) == {"X": "given", "A_B": "process"}
    assert serving_variables(flow, {}, {}) == {"A_B": "flow"}


@pytest.mark.parametrize(
    ("init", "pointer", "says"),
    [
        ({}, "/init/greeting", "needs greeting"),
        ({"greting": "x"}, "/init/greting", "takes no 'greting'"),
        ({"greeting": "x", "times": "many"}, "/init/times", "must be of type int"),
        ({"greeting": "x", "store": "serch"}, "/init/store", "no connection 'serch'"),
        ({"greeting": "x", "store": 5}, "/init/store", "must be a connection's name"),
        ({"greeting": "x", "model": "gpt"}, "/init/model", "must be a mapping"),
        ({"greeting": "x", "model": {"azure_deployment": "m", "connection": "absent"}}, "/init/model/connection", "no connection 'absent'"),
        ({"greeting": "x", "model": {"connection": "search"}}, "/init/model", "says no azure_deployment"),
        ({"greeting": "x", "model": {"azure_deployment": "m", "deployment": "x"}}, "/init/model/deployment", "takes no 'deployment'"),
        ({"greeting": "x", "model": {"azure_deployment": "m", "api_key": "k"}}, "/init/model/api_key", "is a secret"),
    ],
)
def test_values_that_a_class_cannot_be_made_with_are_refused_before_any_job(
    installation: Online, init: dict[str, Any], pointer: str, says: str
) -> None:
    write_class(installation)
    installation.connections.held = [ResolvedConnection(workspace_id="w1", name="search", type="custom", configs={}, secrets={})]
    create(installation)
    with pytest.raises(InvalidInputError, match=says) as refused:
        deploy(installation, flow="flex", init=init)
    problem = refused.value.problem()
    assert problem.location is not None
    assert (problem.status // 100, problem.location.pointer) == (4, pointer)
    assert problem.remedy
    assert shown(installation).deployments == ()
    assert installation.host.specs == {}


def test_what_takes_no_init_refuses_it(installation: Online) -> None:
    installation.write_flow()
    create(installation)
    for told in ({"init": {"a": 1}}, {"environment_variables": {"PF_FLOW_INIT_CONFIG": '{"a": 1}'}}):
        with pytest.raises(InitInvalidError, match="takes no init"):
            deploy(installation, **told)
    with pytest.raises(DeploymentInvalidError, match="A model takes no init"):
        deploy(installation, flow=None, model="small", init={"a": 1})
    with pytest.raises(DeploymentInvalidError, match="Both init"):
        deploy(installation, init={"a": 1}, environment_variables={"PF_FLOW_INIT_CONFIG": "{}"})
    with pytest.raises(InitConfigError):
        deploy(installation, environment_variables={"PF_FLOW_INIT_CONFIG": "[1"})
    write_class(installation, "entry: code:answer\n", "def answer(question: str) -> str:\n    return question\n")
    with pytest.raises(InitInvalidError, match="is a function"):
        deploy(installation, flow="flex", init={"a": 1})
    write_class(installation, "entry: code:Answer\n", f"from base import Base\n{CLASS.replace('class Answer:', 'class Answer(Base):')}")
    deploy(installation, flow="flex", init={"greeting": "known"})
    write_class(installation, "entry: code:Answer\n", "from base import Base\nclass Answer(Base):\n    pass\n")
    deploy(installation, flow="flex", init={"what": "only the code tells"})


def test_one_deploy_of_a_deployment_at_a_time(installation: Online) -> None:
    installation.write_flow()
    create(installation)
    job = installation.service.deploy(installation.caller, "support", DeploymentCreate(flow="answers"))
    with pytest.raises(DeploymentBusyError, match=job.id):
        installation.service.deploy(installation.caller, "support", DeploymentCreate(flow="answers"))
    installation.run(job)
    assert deploy(installation)["revision"] == 2


def test_traffic_and_deleting(installation: Online) -> None:
    installation.write_flow()
    create(installation)
    deploy(installation)
    deploy(installation, name="green")
    service, caller = installation.service, installation.caller
    assert shown(installation).traffic == {"blue": 100}
    assert service.set_traffic(caller, "support", {"blue": 90, "green": 10}).traffic == {"blue": 90, "green": 10}
    with pytest.raises(TrafficInvalidError):
        service.set_traffic(caller, "support", {"blue": 90})
    with pytest.raises(DeploymentBusyError):
        service.delete_deployment(caller, "support", "green")
    service.set_traffic(caller, "support", {"blue": 100, "green": 0})
    service.delete_deployment(caller, "support", "green")
    with pytest.raises(DeploymentUnknownError, match="blue"):
        service.delete_deployment(caller, "support", "green")
    assert [item.name for item in shown(installation).deployments] == ["blue"]
    service.delete(caller, "support")
    assert service.list(caller) == ()
    with pytest.raises(EndpointUnknownError):
        service.delete(caller, "support")


def test_logs_and_the_audit_trail(installation: Online) -> None:
    installation.write_flow()
    create(installation)
    deploy(installation)
    (lines,) = installation.service.logs(installation.caller, "support", deployment="blue")
    assert lines.lines == (f"line of {lines.replica}",)
    actions = [record.action for record in SqlAuditLog(installation.engine).read("w1", limit=10)]
    assert actions == ["deployment.deploy", "endpoint.create"]


def test_every_change_reaches_the_gateways_as_an_event(installation: Online) -> None:
    events = SqlEventLog(installation.engine)
    installation.write_flow()
    create(installation)
    before = events.latest()
    deploy(installation)
    assert {(event.kind, event.key) for event in events.since(before)} == {("endpoint", "support")}
    before = events.latest()
    installation.service.set_traffic(installation.caller, "support", {"blue": 0})
    assert events.latest() > before


def test_the_platforms_own_variables_are_not_for_user_code() -> None:
    assert "FLOWYARD_HOME" not in replica_environment({"FLOWYARD_HOME": "/x"})


class Folders:
    """An installer that makes a folder that looks like an environment."""

    name = "folders"

    def create(self, folder: Path, progress: Callable[[str], None]) -> None:
        (folder / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
        (folder / "bin").mkdir()
        (folder / "bin" / "python").symlink_to(sys.executable)

    def install(self, folder: Path, requirements: Path, progress: Callable[[str], None]) -> None:
        progress("installed")


def test_a_replica_runs_in_the_environment_of_its_flow(installation: Online) -> None:
    folder = installation.write_flow()
    (folder / "requirements.txt").write_text("promptflow\nabsent-package-of-tests\n")
    python = environment_for(folder, None, installation.home, installer=Folders())
    create(installation)
    deploy(installation)
    (spec,) = installation.host.specs.values()  # type: ignore[attr-defined]
    assert spec.python == str(python)
    assert str(python.parent.parent) in spec.reads


def test_packages_that_cannot_be_had_fail_the_deploy_before_anything_starts(installation: Online) -> None:
    folder = installation.write_flow()
    (folder / "requirements.txt").write_text("promptflow\nno good @@@\n")
    create(installation)
    with pytest.raises(RequirementsError, match="no good @@@"):
        deploy(installation)
    (blue,) = shown(installation).deployments
    assert (blue.state, blue.error["code"], blue.error["location"]["line"]) == ("failed", "RequirementsInvalid", 2)
    assert not installation.host.specs  # type: ignore[attr-defined]


def test_which_snapshots_deployments_need(installation: Online) -> None:
    use = SqlSnapshotUse(installation.engine)
    assert use.snapshots_in_use() == (set(), None)
    installation.write_flow()
    create(installation)
    job = installation.service.deploy(installation.caller, "support", DeploymentCreate(flow="answers"))
    used, since = use.snapshots_in_use()
    assert (used, since is not None and since <= now_ns()) == (set(), True)
    digest = installation.run(job)["digest"]
    assert use.snapshots_in_use() == ({digest}, None)
    other = installation.snapshots.take(installation.write_flow("other", tool=TOOL.replace("VERSION", "9"))).digest
    job = installation.service.deploy(installation.caller, "support", DeploymentCreate(snapshot=other))
    assert use.snapshots_in_use() == ({digest, other}, None)
    installation.service.delete(installation.caller, "support")
    assert use.snapshots_in_use() == (set(), None)


def test_bounds_of_requests_reach_gateway_and_process(installation: Online) -> None:
    installation.write_flow()
    create(installation)
    bounds = RequestSettings(request_timeout_ms=3000, max_concurrent_requests_per_instance=4)
    settings = DeploymentSettings(request=bounds, ready_within_s=33, tags={"team": "a"})
    deploy(installation, settings=settings)
    (blue,) = shown(installation).deployments
    assert blue.settings == settings
    route = routes(installation)["support"].deployments["blue"]
    assert route.request == bounds
    assert installation.host.specs[route.replicas[0].name].ready_timeout_s == 33
    with pytest.raises(DeploymentInvalidError, match="request_timeout_ms is 0") as refused:
        deploy(installation, settings=DeploymentSettings(request=RequestSettings(request_timeout_ms=0)))
    assert refused.value.location is not None
    assert refused.value.location.pointer == "/settings/request/request_timeout_ms"
