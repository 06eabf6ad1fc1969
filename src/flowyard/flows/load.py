"""``load_flow``: a flow as a function in a user's own program."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flowyard.connections.inline import inline_connections
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.model import FlowOptions
from flowyard.flows.ports import ModelResolver
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.secrets import scrubber
from flowyard.foundation.errors import InvalidInputError
from flowyard.tracing.recorder import Recorder


def load_flow(
    path: str | Path | Callable[..., Any],
    connections: Mapping[str, Any] | None = None,
    *,
    init: Mapping[str, Any] | None = None,
    variant: str | None = None,
    overrides: Mapping[str, Mapping[str, str]] | None = None,
    resolver: ModelResolver | None = None,
    recorder: Recorder | None = None,
) -> LoadedFlow:
    """Load a flow: ``flow(**inputs)`` returns its outputs, ``flow.run(inputs)`` its record.

    Neither the working folder nor the environment of this process is changed, and the flow's modules are private to it.

    Args:
        path: a folder with a ``flow.dag.yaml``, a ``flow.flex.yaml`` or one ``.prompty``; such a file itself; a function; an object with
            ``__call__`` and perhaps ``__aggregate__``; or a class of such objects, made with `init`.
        connections: connections by name: ``{"type": ..., "configs": {...}, "secrets": {...}}``, prompt flow's flat keys
            (``{"type": "open_ai", "api_key": ...}``), or objects of ``promptflow.connections``. LLM nodes call their models directly.
        init: arguments of a flex flow's class; for a prompty ``model``, the configuration, parameters and so on that replace its own.
        variant: ``${node.variant_id}``: that node is that variant.
        overrides: node name to the keys replaced in it: ``connection``, or an input.
        resolver: finds the models of connections that are not given; default none.
        recorder: takes the flow's spans; default none.

    Raises:
        FlowNotFoundError: there is no flow.
        InvalidFlowError: its files have errors; `findings` has all of them.
        ToolError, TemplateError, UnknownConnectionError: a node cannot be made.
        ConnectionInvalidError: a connection cannot be read.
        EntryInitError: a flex flow's class cannot be made.
    """
    given = inline_connections(connections or {})
    models = resolver
    if given:
        from flowyard.flows.resolvers.direct import DirectResolver

        models = DirectResolver(given, beyond=resolver)
    engine = Engine(resolver=models, recorder=recorder, scrub=scrubber(given))
    options = FlowOptions(variant=variant, overrides=dict(overrides or {}), init=dict(init or {}))
    if isinstance(path, str | Path):
        return LoadedFlow.load(Path(path), engine, given, options=options)
    if not callable(path):
        raise InvalidInputError(
            f"A flow is a path or something that can be called, got {type(path).__name__}.", remedy="Give a folder, a file or a function."
        )
    return LoadedFlow.of(path, engine, given, options.init)
