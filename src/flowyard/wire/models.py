"""Model cards and their state on this machine."""

from dataclasses import dataclass
from typing import Any, Literal

ModelTask = Literal["chat-completion", "completion", "embeddings", "rerank"]
ModelState = Literal["not_pulled", "pulling", "ready", "damaged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of a model: the addresses where it can be had, tried in order, its size in bytes and SHA-256."""

    name: str
    sources: tuple[str, ...]
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of the catalog: its card, and whether it is on this machine.

    `engine_state` tells of its engine process: ``stopped`` starts by itself at the next call.
    """

    name: str
    display_name: str
    publisher: str
    task: ModelTask
    license: str
    description: str
    intended_use: str
    limits: str
    parameters: int
    context_length: int
    dimensions: int | None
    languages: tuple[str, ...]
    capabilities: tuple[str, ...]
    files: tuple[ModelFile, ...]
    sample_input: Any
    state: ModelState
    bytes_total: int
    bytes_present: int
    pull_job: str | None = None
    pulled_at: str | None = None
    engine_state: Literal["none", "stopped", "starting", "running", "failed"] = "none"
