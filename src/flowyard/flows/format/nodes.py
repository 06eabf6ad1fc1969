"""One node of the flow file: its source, its inputs, its condition, its policies."""

from typing import cast, get_args

from flowyard.flows.format.document import Marked
from flowyard.flows.format.fields import Fields, Findings
from flowyard.flows.format.references import parse_value
from flowyard.flows.model import Activate, Api, Binding, NodeSpec, NodeType, RetryPolicy, Source, SourceType

NODE_KEYS = (
    "name", "type", "source", "inputs", "api", "provider", "module", "connection", "aggregation", "reduce", "enable_cache",
    "use_variants", "activate", "comment", "skip", "tool", "class_name", "function", "tags", "description", "retry", "timeout_s",
)  # fmt: skip
SOURCE_KEYS = ("type", "path", "tool")
ACTIVATE_KEYS = ("when", "is")
RETRY_KEYS = ("max_attempts", "delay_s", "backoff", "on")

_MOST_ATTEMPTS = 100
_MOST_SECONDS = 86_400.0
_MOST_BACKOFF = 100.0


def read_node(name: str, item: Marked, findings: Findings) -> NodeSpec:
    """Return the node that stands at `item`, under the name `name`; `findings` takes what does not fit."""
    fields = Fields(item, NODE_KEYS, findings, f"node {name!r}", name)
    connection = fields.entry("connection")
    return NodeSpec(
        name=name,
        type=_type(name, fields),
        place=item.place,
        source=_source(name, fields, findings),
        inputs={key: Binding(parse_value(entry.value.plain()), entry.value.place) for key, entry in fields.mapping("inputs").items()},
        api=cast("Api", fields.choice("api", get_args(Api)) or "chat"),
        provider=fields.text("provider"),
        module=fields.text("module"),
        connection=fields.text("connection"),
        connection_place=connection.value.place if connection else None,
        aggregation=fields.flag("aggregation") or fields.flag("reduce"),
        enable_cache=fields.flag("enable_cache"),
        use_variants=fields.flag("use_variants"),
        activate=_activate(name, fields, findings),
        comment=fields.text("comment"),
        retry=_retry(name, fields, findings),
        timeout_s=fields.number("timeout_s", 0.001, _MOST_SECONDS),
    )


def _type(name: str, node: Fields) -> NodeType:
    if node.entry("type") is None:
        node.add("MissingNodeType", f"Node {name!r} has no type.", node.place, remedy=f"Write type: {' | '.join(get_args(NodeType))}.")
    return cast("NodeType", node.choice("type", get_args(NodeType), "UnknownNodeType") or "python")


def _source(name: str, node: Fields, findings: Findings) -> Source | None:
    entry = node.entry("source")
    if entry is None:
        return None
    fields = Fields(entry.value, SOURCE_KEYS, findings, f"the source of node {name!r}", name)
    kind = fields.choice("type", get_args(SourceType), "UnknownSourceType") or "code"
    path = fields.entry("path")
    return Source(
        type=cast("SourceType", kind),
        place=path.value.place if path else entry.place,
        path=fields.text("path"),
        tool=fields.text("tool"),
    )


def _activate(name: str, node: Fields, findings: Findings) -> Activate | None:
    entry = node.entry("activate")
    if entry is None:
        return None
    fields = Fields(entry.value, ACTIVATE_KEYS, findings, f"activate of node {name!r}", name)
    missing = " and ".join(f"`{key}`" for key in ACTIVATE_KEYS if not fields.has(key))
    if missing:
        message = f"activate of node {name!r} has no {missing}."
        fields.add("FlowDefinitionError", message, entry.place, remedy="Write when: ${...} and is: ...")
        return None
    condition = fields.entry("when")
    place = condition.value.place if condition else entry.place
    return Activate(when=parse_value(fields.plain("when")), equals=fields.plain("is"), place=place)


def _retry(name: str, node: Fields, findings: Findings) -> RetryPolicy | None:
    entry = node.entry("retry")
    if entry is None:
        return None
    fields = Fields(entry.value, RETRY_KEYS, findings, f"retry of node {name!r}", name)
    fallback = RetryPolicy()
    attempts = fields.number("max_attempts", 1, _MOST_ATTEMPTS, whole=True)
    delay = fields.number("delay_s", 0, _MOST_SECONDS)
    backoff = fields.number("backoff", 1, _MOST_BACKOFF)
    return RetryPolicy(
        max_attempts=fallback.max_attempts if attempts is None else int(attempts),
        delay_s=fallback.delay_s if delay is None else delay,
        backoff=fallback.backoff if backoff is None else backoff,
        on=tuple(str(item.plain()) for item in fields.items("on")),
    )
