"""What a rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flowyard.flows.model import FlowSpec, Place
from flowyard.wire.flow_terms import Finding, Severity


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a rule is broken: what is there, and what to write instead."""

    message: str
    place: Place
    remedy: str | None = None
    node: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `breaches` yields every place where a flow breaks it.

    Attributes:
        code: stable name of the finding; prompt flow's name where it has one.
        severity: with ``error`` the flow does not run.
        breaches: a pure function of the flow (and its files); it never runs the flow's code.
    """

    code: str
    severity: Severity
    breaches: Callable[[FlowSpec], Iterator[Breach]]

    def check(self, flow: FlowSpec) -> Iterator[Finding]:
        """Yield a finding for every breach."""
        for breach in self.breaches(flow):
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=breach.message,
                remedy=breach.remedy,
                file=breach.place.file,
                line=breach.place.line,
                column=breach.place.column,
                node=breach.node,
            )
