"""The model tools of promptflow-tools, answered here: LLM nodes by another name, and embeddings. They need no package."""

from collections.abc import Mapping
from typing import Any, cast

from flowyard.flows.errors import FlowError
from flowyard.flows.model import Constant, NodeSpec
from flowyard.flows.nodes.errors import MissingInputError
from flowyard.flows.nodes.literals import MakingContext
from flowyard.flows.nodes.llm import AZURE, Prompted, prompt_of, prompted
from flowyard.flows.nodes.parameters import checked_literals, model_name
from flowyard.flows.nodes.prompt import image_literals
from flowyard.flows.runtime.context import active_node
from flowyard.flows.runtime.plan import Executable
from flowyard.flows.tools.known import EMBEDDING
from flowyard.tracing.context import current

_ASIDE = frozenset({"connection", "api", "detail"})


def built_in_node(context: MakingContext, node: NodeSpec, tool: str) -> Executable:
    """Make the node of one of `tools.known.BUILT_IN`.

    Raises:
        MissingInputError: it names no connection.
        TemplateError: its template cannot be used.
        NodeInputError: a literal parameter does not fit.
    """
    connection = _literal(node, "connection") or node.connection
    if not connection:
        raise MissingInputError(f"Node {node.name!r} ({tool}) names no connection.", remedy="Add inputs: connection: NAME.")
    if tool == EMBEDDING:
        return _embedding(node.name, str(connection))
    template, written = prompt_of(context.flow, node)
    prompt = Prompted(
        template=template,
        written=written,
        name=node.name,
        connection=str(connection),
        api="completion" if _literal(node, "api") == "completion" else "chat",
        azure=context.connections.get(str(connection), {}).get("type") == AZURE,
        aside=_ASIDE,
    )
    return prompted(prompt, {**checked_literals(node), **image_literals(context, node, prompt.template.source)})


def _literal(node: NodeSpec, name: str) -> Any:
    binding = node.inputs.get(name)
    return binding.value.value if binding is not None and isinstance(binding.value, Constant) else None


def _embedding(node: str, connection: str) -> Executable:
    async def embed(**values: Any) -> list[float]:
        active = active_node()
        if active is None or active.resolver is None:
            raise FlowError(f"Node {node!r} needs a model, and this run was given no connections.", remedy="Give some.")
        model = model_name(values) or "text-embedding-ada-002"
        target = active.resolver.resolve(connection, model)
        active.record.model = model
        active.record.connection = connection
        context = current()
        body = {"model": target.model, "input": values.get("input")}
        reply = await target.client.embeddings(body, traceparent=context.traceparent() if context else None)
        usage = cast("Mapping[str, Any]", reply.get("usage") or {})
        active.record.prompt_tokens = usage.get("prompt_tokens")
        return cast("list[float]", reply["data"][0]["embedding"])

    return Executable(call=embed, is_async=True)
