"""LLM nodes: render the prompt, call the model, return its answer as prompt flow does."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flowyard.flows.errors import FlowError, ModelParameterError
from flowyard.flows.model import Api, Constant, FlowSpec, NodeSpec
from flowyard.flows.nodes.images import images_in
from flowyard.flows.nodes.literals import MakingContext
from flowyard.flows.nodes.parameters import INSTEAD, PARAMETERS, checked_literals, model_name, request_parameters
from flowyard.flows.nodes.prompt import image_literals, load_template, origins
from flowyard.flows.nodes.roles import parse_messages
from flowyard.flows.nodes.template import Origin, Template, joined, unmark
from flowyard.flows.ports import ChatTarget
from flowyard.flows.runtime.context import ActiveNode, active_node
from flowyard.flows.runtime.plan import Executable
from flowyard.flows.runtime.record import Exchange
from flowyard.inference.retries import retry_listener
from flowyard.tracing.context import current
from flowyard.tracing.recorder import LiveSpan

Body = dict[str, Any]
AZURE = "azure_open_ai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompted:
    """A prompt on its way to a model.

    Attributes:
        template: the prompt.
        name: the node's name.
        connection: the name of the connection whose model answers.
        api: which of the two it is for.
        azure: an Azure OpenAI connection: prompt flow prints lists there one item a line, and checks tools.
        aside: names of inputs that are neither the template's nor the model's.
        written: a tool writes the template, the input `INSTEAD`; this is where its variables come from.
    """

    template: Template
    name: str
    connection: str
    api: Api = "chat"
    azure: bool = False
    aside: frozenset[str] = frozenset()
    written: Mapping[str, Origin] | None = None

    def request(self, values: Mapping[str, Any]) -> Body:
        """Return the body of the call, without the model's name.

        Raises:
            TemplateError, PromptFormatError: the prompt cannot be made of `values`.
            ModelParameterError, FunctionsError, ToolsError: a parameter cannot be sent.
        """
        shown = {name: value for name, value in values.items() if name not in PARAMETERS and name not in self.aside}
        images = tuple(images_in(list(shown.values())))
        if self.azure or images:
            shown = {name: joined(value) for name, value in shown.items()}
        template = self.template if self.written is None else Template(str(values[INSTEAD]), self.written, name=INSTEAD, images=True)
        rendered = template.render(shown)
        body = request_parameters({name: value for name, value in values.items() if name in PARAMETERS}, self.api, azure=self.azure)
        if self.api == "completion":
            return {"prompt": unmark(rendered), **body}
        return {"messages": parse_messages(rendered, images, detail=str(values.get("detail") or "auto")), **body}


def llm_node(context: MakingContext, node: NodeSpec) -> Executable:
    """Make an LLM node.

    Raises:
        TemplateError: its template cannot be used.
        NodeInputError: a literal parameter of the model does not fit.
    """
    connection = node.connection or "local"
    template, written = prompt_of(context.flow, node)
    prompt = Prompted(
        template=template,
        written=written,
        name=node.name,
        connection=connection,
        api=node.api,
        azure=context.connections.get(connection, {}).get("type") == AZURE,
    )
    return prompted(prompt, {**checked_literals(node), **image_literals(context, node, prompt.template.source)})


def prompt_of(flow: FlowSpec, node: NodeSpec) -> tuple[Template, Mapping[str, Origin] | None]:
    """Return a node's template, and what `Prompted.written` is.

    As there, an input `INSTEAD` takes the place of the template's file. It is rendered in its turn where the flow's author wrote it; what
    came from outside, and the text of a prompt node, are only shown.

    Raises:
        TemplateError: the template cannot be used.
    """
    known = origins(flow, node)
    if INSTEAD not in known:
        return load_template(flow, node, images=True), None
    value = node.inputs[INSTEAD].value
    if known[INSTEAD] != "author":
        return Template(f"{{{{ {INSTEAD} }}}}", known, name=INSTEAD, images=True), None
    if isinstance(value, Constant):
        return Template(str(value.value), known, name=INSTEAD, images=True), None
    return load_template(flow, node, images=True), known


def prompted(prompt: Prompted, constants: Mapping[str, Any]) -> Executable:
    """Return what renders `prompt`, calls its model, and returns the answer or, where the node may stream, its pieces."""

    async def run(**values: Any) -> Any:
        active = active_node()
        if active is None or active.resolver is None:
            raise FlowError(
                f"Node {prompt.name!r} needs a model, and this run was given no connections.", remedy="Run it with connections."
            )
        target = active.resolver.resolve(prompt.connection, model_name(values) or "")
        body = prompt.request(values) | {"model": target.model}
        active.record.model = model_name(values) or ""
        active.record.connection = prompt.connection
        call = ModelCall(prompt, target, body, active)
        if active.stream and not ({"tools", "functions"} & set(body)):
            return call.pieces()
        return await call.answer()

    return Executable(call=run, is_async=True, constants=constants)


class ModelCall:
    """One call of a model: its span, its record, its answer."""

    def __init__(self, prompt: Prompted, target: ChatTarget, body: Body, active: ActiveNode) -> None:
        self.prompt = prompt
        self.target = target
        self.body = body
        self.active = active
        self._before = active.record.prompt_tokens or 0, active.record.completion_tokens or 0
        self._used: tuple[int | None, int | None] = None, None
        self._exchange = Exchange(request=body)
        if active.record.exchanges is not None:
            active.record.exchanges.append(self._exchange)

    async def answer(self) -> Any:
        """Return the answer's text, or its whole message when the node offers tools."""
        return self._result(await self.reply())

    async def reply(self) -> Body:
        """Return the whole answer as the model gave it."""
        span = self._span()
        if span is None:
            reply = await self._whole(self._parent())
        else:
            with span:
                reply = await self._whole(span.context.traceparent())
                span.set(prompt_tokens=self._used[0], completion_tokens=self._used[1])
                span.attributes["gen_ai.output.messages"] = [
                    choice.get("message", choice.get("text")) for choice in reply.get("choices", [])
                ]
        return reply

    async def pieces(self) -> AsyncGenerator[str, None]:
        """Yield the answer's text as it comes."""
        span = self._span()
        body = {**self.body, "stream_options": {"include_usage": True}}
        traceparent = span.context.traceparent() if span else self._parent()
        client = self.target.client
        chunks = (
            client.completions_stream(body, traceparent=traceparent)
            if self.prompt.api == "completion"
            else client.chat_stream(body, traceparent=traceparent)
        )
        said: list[str] = []
        start = time.perf_counter_ns()
        self._exchange.request, self._exchange.streamed = body, True
        retry_listener.set(self._retried)
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
            self._exchange.duration_ns = time.perf_counter_ns() - start
            if self._exchange.response is not None:
                self._exchange.response |= self._joined("".join(said))
            if span:
                span.set(prompt_tokens=self._used[0], completion_tokens=self._used[1])
                span.attributes["gen_ai.output.messages"] = [{"role": "assistant", "content": "".join(said)}]
                span.end()

    async def _texts(self, chunks: AsyncGenerator[Body, None]) -> AsyncIterator[str]:
        async for chunk in chunks:
            self._count(chunk)
            if self.active.record.exchanges is not None:
                self._exchange.response = (self._exchange.response or {}) | {key: item for key, item in chunk.items() if item is not None}
            for choice in cast("list[Body]", chunk.get("choices") or [])[:1]:
                text = choice.get("text") if self.prompt.api == "completion" else cast("Body", choice.get("delta") or {}).get("content")
                if text:
                    yield text

    async def _whole(self, traceparent: str | None) -> Body:
        client = self.target.client
        call = client.completions if self.prompt.api == "completion" else client.chat
        listening = retry_listener.set(self._retried)
        start = time.perf_counter_ns()
        try:
            self._exchange.response = reply = await call(self.body, traceparent=traceparent)
        finally:
            self._exchange.duration_ns = time.perf_counter_ns() - start
            retry_listener.reset(listening)
        self._count(reply)
        return reply

    def _joined(self, text: str) -> Body:
        """Return the choices of an answer that came in pieces as a whole one has them."""
        if self.prompt.api == "completion":
            return {"choices": [{"index": 0, "text": text}]}
        return {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}

    def _retried(self, attempt: int, error: Exception, wait_s: float) -> None:
        self.active.record.logs.append(f"Try {attempt} of the model failed: {error} Trying again in {wait_s:.1f} s.\n")
        if self.active.tell is not None:
            self.active.tell(self.active.record)

    def _result(self, reply: Body) -> Any:
        choices = cast("list[Body]", reply.get("choices") or [])
        if not choices:
            raise ModelParameterError("The model's answer has no choices.", remedy="Check the parameter n of the node.")
        if self.prompt.api == "completion":
            return choices[0].get("text") or ""
        message = cast("Body", choices[0].get("message") or {})
        if {"tools", "functions"} & set(self.body):
            return message
        return message.get("content") or ""

    def _count(self, reply: Body) -> None:
        usage = cast("Body", reply.get("usage") or {})
        if usage:
            record, (prompt, completion) = self.active.record, self._before
            self._used = usage.get("prompt_tokens"), usage.get("completion_tokens")
            record.prompt_tokens = prompt + (self._used[0] or 0)
            record.completion_tokens = completion + (self._used[1] or 0)

    def _parent(self) -> str | None:
        context = current()
        return context.traceparent() if context else None

    def _span(self) -> LiveSpan | None:
        """Open the ``llm`` span where nobody behind the wire writes it."""
        recorder = self.active.recorder
        if recorder is None or self.target.remote_span:
            return None
        span = recorder.start(
            f"{'text_completion' if self.prompt.api == 'completion' else 'chat'} {self.target.model}",
            kind="llm",
            model=self.target.model,
            provider=self.target.provider,
            node=self.prompt.name,
        )
        span.attributes["gen_ai.request.model"] = self.target.model
        span.attributes["gen_ai.operation.name"] = "text_completion" if self.prompt.api == "completion" else "chat"
        span.attributes["gen_ai.input.messages"] = self.body.get("messages") or self.body.get("prompt")
        return span
