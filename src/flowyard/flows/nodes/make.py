"""From a node's definition to its executable: one place that knows all kinds."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, assert_never, cast

from flowyard.flows.model import FlowSpec, NodeSpec
from flowyard.flows.nodes.connections import Connections
from flowyard.flows.nodes.images import Form, ImageReader, images_in
from flowyard.flows.nodes.literals import MakingContext
from flowyard.flows.nodes.modules import FlowModules
from flowyard.flows.nodes.python import python_node
from flowyard.flows.runtime.plan import Executable


class Maker:
    """Makes the nodes of one loading of a flow.

    Args:
        modules: the flow's Python modules.
        connections: what tools get as objects: name to type, configs and secrets.
    """

    def __init__(self, modules: FlowModules, connections: Connections) -> None:
        self._modules = modules
        self._connections = connections

    def __call__(self, flow: FlowSpec, node: NodeSpec) -> Executable:
        """Return the executable of `node`.

        Raises:
            ToolError, TemplateError, UnknownConnectionError: it cannot be made.
        """
        made = self._made(flow, node)
        return _in_vision_form(made) if flow.message_format == "openai-vision" else made

    def _made(self, flow: FlowSpec, node: NodeSpec) -> Executable:
        context = MakingContext(flow=flow, modules=self._modules, connections=self._connections, images=image_reader(flow))
        if node.source is not None and node.source.type != "code":
            from flowyard.flows.nodes.package import package_node

            return package_node(context, node)
        match node.type:
            case "python" | "custom_llm":
                return python_node(context, node)
            case "prompt":
                from flowyard.flows.nodes.prompt import prompt_node

                return prompt_node(context, node)
            case "llm":
                from flowyard.flows.nodes.llm import llm_node

                return llm_node(context, node)
            case _:
                assert_never(node.type)


def image_reader(flow: FlowSpec) -> ImageReader:
    """Return what makes images of the data of `flow`."""
    return ImageReader(form=cast("Form", flow.message_format), folder=flow.folder)


def _in_vision_form(made: Executable) -> Executable:
    """A node of a flow of that format returns its images in it."""

    def marked(result: Any) -> Any:
        for image in images_in(result):
            image.form = "openai-vision"
        return result

    def call(**arguments: Any) -> Any:
        return marked(made.call(**arguments))

    async def call_async(**arguments: Any) -> Any:
        result = made.call(**arguments)
        return marked(await result) if inspect.isawaitable(result) else result

    chosen: Callable[..., Any] = call_async if made.is_async else call
    return replace(made, call=chosen)
