"""LLM nodes: render the prompt, call the model, return its answer as prompt flow does."""

import inspect
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, cast

from flowyard.flows.errors import FlowError, ModelParameterError
from flowyard.flows.model import FlowSpec, NodeSpec
from flowyard.flows.nodes.parameters import PARAMETERS, model_name, request_parameters
from flowyard.flows.nodes.prompt import load_template
from flowyard.flows.nodes.roles import parse_messages
from flowyard.flows.nodes.template import Template, unmark
from flowyard.flows.ports import ChatTarget
from flowyard.flows.runtime.context import ActiveNode, active_node
from flowyard.flows.runtime.plan import Executable
from flowyard.tracing.context import current
from flowyard.tracing.recorder import LiveSpan

Body = dict[str, Any]


def llm_node(flow: FlowSpec, node: NodeSpec) -> Executable:
    """Make an LLM node.

    Raises:
        TemplateError: its template cannot be used.
    """
    template = load_template(flow, node)

    async def call(**values: Any) -> Any:
        active = active_node()
        if active is None or active.resolver is None:
            raise FlowError(f"Node {node.name!r} needs a model, and this run was given no connections.", remedy="Run it with connections.")
        model = model_name(values) or ""
        target = active.resolver.resolve(node.connection or "local", model)
        body = _request(template, node, values) | {"model": target.model}
        active.record.model = model
        streams = active.stream and not ({"tools", "functions"} & set(body))
        return _Call(node, target, body, active).answer() if not streams else _Call(node, target, body, active).pieces()

    async def run(**values: Any) -> Any:
        result = await call(**values)
        return result if inspect.isasyncgen(result) else await result

    return Executable(call=run, is_async=True)


def _request(template: Template, node: NodeSpec, values: dict[str, Any]) -> Body:
    rendered = template.render({name: value for name, value in values.items() if name not in PARAMETERS})
    body = request_parameters({name: value for name, value in values.items() if name in PARAMETERS}, node.api)
    if node.api == "completion":
        return {"prompt": unmark(rendered), **body}
    return {"messages": parse_messages(rendered), **body}


class _Call:
    """One call of a model: its span, its record, its answer."""

    def __init__(self, node: NodeSpec, target: ChatTarget, body: Body, active: ActiveNode) -> None:
        self.node = node
        self.target = target
        self.body = body
        self.active = active

    async def answer(self) -> Any:
        """Return the answer's text, or its whole message when the node offers tools."""
        span = self._span()
        if span is None:
            reply = await self._whole(self._parent())
        else:
            with span:
                reply = await self._whole(span.context.traceparent())
                span.set(prompt_tokens=self.active.record.prompt_tokens, completion_tokens=self.active.record.completion_tokens)
                span.attributes["gen_ai.output.messages"] = [
                    choice.get("message", choice.get("text")) for choice in reply.get("choices", [])
                ]
        return self._result(reply)

    async def pieces(self) -> AsyncGenerator[str, None]:
        """Yield the answer's text as it comes."""
        span = self._span()
        body = {**self.body, "stream_options": {"include_usage": True}}
        traceparent = span.context.traceparent() if span else self._parent()
        client = self.target.client
        chunks = (
            client.completions_stream(body, traceparent=traceparent)
            if self.node.api == "completion"
            else client.chat_stream(body, traceparent=traceparent)
        )
        said: list[str] = []
        try:
            async for text in self._texts(chunks):
                said.append(text)
                yield text
        except Exception as error:
            if span:
                span.fail_with(error)
            raise
        finally:
            await chunks.aclose()
            if span:
                span.set(prompt_tokens=self.active.record.prompt_tokens, completion_tokens=self.active.record.completion_tokens)
                span.attributes["gen_ai.output.messages"] = [{"role": "assistant", "content": "".join(said)}]
                span.end()

    async def _texts(self, chunks: AsyncGenerator[Body, None]) -> AsyncIterator[str]:
        async for chunk in chunks:
            self._count(chunk)
            for choice in cast("list[Body]", chunk.get("choices") or [])[:1]:
                text = choice.get("text") if self.node.api == "completion" else cast("Body", choice.get("delta") or {}).get("content")
                if text:
                    yield text

    async def _whole(self, traceparent: str | None) -> Body:
        client = self.target.client
        call = client.completions if self.node.api == "completion" else client.chat
        reply = await call(self.body, traceparent=traceparent)
        self._count(reply)
        return reply

    def _result(self, reply: Body) -> Any:
        choices = cast("list[Body]", reply.get("choices") or [])
        if not choices:
            raise ModelParameterError("The model's answer has no choices.", remedy="Check the parameter n of the node.")
        if self.node.api == "completion":
            return choices[0].get("text") or ""
        message = cast("Body", choices[0].get("message") or {})
        if {"tools", "functions"} & set(self.body):
            return message
        return message.get("content") or ""

    def _count(self, reply: Body) -> None:
        usage = cast("Body", reply.get("usage") or {})
        if usage:
            self.active.record.prompt_tokens = usage.get("prompt_tokens")
            self.active.record.completion_tokens = usage.get("completion_tokens")

    def _parent(self) -> str | None:
        context = current()
        return context.traceparent() if context else None

    def _span(self) -> LiveSpan | None:
        """Open the ``llm`` span where nobody behind the wire writes it."""
        recorder = self.active.recorder
        if recorder is None or self.target.remote_span:
            return None
        span = recorder.start(
            f"{'text_completion' if self.node.api == 'completion' else 'chat'} {self.target.model}",
            kind="llm",
            model=self.target.model,
            provider=self.target.provider,
            node=self.node.name,
        )
        span.attributes["gen_ai.request.model"] = self.target.model
        span.attributes["gen_ai.operation.name"] = "text_completion" if self.node.api == "completion" else "chat"
        span.attributes["gen_ai.input.messages"] = self.body.get("messages") or self.body.get("prompt")
        return span
