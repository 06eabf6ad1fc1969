"""What processes that run flows need of the types of `wire.flows`: apart from the others, which they would load for nothing."""

from dataclasses import dataclass
from typing import Literal

FlowKind = Literal["dag", "flex", "prompty"]
FlowPurpose = Literal["standard", "chat", "evaluation"]
NodeKind = Literal["llm", "prompt", "python", "tool", "aggregation"]
NodeStatus = Literal["pending", "running", "completed", "failed", "bypassed", "canceled"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that validation found. `code` is stable; `line` and `column` count from 1."""

    code: str
    severity: Severity
    message: str
    remedy: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    node: str | None = None
