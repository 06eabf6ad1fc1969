"""Flows: their folders, graph, findings, and test runs."""

from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.wire.flow_terms import Finding, FlowKind, FlowPurpose, NodeKind, NodeStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowInput:
    """An input of a flow, as its form needs it."""

    name: str
    type: str
    default: Any = None
    has_default: bool = False
    description: str | None = None
    enum: tuple[Any, ...] = ()
    is_chat_input: bool = False
    is_chat_history: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowOutput:
    """An output of a flow and the reference it comes from."""

    name: str
    type: str
    reference: str
    is_chat_output: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphNode:
    """A node as the graph shows it: `source` is a file of the flow, `tool` the id of a package's tool.

    `variants`: the ids of its variants; `variant` is the one that all else is of, the default.
    """

    name: str
    kind: NodeKind
    source: str | None = None
    tool: str | None = None
    connection: str | None = None
    model: str | None = None
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    line: int | None = None
    variant: str | None = None
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphEdge:
    """Data that flows from `source` to `target`; flow inputs and outputs are the nodes ``inputs`` and ``outputs``."""

    source: str
    target: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowGraph:
    """A flow as inputs, outputs, nodes and edges, with what validation found. What could not be read is left out.

    `init` is what a flex flow's class is made with; defaults are those of its sample, else its own. `message_format` is how its images
    are written.
    """

    inputs: tuple[FlowInput, ...]
    outputs: tuple[FlowOutput, ...]
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    findings: tuple[Finding, ...]
    init: tuple[FlowInput, ...] = ()
    message_format: Literal["basic", "openai-vision"] = "basic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A flow folder of the workspace."""

    name: str
    kind: FlowKind
    purpose: FlowPurpose
    description: str | None
    updated_at: str
    digest: str
    nodes: int
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTemplate:
    """A flow to start from. `needs`: what has to be named besides, such as the index that it asks. `nodes` and `edges` are its graph."""

    name: str
    title: str
    description: str
    purpose: FlowPurpose
    needs: Literal["index"] | None = None
    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCreate:
    """Make a flow from a template. `index`: the index that a flow about documents asks, by its newest version."""

    name: str
    template: str = "standard"
    index: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowName:
    """The name of a flow that is cloned, or gets another name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFile:
    """A file of a flow folder. `content` is None in listings, for binary files, and for those of more than 4 MiB."""

    path: str
    bytes: int
    etag: str
    content: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFiles:
    """All files of a flow as they are now, without their contents. An event of the stream that tells of every change."""

    files: tuple[FlowFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFileWrite:
    """New text of a file."""

    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTest:
    """Run a flow once with these inputs: all of it, the node `node` alone, or with `onward` that node and all that uses what it gives.

    Of a part that runs, `inputs` may also name what its nodes take, as prompt flow does: ``inputs.<name>``, ``<node>.output``, and for one
    node alone its own inputs. What other nodes gave is taken from `outputs`, by node; nodes in `bypassed` count as bypassed. What is in
    neither, and flow inputs that are not given, are taken from `run`: a trace's id, or ``<run>:<row>``.

    `variant`, ``${node.variant_id}``: that node is that variant. `overrides`: node name to the keys replaced in it, ``connection`` or an
    input such as ``deployment_name``. The flow's files stay as they are.
    """

    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    node: str | None = None
    onward: bool = False
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    bypassed: tuple[str, ...] = ()
    run: str | None = None
    variant: str | None = None
    overrides: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])


@dataclass(frozen=True, slots=True)
class NodeAttempt:
    """A call of a node that failed and was tried again: the error's code, what it said, and how long it took (milliseconds)."""

    code: str
    detail: str
    duration_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelExchange:
    """A call of a model as it went over the wire: the body of the request, and of the response, None where none came.

    `streamed`: the response came in pieces and was put together. Keys and other headers are in neither.
    """

    request: dict[str, Any]
    response: dict[str, Any] | None = None
    duration_ms: float | None = None
    streamed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeResult:
    """What one node did in one line. Times are milliseconds; `error` is problem details with the file, line and node.

    `cached`: the output was kept from an earlier call, whose tokens are the `saved_` ones; `attempts` are failed calls before the last.
    `exchanges`: the calls of a model that a node made in a test run.
    """

    node: str
    kind: NodeKind
    status: NodeStatus
    duration_ms: float | None = None
    inputs: dict[str, Any] | None = None
    output: Any = None
    error: dict[str, Any] | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    logs: str | None = None
    attempts: tuple[NodeAttempt, ...] = ()
    cached: bool = False
    saved_prompt_tokens: int | None = None
    saved_completion_tokens: int | None = None
    exchanges: tuple[ModelExchange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTestEvent:
    """One event of a test run's stream, in order: ``started``, ``node`` (many), ``chunk`` (streamed output), ``ended``.

    The last one has the flow's `outputs`, of one node alone its ``output``; `metrics` and `warnings` where there are any.
    """

    kind: Literal["started", "node", "chunk", "ended"]
    trace_id: str
    node: NodeResult | None = None
    output: str | None = None
    text: str | None = None
    status: Literal["completed", "failed"] | None = None
    outputs: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    duration_ms: float | None = None
    metrics: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolGenerator:
    """How a form makes an input: of the inputs `inputs`, which it gets back from a value where it `is_reversible`."""

    inputs: tuple[str, ...] = ()
    is_reversible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolInput:
    """An input of a package tool, as its form needs it.

    It is shown when the input `enabled_by` has a value, one of `enabled_by_value` where there are any. With `offers_values` the package
    has values to choose from, which depend on the inputs `depends_on`; with `allow_manual_entry` others may be written too.
    With `generated_by` a form makes the value of others. `hidden`: a form shows it to make another input of it; the flow does not have it.
    """

    name: str
    types: tuple[str, ...] = ()
    default: Any = None
    enum: tuple[Any, ...] = ()
    enabled_by: str | None = None
    enabled_by_value: tuple[Any, ...] = ()
    offers_values: bool = False
    depends_on: tuple[str, ...] = ()
    is_multi_select: bool = False
    allow_manual_entry: bool = False
    generated_by: ToolGenerator | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTool:
    """A package tool that the nodes of a flow may use."""

    id: str
    name: str
    package: str
    description: str | None = None
    inputs: tuple[ToolInput, ...] = ()


ToolScenario = Literal["dynamic_list", "generated_by", "reverse_generated_by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolValuesQuery:
    """Ask a package tool what its form offers for `input`.

    `scenario`: ``dynamic_list``: the values to choose from; ``generated_by``: the input's value, made of other `inputs`;
    ``reverse_generated_by``: those inputs, from the value. `inputs`: the tool's inputs as far as the form has them.
    """

    tool: str
    input: str
    scenario: ToolScenario = "dynamic_list"
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolValue:
    """A value to choose: how it is shown, what it is, where to read more."""

    value: Any
    display_value: str | None = None
    hyperlink: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolValues:
    """What a package tool's form offers: the `values` of a ``dynamic_list``, the `result` of the other scenarios."""

    values: tuple[ToolValue, ...] = ()
    result: Any = None
