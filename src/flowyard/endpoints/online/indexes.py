"""Which indexes of documents deployments ask, and in which version."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flowyard.endpoints.online.model import DeploymentRecord
from flowyard.endpoints.online.ports import EndpointStore
from flowyard.flows.inspect import graph
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.errors import NotFoundError
from flowyard.identity.model import Caller
from flowyard.rag.errors import MLIndexError
from flowyard.rag.tool.mlindex import NamedIndex, read_mlindex, read_reference
from flowyard.wire.index_uses import IndexUse

#: Returns the version that a version or label of an index (workspace's id, name, version or label) stands for now; None: there is none.
VersionOf = Callable[[str, str, str], str | None]
_LOOKUP = "flowyard.client.index_lookup.lookup"


@dataclass(frozen=True, slots=True)
class AskedIndex:
    """An index that a node asks. `version`: as the flow has it, a version or a label."""

    node: str
    name: str
    version: str


def nowhere(workspace_id: str, name: str, version: str) -> None:
    """Know no index."""
    del workspace_id, name, version


@lru_cache(maxsize=512)
def asked_indexes(snapshot: Path) -> tuple[AskedIndex, ...]:
    """Return the indexes that the nodes of a flow's snapshot name. What is only known when it runs, such as an input, is left out."""
    found: list[AskedIndex] = []
    for node in graph(snapshot, snapshot).nodes:
        named = _named(node.tool or "", node.inputs)
        if named is not None:
            found.append(AskedIndex(node.name, named.name, named.version))
    return tuple(found)


def _named(tool: str, inputs: Mapping[str, Any]) -> NamedIndex | None:
    content, path = inputs.get("mlindex_content"), inputs.get("path")
    try:
        if tool == _LOOKUP:
            return NamedIndex(name=str(inputs["index"]), version=str(inputs.get("version") or "latest")) if "index" in inputs else None
        if content is not None:
            return read_mlindex(content)
        return read_reference(path) if "vector_index_lookup" in tool and isinstance(path, str) else None
    except MLIndexError:  # of another service, or a reference
        return None


class IndexUses:
    """Tells which deployments ask which version of an index."""

    def __init__(self, store: EndpointStore, snapshots: SnapshotStore, version_of: VersionOf) -> None:
        self._store = store
        self._snapshots = snapshots
        self._version_of = version_of

    def list(self, caller: Caller, *, index: str | None = None, endpoint: str | None = None) -> tuple[IndexUse, ...]:
        """Return what deployments that serve ask: of one `index`, of one `endpoint`, or all, by endpoint and deployment."""
        return tuple(
            use
            for record in self._store.find(caller.workspace_id)
            if endpoint in {None, record.name}
            for deployment in record.deployments
            for use in self._of(deployment, record.traffic.get(deployment.name, 0))
            if index in {None, use.index}
        )

    def _of(self, deployment: DeploymentRecord, traffic: int) -> Iterator[IndexUse]:
        plan = deployment.plan
        if deployment.revision == 0 or plan.digest is None or plan.script is not None:
            return
        try:
            asked = asked_indexes(self._snapshots.folder(plan.digest))
        except NotFoundError:
            return
        for one in asked:
            version = self._version_of(deployment.workspace_id, one.name, one.version)
            yield IndexUse(
                endpoint=deployment.endpoint,
                deployment=deployment.name,
                node=one.node,
                index=one.name,
                asked=one.version,
                version=version,
                pinned=one.version.isdecimal(),
                traffic=traffic,
            )
