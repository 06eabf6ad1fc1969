"""One line of a flow while it runs: its values, its records, which nodes are bypassed. Drivers decide when a step is run."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast

import msgspec

from flowyard.flows.errors import FlowError
from flowyard.flows.ports import ModelResolver
from flowyard.flows.runtime.context import ActiveNode, Scrub, set_active
from flowyard.flows.runtime.failures import line_problem, node_problem
from flowyard.flows.runtime.plan import Plan, Step
from flowyard.flows.runtime.record import LineRecord, NodeRecord, Opaque, json_value, pack, pack_json
from flowyard.flows.runtime.streams import Parts, Stream, as_outputs, is_generator
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import FlowyardError, Problem
from flowyard.foundation.ids import new_span_id
from flowyard.tracing.context import SpanContext, make_current
from flowyard.tracing.recorder import Recorder

if TYPE_CHECKING:
    from flowyard.flows.runtime.cache_store import NodeCache


class Observer(Protocol):
    """Is told what happens in a line while it happens. Calls come from whichever thread runs the node, and must be quick."""

    def begin(self, record: LineRecord) -> None:
        """The line begins; its inputs fit."""
        ...

    def node(self, record: NodeRecord) -> None:
        """A node began (``running``), ended, or was bypassed or canceled."""
        ...

    def fields(self, outputs: dict[str, Any]) -> None:
        """The outputs that do not stream, before the first chunk; only when some output streams."""
        ...

    def chunk(self, output: str, text: str) -> None:
        """A piece of an output that streams."""
        ...


class NodeFailedError(FlowError):
    """Ends a line; its record has the problem."""


KeepLine = Callable[[LineRecord], None]
"""Takes a line that has ended; nothing of it changes any more."""


class Engine:
    """What lines run with.

    Args:
        resolver: finds models for LLM nodes.
        recorder: takes spans; None traces nothing.
        scrub: removes known secret values from texts that are kept.
        cache: keeps the results of nodes with ``enable_cache``; None: that of this user's home folder, opened when a node needs it.
        replay: keep and use the results of all nodes, whatever they say.
        keep_line: takes each line that has ended; None: it goes to the recorder as spans.
        packed: records are encoded next: keep the values of nodes as msgpack, those of lines as JSON where that is quick (`msgspec.Raw`
            both); else as JSON values.

    Attributes:
        exchanges: keep what LLM nodes send to models and get back; set by who looks at one run.
        kept_in_node: returns a value as the records of nodes keep it: as `kept` does, or packed, with secrets until `clean_nodes`.
    """

    def __init__(
        self,
        *,
        resolver: ModelResolver | None = None,
        recorder: Recorder | None = None,
        scrub: Scrub | None = None,
        cache: "NodeCache | None" = None,
        replay: bool = False,
        keep_line: KeepLine | None = None,
        packed: bool = False,
    ) -> None:
        self.resolver = resolver
        self.recorder = recorder
        self.scrub = scrub
        self.cache = cache
        self.replay = replay
        self.keep_line = keep_line
        self.exchanges = False
        self._packs = packed
        self.kept_in_node: Callable[[Any], Any] = pack if packed else self.kept

    def kept_in_line(self, values: dict[str, Any]) -> tuple[Any, bool]:
        """Return the inputs or outputs of a line as its record keeps them, and whether something in them may have no form in JSON."""
        packed = pack_json(values) if self._packs else None
        return (self.kept(values), True) if packed is None or not self._is_clean(packed) else (packed, False)

    def kept(self, value: Any) -> Any:
        """Return `value` as records keep it: JSON, without secrets."""
        copy = json_value(value)
        return _scrubbed(copy, self.scrub) if self.scrub and not self._is_clean(pack(copy)) else copy

    def kept_packed(self, value: Any) -> msgspec.Raw:
        """Return `value` as msgpack, without secrets."""
        packed = pack(value)
        return packed if self._is_clean(packed) else pack(self.kept(value))

    def clean_nodes(self, nodes: list[NodeRecord]) -> None:
        """Take secrets out of the values of a line's nodes that were packed: one look at all of them, since next to none has any."""
        if self.scrub is None or not self._packs:
            return
        if self._is_clean(b"".join([value for node in nodes for value in (node.inputs, node.output) if type(value) is msgspec.Raw])):
            return
        for node in nodes:
            node.inputs, node.output = self._cleaned(node.inputs), self._cleaned(node.output)

    def _cleaned(self, value: Any) -> Any:
        return self.kept_packed(msgspec.msgpack.decode(value)) if type(value) is msgspec.Raw else value

    def _is_clean(self, packed: bytes | msgspec.Raw) -> bool:
        """Whether no secret is in a value: one look over its msgpack or JSON, in which texts stand as they are, not one at each text."""
        if self.scrub is None:
            return True
        text = str(packed, "utf-8", "surrogateescape")
        return self.scrub(text) == text

    def clean(self, problem: Problem) -> Problem:
        """Return `problem` without secrets: message, remedy, traceback and whatever else it holds."""
        return convert(_scrubbed(plain(problem), self.scrub), Problem) if self.scrub else problem


