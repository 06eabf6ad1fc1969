"""A prompty's call: render the prompt, call the model, and return of its answer what the prompty asks for."""

import json
from collections.abc import Mapping
from typing import Any, cast

from flowyard.flows.errors import ModelParameterError
from flowyard.flows.model import FlowSpec, NodeSpec, PromptSpec
from flowyard.flows.nodes.errors import FunctionsError, ToolsError
from flowyard.flows.nodes.images import images_in
from flowyard.flows.nodes.llm import Body, ModelCall, Prompted
from flowyard.flows.nodes.parameters import PARAMETERS, request_parameters
from flowyard.flows.nodes.roles import parse_messages
from flowyard.flows.nodes.template import Template, joined, unmark
from flowyard.flows.prompty.errors import AnswerError, OutputKeyError
from flowyard.flows.prompty.place import ModelPlace, model_place
from flowyard.flows.prompty.text import numbered
from flowyard.flows.runtime.context import ActiveNode, active_node
from flowyard.flows.runtime.plan import Executable

#: Parameters that tell OpenAI's client something, and not the model.
_OF_THE_CLIENT = frozenset({"extra_headers", "extra_query", "extra_body", "timeout"})


class PromptCall:
    """A prompty, ready to be called.

    Args:
        flow: the prompty as a flow.

    Raises:
        TemplateError: its template is none.
        ModelPlaceError: its configuration does not say where its model is.
    """

    def __init__(self, flow: FlowSpec) -> None:
        self.spec = cast("PromptSpec", flow.prompt)
        self.place: ModelPlace = model_place(self.spec.configuration)
        source = numbered(self.spec.template, self.spec.line)
        self._template = Template(source, dict.fromkeys(flow.inputs, "outside"), name=flow.file, images=True)
        self._prompted = Prompted(
            template=self._template,
            name=flow.nodes[0].name,
            connection=self.place.connection or "",
            api=self.spec.api,
            azure=self.place.azure,
        )

    async def run(self, values: Mapping[str, Any], active: ActiveNode) -> Any:
        """Return the answer; an asynchronous generator of its pieces where it streams.

        Raises:
            TemplateError, PromptFormatError: the prompt cannot be made of `values`.
            ModelParameterError, ToolsError, FunctionsError: a parameter cannot be sent.
            AnswerError, OutputKeyError: the answer is not what the prompty asks for.
            FlowyardError: the model cannot be reached, or refuses.
        """
        body = self.request(values)
        target = self.place.target(active.resolver)
        active.record.model = self.place.model
        active.record.connection = self.place.connection
        call = ModelCall(self._prompted, target, {**body, "model": target.model}, active)
        offers = {"tools", "functions"} & set(body)
        if not self._is_json and not self.spec.whole and (self._streams or (active.stream and not offers)):
            return call.pieces()
        return self._answer(await call.reply())

    def request(self, values: Mapping[str, Any]) -> Body:
        """Return the body of the call, without the model's name.

        Raises:
            TemplateError, PromptFormatError: the prompt cannot be made of `values`.
            ModelParameterError, ToolsError, FunctionsError: a parameter cannot be sent.
        """
        given = self.spec.parameters
        for name, error in (("tools", ToolsError), ("functions", FunctionsError)):
            if given.get(name) == []:
                raise error(f"{name} is an empty list.", remedy=f"Leave {name} out, or list what the model may call.")
        asked = request_parameters({name: value for name, value in given.items() if name in PARAMETERS}, self.spec.api, azure=True)
        if self.spec.api == "completion" and "max_tokens" not in given:
            asked.pop("max_tokens", None)
        more = {name: value for name, value in given.items() if name not in PARAMETERS | _OF_THE_CLIENT and value is not None}
        return {**self.message(values), **asked, **more, **cast("Body", given.get("extra_body") or {})}

    def message(self, values: Mapping[str, Any]) -> Body:
        """Return the rendered prompt: ``messages``, or ``prompt`` for the completion API.

        Raises:
            TemplateError, PromptFormatError: it cannot be made of `values`.
        """
        images = tuple(images_in(list(values.values())))
        rendered = self._template.render({name: joined(value) for name, value in values.items()})
        if self.spec.api == "completion":
            return {"prompt": unmark(rendered)}
        return {"messages": parse_messages(rendered, images, detail="auto")}

    @property
    def _is_json(self) -> bool:
        asked = self.spec.parameters.get("response_format")
        return isinstance(asked, dict) and cast("dict[str, Any]", asked).get("type") == "json_object"

    @property
    def _streams(self) -> bool:
        return self.spec.parameters.get("stream") in (True, "true", "True")

    def _answer(self, reply: Body) -> Any:
        if self.spec.whole:
            return reply
        choices = cast("list[Body]", reply.get("choices") or [])
        if not choices:
            raise ModelParameterError("The model's answer has no choices.", remedy="Check the parameter n of the prompty.")
        first = choices[0]
        if self.spec.api == "completion":
            return self._formed(first.get("text") or "")
        message = cast("Body", first.get("message") or {})
        if first.get("finish_reason") in {"tool_calls", "function_calls"} or message.get("tool_calls"):
            return message
        return self._formed(message.get("content"))

    def _formed(self, text: Any) -> Any:
        """Return the text, or the data that it is when the prompty asks for JSON, with the keys that its outputs name."""
        if not self._is_json:
            return text
        try:
            found: Any = json.loads(text or "")
        except ValueError as error:
            raise AnswerError(
                f"The prompty asks for JSON, and the model's answer is none: {error}. It begins {str(text)[:80]!r}.",
                remedy="Tell the model in the prompt which JSON to write, or use a model that keeps to response_format.",
            ) from error
        if not self.spec.keys:
            return found
        data = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
        for key in self.spec.keys:
            if key not in data:
                raise OutputKeyError(
                    f"The model's answer has no {key!r}; it has {list(data)}.",
                    remedy=f"Ask for {key!r} in the prompt, or correct the outputs.",
                )
        return {key: data[key] for key in self.spec.keys}


class PromptMaker:
    """Makes the one node of a prompty.

    Args:
        flow: the prompty as a flow.

    Raises:
        TemplateError: its template is none.
        ModelPlaceError: its configuration does not say where its model is.
    """

    def __init__(self, flow: FlowSpec) -> None:
        self._call = PromptCall(flow)

    def __call__(self, flow: FlowSpec, node: NodeSpec) -> Executable:
        """Return the executable of the prompt."""
        del flow
        call = self._call

        async def run(**values: Any) -> Any:
            active = active_node()
            if active is None:  # pragma: no cover - the engine calls nodes, and sets it
                raise ModelParameterError("The prompty was called outside of a flow.", remedy="Run it by `flowyard flow test`.")
            return await call.run(values, active)

        return Executable(call=run, is_async=True, error_code="ScriptExecutionError", label=node.name)
