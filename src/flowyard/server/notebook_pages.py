"""The notebook about something: what is asked of the rooms to write its cells. Whatever is not there is refused before it is written."""

from collections.abc import Iterable
from typing import Any

from flowyard.flows import inspect
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.model import Caller
from flowyard.notebooks.cells import Cells, data_cells, endpoint_cells, flow_cells, index_cells, page_of, run_cells, trace_cells
from flowyard.notebooks.grants import Page
from flowyard.notebooks.kernels import lists_packages
from flowyard.wire.flows import FlowInput
from flowyard.wiring.server import Services

_EXAMPLES: dict[str, Any] = {"string": "Hello", "int": 1, "double": 1.0, "bool": True, "list": [], "object": {}}


def page_for(services: Services, caller: Caller, of: str) -> Page:
    """Return the notebook about `of` (see `NotebookOpen`).

    Raises:
        InvalidInputError: it is no such thing.
        NotFoundError: there is none of this name.
    """
    kind, _, name = of.partition("/")
    make = _KINDS.get(kind)
    if make is None or not name:
        raise InvalidInputError(
            f"{of[:200]!r} is nothing that a notebook can be about.",
            remedy="Give flow/NAME, data/NAME/VERSION, run/NAME, trace/ID, endpoint/NAME or index/NAME/VERSION.",
            location=Location(pointer="/of"),
        )
    return page_of(make(services, caller, name))


def _flow(services: Services, caller: Caller, name: str) -> Cells:
    folder = services.flows.authoring(caller, name)
    return flow_cells(name, _values(services.flows.graph(caller, name).inputs), folder if lists_packages(folder) else None)


def _data(services: Services, caller: Caller, name: str) -> Cells:
    name, _, version = name.partition("/")
    found = services.data.get(caller, name, version or "latest")
    return data_cells(found.name, found.version)


def _run(services: Services, caller: Caller, name: str) -> Cells:
    return run_cells(services.runs.get(caller, name).name)


def _trace(services: Services, caller: Caller, name: str) -> Cells:
    return trace_cells(services.traces.get(caller, name, values="beginnings").trace.trace_id)


def _endpoint(services: Services, caller: Caller, name: str) -> Cells:
    found = services.endpoints.get(caller, name)
    first = next((each for each in found.deployments if found.traffic.get(each.name)), None)
    if first is None or first.digest is None or first.flow is None:
        messages = [{"role": "user", "content": "Hello"}]
        return endpoint_cells(found.name, {"messages": messages, "max_tokens": 60} if first is not None and first.model else {})
    return endpoint_cells(found.name, _values(inspect.graph(services.flows.folder(first.digest)).inputs))


def _index(services: Services, caller: Caller, name: str) -> Cells:
    name, _, version = name.partition("/")
    return index_cells(services.indexes.get(caller, name).name, version or "latest")


_KINDS = {"flow": _flow, "data": _data, "run": _run, "trace": _trace, "endpoint": _endpoint, "index": _index}


def _values(inputs: Iterable[FlowInput]) -> dict[str, Any]:
    """Return the inputs of a call: those with a default as it says, others with an example of their type."""
    return {each.name: each.default if each.has_default else _EXAMPLES.get(each.type, "Hello") for each in inputs}
