"""How a step says at which row it failed."""

from flowyard.data.transforms.cleaning.ports import Misfit
from flowyard.data.transforms.errors import TransformRowError
from flowyard.data.transforms.model import NumberedStep, pointer


def failed(step: NumberedStep, number: int | None, error: Misfit) -> TransformRowError:
    """Return the error of a row at which a step failed."""
    row = f"row {number}" if number is not None else "a row"
    return TransformRowError(
        f"Step {step.number} ({step.kind}) failed at {row}, column {error.column!r}: {error.message}.",
        remedy=f"{error.remedy} With on_error: skip such rows are left out, and counted.",
        location=pointer(step.number, step.kind),
        extra={"step": step.number, "row": number, "column": error.column},
    )
