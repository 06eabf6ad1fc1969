"""Endpoints through routes, SDK and command line, on a real server; replicas are not started here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.cli.endpoints import _shares
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import InvalidInputError, RemoteError
from flowyard.wire.endpoints import DeploymentCreate, EndpointUpdate
from support.commands import Command


def test_the_sdk_makes_shows_and_deletes(ws: Workspace) -> None:
    made = ws.endpoints.create("support", description="Answers")
    assert (made.name, made.traffic, made.openai_path) == ("support", {}, "/endpoints/support/v1")
    assert [endpoint.name for endpoint in ws.endpoints.list()] == ["support"]
    ws.flows.create("answers", "python")
    job = ws.endpoints.deploy("support", DeploymentCreate(flow="answers"))
    assert (job.kind, job.target, [stage.name for stage in job.stages]) == (
        "deployment",
        "endpoints/support/blue",
        ["snapshot", "start", "ready", "switch"],
    )
    (blue,) = ws.endpoints.get("support").deployments
    assert (blue.state, blue.job, blue.flow) == ("deploying", job.id, "answers")
    assert ws.endpoints.logs("support") == ()
    ws.endpoints.delete_deployment("support", "blue")
    ws.endpoints.delete("support")
    assert ws.endpoints.list() == ()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda ws: ws.endpoints.create("x"), "NameInvalid"),
        (lambda ws: ws.endpoints.get("absent"), "EndpointNotFound"),
        (lambda ws: ws.endpoints.set_traffic("absent", {}), "EndpointNotFound"),
        (lambda ws: ws.endpoints.deploy("absent", DeploymentCreate(flow="x")), "EndpointNotFound"),
        (lambda ws: ws.endpoints.delete("absent"), "EndpointNotFound"),
        (lambda ws: ws.endpoints.logs("absent"), "EndpointNotFound"),
        (lambda ws: ws.endpoints.revisions("absent", "blue"), "EndpointNotFound"),
        (lambda ws: ws.endpoints.rollback("absent", "blue"), "EndpointNotFound"),
    ],
)
def test_errors_come_as_problems(ws: Workspace, call: Callable[[Workspace], Any], code: str) -> None:
    with pytest.raises(RemoteError) as refused:
        call(ws)
    assert refused.value.problem().code == code
    assert refused.value.problem().remedy


def test_the_command_line_makes_deploys_and_shows(command: Command, tmp_path: Path) -> None:
    assert command("endpoint", "create", "support")[0] == 0
    code, _, err = command("endpoint", "create", "support")
    assert (code, "already" in err) == (1, True)
    folder = tmp_path / "my-flow"
    folder.mkdir()
    (folder / "flow.dag.yaml").write_text(
        "inputs: {q: {type: string}}\noutputs: {a: {type: string, reference: '${one.output}'}}\n"
        "nodes:\n- {name: one, type: prompt, source: {type: code, path: one.jinja2}, inputs: {q: '${inputs.q}'}}\n"
    )
    (folder / "one.jinja2").write_text("{{q}}")
    code, out, err = command("endpoint", "deploy", "support", "--flow", str(folder), "--no-wait", "--json")
    assert code == 0, err
    assert from_json(out)["title"] == "Deploy my-flow to support/blue"
    code, out, _ = command("endpoint", "show", "support")
    assert (code, "blue: deploying, flow my-flow" in out) == (0, True)
    assert command("endpoint", "list", "--json")[0] == 0
    assert "Nothing has served as support/blue yet." in command("endpoint", "history", "support")[2]
    assert "no revision before the one that serves" in command("endpoint", "rollback", "support")[2]
    assert command("endpoint", "deploy", "support")[0] == 2
    assert command("endpoint", "update", "support", "--traffic", "blue=50")[0] != 0
    assert command("endpoint", "delete", "support")[0] == 0


def test_shares_are_read() -> None:
    assert _shares("blue=90 green=10") == {"blue": 90, "green": 10}
    assert _shares("blue=90,green=10") == {"blue": 90, "green": 10}
    with pytest.raises(InvalidInputError):
        _shares("blue")


def test_an_endpoint_is_changed_and_mirrors(ws: Workspace, command: Command) -> None:
    made = ws.endpoints.create("support", tags={"team": "a"})
    assert made.tags == {"team": "a"}
    ws.flows.create("answers", "python")
    ws.endpoints.deploy("support", DeploymentCreate(flow="answers", name="green"))
    changed = ws.endpoints.update("support", EndpointUpdate(description="Answers", mirror_traffic={"green": 10}))
    assert (changed.description, changed.tags, changed.mirror_traffic) == ("Answers", {"team": "a"}, {"green": 10})
    for mirror, match in (({"green": 60}, "1 to 50"), ({"gren": 10}, "no deployment 'gren'"), ({"a": 1, "b": 1}, "expected one")):
        with pytest.raises(RemoteError, match=match):
            ws.endpoints.update("support", EndpointUpdate(mirror_traffic=mirror))
    with pytest.raises(RemoteError, match="100 % of the traffic"):
        ws.endpoints.set_traffic("support", {"green": 100})
    code, out, _ = command("endpoint", "show", "support")
    assert "traffic  none, mirrored green=10" in out
    assert command("endpoint", "update", "support")[0] == 2
    code, out, err = command("endpoint", "update", "support", "--mirror-traffic", "", "--traffic", "green=100")
    assert (code, out) == (0, "support: mirrored none\nsupport: green=100\n"), err
    assert ws.endpoints.get("support").mirror_traffic == {}
    ws.endpoints.set_traffic("support", {})
    ws.endpoints.update("support", EndpointUpdate(mirror_traffic={"green": 5}))
    ws.endpoints.delete_deployment("support", "green")
    assert ws.endpoints.get("support").mirror_traffic == {}


def test_files_of_azure_ml_are_applied(ws: Workspace, command: Command, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "score.py").write_text("def run(data): return data\n")
    endpoint, deployment = tmp_path / "endpoint.yml", tmp_path / "blue.yml"
    endpoint.write_text("name: support\nauth_mode: key\ntags: {team: a}\n")
    deployment.write_text(
        "name: blue\nendpoint_name: support\ninstance_count: 2\ncode_configuration: {code: code, scoring_script: score.py}\n"
        "instance_type: Standard_DS3_v2\n"
    )
    dry = ws.apply([deployment, endpoint], dry_run=True)
    assert [(entry.name, entry.action) for entry in dry] == [("support", "created"), ("support/blue", "created")]
    assert ws.endpoints.list() == ()
    jobs: list[Any] = []
    ws.apply([deployment, endpoint], follow=jobs.append)
    (blue,) = ws.endpoints.get("support").deployments
    assert (blue.script, blue.instance_count, [job.kind for job in jobs]) == ("score.py", 2, ["deployment"])
    code, out, err = command("apply", "-f", str(deployment), "-f", str(endpoint), "--dry-run")
    assert (code, out) == (0, "endpoint support: unchanged\ndeployment support/blue: unchanged\n")
    assert err == "blue.yml:5: Replicas are processes of this installation; their size is not bounded.\n"
    endpoint.write_text("name: support\nauth_mode: key\ntags: {team: b}\ntraffic: {blue: 100}\n")
    code, out, err = command("apply", "-f", str(endpoint))
    assert out == "endpoint support: updated\n  tags: team=a → team=b\n  traffic: none → blue=100\n", err
    (tmp_path / "code" / "score.py").write_text("def run(data): return 1\n")
    deployment.write_text(deployment.read_text().replace("instance_count: 2", "instance_count: 3"))
    (changed,) = ws.apply([deployment], dry_run=True)
    assert changed.action == "updated"
    assert [change.partition(":")[0] for change in changed.changes] == ["snapshot", "instance_count"]
    deployment.write_text("name: blue\nendpoint_name: support\nmodel: azureml:absent:1\ninstance_coun: 3\n")
    code, out, err = command("apply", "-f", str(deployment))
    assert (code, "blue.yml:4:1: There is no key 'instance_coun'. Did you mean 'instance_count'?" in err) == (2, True)
    deployment.write_text("name: blue\nendpoint_name: support\nmodel: azureml:absent:1\n")
    assert "no model and no flow 'absent'" in command("apply", "-f", str(deployment))[2]
