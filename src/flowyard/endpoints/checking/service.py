"""The checks before a deploy: is it valid, does it answer, was it found good enough."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flowyard.catalog.errors import ModelNotPulledError
from flowyard.catalog.service import Catalog
from flowyard.data.lineage.model import Thing
from flowyard.endpoints.checking.evaluations import Evaluations
from flowyard.endpoints.checking.gates import unmet
from flowyard.endpoints.checking.inputs import Inputs, LastInputs
from flowyard.endpoints.checking.starting import model_checks, start_checks
from flowyard.endpoints.errors import GateUnmetError
from flowyard.endpoints.online.model import DeploymentPlan
from flowyard.endpoints.online.ports import ConnectionNames
from flowyard.endpoints.online.service import EndpointService
from flowyard.flows.errors import InitInvalidError, InvalidFlowError
from flowyard.flows.inspect import graph
from flowyard.flows.service import FlowService
from flowyard.foundation.codecs import plain, to_json
from flowyard.foundation.errors import FlowyardError
from flowyard.identity.model import Caller
from flowyard.wire.deployment_checks import DeploymentCheck, DeploymentCheckCreate, DeploymentChecks, DeploymentEvaluation, DeploymentTest
from flowyard.wire.endpoints import DeploymentCreate, DeploymentSettings
from flowyard.wire.flows import FlowTest
from flowyard.wire.jobs import Job

_TEST_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flow:
    """A version of a flow that is looked at: its name, and the digest of its snapshot."""

    name: str
    digest: str
    checks: tuple[DeploymentCheck, ...]
    evaluation: DeploymentEvaluation | None
    evaluated: tuple[DeploymentEvaluation, ...]
    inputs: Inputs | None
    init: Sequence[str] = ()

    @property
    def starts(self) -> bool:
        return all(check.outcome != "bad" for check in self.checks if check.name != "evaluation")


class DeploymentChecker:
    """Checks what is to be deployed, and deploys what meets its gates.

    Args:
        endpoints: the endpoints.
        flows: the flows, their snapshots and sessions.
        evaluations: finds how good a version was found.
        last: finds the inputs that a flow was last run with.
        catalog: the models.
        connections: the names of connections.
    """

    def __init__(
        self,
        endpoints: EndpointService,
        flows: FlowService,
        evaluations: Evaluations,
        last: LastInputs,
        catalog: Catalog,
        connections: ConnectionNames,
    ) -> None:
        self._endpoints = endpoints
        self._flows = flows
        self._evaluations = evaluations
        self._last = last
        self._catalog = catalog
        self._connections = connections

    async def check(self, caller: Caller, asked: DeploymentCheckCreate) -> DeploymentChecks:
        """Return what was found of a deployment; nothing is deployed. A test ends after two minutes, failed.

        Raises:
            DeploymentInvalidError: not exactly one of flow, snapshot and model is named, or a setting is out of its range.
            NotFoundError: there is no such flow, snapshot or model.
        """
        found = await asyncio.to_thread(self._looked_at, caller, asked)
        if isinstance(found, tuple):
            return _told(found)
        test = None
        more: list[DeploymentCheck] = []
        if asked.test and found.starts:
            test = await self._tested(caller, found)
            more.append(_test_check(test, found))
        first = [check for check in found.checks if check.name != "evaluation"]
        last = [check for check in found.checks if check.name == "evaluation"]
        told = _told((*first, *more, *last), digest=found.digest, test=test)
        return replace(told, evaluation=found.evaluation, evaluated=found.evaluated)

    def deploy(self, caller: Caller, name: str, request: DeploymentCreate) -> Job:
        """Begin to deploy what meets its gates, and return the job.

        Raises:
            GateUnmetError: its evaluation does not meet a gate, and it is not to be deployed anyway.
            As `EndpointService.deploy`.
        """
        made_of: list[str] = []
        if request.settings.gates:
            plan = self._endpoints.planned(caller, request)
            evaluation = self._evaluation(caller, plan, request.settings.evaluation)
            missed = unmet(request.settings.gates, evaluation)
            if missed and not request.anyway:
                raise GateUnmetError(
                    f"It is not deployed: {'; '.join(missed)}.",
                    remedy="Evaluate a run of this version that meets it; or deploy it anyway: --anyway, or anyway: true.",
                    extra={"unmet": list(missed)},
                )
            made_of = [] if evaluation is None else [Thing("run", run).id for run in (evaluation.run, *evaluation.evaluations)]
        return self._endpoints.deploy(caller, name, request, made_of=tuple(made_of))

    def _looked_at(self, caller: Caller, asked: DeploymentCheckCreate) -> _Flow | tuple[DeploymentCheck, ...]:
        request = asked.deployment
        try:
            plan = self._endpoints.planned(caller, request)
        except InvalidFlowError:
            plan = None  # its findings say what
        except ModelNotPulledError as error:
            return (DeploymentCheck(name="models", outcome="bad", says=error.message, remedy=error.remedy),)
        except InitInvalidError as error:
            return (DeploymentCheck(name="validation", outcome="bad", says=error.message, remedy=error.remedy),)
        if plan is not None and plan.model is not None:
            return tuple(model_checks([plan.model], self._catalog))
        if plan is not None and plan.script is not None:
            return (DeploymentCheck(name="validation", outcome="good", says=f"The script {plan.script} is in the archive."),)
        digest = request.snapshot or self._flows.take_snapshot(caller, request.flow or "").digest
        name = request.flow or f"snapshot-{digest[:12]}"
        folder = self._flows.folder(digest)
        drawn = graph(folder, folder)
        checks = list(start_checks(drawn, [one.name for one in self._connections.list(caller)], self._catalog))
        evaluation = self._evaluations.of(caller, name, digest, request.settings.evaluation)
        checks.append(_evaluation_check(request.settings, evaluation))
        inputs = self._last.of(caller, name, drawn.inputs) if asked.inputs is None else Inputs(asked.inputs, "given")
        needed = [parameter.name for parameter in drawn.init if not parameter.has_default]
        evaluated = self._evaluations.all(caller, name, digest)
        return _Flow(name=name, digest=digest, checks=tuple(checks), evaluation=evaluation, evaluated=evaluated, inputs=inputs, init=needed)

    def _evaluation(self, caller: Caller, plan: DeploymentPlan, named: str | None) -> DeploymentEvaluation | None:
        if plan.flow is None and plan.digest is None:
            return None
        digest = plan.digest or self._flows.take_snapshot(caller, plan.flow or "").digest
        return self._evaluations.of(caller, plan.flow or f"snapshot-{digest[:12]}", digest, named)

    async def _tested(self, caller: Caller, flow: _Flow) -> DeploymentTest | None:
        from flowyard.flows.session_stream import TestStream  # aiohttp, which nothing else here needs

        if flow.inputs is None or flow.init:
            return None
        inputs = dict(flow.inputs.values)
        test = DeploymentTest(inputs=inputs, inputs_from=flow.inputs.source)
        try:
            target = await asyncio.to_thread(self._flows.session_of, caller, flow.name, flow.digest)
            begun = await asyncio.to_thread(partial(self._flows.begin_test, caller, target, made_of=(flow.inputs.trace_id,)))
            stream = await TestStream.open(target, to_json(FlowTest(inputs=inputs)), begun, self._flows.session_died)
            ended = await asyncio.wait_for(stream.last(), _TEST_S)
        except TimeoutError:
            return _failed(test, FlowyardError(f"It did not end within {_TEST_S:g} s.", remedy="Run it in the designer and look why."))
        except FlowyardError as error:
            return _failed(test, error)
        return DeploymentTest(
            inputs=inputs,
            inputs_from=flow.inputs.source,
            trace_id=ended.get("trace_id"),
            outputs=ended.get("outputs"),
            error=ended.get("error"),
            duration_ms=ended.get("duration_ms"),
        )


def _failed(test: DeploymentTest, error: FlowyardError) -> DeploymentTest:
    return DeploymentTest(inputs=test.inputs, inputs_from=test.inputs_from, error=plain(error.problem()))


def _test_check(test: DeploymentTest | None, flow: _Flow) -> DeploymentCheck:
    if test is None and flow.init:
        says = f"It was not tested: its class is made with {', '.join(flow.init)}, which only the deployment gives."
        return DeploymentCheck(name="test", outcome="warn", says=says)
    if test is None:
        remedy = "Give the inputs of a test, or run the flow once."
        return DeploymentCheck(name="test", outcome="warn", says="It was not tested: nothing is known to test it with.", remedy=remedy)
    if test.error is not None:
        error: Mapping[str, Any] = test.error
        says = f"Its test failed: {error.get('detail') or error.get('title') or 'no reason is given'}"
        return DeploymentCheck(name="test", outcome="bad", says=says, remedy=error.get("remedy"))
    took = "" if test.duration_ms is None else f" in {max(test.duration_ms, 1):,.0f} ms"
    return DeploymentCheck(name="test", outcome="good", says=f"It answered a test{took}.")


def _evaluation_check(settings: DeploymentSettings, evaluation: DeploymentEvaluation | None) -> DeploymentCheck:
    missed = unmet(settings.gates, evaluation)
    if missed:
        remedy = "Run this version over data and evaluate the run; or deploy it anyway."
        return DeploymentCheck(name="evaluation", outcome="bad", says=f"It does not meet its gates: {'; '.join(missed)}.", remedy=remedy)
    if evaluation is None:
        remedy = "Run it over data and evaluate the run: then its metrics are here, and can be a gate."
        by = f" by the run {settings.evaluation}" if settings.evaluation else ""
        return DeploymentCheck(name="evaluation", outcome="warn", says=f"This version was not evaluated{by}.", remedy=remedy)
    met = "It meets its gates" if settings.gates else "It was evaluated"
    rows = "one row" if evaluation.rows == 1 else f"{evaluation.rows:,} rows"
    return DeploymentCheck(name="evaluation", outcome="good", says=f"{met}, in the run {evaluation.run} over {rows}.")


def _told(checks: tuple[DeploymentCheck, ...], *, digest: str | None = None, test: DeploymentTest | None = None) -> DeploymentChecks:
    passes = all(check.outcome != "bad" for check in checks)
    return DeploymentChecks(passes=passes, checks=checks, digest=digest, test=test)
