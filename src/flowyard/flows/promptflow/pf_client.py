"""``PFClient``: flows tested and run over data from a program, on this machine, with prompt flow's method names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from flowyard.connections.inline import inline_connections
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.load import load_flow
from flowyard.flows.nodes.connections import connection_object
from flowyard.flows.promptflow.connections import Connection
from flowyard.flows.promptflow.exceptions import UserErrorException
from flowyard.foundation.errors import InvalidInputError, NotFoundError, nearest
from flowyard.foundation.settings import read_settings
from flowyard.wire.runs import Run as KeptRun
from flowyard.wire.runs import RunCounts, RunCreate, RunUpdate

__all__ = ["PFClient", "Run", "load_run"]

_STATUS = {"queued": "NotStarted", "canceling": "CancelRequested"}


@dataclass(kw_only=True)
class Run:
    """A run: one to be made, from the fields that say what it does; or one that was, with its `status`, and all else in `kept`."""

    flow: str | Path | None = None
    name: str | None = None
    data: str | Path | None = None
    run: "str | Run | None" = None
    column_mapping: Mapping[str, Any] = field(default_factory=dict[str, Any])
    variant: str | None = None
    connections: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    environment_variables: Mapping[str, str] = field(default_factory=dict[str, str])
    init: Mapping[str, Any] = field(default_factory=dict[str, Any])
    display_name: str | None = None
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    resume_from: "str | Run | None" = None
    status: str = "NotStarted"
    kept: KeptRun | None = None

    @classmethod
    def of(cls, kept: KeptRun) -> "Run":
        """Return a run that was made."""
        return cls(
            flow=kept.flow,
            name=kept.name,
            data=kept.data,
            run=kept.run,
            column_mapping=kept.column_mapping,
            variant=kept.variants[0] if kept.variants else None,
            display_name=kept.display_name,
            description=kept.description,
            tags=kept.tags,
            properties=kept.properties,
            resume_from=kept.resume_from,
            status=_STATUS.get(kept.status, kept.status.capitalize()),
            kept=kept,
        )

    def request(self) -> RunCreate:
        """Return what is to be run.

        Raises:
            InvalidInputError: `flow` is a function.
        """
        if callable(self.flow):
            raise InvalidInputError("A run needs a flow that is a folder or a file.", remedy="Call load_flow(function).run_batch(rows).")
        return RunCreate(
            flow=None if self.flow is None else str(self.flow),
            name=self.name,
            data=None if self.data is None else str(self.data),
            run=_name(self.run),
            column_mapping=dict(self.column_mapping),
            variants=(self.variant,) if self.variant else (),
            connections={node: dict(said) for node, said in self.connections.items()},
            environment_variables=dict(self.environment_variables),
            init=dict(self.init),
            display_name=self.display_name,
            description=self.description,
            tags=dict(self.tags),
            properties=dict(self.properties),
            resume_from=_name(self.resume_from),
        )


def load_run(source: str | Path | IO[str], params_override: list[Mapping[str, Any]] | None = None, **_: Any) -> Run:
    """Return the run that a ``run.yaml`` describes, to be made by `PFClient.runs.create_or_update`; `params_override` wins over it.

    Raises:
        InvalidInputError: the file cannot be read, or says something that a run does not have.
    """
    from flowyard.flows.runs.file import read_run_file

    path = Path(source) if isinstance(source, str | Path) else Path(source.name)
    asked = replace(read_run_file(path).request, **{key: value for part in params_override or () for key, value in part.items()})
    return Run(
        flow=asked.flow,
        name=asked.name,
        data=asked.data,
        run=asked.run,
        column_mapping=asked.column_mapping,
        variant=asked.variants[0] if asked.variants else None,
        connections=asked.connections,
        environment_variables=asked.environment_variables,
        init=asked.init,
        display_name=asked.display_name,
        description=asked.description,
        tags=asked.tags,
        properties=asked.properties,
        resume_from=asked.resume_from,
    )


class ConnectionOperations:
    """The connections that this client's flows may use. They live as long as the client: nothing is written down."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = inline_connections(given)

    def create_or_update(self, connection: Connection, **_: Any) -> Connection:
        """Add a connection, or replace the one of its name; a secret that is ``******`` or ``<no-change>`` stays.

        Raises:
            InvalidInputError: it has no name.
        """
        if not connection.name:
            raise InvalidInputError("The connection has no name.", remedy="Give it one: name=...")
        made = inline_connections({connection.name: connection})[connection.name]
        before = self.given.get(connection.name, {}).get("secrets", {})
        kept = {key: before.get(key, value) if value in {"******", "<no-change>"} else value for key, value in made["secrets"].items()}
        self.given[connection.name] = {**made, "secrets": kept}
        return connection

    def get(self, name: str, **_: Any) -> Connection:
        """Return a connection.

        Raises:
            NotFoundError: there is none of this name.
        """
        if name not in self.given:
            like = nearest(name, list(self.given))
            raise NotFoundError(f"There is no connection {name!r}.", remedy=f"Did you mean {like!r}?" if like else "Create it first.")
        return connection_object(name, self.given[name])

    def list(self, **_: Any) -> "list[Connection]":
        """Return all connections."""
        return [self.get(name) for name in self.given]

    def delete(self, name: str) -> None:
        """Forget a connection."""
        self.get(name)
        del self.given[name]


