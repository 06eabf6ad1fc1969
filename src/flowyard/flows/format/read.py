"""``flow.dag.yaml`` to a typed flow, with every finding about its shape. The rules over the whole flow are in `rules`."""

from pathlib import Path
from typing import cast

from flowyard.flows.find import find_flow
from flowyard.flows.format.document import Entry, Marked, read_document_file
from flowyard.flows.format.fields import Fields, Findings
from flowyard.flows.format.nodes import read_node
from flowyard.flows.format.overrides import apply_overrides
from flowyard.flows.format.references import parse_value
from flowyard.flows.format.types import VALUE_TYPES, coerce
from flowyard.flows.format.variants import VariantReader
from flowyard.flows.model import (
    AS_WRITTEN,
    FlowOptions,
    FlowSpec,
    Include,
    InputSpec,
    NodeSpec,
    OutputSpec,
    ValueType,
)
from flowyard.wire.flow_terms import Finding

FLOW_KEYS = (
    "$schema", "id", "name", "display_name", "description", "type", "path", "tags", "language", "message_format", "inputs", "outputs",
    "nodes", "node_variants", "environment", "environment_variables", "additional_includes", "tools", "additional_includes_excludes",
)  # fmt: skip
INPUT_KEYS = ("type", "default", "description", "enum", "is_chat_input", "is_chat_history")
OUTPUT_KEYS = ("type", "reference", "description", "is_chat_output", "evaluation_only")


def flow_file(path: Path) -> Path:
    """Return the flow's file for a folder, or for the file itself.

    Raises:
        FlowNotFoundError: there is none.
        InvalidFlowError: the folder has several.
    """
    return find_flow(path).path


def read_flow(path: Path, options: FlowOptions = AS_WRITTEN) -> tuple[FlowSpec | None, tuple[Finding, ...]]:
    """Read the flow at `path` (its folder or its file): the flow as far as it could be read, and what is wrong with its shape.

    Raises:
        FlowNotFoundError: there is no such file.
    """
    file = flow_file(path)
    document, findings = read_document_file(file)
    if document is None:
        return None, tuple(findings)
    reader = _FlowReader(file, options)
    flow = reader.read(document)
    return flow, (*findings, *reader.findings.found)


class _FlowReader:
    def __init__(self, file: Path, options: FlowOptions) -> None:
        self.file = file
        self.options = options
        self.findings = Findings()

    def read(self, document: Marked) -> FlowSpec | None:
        fields = Fields(document, FLOW_KEYS, self.findings, "a flow")
        if document.mapping is None:
            return None
        variants = VariantReader(fields, self.options.variant, self.findings)
        return FlowSpec(
            folder=self.file.parent.resolve(),
            file=self.file.name,
            name=fields.text("display_name") or fields.text("name") or self.file.resolve().parent.name,
            inputs={name: self._input(name, entry) for name, entry in fields.mapping("inputs").items()},
            outputs={name: self._output(name, entry) for name, entry in fields.mapping("outputs").items()},
            nodes=self._nodes(fields, variants),
            node_variants=variants.read,
            environment=_plain_mapping(fields, "environment"),
            environment_variables=_plain_mapping(fields, "environment_variables"),
            additional_includes=tuple(Include(str(item.plain()), item.place) for item in fields.items("additional_includes")),
            message_format=fields.choice("message_format", ("basic", "openai-vision"), "InvalidMessageFormatType") or "basic",
            language=fields.choice("language", ("python", "csharp")) or "python",
            root=self.options.root,
            description=fields.text("description"),
        )

    def _input(self, name: str, entry: Entry) -> InputSpec:
        fields = Fields(entry.value, INPUT_KEYS, self.findings, f"input {name!r}")
        kind = cast("ValueType", fields.choice("type", VALUE_TYPES, "UnknownType") or "string")
        if fields.entry("type") is None:
            fields.add("MissingType", f"Input {name!r} has no type.", entry.place, remedy=f"Give one of {', '.join(VALUE_TYPES)}.")
        default = fields.plain("default")
        if default is not None:
            try:
                default = coerce(default, kind)
            except (ValueError, TypeError, OverflowError) as error:
                place = cast("Entry", fields.entry("default")).value.place
                message = f"The default of input {name!r} does not fit its type {kind}: {error}. A line without a value fails."
                fields.add("WrongDefault", message, place, severity="warning")
        return InputSpec(
            name=name,
            type=kind,
            place=entry.place,
            default=default,
            has_default=default is not None,
            description=fields.text("description"),
            enum=tuple(item.plain() for item in fields.items("enum")),
            is_chat_input=fields.flag("is_chat_input"),
            is_chat_history=fields.flag("is_chat_history"),
        )

    def _output(self, name: str, entry: Entry) -> OutputSpec:
        fields = Fields(entry.value, OUTPUT_KEYS, self.findings, f"output {name!r}")
        reference = fields.entry("reference")
        if fields.entry("type") is None:
            fields.add("MissingType", f"Output {name!r} has no type.", entry.place, remedy=f"Give one of {', '.join(VALUE_TYPES)}.")
        written = fields.plain("reference") if fields.has("reference") else ""
        return OutputSpec(
            name=name,
            type=fields.choice("type", VALUE_TYPES, "UnknownType") or "string",
            text=fields.text("reference") or "",
            value=parse_value(written),
            place=reference.value.place if reference else entry.place,
            description=fields.text("description"),
            is_chat_output=fields.flag("is_chat_output"),
            evaluation_only=fields.flag("evaluation_only"),
        )

    def _nodes(self, flow: Fields, variants: VariantReader) -> tuple[NodeSpec, ...]:
        nodes: list[NodeSpec] = []
        names: list[str] = []
        if flow.entry("nodes") is None:
            self.findings.add("MissingNodes", "The flow has no nodes.", flow.place, remedy="Add `nodes:` with at least one node.")
        for item in flow.items("nodes"):
            name = _name_of(item)
            if name is None:
                self.findings.add("MissingName", "A node has no name.", item.place, remedy="Give it `name: ...`.")
                continue
            names.append(name)
            use = (item.mapping or {}).get("use_variants")
            node = variants.node(name, item) if use is not None and use.value.data is True else read_node(name, item, self.findings)
            if node is not None:
                nodes.append(node)
        variants.finish(names, flow.place)
        return tuple(apply_overrides(nodes, self.options.overrides, self.findings, flow.place))


def _name_of(item: Marked) -> str | None:
    mapping = item.mapping
    entry = mapping.get("name") if mapping else None
    data = entry.value.data if entry else None
    return str(data) if data is not None and not isinstance(data, dict | list) and str(data) else None


def _plain_mapping(fields: Fields, key: str) -> dict[str, object]:
    return {name: entry.value.plain() for name, entry in fields.mapping(key).items()}
