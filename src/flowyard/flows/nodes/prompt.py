"""Prompt nodes, and what prompt and LLM nodes share: reading a template and knowing where each variable's text comes from."""

from typing import Any

from flowyard.flows.errors import TemplateError
from flowyard.flows.model import Constant, FlowSpec, InputReference, NodeReference, NodeSpec
from flowyard.flows.nodes.errors import ImageError, NodeInputError
from flowyard.flows.nodes.literals import MakingContext
from flowyard.flows.nodes.template import Origin, PromptText, Template, image_variables
from flowyard.flows.runtime.plan import Executable
from flowyard.foundation.errors import Location


def read_template(flow: FlowSpec, node: NodeSpec) -> str:
    """Return the text of a node's template file.

    Raises:
        TemplateError: it cannot be read.
    """
    path = (node.source.path if node.source else None) or ""
    try:
        return (flow.folder / path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(
            f"The template {path!r} of node {node.name!r} cannot be read: {error}.",
            remedy="Save it as UTF-8, below the flow's folder, under the name that the node's source has.",
            location=Location(file=path),
        ) from error


def load_template(flow: FlowSpec, node: NodeSpec, *, images: bool = False) -> Template:
    """Compile a node's template file; `images`: those in it are for a model that sees them.

    Raises:
        TemplateError: it cannot be read, or is no template.
    """
    path = (node.source.path if node.source else None) or "template"
    return Template(read_template(flow, node), origins(flow, node), name=path, images=images)


def origins(flow: FlowSpec, node: NodeSpec) -> dict[str, Origin]:
    """Return where the text of each input of `node` comes from."""
    return {name: _origin(flow, node, binding.value) for name, binding in node.inputs.items()}


def image_literals(context: MakingContext, node: NodeSpec, text: str) -> dict[str, Any]:
    """Return the literal inputs that the template `text` shows as images, as images.

    Raises:
        NodeInputError: one is no image.
    """
    found: dict[str, Any] = {}
    for name in image_variables(text) & set(node.inputs):
        value = node.inputs[name].value
        if isinstance(value, Constant) and value.value not in (None, ""):
            try:
                found[name] = context.images.image(value.value)
            except ImageError as error:
                raise NodeInputError(
                    f"Failed to load image for input {name!r} of node {node.name!r}: {error.message}", remedy=error.remedy
                ) from error
    return found


def _origin(flow: FlowSpec, reader: NodeSpec, value: Constant | InputReference | NodeReference) -> Origin:
    """Return where a value's text comes from. A model's answer is outside text, as flow inputs are; a tool's result is the author's.

    An aggregation gets a list of prompts, taken from records perhaps: their text is outside text.
    """
    if isinstance(value, Constant):
        return "author"
    if isinstance(value, InputReference):
        return "outside"
    node = flow.node(value.node)
    if node is not None and node.type == "prompt":
        return "prompt" if not value.path and reader.aggregation == node.aggregation else "outside"
    return "author" if node is not None and node.type == "python" else "outside"


def prompt_node(context: MakingContext, node: NodeSpec) -> Executable:
    """Make a prompt node: it returns its rendered text.

    Raises:
        TemplateError: its template cannot be used.
        NodeInputError: a literal input that it shows as an image is none.
    """
    template = load_template(context.flow, node)
    constants = image_literals(context, node, template.source)

    def render(**values: Any) -> PromptText:
        return PromptText(template.render(values))

    return Executable(call=render, is_async=False, quick=True, constants=constants)
