"""The rules that a flow must keep. Each is an object with a stable code and a severity; `ALL` is the list."""

from pathlib import Path

from flowyard.flows.errors import InvalidFlowError
from flowyard.flows.format.read import read_flow
from flowyard.flows.model import AS_WRITTEN, FlowOptions, FlowSpec
from flowyard.flows.rules import files, structure
from flowyard.flows.rules.base import Rule
from flowyard.foundation.errors import Location, Problem
from flowyard.wire.flows import Finding

ALL: tuple[Rule, ...] = (*structure.RULES, *files.RULES)


def validate(path: Path, options: FlowOptions = AS_WRITTEN) -> tuple[FlowSpec | None, tuple[Finding, ...]]:
    """Read the flow at `path` and check every rule, without running any of the flow's code.

    Returns the flow as far as it could be read, and all findings in the order of their lines.

    Raises:
        FlowNotFoundError: there is no flow file at `path`.
    """
    flow, found = read_flow(path, options)
    findings = list(found)
    if flow is not None:
        findings += [finding for rule in ALL for finding in rule.check(flow)]
    findings.sort(key=lambda finding: (finding.file or "", finding.line or 0, finding.column or 0))
    return flow, tuple(findings)


def load_valid(path: Path, options: FlowOptions = AS_WRITTEN) -> FlowSpec:
    """Read the flow at `path` and return it when no rule finds an error.

    Raises:
        FlowNotFoundError: there is no flow file at `path`.
        InvalidFlowError: with all findings.
    """
    flow, findings = validate(path, options)
    errors = [finding for finding in findings if finding.severity == "error"]
    if flow is None or errors:
        first = errors[0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise InvalidFlowError(
            f"{first.message}{more}",
            remedy=first.remedy,
            location=Location(file=first.file, line=first.line, column=first.column),
            findings=tuple(problem_of(finding) for finding in findings),
        )
    return flow


def problem_of(finding: Finding) -> Problem:
    """Return a finding in the shape that errors carry over HTTP."""
    return Problem(
        code=finding.code,
        title=InvalidFlowError.title,
        status=InvalidFlowError.status,
        detail=finding.message,
        remedy=finding.remedy,
        location=Location(file=finding.file, line=finding.line, column=finding.column),
        extra={"severity": finding.severity, "node": finding.node},
    )
