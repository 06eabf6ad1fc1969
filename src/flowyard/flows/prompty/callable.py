"""``Prompty`` and ``AsyncPrompty``: a prompty as a function in Python code, inside of a flow and outside."""

import inspect
from collections.abc import AsyncGenerator, Mapping
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, Self, cast

from flowyard.flows.model import FlowOptions, FlowSpec
from flowyard.flows.nodes.make import image_reader
from flowyard.flows.nodes.modules import from_caller
from flowyard.flows.prompty.call import PromptCall
from flowyard.flows.prompty.errors import MissingRequiredInputError
from flowyard.flows.prompty.tokens import answer_limit, prompt_tokens
from flowyard.flows.rules import load_valid
from flowyard.flows.runtime import beside
from flowyard.flows.runtime.context import ActiveNode, active_node
from flowyard.flows.runtime.record import NodeRecord
from flowyard.foundation.errors import InvalidInputError


class Prompty:
    """A prompty, to be called with its inputs as keywords. Load it with `Prompty.load`.

    In a flow's Python node its calls belong to that node: its trace, its tokens, its connections. Elsewhere a model behind a connection
    cannot be found, and the prompty must describe its own.
    """

    def __init__(self, path: str | Path, model: Mapping[str, Any] | None = None, **over: Any) -> None:
        options = FlowOptions(init={**over, **({"model": dict(model)} if model else {})})
        self._spec: FlowSpec = load_valid(from_caller(Path(path)), options)
        self._call = PromptCall(self._spec)

    @classmethod
    def load(cls, source: str | Path, **over: Any) -> Self:
        """Read the prompty at `source`; `over` replaces parts of its front matter, ``model`` above all, key by key.

        Raises:
            FlowNotFoundError: there is no such file.
            InvalidFlowError: it has errors.
            ModelPlaceError: it does not say where its model is.
        """
        if Path(source).suffix != ".prompty":
            raise InvalidInputError(f"{str(source)!r} is no prompty.", remedy="Name a file that ends with .prompty.")
        return cls(source, **over)

    @property
    def path(self) -> Path:
        """The prompty's file."""
        return self._spec.folder / self._spec.file

    @property
    def code(self) -> Path:
        """The folder that it is in."""
        return self._spec.folder

    @property
    def name(self) -> str:
        """The prompty's name."""
        return self._spec.nodes[0].name

    def __call__(self, *args: Any, **inputs: Any) -> Any:
        """Call the model and return its answer: a text, a dict of its JSON, its message when it calls a tool, or an iterator of pieces.

        Raises:
            MissingRequiredInputError: an input without a default is missing.
            FlowyardError: the prompt cannot be made, the model cannot be reached or refuses, or its answer cannot be used.
        """
        answer = beside.run(self._call.run(self._values(args, inputs), _active()))
        return beside.iterate(cast("AsyncGenerator[Any, None]", answer)) if inspect.isasyncgen(answer) else answer

    def render(self, *args: Any, **inputs: Any) -> str:
        """Return the prompt as its text: of the completion API, or the list of messages as Python writes it.

        Raises:
            MissingRequiredInputError: an input without a default is missing.
        """
        body = self._call.message(self._values(args, inputs))
        return str(body.get("messages", body.get("prompt")))

    def estimate_token_count(self, *args: Any, **inputs: Any) -> int:
        """Return about how many tokens a call takes: those of the prompt, and as many for the answer as ``max_tokens`` allows.

        Raises:
            MissingRequiredInputError: an input without a default is missing.
            InvalidInputError: ``max_tokens`` is no whole number above 1.
        """
        return prompt_tokens(self._call.message(self._values(args, inputs))) + answer_limit(self._call.spec.parameters)

    def _values(self, args: tuple[Any, ...], inputs: dict[str, Any]) -> dict[str, Any]:
        """Return the inputs of a call, as they are given: types are for the flow that a prompty is, not for the function."""
        if args:
            raise InvalidInputError("A prompty takes keywords only.", remedy="Write prompty(question=...).")
        given = inputs or self._spec.sample
        missing = [name for name, spec in self._spec.inputs.items() if name not in given and not spec.has_default]
        if missing:
            raise MissingRequiredInputError(
                f"Missing required inputs: {missing}.", remedy=f"The prompty takes {', '.join(self._spec.inputs) or 'nothing'}."
            )
        values = {name: given.get(name, spec.default) for name, spec in self._spec.inputs.items()}
        # What a flow was given may come from a caller who may not read this machine's files.
        reader = replace(image_reader(self._spec), confined=active_node() is not None)
        return {name: reader.labelled(value) if isinstance(value, str) else reader.inside(value) for name, value in values.items()}


class AsyncPrompty(Prompty):
    """A prompty whose call is awaited."""

    async def __call__(self, *args: Any, **inputs: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """As `Prompty.__call__`, on the running loop; a stream is an asynchronous iterator."""
        return await self._call.run(self._values(args, inputs), _active())


def _active() -> ActiveNode:
    """Return the node that runs here, or what stands for it outside of flows. Only a prompty that says so streams."""
    found = active_node()
    if found is not None:
        apart = copy(found)
        apart.stream = False
        return apart
    return ActiveNode(NodeRecord(node="prompty", kind="llm"), {}, None, None, False, False)
