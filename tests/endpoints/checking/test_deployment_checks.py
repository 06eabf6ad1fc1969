"""The checks before a deploy, over routes, SDK and command line: what is wrong, a test, an evaluation and its gates, and the lineage."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.compute.jobs.model import Outcome
from flowyard.endpoints.checking.evaluations import Evaluations
from flowyard.endpoints.checking.inputs import LastInputs
from flowyard.endpoints.checking.service import DeploymentChecker
from flowyard.flows.runs.store import RunStore
from flowyard.flows.service import FlowService
from flowyard.flows.sessions import Sessions
from flowyard.foundation.errors import RemoteError
from flowyard.foundation.settings import Settings
from flowyard.server.app import create_app
from flowyard.testing.process_host import running_supervisor
from flowyard.wire.deployment_checks import DeploymentChecks
from flowyard.wire.endpoints import DeploymentCreate, DeploymentSettings, Gate
from flowyard.wire.runs import RunCreate
from support.asgi_server import serving
from support.commands import Command
from support.recorded_runs import record

SCORES = {"accuracy": 0.75, "accuracy_low": 0.7, "accuracy_high": 0.9}
FILE = "endpoint_name: support\nname: green\nmodel: azureml:words:latest\nproperties: {flowyard.gates: accuracy >= 0.8}\n"


def outcomes(found: DeploymentChecks) -> dict[str, str]:
    return {check.name: check.outcome for check in found.checks}


def gated(flow: str, *gates: Gate, **fields: Any) -> DeploymentCreate:
    return DeploymentCreate(flow=flow, settings=DeploymentSettings(gates=gates), **fields)


def ran(services: Any, ws: Workspace, request: RunCreate, metrics: dict[str, Any]) -> str:
    """Make a run that has completed, with one row and metrics, as if a worker had done it."""
    run = ws.runs.submit(request)
    jobs = services.jobs._store
    begun = jobs.begin(run.job_id, "worker").job
    with RunStore(services.runs._places.root / begun.arguments["run_id"], write=True) as store:
        record(store, {"": {0: {"words": 2}}})
        store.set_metrics("", metrics, [])
        store.set_facts(counts={"completed": 1, "failed": 0, "total": 1})
    jobs.end(begun.id, begun.epoch, Outcome(status="completed"), begun.stages)
    return run.name


def test_what_is_wrong_is_told_with_what_to_do(ws: Workspace) -> None:
    ws.flows.create("words", "python")
    good = ws.endpoints.check(DeploymentCreate(flow="words"), test=False)
    assert (good.passes, outcomes(good), good.test) == (True, {"validation": "good", "evaluation": "warn"}, None)
    assert good.digest == ws.flows.get("words").digest
    tagged = ws.flows.read("words", "count.py")
    ws.flows.write("words", "count.py", "def broken(:\n", etag=tagged.etag)
    bad = ws.endpoints.check(DeploymentCreate(flow="words"))
    assert (bad.passes, outcomes(bad)["validation"], bad.test) == (False, "bad", None)
    assert "count.py" in bad.checks[0].says or bad.checks[0].remedy
    missing = ws.endpoints.check(DeploymentCreate(model="smollm2-135m"))
    assert (missing.passes, outcomes(missing), missing.digest) == (False, {"models": "bad"}, None)
    for request, code in ((DeploymentCreate(flow="none"), "FlowNotFound"), (DeploymentCreate(), "DeploymentInvalid")):
        with pytest.raises(RemoteError) as refused:
            ws.endpoints.check(request)
        assert refused.value.remote.code == code


def check_file(ws: Workspace, file: Path, base: str, command: Command) -> None:
    file.write_text(FILE)
    for words, ends_with in ((("--dry-run",), 1), (("--dry-run", "--anyway"), 0)):
        code, out, _ = command("apply", "-f", str(file), *words)
        assert (code, "would be created\n  gates: It does not meet its gates: accuracy >= 0.8: it is 0.75" in out) == (ends_with, True)
    file.write_text(FILE.replace("0.8", "0.5"))
    (met,) = ws.apply([file], dry_run=True)
    assert met.gates is not None
    assert (met.action, met.gates.outcome, met.gates.says) == ("created", "good", f"It meets its gates, in the run {base} over one row.")
    file.write_text(FILE)
    code, _, err = command("apply", "-f", str(file))
    assert (code, "accuracy >= 0.8: it is 0.75, 95 % interval 0.7 to 0.9" in err, "--anyway" in err) == (1, True, True)
    assert [each.name for each in ws.endpoints.get("support").deployments] == ["blue"]
    assert ws.apply([file], anyway=True, follow=lambda job: ws.jobs.cancel(job.id))[0].action == "created"
    assert [entry.detail.get("anyway") for entry in ws.audit.list() if entry.action == "deployment.deploy"] == [True, True]


def test_gates_hold_for_the_evaluation_of_this_very_version(services: Any, ws: Workspace, tmp_path: Path, command: Command) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "one two"}\n')
    ws.flows.create("words", "python")
    ws.flows.create("score", "evaluation")
    ws.endpoints.create("support")
    gate, low = Gate(metric="accuracy", at_least=0.8), Gate(metric="accuracy", at_least=0.5)
    data = ws.runs.upload(rows)
    base = ran(services, ws, RunCreate(flow="words", data=data, column_mapping={"text": "${data.text}"}), {})
    assert outcomes(ws.endpoints.check(gated("words"), test=False))["evaluation"] == "warn"
    mapping = dict.fromkeys((entry.name for entry in ws.flows.graph("score").inputs), "x")
    scored = ran(services, ws, RunCreate(flow="score", run=base, data=data, column_mapping=mapping), {**SCORES, "note": "text"})
    found = ws.endpoints.check(gated("words", low), test=False)
    assert (found.passes, outcomes(found)["evaluation"]) == (True, "good")
    evaluation = found.evaluation
    assert evaluation is not None
    assert (evaluation.run, evaluation.evaluations, evaluation.rows, evaluation.metrics) == (base, (scored,), 1, SCORES)
    assert found.evaluated == (evaluation,)
    missed = ws.endpoints.check(gated("words", gate), test=False)
    assert (missed.passes, outcomes(missed)["evaluation"], "it is 0.75" in missed.checks[-1].says) == (False, "bad", True)

    with pytest.raises(RemoteError) as refused:
        ws.endpoints.deploy("support", gated("words", gate))
    assert (refused.value.remote.status, refused.value.remote.code) == (409, "GateUnmet")
    assert ws.endpoints.get("support").deployments == ()
    anyway = ws.endpoints.deploy("support", gated("words", gate, anyway=True))
    assert services.jobs._store.get(anyway.id).arguments["made_of"] == [f"run/{base}", f"run/{scored}"]
    (told,) = [entry for entry in ws.audit.list() if entry.action == "deployment.deploy"]
    assert told.detail["anyway"] is True
    ws.jobs.cancel(anyway.id)

    code, _, err = command("endpoint", "deploy", "support", "--flow", "words", "--check", "--gate", "accuracy>=0.8", "--no-wait")
    assert (code, "bad   It does not meet its gates" in err, "--anyway" in err) == (1, True, True)
    named = DeploymentSettings(gates=(low,), evaluation="another")
    assert outcomes(ws.endpoints.check(DeploymentCreate(flow="words", settings=named), test=False))["evaluation"] == "bad"
    for name in (base, scored):
        named = DeploymentSettings(gates=(low,), evaluation=name)
        assert ws.endpoints.check(DeploymentCreate(flow="words", settings=named), test=False).passes

    again = ran(services, ws, RunCreate(flow="score", run=base, data=data, column_mapping=mapping), {"accuracy": 0.9})
    assert ws.endpoints.check(gated("words", gate), test=False).passes
    checked = ("endpoint", "deploy", "support", "--flow", "words", "--check", "--gate", "accuracy>=0.8", "--no-wait")
    code, _, err = command(*checked, "--evaluation", scored)
    assert (code, "accuracy >= 0.8: it is 0.75" in err) == (1, True)
    for name, accuracy in ((scored, 0.75), (again, 0.9), (base, 0.9)):
        held = ws.endpoints.check(DeploymentCreate(flow="words", settings=DeploymentSettings(evaluation=name)), test=False)
        assert held.evaluation is not None
        assert (held.evaluation.metrics["accuracy"], held.evaluated[0].evaluations) == (accuracy, (again, scored))
    ws.runs.delete(again)

    check_file(ws, tmp_path / "blue.yml", base, command)

    tagged = ws.flows.read("words", "count.py")
    ws.flows.write("words", "count.py", f"{tagged.content}\n# another version\n", etag=tagged.etag)
    changed = ws.endpoints.check(gated("words", low), test=False)
    assert (changed.passes, changed.evaluation) == (False, None)


@pytest.mark.integration
def test_it_is_tested_in_a_session_of_the_version_that_is_named(services: Any, owner_key: str, tmp_path: Path) -> None:
    home = services.settings.home
    (home / "spools").mkdir(exist_ok=True)
    with running_supervisor(tmp_path / "logs") as host:
        sessions = Sessions(host, services.keys, services.connections, lambda: "http://127.0.0.1:9", Settings(home=home))
        flows = FlowService(services.flows._store, services.flows._snapshots, sessions, services.audit, services.flows._guards)
        checker = DeploymentChecker(
            services.endpoints,
            flows,
            Evaluations(services.lineage, services.runs),
            LastInputs(services.traces, services.runs),
            services.deployment_checks._catalog,
            services.connections,
        )
        with serving(create_app(replace(services, flows=flows, deployment_checks=checker))) as url:
            ws = Workspace(url=url, api_key=owner_key, workspace="default")
            ws.flows.create("words", "python")
            request = DeploymentCreate(flow="words")
            given = ws.endpoints.check(request, inputs={"text": "one two three"})
            assert given.test is not None
            assert (outcomes(given)["test"], given.test.inputs_from) == ("good", "given")
            assert given.test.outputs == {"words": 3, "longest": "three"}
            tagged = ws.flows.read("words", "count.py")
            broken = str(tagged.content).replace("    return", "    raise ValueError('no')\n    return", 1)
            ws.flows.write("words", "count.py", broken, etag=tagged.etag)
            failing = ws.endpoints.check(request, inputs={"text": "x"})
            assert (failing.passes, outcomes(failing)["test"]) == (False, "bad")
            kept = ws.endpoints.check(replace(request, snapshot=given.digest), inputs={"text": "a b"})
            assert kept.test is not None
            assert kept.test.outputs == {"words": 2, "longest": "a"}
