"""Prompt nodes, and what prompt and LLM nodes share: reading a template and knowing where each variable's text comes from."""

from typing import Any

from flowyard.flows.errors import TemplateError
from flowyard.flows.model import Constant, FlowSpec, InputReference, NodeReference, NodeSpec
from flowyard.flows.nodes.template import Origin, PromptText, Template
from flowyard.flows.runtime.plan import Executable
from flowyard.foundation.errors import Location


def load_template(flow: FlowSpec, node: NodeSpec) -> Template:
    """Compile a node's template file.

    Raises:
        TemplateError: it cannot be read, or is no template.
    """
    path = (node.source.path if node.source else None) or ""
    try:
        text = (flow.folder / path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(
            f"The template {path!r} of node {node.name!r} cannot be read: {error}.", location=Location(file=path)
        ) from error
    return Template(text, {name: _origin(flow, binding.value) for name, binding in node.inputs.items()}, name=path)


def _origin(flow: FlowSpec, value: Constant | InputReference | NodeReference) -> Origin:
    """Return where a value's text comes from. A model's answer is outside text, as flow inputs are; a tool's result is the author's."""
    if isinstance(value, Constant):
        return "author"
    if isinstance(value, InputReference):
        return "outside"
    node = flow.node(value.node)
    if node is not None and node.type == "prompt" and not value.path:
        return "prompt"
    return "author" if node is not None and node.type == "python" else "outside"


def prompt_node(flow: FlowSpec, node: NodeSpec) -> Executable:
    """Make a prompt node: it returns its rendered text.

    Raises:
        TemplateError: its template cannot be used.
    """
    template = load_template(flow, node)

    def render(**values: Any) -> PromptText:
        return PromptText(template.render(values))

    return Executable(call=render, is_async=False, quick=True)
