"""What tries models: verifications and comparisons."""

from dataclasses import dataclass

from flowyard.catalog.service import Catalog
from flowyard.catalog.verify.job import ModelVerifyJob
from flowyard.catalog.verify.service import VerificationService
from flowyard.catalog.verify.subjects import Subjects
from flowyard.catalog.workspace import WorkspaceModels
from flowyard.compute.jobs.service import JobService
from flowyard.compute.ports import JobKind, ProcessHost
from flowyard.storage.sql.reports import SqlReportStore
from flowyard.wiring.core import Core


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTrials:
    """The services of the control plane that try models."""

    verifications: VerificationService


def open_trials(core: Core, catalog: Catalog, models: WorkspaceModels, jobs: JobService) -> ModelTrials:
    """Return the services over a workspace's models."""
    subjects, reports = Subjects(catalog, models, core.connections), SqlReportStore(core.engine)
    return ModelTrials(verifications=VerificationService(subjects, reports, jobs, core.audit))


def trial_jobs(core: Core, catalog: Catalog, jobs: JobService, host: ProcessHost, gateway_url: str) -> tuple[JobKind, ...]:
    """Return the code of the jobs."""
    reports = SqlReportStore(core.engine)
    subjects = Subjects(catalog, WorkspaceModels(catalog, jobs, core.audit, core.connections, host), core.connections)
    return (ModelVerifyJob(catalog, reports, core.keys, host, subjects.price, gateway_url=gateway_url),)
