"""The job that tries a model: check by check, each recorded, so that one that was cut short goes on with the next."""

import asyncio
import platform
from collections.abc import Callable, Coroutine
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

from flowyard.catalog.fit import machine
from flowyard.catalog.fit.service import FitQuery
from flowyard.catalog.reports import ReportRecord, ReportStore
from flowyard.catalog.service import Catalog
from flowyard.catalog.verify import checks
from flowyard.catalog.verify.ports import Keys
from flowyard.catalog.verify.probe import Probe, Subject
from flowyard.catalog.verify.service import MODEL_VERIFY, STAGES
from flowyard.compute.errors import SupervisorUnavailableError
from flowyard.compute.ports import JobContext, ProcessHost
from flowyard.foundation import bridge
from flowyard.foundation.clock import NANOSECONDS, now_ns, to_rfc3339
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.version import __version__
from flowyard.inference.engines import engine_name
from flowyard.wire.model_verifications import CheckName, ModelCheck, ModelVerification, VerificationCreate, VerificationMachine
from flowyard.wire.shared import Money

T = TypeVar("T")

_KEY_NS = 6 * 3600 * NANOSECONDS
#: One request may take so long, seconds: a long context on a slow machine does.
_TOTAL_S = 900.0
#: Names of engines as people know them, and the packages whose versions they have.
_ENGINES = {"llamacpp": ("llama.cpp", "xllamacpp"), "onnx": ("ONNX Runtime", "onnxruntime"), "vllm": ("vLLM", "vllm")}

Price = Callable[[str, Subject, int, int], int | None]


