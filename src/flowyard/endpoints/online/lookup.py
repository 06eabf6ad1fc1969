"""The endpoint that a name means."""

from flowyard.endpoints.errors import EndpointUnknownError
from flowyard.endpoints.online.model import EndpointRecord
from flowyard.endpoints.online.ports import EndpointStore
from flowyard.foundation.errors import nearest
from flowyard.identity.model import Caller


def find_endpoint(store: EndpointStore, caller: Caller, name: str) -> EndpointRecord:
    """Return the caller's endpoint of this name.

    Raises:
        EndpointUnknownError: there is none.
    """
    record = store.get(caller.workspace_id, name)
    if record is None:
        raise unknown_endpoint(store, caller, name)
    return record


def unknown_endpoint(store: EndpointStore, caller: Caller, name: str) -> EndpointUnknownError:
    """Return the error that says that the caller has no endpoint of this name, with the nearest one."""
    near = nearest(name, [record.name for record in store.find(caller.workspace_id)])
    remedy = f"Did you mean {near!r}?" if near else f"Make it with: flowyard endpoint create {name}"
    return EndpointUnknownError(f"There is no endpoint {name!r} in this workspace.", remedy=remedy)
