"""Trying models, from Python."""

from collections.abc import Sequence

from flowyard.client.transport import Transport
from flowyard.wire.jobs import Job
from flowyard.wire.model_verifications import LONG_CONTEXT, CheckName, ModelVerification, VerificationCreate, VerificationPlan
from flowyard.wire.shared import Page

_PATH = "model-verifications"


class ModelVerifications:
    """What models were seen to do. A model is a catalog name, ``<connection>/<model>`` or ``endpoint:<name>``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def plan(self, model: str, *, checks: Sequence[CheckName] | None = None, max_context: int = LONG_CONTEXT) -> VerificationPlan:
        """Return what a verification would do and cost, without calling the model."""
        return self._transport.post(f"{_PATH}/plan", VerificationPlan, body=_asked(model, checks, max_context))

    def create(self, model: str, *, checks: Sequence[CheckName] | None = None, max_context: int = LONG_CONTEXT) -> Job:
        """Begin to try a model and return the job, whose id is the verification's (``ws.jobs.wait`` follows it)."""
        return self._transport.post(_PATH, Job, body=_asked(model, checks, max_context))

    def list(self, model: str | None = None, *, limit: int = 50) -> tuple[ModelVerification, ...]:
        """Return verifications, the newest first."""
        return self._transport.get(_PATH, Page[ModelVerification], params={"model": model, "limit": limit}).items

    def get(self, verification: str) -> ModelVerification:
        """Return a verification, as far as it is.

        Raises:
            RemoteError: there is none (code ``VerificationNotFound``).
        """
        return self._transport.get(f"{_PATH}/{verification}", ModelVerification)

    def delete(self, verification: str) -> None:
        """Delete a verification."""
        self._transport.delete(f"{_PATH}/{verification}")


def _asked(model: str, checks: Sequence[CheckName] | None, max_context: int) -> VerificationCreate:
    return VerificationCreate(model=model, checks=None if checks is None else tuple(checks), max_context=max_context)
