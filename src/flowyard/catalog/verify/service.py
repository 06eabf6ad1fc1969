"""Verifications as routes ask for them: planned, begun, shown."""

from flowyard.catalog.reports import ReportRecord, ReportStore
from flowyard.catalog.verify import checks
from flowyard.catalog.verify.errors import VerificationInvalidError, VerificationNotFoundError
from flowyard.catalog.verify.subjects import Subjects
from flowyard.compute.jobs.service import JobService
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import Location
from flowyard.identity.audit import AuditTrail
from flowyard.identity.model import Caller
from flowyard.wire.jobs import Job
from flowyard.wire.model_verifications import ModelVerification, VerificationCreate, VerificationPlan
from flowyard.wire.shared import Money

#: The kind's name. Its arguments are a `VerificationCreate` as plain values, and the ``subject``.
MODEL_VERIFY = "model_verify"
STAGES = ("start", "check", "keep")
LEAST_CONTEXT, MOST_CONTEXT = 512, 1_000_000


class VerificationService:
    """Plans and begins verifications, and shows what they found."""

    def __init__(self, subjects: Subjects, reports: ReportStore, jobs: JobService, audit: AuditTrail) -> None:
        self._subjects = subjects
        self._reports = reports
        self._jobs = jobs
        self._audit = audit

    def plan(self, caller: Caller, asked: VerificationCreate) -> VerificationPlan:
        """Return what a verification would do and cost.

        Raises:
            ModelUnknownError, ModelNotCallableError: there is no such model, or it cannot be called.
            VerificationInvalidError: there is nothing to check, or the context cannot be.
        """
        if not LEAST_CONTEXT <= asked.max_context <= MOST_CONTEXT:
            raise VerificationInvalidError(
                f"max_context is {asked.max_context:,}; it is {LEAST_CONTEXT:,} to {MOST_CONTEXT:,}.",
                location=Location(pointer="/max_context"),
            )
        names = checks.chosen(asked.checks)
        if not names:
            raise VerificationInvalidError(
                "No check was named.", remedy="Name some, or none for all.", location=Location(pointer="/checks")
            )
        subject = self._subjects.find(caller, asked.model)
        prompt, completion = checks.tokens(names, subject, asked.max_context)
        micros = self._subjects.price(caller.workspace_id, subject, prompt, completion)
        return VerificationPlan(
            model=asked.model,
            call=subject.call,
            place=subject.place,
            task=subject.task,
            checks=names,
            prompt_tokens=prompt,
            completion_tokens=completion,
            free=subject.place == "local",
            cost=None if micros is None else Money(micros=str(micros)),
        )

    def begin(self, caller: Caller, asked: VerificationCreate, *, idempotency_key: str | None = None) -> Job:
        """Begin a verification and return its job, whose id is the verification's.

        Raises:
            ModelUnknownError, ModelNotCallableError, VerificationInvalidError: see `plan`.
        """
        self.plan(caller, asked)
        subject = self._subjects.find(caller, asked.model)
        target = f"model/{asked.model}"
        job = self._jobs.submit(
            caller,
            MODEL_VERIFY,
            {"asked": plain(asked), "subject": plain(subject)},
            title=f"Verify {asked.model}",
            target=target,
            idempotency_key=idempotency_key,
        )
        self._audit.record(caller, "model.verify", target, {"job": job.id})
        return job

    def list(self, caller: Caller, *, model: str | None = None, limit: int = 50) -> tuple[ModelVerification, ...]:
        """Return verifications, the newest first."""
        return tuple(_shown(record) for record in self._reports.find(caller.workspace_id, "verification", target=model, limit=limit))

    def get(self, caller: Caller, verification_id: str) -> ModelVerification:
        """Return a verification, as far as it is.

        Raises:
            VerificationNotFoundError: there is none, or its job has not begun.
        """
        record = self._reports.get(caller.workspace_id, "verification", verification_id)
        if record is None:
            raise VerificationNotFoundError(
                f"There is no verification {verification_id!r}.", remedy="If its job has not begun yet, ask again: flowyard job show ID"
            )
        return _shown(record)

    def delete(self, caller: Caller, verification_id: str) -> None:
        """Delete a verification.

        Raises:
            VerificationNotFoundError: there is none.
        """
        if not self._reports.delete(caller.workspace_id, "verification", verification_id):
            raise VerificationNotFoundError(f"There is no verification {verification_id!r}.", remedy="See: flowyard model verifications")
        self._audit.record(caller, "model.verification.delete", f"model-verification/{verification_id}")


def _shown(record: ReportRecord) -> ModelVerification:
    return convert(record.document, ModelVerification)
