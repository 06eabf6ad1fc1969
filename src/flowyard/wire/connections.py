"""Named endpoints and their secrets."""

from dataclasses import dataclass, field
from typing import Literal

ConnectionType = Literal[
    "local",
    "azure_open_ai",
    "open_ai",
    "serverless",
    "scripted",
    "cognitive_search",
    "azure_ai_services",
    "azure_content_safety",
    "form_recognizer",
    "serp",
    "qdrant",
    "weaviate",
    "custom",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A connection. Secrets never come back: `secrets` holds the names that are set, no values."""

    name: str
    type: ConnectionType
    configs: dict[str, str]
    secrets: tuple[str, ...]
    created_at: str
    updated_at: str
    built_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionWrite:
    """Make or replace a connection. A secret given as ``******`` or ``<no-change>`` keeps its present value."""

    name: str
    type: ConnectionType
    configs: dict[str, str] = field(default_factory=dict[str, str])
    secrets: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionTest:
    """The result of one real call through the connection."""

    ok: bool
    detail: str
    latency_ms: float | None = None
    models: tuple[str, ...] = ()