class RunOperations:
    """The runs of this machine."""

    def __init__(self, home: Path, connections: ConnectionOperations) -> None:
        from flowyard.flows.runs.local import LocalRuns

        self._runs = LocalRuns(home)
        self._connections = connections

    def create_or_update(self, run: Run, **_: Any) -> Run:
        """Make a run and carry it out; returns at its end.

        Raises:
            FlowyardError: it cannot be made, or ended with an error; failed rows are none.
        """
        made = self._runs.create(run.request())
        return self._carried_out(made.name)

    def resume(self, name: str) -> Run:
        """Go on with a run that failed or was canceled."""
        return self._carried_out(name)

    def get(self, name: str) -> Run:
        """Return a run.

        Raises:
            RunNotFoundError: there is none.
        """
        return Run.of(self._runs.get(name))

    def list(self, max_results: int | None = 50, *, list_view_type: object = None) -> "list[Run]":
        """Return runs, the newest first; `list_view_type`: ``ActiveOnly`` (the default), ``ArchivedOnly`` or ``All``."""
        asked = str(getattr(list_view_type, "value", list_view_type) or "ActiveOnly")
        shown = {"ArchivedOnly": "only", "All": "also"}.get(asked, "no")
        return [Run.of(run) for run in self._runs.list(archived=cast("Any", shown), limit=max_results)]

    def stream(self, name: str | Run, **_: Any) -> Run:
        """Return a run that has ended: runs are carried out when they are made."""
        return self.get(_name(name) or "")

    def get_details(self, name: str | Run, max_results: int = 100, all_results: bool = False, **_: Any) -> Any:
        """Return a pandas data frame of rows: ``inputs.x`` and ``outputs.y``, by line number.

        Raises:
            UserErrorException: pandas is not installed.
        """
        try:
            pandas: Any = import_module("pandas")
        except ImportError as error:
            raise UserErrorException("get_details returns a pandas data frame: pip install pandas. Or call runs.rows().") from error
        rows = list(self.rows(name, None if all_results else max_results))
        return pandas.DataFrame(rows).set_index("inputs.line_number") if rows else pandas.DataFrame()

    def get_metrics(self, name: str | Run) -> dict[str, Any]:
        """Return what the aggregation gave."""
        return dict(self._runs.get(_name(name) or "").metrics)

    def archive(self, name: str) -> Run:
        """Put a run away."""
        return Run.of(self._runs.archive(name))

    def restore(self, name: str) -> Run:
        """Take an archived run back."""
        return Run.of(self._runs.restore(name))

    def update(self, name: str, display_name: str | None = None, description: str | None = None, tags: dict[str, str] | None = None) -> Run:
        """Change the words about a run."""
        return Run.of(self._runs.update(name, RunUpdate(display_name=display_name, description=description, tags=tags)))

    def delete(self, name: str) -> None:
        """Delete a run that has ended."""
        self._runs.delete(name)

    def rows(self, name: str | Run, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of a run, at most `limit`: ``inputs.x``, ``inputs.line_number`` and ``outputs.y``."""
        for line in self._runs.lines(_name(name) or "", limit=limit):
            inputs = {f"inputs.{key}": value for key, value in {**line.inputs, "line_number": line.line}.items()}
            yield inputs | {f"outputs.{key}": value for key, value in line.outputs.items()}

    def _carried_out(self, name: str) -> Run:
        from flowyard.flows.runs.local import LocalMeans

        def nothing(_: RunCounts | str) -> None:
            return None

        means = LocalMeans(connections=self._connections.given, gateway=None, check_canceled=lambda: None, progress=nothing, tell=nothing)
        self._runs.execute(name, means)
        return self.get(name)


class FlowOperations:
    """Tests of flows."""

    def __init__(self, connections: ConnectionOperations) -> None:
        self._connections = connections

    def test(
        self,
        flow: str | Path,
        *,
        inputs: Mapping[str, Any] | None = None,
        variant: str | None = None,
        init: Mapping[str, Any] | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        """Run one line and return its outputs.

        Raises:
            FlowyardError: the flow cannot be loaded, or the line failed.
        """
        loaded: LoadedFlow = load_flow(flow, self._connections.given, variant=variant, init=init)
        try:
            return loaded(**(inputs or {}))
        finally:
            loaded.close()

    def validate(self, flow: str | Path, **_: Any) -> list[Any]:
        """Return all findings about a flow; an empty list: none."""
        from flowyard.flows.rules import validate

        return list(validate(Path(flow))[1])


class PFClient:
    """Tests and runs flows on this machine.

    Args:
        config: taken for prompt flow's sake, and not looked at.
        connections: what flows may use: name to connection, in any form that `load_flow` takes.
        home: where runs are kept; default FLOWYARD_HOME.
    """

    def __init__(
        self, config: object = None, *, connections: Mapping[str, Any] | None = None, home: str | Path | None = None, **_: Any
    ) -> None:
        del config
        self.connections = ConnectionOperations(connections or {})
        self.flows = FlowOperations(self.connections)
        self.runs = RunOperations(Path(home) if home else read_settings().home, self.connections)
        self.test = self.flows.test
        self.stream = self.runs.stream
        self.get_details = self.runs.get_details
        self.get_metrics = self.runs.get_metrics

    def run(self, flow: str | Path | None = None, **asked: Any) -> Run:
        """Run a flow over data and return the run, ended: `data`, `run`, `column_mapping`, `variant`, `connections`,
        `environment_variables`, `init`, `name`, `display_name`, `tags`, `resume_from` as in a ``run.yaml``.

        Raises:
            InvalidInputError: something is asked that a run does not have.
            FlowyardError: the run cannot be made, or ended with an error; failed rows are none.
        """
        known = {name: value for name, value in asked.items() if name in Run.__dataclass_fields__ and value is not None}
        strange = sorted(set(asked) - set(Run.__dataclass_fields__) - {"stream"})
        if strange:
            like = nearest(strange[0], list(Run.__dataclass_fields__))
            raise InvalidInputError(f"A run has no {strange[0]!r}.", remedy=f"Did you mean {like!r}?" if like else "See docs/runs.md.")
        return self.runs.create_or_update(Run(flow=flow, **known))


def _name(run: str | Run | None) -> str | None:
    return run.name if isinstance(run, Run) else run
