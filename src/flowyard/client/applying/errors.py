"""What can go wrong when files are applied."""

from flowyard.foundation.errors import FlowyardError, InvalidInputError, Location, Problem
from flowyard.wire.flows import Finding


class ApplyInvalidError(InvalidInputError):
    """A file cannot be applied; `findings` has everything that is wrong, with file and line."""

    code = "ApplyInvalid"
    title = "The file cannot be applied"


class ApplyFailedError(FlowyardError):
    """A deploy that was begun did not complete; what served before goes on serving."""

    code = "ApplyFailed"
    title = "The deploy did not complete"


def refused(findings: list[Finding]) -> ApplyInvalidError:
    """Return the error for files with `findings`."""
    problems = tuple(
        Problem(
            code=finding.code,
            title="This cannot be applied",
            status=422,
            detail=finding.message,
            remedy=finding.remedy,
            location=Location(file=finding.file, line=finding.line, column=finding.column),
        )
        for finding in findings
    )
    count = len(findings)
    return ApplyInvalidError(f"{count} thing{'s' if count > 1 else ''} cannot be applied; nothing was changed.", findings=problems)
