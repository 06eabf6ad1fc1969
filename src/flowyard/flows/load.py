"""``load_flow``: a flow as a function in a user's own program."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flowyard.flows.flow import LoadedFlow
from flowyard.flows.ports import ModelResolver
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.secrets import scrubber
from flowyard.tracing.recorder import Recorder


def load_flow(
    path: str | Path,
    connections: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    resolver: ModelResolver | None = None,
    recorder: Recorder | None = None,
) -> LoadedFlow:
    """Load the flow at `path`, a folder or its ``flow.dag.yaml``. ``flow(**inputs)`` returns its outputs, ``flow.run(inputs)`` its record.

    Neither the working folder nor the environment of this process is changed, and the flow's modules are private to it.

    Args:
        path: the flow.
        connections: connections by name: ``{"type": ..., "configs": {...}, "secrets": {...}}``. LLM nodes call their models directly.
        resolver: finds the models of connections that are not given; default none.
        recorder: takes the flow's spans; default none.

    Raises:
        FlowNotFoundError: there is no flow.
        InvalidFlowError: its files have errors; `findings` has all of them.
        ToolError, TemplateError, UnknownConnectionError: a node cannot be made.
    """
    given = dict(connections or {})
    models = resolver
    if given:
        from flowyard.flows.resolvers.direct import DirectResolver

        models = DirectResolver(given, beyond=resolver)
    engine = Engine(resolver=models, recorder=recorder, scrub=scrubber(given))
    return LoadedFlow.load(Path(path), engine, given)