class ModelVerifyJob:
    """Implements `compute.ports.JobKind`. Models are called by the gateway, as everybody calls them, with a key for this job alone."""

    name = MODEL_VERIFY
    stages = STAGES

    def __init__(self, catalog: Catalog, reports: ReportStore, keys: Keys, host: ProcessHost, price: Price, *, gateway_url: str) -> None:
        self._catalog = catalog
        self._reports = reports
        self._keys = keys
        self._host = host
        self._price = price
        self._gateway_url = gateway_url

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Make all checks and return how many passed and failed.

        Raises:
            ModelUnreachableError, ModelAccessDeniedError: nobody answers, or not to us.
        """
        asked, subject = convert(arguments["asked"], VerificationCreate), convert(arguments["subject"], Subject)
        scope = f"verification:{context.job_id}"
        try:
            key = self._keys.issue(
                context.workspace_id, f"verify/{subject.model}"[:64], "invoker", scope=scope, expires_ns=now_ns() + _KEY_NS
            )
            found = self._verify(context, asked, subject, key)
        finally:
            self._keys.revoke_scope(context.workspace_id, scope)
        return {"model": found.model, "passed": found.passed, "failed": found.failed, "not_applicable": found.not_applicable}

    def _verify(self, context: JobContext, asked: VerificationCreate, subject: Subject, key: str) -> ModelVerification:
        with context.stage("start"):
            began = context.step("began", now_ns)
            shown = self._empty(context.job_id, subject, began)
            self._keep(context, shown, began)
        names = checks.chosen(asked.checks)
        used = (0, 0)
        with context.stage("check") as report:
            for number, name in enumerate(names):
                context.check_canceled()
                report.progress(number, len(names), "checks")
                report.detail(name.replace("_", " "))
                kept = context.step(f"check {name}", lambda name=name: self._one(context, name, asked, subject, key))
                check = convert(kept["check"], ModelCheck)
                used = (used[0] + kept["tokens"][0], used[1] + kept["tokens"][1])
                context.log(f"{name}: {check.status.replace('_', ' ')}. {check.detail}")
                shown = self._with(shown, check, used)
                self._keep(context, shown, began)
            report.progress(len(names), len(names), "checks")
        with context.stage("keep"):
            micros = self._price(context.workspace_id, subject, *used)
            cost = None if micros is None else Money(micros=str(micros))
            ended = context.step("ended", now_ns)
            shown = replace(shown, status="completed", ended_at=to_rfc3339(ended), cost=cost)
            self._keep(context, shown, began)
        return shown

    def _one(self, context: JobContext, name: CheckName, asked: VerificationCreate, subject: Subject, key: str) -> dict[str, Any]:
        """Make one check and return it with its tokens, as plain values."""
        if name == "memory":
            return {"check": plain(self._memory(subject)), "tokens": [0, 0]}
        calling = _call(f"{self._gateway_url}/v1", key, subject, name, asked.max_context)
        check, prompt, completion = bridge.run(until_canceled(calling, context.check_canceled))
        return {"check": plain(check), "tokens": [prompt, completion]}

    def _memory(self, subject: Subject) -> ModelCheck:
        """Read the most memory that the model's engine ever had, beside what is counted for it."""
        if subject.place != "local":
            return ModelCheck(name="memory", status="not_applicable", detail="It does not run on this machine.")
        try:
            status = self._host.get(engine_name(subject.call))
        except SupervisorUnavailableError as error:
            return ModelCheck(name="memory", status="fail", detail=f"The engine's process is not known: {error.message}")
        peak = _peak(status.pid) if status is not None and status.pid is not None else None
        if peak is None:
            return ModelCheck(name="memory", status="fail", detail="Its engine does not run, or this system does not tell of its memory.")
        counted = next((place.need.total for place in self._catalog.fit(subject.model, FitQuery()).places if place.need), None)
        figures = {"peak_bytes": float(peak)} | ({} if counted is None else {"counted_bytes": float(counted)})
        beside = "" if counted is None else f"; {counted / 1e6:,.0f} MB were counted (flowyard model fit)"
        return ModelCheck(name="memory", status="pass", detail=f"Its engine took {peak / 1e6:,.0f} MB at most{beside}.", figures=figures)

    def _empty(self, job_id: str, subject: Subject, began: int) -> ModelVerification:
        return ModelVerification(
            id=job_id,
            model=subject.model,
            call=subject.call,
            place=subject.place,
            status="running",
            started_at=to_rfc3339(began),
            ended_at=None,
            machine=this_machine(),
            engine=self._engine(subject),
            version=__version__,
            checks=(),
            passed=0,
            failed=0,
            not_applicable=0,
        )

    def _engine(self, subject: Subject) -> str | None:
        if subject.place != "local":
            return None
        settings = self._catalog.card(subject.call).engine
        if settings is None:
            return None
        name, package = _ENGINES[settings.kind]
        try:
            return f"{name} ({package} {version(package)})"
        except PackageNotFoundError:
            return name

    def _with(self, shown: ModelVerification, check: ModelCheck, used: tuple[int, int]) -> ModelVerification:
        made = (*shown.checks, check)
        count = {status: sum(one.status == status for one in made) for status in ("pass", "fail", "not_applicable")}
        return replace(
            shown,
            checks=made,
            passed=count["pass"],
            failed=count["fail"],
            not_applicable=count["not_applicable"],
            prompt_tokens=used[0],
            completion_tokens=used[1],
        )

    def _keep(self, context: JobContext, shown: ModelVerification, began: int) -> None:
        self._reports.put(
            ReportRecord(
                id=context.job_id,
                workspace_id=context.workspace_id,
                kind="verification",
                target=shown.model,
                completed=shown.status == "completed",
                created_ns=began,
                document=plain(shown),
            )
        )


def this_machine() -> VerificationMachine:
    """Return what this machine is: processor, cores, memory, cards, system."""
    memory = machine.memory()
    return VerificationMachine(
        cpu=machine.processor(),
        cores=machine.cores(),
        memory_bytes=None if memory is None else memory.total,
        gpus=tuple(card.name.partition(": ")[2] for card in machine.cards()),
        system=f"{platform.system()} {platform.machine()}",
    )


async def _call(base_url: str, key: str, subject: Subject, name: CheckName, max_context: int) -> tuple[ModelCheck, int, int]:
    # The client is 0.15 s of imports, which every process of the platform would pay at its start.
    from flowyard.inference.client import ModelClient, Retries, Timeouts

    timeouts = Timeouts(first_byte_s=_TOTAL_S, idle_s=_TOTAL_S, total_s=_TOTAL_S)
    async with ModelClient(base_url, key, timeouts=timeouts, retries=Retries(attempts=2)) as client:
        probe = Probe(client=client, subject=subject, max_context=max_context)
        check = await checks.run_check(name, probe)
        return check, probe.prompt_tokens, probe.completion_tokens


async def until_canceled(work: Coroutine[Any, Any, T], check_canceled: Callable[[], None]) -> T:
    """Return what `work` returns. Once a second `check_canceled` is asked; what it raises ends the work."""
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=1.0)
            check_canceled()
        return task.result()
    finally:
        task.cancel()


def _peak(pid: int) -> int | None:
    """Return the most memory that a process ever had, bytes (``VmHWM``, proc(5))."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), None)