def _scrubbed(value: Any, scrub: Scrub) -> Any:
    if isinstance(value, str):
        return Opaque(scrub(value)) if isinstance(value, Opaque) else scrub(value)
    if isinstance(value, dict):
        return {scrub(key): _scrubbed(item, scrub) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_scrubbed(item, scrub) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value


class Line:
    """The state of one line, or of one aggregation.

    Args:
        plan: the compiled flow.
        engine: what to run with.
        record: takes the records of the nodes.
        inputs: bound flow inputs.
        observer: is told what happens.
        streaming: the caller takes outputs piece by piece.
        recorded: inputs and outputs of nodes are kept in their records.
    """

    __slots__ = (
        *("plan", "engine", "record", "inputs", "observer", "streaming", "recorded"),
        *("outputs", "bypassed", "records", "streamed", "ended"),
    )

    def __init__(
        self,
        plan: Plan,
        engine: Engine,
        record: LineRecord,
        inputs: Mapping[str, Any],
        observer: Observer | None,
        streaming: bool,
        recorded: bool,
    ) -> None:
        self.plan = plan
        self.engine = engine
        self.record = record
        self.inputs = inputs
        self.observer = observer
        self.streaming = streaming
        self.recorded = recorded
        self.outputs: list[Any] = [None] * plan.size
        for index, value in plan.known.items():
            self.outputs[index] = value
        self.bypassed: set[int] = set(plan.bypassed)
        self.records: dict[int, NodeRecord] = {}
        self.streamed = False
        self.ended = False

    def begin(self, step: Step) -> dict[str, Any] | None:
        """Make `step` the node that runs here and return its arguments, or None when it is bypassed.

        Raises:
            NodeFailedError: its arguments or its condition cannot be had.
        """
        record = NodeRecord(node=step.name, kind=step.kind, span_id=new_span_id(), start_ns=time.time_ns())
        self.records[step.index] = record
        self.record.nodes.append(record)
        try:
            if step.may_be_bypassed and self._is_bypassed(step):
                self.bypassed.add(step.index)
                record.status = "bypassed"
                self._tell(record)
                return None
            arguments = self._arguments(step)
        except FlowyardError as error:
            raise self.fail(step, error) from error
        record.status = "running"
        if self.engine.exchanges:
            record.exchanges = []
        if self.recorded:
            record.inputs = self.engine.kept_in_node(arguments)
        self._tell(record)
        engine = self.engine
        set_active(
            ActiveNode(
                record,
                self.record.metrics,
                engine.resolver,
                engine.recorder,
                self.streaming and step.streams,
                self.recorded,
                engine.scrub,
                self.record.warnings,
                self.tell_changed if self.observer is not None else None,
            )
        )
        make_current(SpanContext(self.record.trace_id, record.span_id))
        return arguments

    def finish(self, step: Step, value: Any, duration_ns: int) -> None:
        """Take what `step` returned."""
        record = self.records[step.index]
        record.duration_ns = duration_ns
        if is_generator(value):
            self.outputs[step.index] = Stream(value, step.index)
            self.streamed = True
            return
        self.outputs[step.index] = value
        if isinstance(value, Parts):
            self.streamed = True
            return
        self.complete(record, value)

    def complete(self, record: NodeRecord, value: Any) -> None:
        """Close a node's record as completed."""
        if self.ended:
            return
        record.status = "completed"
        if self.recorded:
            record.output = self.engine.kept_in_node(value)
        self.close_logs(record)
        self._tell(record)

    def fail(self, step: Step, error: BaseException) -> NodeFailedError:
        """Close the record of `step` as failed, and return what ends the line."""
        record = self.records[step.index]
        if record.duration_ns == 0:
            record.duration_ns = max(time.time_ns() - record.start_ns, 0)
        problem = self.engine.clean(node_problem(error, step.name, self.plan.flow.folder, step.place, step.executable))
        return self._failed(record, problem)

    def cancel(self) -> None:
        """Close what still runs or waits as canceled; what ends later is not looked at."""
        self.ended = True
        for record in self.record.nodes:
            if record.status in {"running", "pending"}:
                record.status = "canceled"
                record.duration_ns = max(time.time_ns() - record.start_ns, 0)
                self.close_logs(record)
                self._tell(record)

    def output_values(self) -> dict[str, Any]:
        """Return the flow's outputs; streams are not read yet.

        Raises:
            NodeFailedError: a reference does not lead to a value.
        """
        values: dict[str, Any] = {}
        if self.plan.returned is not None:
            return as_outputs(self.outputs[self.plan.returned])
        for spec, get in self.plan.outputs:
            try:
                values[spec.name] = get(self.inputs, self.outputs)
            except FlowyardError as error:
                self.record.error = self.engine.clean(line_problem(error, spec.place))
                raise NodeFailedError(error.message) from error
        return values

    def step(self, index: int) -> Step:
        """Return the step of that index."""
        return next(step for step in (*self.plan.line.steps, *self.plan.reduce.steps) if step.index == index)

    def _failed(self, record: NodeRecord, problem: Any) -> NodeFailedError:
        if not self.ended:
            record.status = "failed"
            record.error = problem
            self.close_logs(record)
            if self.record.error is None:
                self.record.error = problem
            self._tell(record)
        return NodeFailedError(problem.detail)

    def close_logs(self, record: NodeRecord) -> None:
        """Scrub what was printed in pieces, of which none alone was a secret, and what was sent to models."""
        for each in record.exchanges or ():
            each.request, each.response = self.engine.kept(each.request), self.engine.kept(each.response)
        self._scrub_logs(record)

    def _scrub_logs(self, record: NodeRecord) -> None:
        if self.engine.scrub is not None and record.logs:
            record.logs = [self.engine.scrub("".join(record.logs))]

    def tell_changed(self, record: NodeRecord) -> None:
        """Tell the observer what a node that still runs has written into its record."""
        self._scrub_logs(record)
        self._tell(record)

    def _is_bypassed(self, step: Step) -> bool:
        if step.condition is not None:
            if step.condition_node in self.bypassed:
                return True
            return step.condition(self.inputs, self.outputs) != step.expected
        return bool(step.feeds) and all(index in self.bypassed for _, index in step.feeds)

    def _arguments(self, step: Step) -> dict[str, Any]:
        left_out: set[str] = set()
        if self.bypassed:
            for name, index in step.feeds:
                if index in self.bypassed and name in step.executable.defaults:
                    left_out.add(name)
                elif index in self.bypassed:
                    self.record.warnings.append(f"{name!r} of node {step.name!r} is None: the node that feeds it was bypassed.")
        inputs, outputs = self.inputs, self.outputs
        if step.takes is not None:
            return {name: inputs[name] for name in step.takes if name in inputs}
        return {name: get(inputs, outputs) for name, get in step.arguments if name not in left_out}

    def _tell(self, record: NodeRecord) -> None:
        if (self.observer is not None and not self.ended) or (self.observer is not None and record.status == "canceled"):
            self.observer.node(record)
