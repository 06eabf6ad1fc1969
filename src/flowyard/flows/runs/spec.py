"""What a run is asked to do: from the wire, from ``run.yaml``, or from a program."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flowyard.flows.model import FlowOptions

#: Rows at once, unless the run says otherwise.
CONCURRENCY = 16
LINE_TIMEOUT_S = 600.0
#: The variant of a run that names none.
NO_VARIANT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """A run, ready to be carried out. Paths are absolute.

    Attributes:
        name: the run's name, unique in its place.
        flow: the flow's folder or file, which does not change while the run lasts (a snapshot).
        flow_name: what it is called.
        data: the file or folder of the data; None with `run` alone.
        run: the folder of the run whose inputs and outputs feed this one.
        column_mapping: flow input to reference or literal.
        variants: ``${node.variant_id}``; empty: the flow as it is.
        overrides: node to what is replaced in it.
        max_failures: more failed rows than this end the run.
        concurrency: rows at once at most.
        line_timeout_s: how long a row may take, seconds.
        memory_limit: bytes of memory that a row process may take; None: half of the machine's.
        replay: take all nodes' results from the cache where they are there.
        python: the interpreter of the flow's environment; None: this one.
    """

    name: str
    flow: Path
    flow_name: str
    data: Path | None = None
    run: Path | None = None
    column_mapping: dict[str, Any] = field(default_factory=dict[str, Any])
    variants: tuple[str, ...] = ()
    overrides: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    environment_variables: dict[str, str] = field(default_factory=dict[str, str])
    init: dict[str, Any] = field(default_factory=dict[str, Any])
    max_failures: int | None = None
    concurrency: int = CONCURRENCY
    line_timeout_s: float = LINE_TIMEOUT_S
    memory_limit: int | None = None
    replay: bool = False
    python: str | None = None

    def options(self, variant: str) -> FlowOptions:
        """Return what the flow's variant `variant` (``NO_VARIANT``: none) changes of it."""
        return FlowOptions(
            variant=variant or None, overrides=self.overrides, init=self.init, environment_variables=self.environment_variables
        )

    @property
    def sides(self) -> tuple[str, ...]:
        """The variants that run; one without a name where none was asked for."""
        return self.variants or (NO_VARIANT,)
