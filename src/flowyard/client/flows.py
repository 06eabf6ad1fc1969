"""The flows of a workspace, from Python."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.foundation.codecs import decode
from flowyard.wire.endpoints import Snapshot
from flowyard.wire.flow_history import FlowDiff, FlowVersion, FlowVersionName
from flowyard.wire.flows import (
    Flow,
    FlowCreate,
    FlowFile,
    FlowFileWrite,
    FlowGraph,
    FlowName,
    FlowTemplate,
    FlowTest,
    FlowTestEvent,
    FlowTool,
    ToolScenario,
    ToolValues,
    ToolValuesQuery,
)
from flowyard.wire.shared import Page

if TYPE_CHECKING:
    from flowyard.flows.flow import LoadedFlow


class FlowPart(TypedDict, total=False):
    """The part of a flow that a test runs, and what it changes of the flow.

    Attributes:
        node: this node alone; its inputs may be given by their names, or as ``<node>.output`` and ``inputs.<name>``.
        onward: and all nodes that use what it gives, straight or through others.
        outputs: what other nodes gave, by node.
        bypassed: nodes that count as bypassed.
        run: a former run that has what else is needed: a trace's id, or ``<run>:<row>``.
        variant: ``${node.variant_id}``: that node is that variant.
        overrides: node name to the keys replaced in it: ``connection``, or an input such as ``deployment_name``.
    """

    node: str
    onward: bool
    outputs: Mapping[str, Any]
    bypassed: Sequence[str]
    run: str
    variant: str
    overrides: Mapping[str, Mapping[str, str]]


class Flows:
    """The flows of the workspace, in their authoring folders on the server."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def load(self, path: str | Path, **options: Any) -> "LoadedFlow":
        """Load a flow of this machine's disk to run it in this process; its LLM nodes call the models of the workspace.

        Args:
            path: its folder, or its file.
            options: the other arguments of `flowyard.load_flow`: ``connections``, ``init``, ``variant``, ``overrides``.

        Raises:
            FlowNotFoundError, InvalidFlowError: there is none, or its files have errors.
        """
        from flowyard.flows import load_flow
        from flowyard.flows.resolvers.gateway import GatewayResolver

        return load_flow(path, resolver=GatewayResolver(self._transport.url, self._transport.api_key or ""), **options)

    def list(self) -> tuple[Flow, ...]:
        """Return all flows, by name."""
        return self._transport.get("flows", Page[Flow]).items

    def templates(self) -> tuple[FlowTemplate, ...]:
        """Return the flows to start from."""
        return self._transport.get("flows/templates", Page[FlowTemplate]).items

    def get(self, name: str) -> Flow:
        """Return one flow."""
        return self._transport.get(_path(name), Flow)

    def create(self, name: str, template: str = "standard", *, index: str | None = None) -> Flow:
        """Make a flow from a template; of the template ``documents`` for the index that it asks."""
        return self._transport.post("flows", Flow, body=FlowCreate(name=name, template=template, index=index))

    def clone(self, name: str, to: str) -> Flow:
        """Make a flow of another's files."""
        return self._transport.post(_path(name, "clone"), Flow, body=FlowName(name=to))

    def rename(self, name: str, to: str) -> Flow:
        """Give a flow another name; its history goes with it. Runs and deployments made of it keep the old one."""
        return self._transport.post(_path(name, "rename"), Flow, body=FlowName(name=to))

    def import_archive(self, name: str, archive: bytes) -> Flow:
        """Make a flow of a zip archive of its folder (`flowyard.flows.snapshots.pack` makes one)."""
        path = f"flows/import?name={quote(name, safe='')}"
        return decode(self._transport.request("POST", path, body=archive, headers={"Content-Type": "application/zip"}).data, Flow)

    def export_archive(self, name: str) -> bytes:
        """Return a flow's folder as a zip archive."""
        return self._transport.request("GET", _path(name, "archive")).data

    def history(self, name: str) -> tuple[FlowVersion, ...]:
        """Return a flow's versions, the newest first, which is what is there now."""
        return self._transport.get(_path(name, "history"), Page[FlowVersion]).items

    def diff(self, name: str, version: str = "current", *, against: str = "previous") -> FlowDiff:
        """Return what differs between a version (its id, or ``current``) and another: ``previous``, ``current``, or an id."""
        return self._transport.get(_path(name, "history", quote(version, safe=""), "diff"), FlowDiff, params={"against": against})

    def restore(self, name: str, version: str) -> FlowVersion:
        """Bring a version's files back, as a new version. What is there now stays in the history."""
        return self._transport.post(_path(name, "history", quote(version, safe=""), "restore"), FlowVersion)

    def name_version(self, name: str, version: str, label: str | None) -> FlowVersion:
        """Name a version (its id, or ``current``), so that it is kept for good; None takes the name away."""
        return self._transport.put(_path(name, "history", quote(version, safe=""), "name"), FlowVersion, body=FlowVersionName(name=label))

    def delete(self, name: str) -> None:
        """Delete a flow with all its files."""
        self._transport.delete(_path(name))

    def graph(self, name: str) -> FlowGraph:
        """Return a flow's graph, with all that is wrong with it."""
        return self._transport.get(_path(name, "graph"), FlowGraph)

    def files(self, name: str) -> tuple[FlowFile, ...]:
        """Return a flow's files, without their contents."""
        return self._transport.get(_path(name, "files"), Page[FlowFile]).items

    def read(self, name: str, path: str) -> FlowFile:
        """Return one file with its text and its etag."""
        return self._transport.get(_file(name, path), FlowFile)

    def write(self, name: str, path: str, content: str, *, etag: str | None = None) -> FlowFile:
        """Replace a file that still is the version `etag`, or make a new one (None). RemoteError with status 412: somebody was faster."""
        headers = {"If-Match": f'"{etag}"'} if etag else {"If-None-Match": "*"}
        return self._transport.put(_file(name, path), FlowFile, body=FlowFileWrite(content=content), headers=headers)

    def delete_file(self, name: str, path: str, *, etag: str | None = None) -> None:
        """Delete a file, if it still is the version `etag` when that is given."""
        self._transport.delete(_file(name, path), headers={"If-Match": f'"{etag}"'} if etag else None)

    def test(self, name: str, inputs: Mapping[str, Any] | None = None, **part: Unpack[FlowPart]) -> FlowTestEvent:
        """Run a flow once and return the last event: its status, outputs or error. With `node` a part of it: see `FlowPart`."""
        headers = {"Accept": "application/json"}
        return self._transport.post(_path(name, "test"), FlowTestEvent, body=_test(inputs, part), headers=headers)

    def test_stream(self, name: str, inputs: Mapping[str, Any] | None = None, **part: Unpack[FlowPart]) -> Iterator[FlowTestEvent]:
        """Run a flow, or with `node` a part of it, once and yield what happens. Closing the iterator cancels the run."""
        for event in self._transport.stream(_path(name, "test"), method="POST", body=_test(inputs, part)):
            yield decode(event.data, FlowTestEvent)

    def tools(self, name: str) -> tuple[FlowTool, ...]:
        """Return the package tools of the flow's environment, by id, with their inputs."""
        return self._transport.get(_path(name, "tools"), Page[FlowTool]).items

    def tool_values(
        self,
        name: str,
        tool: str,
        input_name: str,
        inputs: Mapping[str, Any] | None = None,
        *,
        scenario: ToolScenario = "dynamic_list",
    ) -> ToolValues:
        """Ask a package tool of the flow's environment what its form offers for an input, given the other `inputs`.

        Raises:
            RemoteError: there is no such tool or input, nothing is offered for it, or the package's code failed.
        """
        query = ToolValuesQuery(tool=tool, input=input_name, scenario=scenario, inputs=dict(inputs or {}))
        return self._transport.post(_path(name, "tools", "values"), ToolValues, body=query)

    def upload(self, archive: bytes) -> Snapshot:
        """Upload a flow's folder as a zip archive (`flowyard.flows.snapshots.pack` makes one) and return its digest."""
        answer = self._transport.request("POST", "snapshots", body=archive, headers={"Content-Type": "application/zip"})
        return decode(answer.data, Snapshot)


def _test(inputs: Mapping[str, Any] | None, part: FlowPart) -> FlowTest:
    return FlowTest(
        inputs=dict(inputs or {}),
        node=part.get("node"),
        onward=part.get("onward", False),
        outputs=dict(part.get("outputs") or {}),
        bypassed=tuple(part.get("bypassed") or ()),
        run=part.get("run"),
        variant=part.get("variant"),
        overrides={node: dict(keys) for node, keys in (part.get("overrides") or {}).items()},
    )


def _path(name: str, *rest: str) -> str:
    return "/".join(("flows", quote(name, safe=""), *rest))


def _file(name: str, path: str) -> str:
    return f"{_path(name, 'files')}/{quote(path, safe='/')}"
