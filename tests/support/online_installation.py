"""Online endpoints over a real database with everything else in memory: processes, jobs, one workspace."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from flowyard.catalog.service import Catalog
from flowyard.compute.errors import ProcessFailedError
from flowyard.compute.jobs.service import JobService
from flowyard.compute.model import ProcessSpec, ProcessStatus
from flowyard.compute.ports import ProcessHost
from flowyard.connections.model import ResolvedConnection
from flowyard.endpoints.memory_figures import MemoryFigures
from flowyard.endpoints.online.deploy import DEPLOYMENT, RETIRING, STAGES, DeploymentJob, FlowSources
from flowyard.endpoints.online.reconcile import Reconciler
from flowyard.endpoints.online.service import EndpointService
from flowyard.endpoints.online.specs import ReplicaSpecs, Surroundings
from flowyard.flows.authoring import FlowStore
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.codecs import plain
from flowyard.foundation.settings import Settings
from flowyard.identity.keys import KeyService
from flowyard.identity.model import Caller
from flowyard.storage.sql.endpoints import SqlEndpointStore
from flowyard.storage.sql.jobs import SqlJobStore
from flowyard.storage.sql.keys import SqlKeyStore
from flowyard.wire.jobs import Job
from support.memory_installation import MemoryCatalog

FLOW = """
inputs:
  question: {type: string, default: hi}
outputs:
  answer: {type: string, reference: "${say.output}"}
nodes:
- name: say
  type: python
  source: {type: code, path: say.py}
  inputs: {question: "${inputs.question}"}
"""
TOOL = """
import os
from promptflow.core import tool

@tool
def say(question: str) -> str:
    return f"VERSION {question} {os.getpid()}"
"""


class KeptHost:
    """A process host in memory. Processes get ready at once, unless `failing` names what they begin with."""

    def __init__(self) -> None:
        self.specs: dict[str, ProcessSpec] = {}
        self.statuses: dict[str, ProcessStatus] = {}
        self.stopped: list[str] = []
        self.failing: str | None = None
        self.started = 0

    def ensure(self, spec: ProcessSpec, *, wait_s: float | None = None) -> ProcessStatus:
        if self.specs.get(spec.name) != spec:
            self.started += 1
            self.specs[spec.name] = spec
            address = f"127.0.0.1:{10_000 + self.started}"
            self.statuses[spec.name] = ProcessStatus(
                name=spec.name, state="ready", digest=str(self.started), pid=self.started, address=address
            )
            if self.failing is not None and spec.name.startswith(self.failing):
                error = ProcessFailedError("It ended with exit code 1: no module named x.", extra={"log": ["no module named x"]})
                problem = plain(error.problem())
                self.statuses[spec.name] = replace(self.statuses[spec.name], state="failed", address=None, error=problem)
        if self.statuses[spec.name].state == "failed" and wait_s != 0:
            raise ProcessFailedError("It ended with exit code 1: no module named x.", extra={"log": ["no module named x"]})
        return self.statuses[spec.name]

    def get(self, name: str) -> ProcessStatus | None:
        return self.statuses.get(name)

    def find(self, prefix: str = "") -> list[ProcessStatus]:
        return [status for name, status in sorted(self.statuses.items()) if name.startswith(prefix)]

    def touch(self, name: str) -> bool:
        return name in self.statuses

    def stop(self, name: str) -> None:
        self.stopped.append(name)
        self.specs.pop(name, None)
        self.statuses.pop(name, None)

    def logs(self, name: str, *, tail: int = 200) -> list[str]:
        return [f"line of {name}"][:tail]

    def lose_all(self) -> None:
        """Be a supervisor that has just been started again."""
        self.specs.clear()
        self.statuses.clear()


class MemoryConnections:
    def __init__(self) -> None:
        self.held: list[ResolvedConnection] = []

    def resolve_all(self, workspace_id: str | None = None, *, with_local: bool = False) -> list[ResolvedConnection]:
        return self.held

    def list(self, caller: Caller) -> list[Any]:
        return [connection for connection in self.held if connection.workspace_id == caller.workspace_id]


class InlineContext:
    """A job's context that keeps everything in memory."""

    def __init__(self, workspace_id: str) -> None:
        self.job_id = "job"
        self.workspace_id = workspace_id
        self.entered: list[str] = []
        self.results: dict[str, Any] = {}

    @contextmanager
    def stage(self, name: str) -> Generator["InlineContext"]:
        self.entered.append(name)
        yield self

    def progress(self, done: int, total: int | None = None, unit: str | None = None) -> None:
        return None

    def detail(self, text: str) -> None:
        return None

    def worked(self, seconds: float) -> None:
        return None

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        if name not in self.results:
            self.results[name] = work()
        return self.results[name]

    def log(self, message: str) -> None:
        return None

    def check_canceled(self) -> None:
        return None


@dataclass
class Online:
    """Everything of online endpoints, put together."""

    caller: Caller
    engine: Engine
    store: SqlEndpointStore
    host: Any
    service: EndpointService
    job: DeploymentJob
    reconciler: Reconciler
    figures: MemoryFigures
    jobs: JobService
    job_store: SqlJobStore
    keys: KeyService
    connections: MemoryConnections
    flows: FlowStore
    snapshots: SnapshotStore
    home: Path

    def write_flow(self, name: str = "answers", version: str = "1", *, flow: str = FLOW, tool: str = TOOL) -> Path:
        folder = self.home / "workspaces" / self.caller.workspace / "flows" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "flow.dag.yaml").write_text(flow)
        (folder / "say.py").write_text(tool.replace("VERSION", version))
        return folder

    def run(self, job: Job) -> Any:
        """Run a submitted deploy job here, to its end, as a worker would."""
        begun = self.job_store.begin(job.id, "worker")
        return self.run_record(begun.job if begun is not None else None)

    def run_record(self, record: Any) -> Any:
        from flowyard.compute.jobs.model import Outcome

        context = InlineContext(record.workspace_id)
        try:
            result = self.job.run(context, record.arguments)
        except Exception:
            self.job_store.end(record.id, record.epoch, Outcome(status="failed"), record.stages)
            raise
        self.job_store.end(record.id, record.epoch, Outcome(status="completed", result=result), record.stages)
        for thread in threading.enumerate():
            if thread.name == RETIRING:
                thread.join()
        return result


def online(engine: Engine, home: Path, host: ProcessHost, caller: Caller, *, gateway_url: str = "http://127.0.0.1:1") -> Online:
    """Put online endpoints together over a database and a process host."""
    store, keys, connections = SqlEndpointStore(engine), KeyService(SqlKeyStore(engine)), MemoryConnections()
    flows, snapshots = FlowStore(home / "workspaces"), SnapshotStore(home / "storage" / "snapshots")
    job_store, figures = SqlJobStore(engine), MemoryFigures()
    jobs = JobService(job_store, {DEPLOYMENT: STAGES})
    specs = ReplicaSpecs(snapshots, connections, keys, MemoryCatalog(), Surroundings(gateway_url=gateway_url, settings=Settings(home=home)))
    sources = FlowSources(flows=flows, snapshots=snapshots)
    service = EndpointService(store, jobs, host, sources, Catalog(home / "models"), connections)
    job = DeploymentJob(store, host, specs, sources, keys)
    return Online(
        caller=caller,
        engine=engine,
        store=store,
        host=host,
        service=service,
        job=job,
        reconciler=Reconciler(store, host, specs, keys, service, figures),
        figures=figures,
        jobs=jobs,
        job_store=job_store,
        keys=keys,
        connections=connections,
        flows=flows,
        snapshots=snapshots,
        home=home,
    )
