"""What a model was seen to do when it was tried: tests of abilities, speed and memory, with their evidence."""

from dataclasses import dataclass, field
from typing import Literal

from flowyard.wire.shared import Money

CheckName = Literal[
    "chat", "streaming", "stop", "json_schema", "tools", "embeddings", "rerank", "long_context", "determinism", "speed", "memory"
]
CheckStatus = Literal["pass", "fail", "not_applicable"]
#: How a model is reached: by an engine of this machine, a connection, or an endpoint of ours.
ModelPlace = Literal["local", "connection", "endpoint"]
#: The prompt of the test of the long context has at most so many tokens, unless more are asked for: they take minutes without a GPU.
LONG_CONTEXT = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationCreate:
    """A model to try: a catalog name, ``<connection>/<model>``, or ``endpoint:<name>``.

    `checks` None: all that apply. `max_context` bounds the tokens of the test of the long context, which costs what its prompt costs.
    """

    model: str
    checks: tuple[CheckName, ...] | None = None
    max_context: int = LONG_CONTEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPlan:
    """What a verification would do and cost, told before it begins. `cost` None: the price is not known; `free`: of this machine."""

    model: str
    call: str
    place: ModelPlace
    task: str
    checks: tuple[CheckName, ...]
    prompt_tokens: int
    completion_tokens: int
    free: bool
    cost: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCheck:
    """One test. `detail` says what was seen in a sentence; `request` and `answer` are the evidence, cut to some length.

    `figures` are numbers by name with their unit in it (``first_token_ms``, ``tokens_per_s``, ``peak_bytes``, …).
    """

    name: CheckName
    status: CheckStatus
    detail: str
    request: str | None = None
    answer: str | None = None
    duration_ms: float = 0.0
    figures: dict[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationMachine:
    """The machine that a model was tried on, or from."""

    cpu: str
    cores: int
    memory_bytes: int | None
    gpus: tuple[str, ...]
    system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelBadge:
    """A verification in short, as a model's card shows it."""

    id: str
    at: str
    passed: int
    failed: int
    not_applicable: int
    failed_checks: tuple[CheckName, ...]
    cpu: str
    engine: str | None
    first_token_ms: float | None = None
    tokens_per_s: float | None = None
    peak_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVerification:
    """A verification: while its job runs, the checks that are done so far. Its id is that of its job.

    `status` ``completed`` means that all checks were made, whatever came of them.
    """

    id: str
    model: str
    call: str
    place: ModelPlace
    status: Literal["running", "completed"]
    started_at: str
    ended_at: str | None
    machine: VerificationMachine
    engine: str | None
    version: str
    checks: tuple[ModelCheck, ...]
    passed: int
    failed: int
    not_applicable: int
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: Money | None = None
