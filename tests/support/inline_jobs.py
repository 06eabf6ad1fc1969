"""Runs a job's code in the test itself, with what it was submitted with."""

from typing import Any

from flowyard.foundation.codecs import from_json, to_json
from support.online_installation import InlineContext


def run_inline(services: Any, kind: Any, job_id: str) -> Any:
    """Return the result of a job as JSON has it."""
    record = services.jobs._store.get(job_id)
    assert record.kind == kind.name
    context = InlineContext(record.workspace_id)
    context.job_id = job_id
    return from_json(to_json(kind.run(context, record.arguments)))
