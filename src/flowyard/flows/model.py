"""A flow as its YAML says it: frozen, typed, every part with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from flowyard.wire.flow_terms import FlowKind, FlowPurpose

FLOW_FILE = "flow.dag.yaml"
FLEX_FILE = "flow.flex.yaml"
PROMPTY_SUFFIX = ".prompty"

NodeType = Literal["llm", "python", "prompt", "custom_llm"]
SourceType = Literal["code", "package", "package_with_prompt"]
Api = Literal["chat", "completion"]
ValueType = Literal[
    "int", "double", "bool", "string", "secret", "prompt_template", "list", "object", "file_path", "image", "assistant_definition"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowOptions:
    """What a run changes of a flow as it stands in its files.

    Attributes:
        variant: ``${node.variant_id}``: that node is replaced by that variant; None: every node by its default variant.
        overrides: node name to the keys replaced in it: ``connection``, or an input such as ``deployment_name`` or ``model``.
        init: arguments of a flex flow's class, or of a prompty's model configuration.
        environment_variables: win over the flow's own.
        root: files outside the flow's folder may be used when they are below it; None: whatever this process can read.
    """

    variant: str | None = None
    overrides: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    init: Mapping[str, Any] = field(default_factory=dict[str, Any])
    environment_variables: Mapping[str, str] = field(default_factory=dict[str, str])
    root: Path | None = None


#: A flow as its files say it.
AS_WRITTEN = FlowOptions()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written; `line` and `column` count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the YAML itself."""

    value: Any


@dataclass(frozen=True, slots=True)
class InputReference:
    """``${inputs.x}``, or ``${flow.x}`` in old flows: a flow input, whole."""

    name: str

    def __str__(self) -> str:
        return f"${{inputs.{self.name}}}"


@dataclass(frozen=True, slots=True)
class NodeReference:
    """``${node}``, ``${node.output}`` or ``${node.output.a[0]['k']}``. `section` other than ``output`` fails when it is used."""

    node: str
    section: str = "output"
    path: str = ""

    def __str__(self) -> str:
        rest = f".{self.path}" if self.path else ""
        return f"${{{self.node}.{self.section}{rest}}}"


Value = Constant | InputReference | NodeReference


