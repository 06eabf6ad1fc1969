"""From a node's definition to its executable: one place that knows all kinds."""

from typing import assert_never

from flowyard.flows.errors import ToolError
from flowyard.flows.model import FlowSpec, NodeSpec
from flowyard.flows.nodes.modules import FlowModules
from flowyard.flows.nodes.prompt import prompt_node
from flowyard.flows.nodes.python import Connections, python_node
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
        match node.type:
            case "python":
                return python_node(node, self._modules, self._connections)
            case "prompt":
                return prompt_node(flow, node)
            case "llm":
                from flowyard.flows.nodes.llm import llm_node

                return llm_node(flow, node)
            case "custom_llm":
                raise ToolError(
                    f"Node {node.name!r} uses a package tool, which this version does not run.", remedy="Write it as a Python node."
                )
            case _:
                assert_never(node.type)
