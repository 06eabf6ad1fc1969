"""What the editors of a flow's files ask: what a text says about itself, and how a prompt looks when it is filled in."""

from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.wire.flow_terms import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceQuery:
    """The text of a file, as somebody types it; `path` decides what it is. `entry`: the name that a flex flow's entry has in it."""

    path: str
    text: str
    entry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceName:
    """A name in a text, and the line (from 1) of its first use: a variable that a template needs, a function."""

    name: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceParameter:
    """A parameter of a tool: its annotation and default as they are written, None where there is none."""

    name: str
    required: bool
    type: str | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTool:
    """A function with ``@tool``. `open`: it takes other inputs, too."""

    name: str
    line: int
    open: bool
    parameters: tuple[SourceParameter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """What a flex flow's entry is: a function, a class that is made once, or a name for something that only running the code could tell.

    Attributes:
        line: where it begins.
        doc: its docstring; for a class, that of the class.
        parameters: what each call takes; `open`: other inputs, too.
        init: what a class is made with; `init_open`: other values, too.
        returns: what a call returns, as it is annotated.
        calls: it can be called: a function, or a class with ``__call__``.
        aggregates: it makes metrics of all lines' results.
    """

    name: str
    kind: Literal["function", "class", "other"]
    line: int
    doc: str | None = None
    parameters: tuple[SourceParameter, ...] = ()
    open: bool = False
    init: tuple[SourceParameter, ...] = ()
    init_open: bool = False
    returns: str | None = None
    calls: bool = True
    aggregates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What a text says: the `variables` of a template, the `tools` of Python code, and what is wrong with it.

    Of the file of a flex flow's entry it says no tools, but the `entry` (None: the file has no such name) and the `definitions` that could
    be one: its functions and classes.
    """

    variables: tuple[SourceName, ...] = ()
    tools: tuple[SourceTool, ...] = ()
    entry: SourceEntry | None = None
    definitions: tuple[SourceName, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptQuery:
    """Values for the variables of a node's prompt; one that is missing shows as its name in braces. `variant`: the id of the node's variant
    whose prompt it is, else that of its default."""

    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    variant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePrompt:
    """A `PromptQuery` on its way to the flow's session."""

    node: str
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    variant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptMessage:
    """A message of a rendered prompt. `content` is its text; what is no text (an image, calls of tools) is in `more`, as it is sent."""

    role: str
    content: str
    name: str | None = None
    more: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPrompt:
    """A prompt with its values: `messages` for the chat API, else one `text`. `tokens` are estimated, of the prompt alone.

    `missing`: variables without a value.
    """

    tokens: int
    messages: tuple[PromptMessage, ...] = ()
    text: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePlace:
    """A place in the text of a Python file, as somebody types it: `line` from 1, `column` in characters from 0."""

    path: str
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A name that can go on at a place. `kind`: module, class, function, param, property, instance, statement, keyword."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completions:
    """The names that can go on at a place, the likeliest first; none where nothing can be said."""

    items: tuple[Completion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a name at a place is: its full `name` and kind, its `signature` (of what is no function: its type), its docstring."""

    name: str | None = None
    kind: str | None = None
    signature: str | None = None
    doc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A way to call what is called at a place: its text in three parts, of which `current` is the parameter that is given there.

    `current` is empty, and all of the text in `before`, where the call gives more than the way takes. `doc`: what the function's
    docstring begins with.
    """

    before: str
    current: str = ""
    after: str = ""
    doc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """The ways to call what is called at a place, those first that take what is given so far; none outside a call's brackets."""

    items: tuple[Signature, ...] = ()