@dataclass(frozen=True, slots=True)
class Binding:
    """What is fed to an input of a node, and where it is written."""

    value: Value
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpec:
    """An input of a flow. `has_default` is False for no default and for null, as in prompt flow.

    `in_code`: the default is in the code that takes the input, which is left out when it gets no value.
    """

    name: str
    type: ValueType
    place: Place
    default: Any = None
    has_default: bool = False
    description: str | None = None
    enum: tuple[Any, ...] = ()
    is_chat_input: bool = False
    is_chat_history: bool = False
    in_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InitSpec:
    """A parameter of a flex flow's class. `type` is a value's type, the name of a connection's class, or of a model configuration's."""

    name: str
    type: str
    place: Place
    default: Any = None
    has_default: bool = False
    in_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySpec:
    """What a flex flow runs: a function, or a class that is made once and called for each line.

    Attributes:
        module: the module's name, a file of the flow or an installed one.
        name: the function's or the class's name in it.
        place: where the entry is written.
        init: what the class takes when it is made.
        sample_init: what it is made with when a run says nothing; of a loaded flow, what it was made with.
        declared: the parts of the signature that the YAML itself declares, of ``inputs``, ``outputs`` and ``init``.
    """

    module: str
    name: str
    place: Place
    init: dict[str, InitSpec] = field(default_factory=dict[str, InitSpec])
    sample_init: dict[str, Any] = field(default_factory=dict[str, Any])
    declared: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSpec:
    """What a prompty says of its call.

    Attributes:
        template: the text below the front matter.
        line: the line of the file in which the template begins.
        api: which of the model's interfaces is called.
        configuration: where the model is: ``connection``, or ``type`` with keys and addresses; and the model's name.
        parameters: of the call.
        whole: the answer is the model's whole response, not its first choice.
        keys: the keys of a JSON answer that are the output; empty: all.
    """

    template: str
    line: int
    api: Api
    configuration: dict[str, Any]
    parameters: dict[str, Any]
    whole: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSpec:
    """An output of a flow; `text` is its reference as written."""

    name: str
    type: str
    text: str
    value: Value
    place: Place
    description: str | None = None
    is_chat_output: bool = False
    evaluation_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a node's code is: a file of the flow (`path`), or a tool of an installed package (`tool`)."""

    type: SourceType
    place: Place
    path: str | None = None
    tool: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activate:
    """Run the node only when `when` equals `equals` (Python ``==`` on typed values)."""

    when: Value
    equals: Any
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often a node that failed is tried again; a key of ours that prompt flow ignores.

    Attributes:
        max_attempts: calls in all, the first one included; at least 1.
        delay_s: seconds between the first failure and the second call.
        backoff: what the delay is multiplied with after each further failure; at least 1.
        on: error codes, or names of Python exceptions, that are worth another try; empty: every failure.
    """

    max_attempts: int = 3
    delay_s: float = 1.0
    backoff: float = 2.0
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSpec:
    """A node of a flow. `timeout_s`: seconds that one call of it may take."""

    name: str
    type: NodeType
    place: Place
    source: Source | None = None
    inputs: dict[str, Binding] = field(default_factory=dict[str, Binding])
    api: Api = "chat"
    provider: str | None = None
    module: str | None = None
    connection: str | None = None
    connection_place: Place | None = None
    aggregation: bool = False
    enable_cache: bool = False
    use_variants: bool = False
    activate: Activate | None = None
    comment: str | None = None
    retry: RetryPolicy | None = None
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeVariants:
    """The variants of a node that uses variants. A variant is the whole node, under the node's own name.

    Attributes:
        default: the id of the variant that runs when none is asked for; None: none is named.
        chosen: the id of the variant that this reading of the flow took; None: there is no such variant.
        nodes: the variants by id, as far as they could be read.
        descriptions: what the file says of them.
    """

    place: Place
    default: str | None = None
    chosen: str | None = None
    nodes: dict[str, NodeSpec] = field(default_factory=dict[str, NodeSpec])
    descriptions: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Include:
    """An entry of ``additional_includes``: a file or folder, seen as if it were in the flow's folder under its own last name."""

    path: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSpec:
    """A ``flow.dag.yaml`` that could be read.

    Attributes:
        folder: what relative paths start from: the flow's folder, or a copy of it that has its `additional_includes`.
        root: files outside `folder` may be used when they are below it; None: all.
        nodes: of a flex flow and of a prompty there is one: the entry, the prompt; `entry` and `prompt` say more of it.
        sample: inputs that are taken when a run gives none at all.
    """

    folder: Path
    file: str
    name: str
    inputs: dict[str, InputSpec]
    outputs: dict[str, OutputSpec]
    nodes: tuple[NodeSpec, ...]
    node_variants: dict[str, NodeVariants] = field(default_factory=dict[str, NodeVariants])
    environment: dict[str, Any] = field(default_factory=dict[str, Any])
    environment_variables: dict[str, Any] = field(default_factory=dict[str, Any])
    additional_includes: tuple[Include, ...] = ()
    message_format: str = "basic"
    language: str = "python"
    kind: FlowKind = "dag"
    entry: EntrySpec | None = None
    prompt: PromptSpec | None = None
    sample: dict[str, Any] = field(default_factory=dict[str, Any])
    root: Path | None = None
    description: str | None = None

    def node(self, name: str) -> NodeSpec | None:
        """Return the node of that name, the first where there are several, or None."""
        return next((node for node in self.nodes if node.name == name), None)

    @property
    def chat_input(self) -> str | None:
        """The input that takes the user's message, or None."""
        return next((spec.name for spec in self.inputs.values() if spec.is_chat_input), None)

    @property
    def chat_history(self) -> str | None:
        """The input that takes the conversation so far; ``chat_history`` counts without its flag."""
        marked = next((spec.name for spec in self.inputs.values() if spec.is_chat_history), None)
        return marked or ("chat_history" if "chat_history" in self.inputs else None)

    @property
    def chat_output(self) -> str | None:
        """The output that is the answer in a conversation, or None."""
        return next((spec.name for spec in self.outputs.values() if spec.is_chat_output), None)

    @property
    def purpose(self) -> FlowPurpose:
        """What the flow is for: ``chat`` with a chat input, ``evaluation`` with an aggregation node, else ``standard``."""
        if self.chat_input:
            return "chat"
        return "evaluation" if any(node.aggregation for node in self.nodes) else "standard"
