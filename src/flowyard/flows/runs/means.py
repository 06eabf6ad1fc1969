"""What a run is carried out with."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from flowyard.compute.processes.users import FlowUser
from flowyard.flows.runs.messages import GatewayAccess
from flowyard.flows.runtime.cache_spec import CacheSpec
from flowyard.wire.runs import RunCounts

PriceOf = Callable[[str, str, int, int], int | None]
"""(connection, model, prompt tokens, completion tokens) → millionths of a US dollar, or None when the price is not known."""


class Withholding(Protocol):
    """Keeps for what a run and its traces are withheld: each before there is something to see."""

    def made_of(self, judged: Path | None) -> None:
        """Let rows be withheld for what their data holds, and for what the rows of the run in `judged` read that they are made of."""
        ...

    def trace_of(self, line: int) -> str:
        """Return the trace that a row must run in for what it is made of; empty: one of its own."""
        ...

    def ended(self, rows: Sequence[tuple[int, str, str | None]]) -> None:
        """Let rows, each a line, a variant and a trace, and the run as a whole be withheld for what they read."""
        ...

    def aggregating(self, rows: Iterable[str]) -> str:
        """Let the run as a whole be withheld for what its rows read, which ran in these traces, and return in which they are aggregated."""
        ...

    def aggregated(self, trace_id: str) -> None:
        """Let the run as a whole be withheld for what its aggregation read."""
        ...


def _never() -> None:
    return None


def _nobody(counts: RunCounts) -> None:
    del counts


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMeans:
    """What the place where a run is carried out gives it.

    Attributes:
        connections: what the flow's tools get by name: type, configs, secrets. Without a workspace also what LLM nodes call.
        gateway: where LLM nodes find their models; None: `connections` alone.
        spools: the folder that spans go to; None: nothing is traced.
        workspace_id: whose run it is; empty on files alone.
        price_of: what a call costs.
        environment: variables of the row processes, besides a clean environment.
        check_canceled: raises when the run shall stop; called several times a second.
        progress: is told how far the run is, a few times a second.
        cache: the node cache; None: that of this user's home folder.
        user: the user that row processes run as; None: ours.
        withholding: keeps what the run is withheld for; None: on files alone.
    """

    connections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    gateway: GatewayAccess | None = None
    spools: Path | None = None
    workspace_id: str = ""
    price_of: PriceOf | None = None
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    check_canceled: Callable[[], None] = _never
    progress: Callable[[RunCounts], None] = _nobody
    cache: CacheSpec | None = None
    user: FlowUser | None = None
    withholding: Withholding | None = None
