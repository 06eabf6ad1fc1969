"""What a run was made of, for its lineage."""

from flowyard.data.datastores.urls import is_address
from flowyard.data.lineage.model import Made, Thing, place
from flowyard.data.pins import unpinned
from flowyard.wire.runs import RunCreate

_ASSET = "azureml:"


def made_of(request: RunCreate, flow_name: str) -> Made:
    """Return the edges' one end of a run: its flow's snapshot, the version of its data, the runs that it builds on.

    Args:
        request: what was asked for, with the flow's snapshot and the data's version filled in.
        flow_name: what the flow is called.
    """
    sources = [Thing("flow", flow_name, request.snapshot or "")]
    if request.data is not None and is_address(request.data):
        sources.append(place(unpinned(request.data)[0]))
    elif request.data is not None and request.data.startswith(_ASSET):
        name, _, version = request.data.removeprefix(_ASSET).partition(":")
        sources.append(Thing("data", name, version))
    sources += [Thing("run", earlier) for earlier in (request.run, request.resume_from) if earlier]
    parameters = {"variants": list(request.variants), "column_mapping": request.column_mapping, "init": sorted(request.init)}
    return Made(
        activity="evaluation" if request.run else "run",
        sources=tuple(sources),
        parameters={name: value for name, value in parameters.items() if value},
        code=request.snapshot,
    )
