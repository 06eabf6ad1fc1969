"""What tries models: verifications and comparisons."""

from dataclasses import dataclass

from flowyard.catalog.service import Catalog
from flowyard.catalog.verify.job import ModelVerifyJob
from flowyard.catalog.verify.service import VerificationService
from flowyard.catalog.verify.subjects import Subjects
from flowyard.catalog.workspace import WorkspaceModels
from flowyard.compute.jobs.service import JobService
from flowyard.compute.ports import JobKind, ProcessHost
from flowyard.data.service import DataService
from flowyard.evaluation.comparing.job import ModelCompareJob
from flowyard.evaluation.comparing.service import ComparisonService
from flowyard.storage.sql.reports import SqlReportStore
from flowyard.wiring.core import Core


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTrials:
    """The services of the control plane that try models."""

    verifications: VerificationService
    comparisons: ComparisonService


def open_trials(core: Core, catalog: Catalog, models: WorkspaceModels, jobs: JobService, data: DataService) -> ModelTrials:
    """Return the services over a workspace's models."""
    subjects, reports = Subjects(catalog, models, core.connections), SqlReportStore(core.engine)
    return ModelTrials(
        verifications=VerificationService(subjects, reports, jobs, core.audit),
        comparisons=ComparisonService(subjects, reports, jobs, core.audit, data),
    )


def trial_jobs(
    core: Core, catalog: Catalog, jobs: JobService, host: ProcessHost, data: DataService, gateway_url: str
) -> tuple[JobKind, ...]:
    """Return the code of the jobs."""
    reports = SqlReportStore(core.engine)
    subjects = Subjects(catalog, WorkspaceModels(catalog, jobs, core.audit, core.connections, host), core.connections)
    return (
        ModelVerifyJob(catalog, reports, core.keys, host, subjects.price, gateway_url=gateway_url),
        ModelCompareJob(data, reports, core.keys, subjects.price, gateway_url=gateway_url),
    )
