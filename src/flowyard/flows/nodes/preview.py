"""A node's prompt, filled in and not sent. Templates are users' code: this runs in a flow's process, never in the server."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from flowyard.flows.errors import NodeNotFoundError
from flowyard.flows.model import FlowSpec, NodeSpec
from flowyard.flows.nodes.llm import Prompted
from flowyard.flows.nodes.prompt import origins, read_template
from flowyard.flows.nodes.template import Origin, Template, template_variables, unmark
from flowyard.flows.prompty.text import numbered
from flowyard.flows.prompty.tokens import prompt_tokens
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.flow_editing import PromptMessage, RenderedPrompt


class Unknown:
    """A value that nobody gave. It prints as its name in braces, so does all that is below it; as a list it is empty."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __str__(self) -> str:
        """Return the name in braces."""
        return f"{{{{{self._name}}}}}"

    def __getattr__(self, name: str) -> "Unknown":
        """Return what is below."""
        if name.startswith("_"):
            raise AttributeError(name)
        return Unknown(f"{self._name}.{name}")

    def __getitem__(self, key: Any) -> "Unknown":
        """Return what is below."""
        return Unknown(f"{self._name}[{key!r}]")

    def __iter__(self) -> Iterator[Any]:
        """Return nothing."""
        return iter(())

    def __len__(self) -> int:
        """Return 0."""
        return 0

    def __bool__(self) -> bool:
        """Return True: what depends on the value is shown."""
        return True


def preview(flow: FlowSpec, name: str, inputs: Mapping[str, Any]) -> RenderedPrompt:
    """Return the prompt of node `name` as it would be sent with these inputs.

    Raises:
        NodeNotFoundError: there is no such node.
        InvalidInputError: it has no prompt.
        TemplateError, PromptFormatError: the prompt cannot be made of these inputs.
    """
    node = _node(flow, name)
    text = numbered(flow.prompt.template, flow.prompt.line) if flow.prompt else read_template(flow, node)
    where: dict[str, Origin] = dict.fromkeys(flow.inputs, "outside") if flow.prompt else origins(flow, node)
    template = Template(text, where, name=(node.source.path if node.source else None) or "template", images=node.type == "llm")
    needed = tuple(template_variables(text))
    missing = tuple(variable for variable in needed if variable not in inputs)
    values = {**{variable: inputs[variable] for variable in needed if variable in inputs}, **{each: Unknown(each) for each in missing}}
    if node.type == "prompt":
        rendered = unmark(template.render(values))
        return RenderedPrompt(tokens=prompt_tokens({"prompt": rendered}), text=rendered, missing=missing)
    body = Prompted(template=template, name=name, connection=node.connection or "", api=node.api).request(values)
    tokens = prompt_tokens(body)
    if "messages" not in body:
        return RenderedPrompt(tokens=tokens, text=str(body["prompt"]), missing=missing)
    messages = tuple(_message(message) for message in cast("list[dict[str, Any]]", body["messages"]))
    return RenderedPrompt(tokens=tokens, messages=messages, missing=missing)


def _node(flow: FlowSpec, name: str) -> NodeSpec:
    node = flow.node(name)
    if node is None:
        raise NodeNotFoundError(name, known=[each.name for each in flow.nodes])
    if node.type not in {"llm", "prompt"} or node.source is None or node.source.type != "code":
        raise InvalidInputError(f"Node {name!r} has no prompt of its own.", remedy="Take an LLM or a prompt node.")
    return node


def _message(message: Mapping[str, Any]) -> PromptMessage:
    content: Any = message.get("content")
    parts = cast("list[dict[str, Any]]", content) if isinstance(content, list) else []
    said = "\n".join(str(part.get("text")) for part in parts if part.get("type") == "text") if parts else str(cast("object", content) or "")
    others = (*(part for part in parts if part.get("type") != "text"), *message.get("tool_calls", ()))
    name = message.get("name") or message.get("tool_call_id")
    return PromptMessage(role=str(message["role"]), content=said, name=str(name) if name else None, more=others)
