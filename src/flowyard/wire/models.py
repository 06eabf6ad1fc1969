"""Model cards, and their state on this machine."""

from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.wire.model_verifications import ModelBadge

ModelTask = Literal["chat-completion", "completion", "embeddings", "rerank"]
#: ``remote`` models have no files: they are called through a connection.
ModelState = Literal["not_pulled", "pulling", "ready", "damaged", "remote"]
ModelAccess = Literal["local", "hub", "connection"]
YesNo = Literal["yes", "no", "unknown"]
LicenseClass = Literal["permissive", "conditional", "non-commercial", "proprietary", "unknown"]
CommercialUse = Literal["yes", "conditional", "no", "unknown"]
Lifecycle = Literal["preview", "generally-available", "legacy", "deprecated", "retired", "unknown"]
#: By the count of parameters: up to 1, 4, 15, 40 thousand million, and more.
SizeClass = Literal["up-to-1b", "1b-4b", "4b-15b", "15b-40b", "over-40b", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of a model: the addresses where it can be had, tried in order, its size in bytes and SHA-256."""

    name: str
    sources: tuple[str, ...]
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelArchitecture:
    """The numbers of a transformer that say how much memory it takes; None is not known."""

    family: str
    layers: int | None = None
    hidden_size: int | None = None
    attention_heads: int | None = None
    kv_heads: int | None = None
    head_dim: int | None = None
    vocabulary: int | None = None
    sliding_window: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSize:
    """What the weights take in one format, bytes. `estimated`: parameters times bits a weight, not the size of a file."""

    quantization: str
    bytes: int
    estimated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPrice:
    """A list price by the million tokens, as decimals in text. `tiered`: long prompts cost more, and these are the prices of short ones."""

    input: str
    output: str | None
    cached_input: str | None = None
    currency: str = "USD"
    tiered: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelHub:
    """Where a model is on the hub. `gated`: only for accounts whose holder has accepted the license."""

    repository: str
    gguf: str | None
    revision: str
    gated: YesNo


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConnection:
    """How a hosted model is called: ``<connection>/<model>`` over a connection of one of these types.

    `connections` are those of the workspace that would do.
    """

    types: tuple[str, ...]
    model: str
    base_url: str | None
    connections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOrigin:
    """Where an imported model came from."""

    source: str
    revision: str | None = None
    imported_at: str | None = None
    imported_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelActions:
    """What can be done with a model from its card. None: allowed; else why not, in words for the person who looks at it."""

    pull: str | None
    try_it: str | None
    deploy: str | None
    evaluate: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of the catalog: its card, and whether it is on this machine. What is None, empty or ``unknown`` is not known.

    `engine_state` tells of its engine process: ``stopped`` starts by itself at the next call. `bytes_total` is None as long as it is
    not known which files there are. `call` is what callers of /v1 say; None for a hosted model without a connection.
    `sample_output` is an answer that was recorded when `sample_recorded`, else the shape of one. `runs_here` says whether this
    machine has the memory; `license_denied` names the workspace's rule that keeps the model from being deployed.
    `verified` is what it was last seen to do; None: nobody has tried it in this workspace.
    """

    name: str
    display_name: str
    publisher: str
    collection: str = ""
    task: ModelTask
    access: ModelAccess = "local"
    license: str
    license_url: str | None = None
    license_class: LicenseClass = "unknown"
    commercial_use: CommercialUse = "unknown"
    license_denied: str | None = None
    description: str
    intended_use: str
    limits: str
    parameters: int | None
    active_parameters: int | None = None
    size_class: SizeClass = "unknown"
    sizes: tuple[ModelSize, ...] = ()
    architecture: ModelArchitecture | None = None
    quantization: str | None = None
    context_length: int | None
    max_output: int | None = None
    dimensions: int | None
    languages: tuple[str, ...]
    input_modalities: tuple[str, ...] = ()
    output_modalities: tuple[str, ...] = ()
    capabilities: tuple[str, ...]
    tool_use: YesNo = "unknown"
    fine_tunable: YesNo = "unknown"
    chat_template: YesNo = "unknown"
    lifecycle: Lifecycle = "unknown"
    files: tuple[ModelFile, ...]
    sample_input: Any
    sample_output: Any = None
    sample_recorded: bool = False
    references: tuple[str, ...] = ()
    price: ModelPrice | None = None
    hub: ModelHub | None = None
    connection: ModelConnection | None = None
    origin: ModelOrigin | None = None
    runs_here: YesNo = "unknown"
    runs_here_reason: str | None = None
    state: ModelState
    call: str | None = None
    bytes_total: int | None
    bytes_present: int
    pull_job: str | None = None
    pulled_at: str | None = None
    engine_state: Literal["none", "stopped", "starting", "running", "failed"] = "none"
    actions: ModelActions | None = None
    verified: ModelBadge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelImportCreate:
    """What to import.

    Attributes:
        source: ``hf:organization/name[@revision]``, ``upload:<digest>``, or ``file:///folder`` of the server below its allowed folders.
        name: the model's in the catalog; None makes one of the source's.
        files: which to take, where the choice is not left to the server: one GGUF file.
        connection: a connection of type custom that keeps a token for the hub, as its secret ``token``.
        license: what it is, where the source does not say.
    """

    source: str
    name: str | None = None
    files: tuple[str, ...] = ()
    connection: str | None = None
    license: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One value that models can be filtered by, and how many there are of it under the other filters."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPage:
    """Models by name. `total` counts those that fit all filters; `facets` has the values of each filter."""

    items: tuple[Model, ...]
    total: int
    facets: dict[str, tuple[Facet, ...]] = field(default_factory=dict[str, tuple[Facet, ...]])
    next_cursor: str | None = None
