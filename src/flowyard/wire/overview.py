"""The home screen: the lifecycle's stages with their live state."""

from dataclasses import dataclass

from flowyard.wire.jobs import Job
from flowyard.wire.traces import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """How many things a stage holds, how many of them are well, busy, or in trouble."""

    stage: str
    total: int
    good: int
    busy: int
    bad: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """State of a workspace at a glance. `requests_24h`, `errors_24h` and `tokens_24h` count endpoint and model calls of the last day."""

    stages: tuple[StageCount, ...]
    jobs: tuple[Job, ...]
    traces: tuple[Trace, ...]
    requests_24h: int
    errors_24h: int
    tokens_24h: int
