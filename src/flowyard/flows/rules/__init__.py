"""The rules that a flow must keep. Each is an object with a stable code and a severity; `ALL` is the list."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import assert_never

from flowyard.flows.errors import InvalidFlowError
from flowyard.flows.find import find_flow
from flowyard.flows.format.read import read_flow
from flowyard.flows.model import AS_WRITTEN, FlowOptions, FlowSpec
from flowyard.flows.rules import files, structure
from flowyard.flows.rules.base import Rule
from flowyard.flows.rules.includes import with_includes
from flowyard.foundation.errors import Location, Problem
from flowyard.wire.flow_terms import Finding, FlowKind

ALL: tuple[Rule, ...] = (*structure.RULES, *files.RULES)


def validate(path: Path, options: FlowOptions = AS_WRITTEN) -> tuple[FlowSpec | None, tuple[Finding, ...]]:
    """Read the flow at `path` and check every rule, without running any of the flow's code. Of the variants that are not chosen
    all is checked too; what is wrong with them is a warning. Package tools are looked up in a process of their own.

    Returns the flow as far as it could be read, and all findings in the order of their lines.

    Raises:
        FlowNotFoundError: there is no flow file at `path`.
        InvalidInputError: the variant that `options` asks for is no variant's name.
    """
    flow, findings = _check(path, options)
    if flow is not None:
        findings += _variant_findings(flow, findings)
        findings += _package_findings(flow)
    return flow, _sorted(findings)


def load_readable(path: Path, options: FlowOptions = AS_WRITTEN) -> FlowSpec:
    """Read the flow at `path` as far as it can be read, whatever else is wrong with it.

    Raises:
        FlowNotFoundError: there is no flow file at `path`.
        InvalidInputError: the variant that `options` asks for is no variant's name.
        InvalidFlowError: nothing of it can be read.
    """
    flow, _ = _check(path, options)
    return load_valid(path, options) if flow is None else flow


def load_valid(path: Path, options: FlowOptions = AS_WRITTEN) -> FlowSpec:
    """Read the flow at `path` and return it when no rule finds an error.

    Raises:
        FlowNotFoundError: there is no flow file at `path`.
        InvalidInputError: the variant that `options` asks for is no variant's name.
        InvalidFlowError: with all findings.
    """
    flow, found = _check(path, options)
    findings = _sorted(found)
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


def _check(path: Path, options: FlowOptions) -> tuple[FlowSpec | None, list[Finding]]:
    kind = find_flow(path).kind
    flow, found = _read(kind, path, options)
    if flow is None:
        return None, list(found)
    flow, more = with_includes(flow)
    if kind == "dag":
        return flow, [*found, *more, *_breaches(flow)]
    flow, wrong = _completed(flow)
    return flow, [*found, *more, *wrong]


def _read(kind: FlowKind, path: Path, options: FlowOptions) -> tuple[FlowSpec | None, tuple[Finding, ...]]:
    """Read the flow by its kind. What the rarer kinds need is imported when one comes."""
    match kind:
        case "dag":
            return read_flow(path, options)
        case "flex":
            from flowyard.flows.flex.read import read_flex

            return read_flex(path, options)
        case "prompty":
            from flowyard.flows.prompty.read import read_prompty

            return read_prompty(path, options)
        case _:
            assert_never(kind)


def _completed(flow: FlowSpec) -> tuple[FlowSpec, list[Finding]]:
    """Return a flex flow or a prompty with what its code or its template adds, and what is wrong there."""
    if flow.kind == "flex":
        from flowyard.flows.rules.entry import with_entry

        return with_entry(flow)
    from flowyard.flows.rules.prompt import prompt_findings

    return flow, list(prompt_findings(flow))


def _breaches(flow: FlowSpec) -> Iterator[Finding]:
    for rule in ALL:
        yield from rule.check(flow)


def _variant_findings(flow: FlowSpec, known: list[Finding]) -> Iterator[Finding]:
    """Yield what else would be found if another variant ran: one node at a time, the others as chosen."""
    seen = {(finding.code, finding.message) for finding in known}
    for name, table in flow.node_variants.items():
        for variant, node in table.nodes.items():
            if variant == table.chosen or flow.node(name) is None:
                continue
            other = replace(flow, nodes=tuple(node if it.name == name else it for it in flow.nodes))
            for finding in _breaches(other):
                if (finding.code, finding.message) not in seen:
                    seen.add((finding.code, finding.message))
                    yield replace(finding, severity="warning", message=f"With variant ${{{name}.{variant}}}: {finding.message}")


def _package_findings(flow: FlowSpec) -> Iterator[Finding]:
    if any(node.source is not None and node.source.type != "code" for node in flow.nodes):
        from flowyard.flows.rules.packages import package_findings

        yield from package_findings(flow)


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.file or "", finding.line or 0, finding.column or 0)))


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
