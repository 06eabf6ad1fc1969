"""A loaded flow: what a program, the command line, a session and a replica all run."""

import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from flowyard.flows.errors import FlowOutputUnserializableError, LineFailedError
from flowyard.flows.format.types import bind_inputs
from flowyard.flows.model import AS_WRITTEN, FlowOptions, FlowSpec
from flowyard.flows.nodes.connections import Connections
from flowyard.flows.nodes.input_images import InputImages
from flowyard.flows.nodes.make import Maker, image_reader
from flowyard.flows.nodes.modules import FlowModules
from flowyard.flows.rules import load_valid
from flowyard.flows.runtime.batch import BatchRecord, run_batch
from flowyard.flows.runtime.context import active_node, set_active
from flowyard.flows.runtime.drivers import line_pool, run_stage
from flowyard.flows.runtime.events import EventHandler, Events
from flowyard.flows.runtime.failures import line_problem
from flowyard.flows.runtime.line import Engine, Line, NodeFailedError, Observer
from flowyard.flows.runtime.outputs import collect
from flowyard.flows.runtime.part import Part, plan_part
from flowyard.flows.runtime.plan import NodeMaker, Plan, compile_plan
from flowyard.flows.runtime.policies import PolicedMaker
from flowyard.flows.runtime.record import LineRecord, has_opaque
from flowyard.flows.runtime.spans import emit_spans
from flowyard.flows.runtime.streams import whole
from flowyard.foundation.errors import Problem
from flowyard.tracing.context import SpanContext, current, make_current, new_context, set_current

ReduceRow = tuple[Mapping[str, Any], Sequence[Any]]
"""A completed row as the aggregation takes it: its flow inputs, and its record's `reduce`."""


class LoadedFlow:
    """A flow that is ready to run, as often and from as many threads as wanted. Calling it runs one line and returns its outputs."""

    def __init__(self, spec: FlowSpec, plan: Plan, engine: Engine, modules: FlowModules) -> None:
        self.spec = spec
        self.plan = plan
        self.engine = engine
        self.images = InputImages(spec, image_reader(spec))
        self._history = spec.chat_history
        self._modules = modules

    @classmethod
    def load(
        cls,
        path: Path,
        engine: Engine,
        connections: Connections,
        prepare: Callable[[FlowSpec], None] | None = None,
        *,
        name: str | None = None,
        options: FlowOptions = AS_WRITTEN,
    ) -> Self:
        """Read, check and compile the flow at `path`. `prepare` gets the valid flow before any of its code is imported.

        `name` is used where the folder's own says nothing, as that of a snapshot does; `options`: what this run changes.

        Raises:
            FlowNotFoundError: there is no flow.
            InvalidFlowError: its files have errors.
            ToolError, TemplateError, UnknownConnectionError: a node cannot be made.
        """
        spec = load_valid(path, options)
        spec = spec if name is None else replace(spec, name=name)
        if prepare is not None:
            prepare(spec)
            if spec.kind == "prompty":  # some of its values may be variables, which are set by now
                spec = replace(load_valid(path, options), name=spec.name)
        modules = FlowModules(spec.folder)
        try:
            make: NodeMaker = Maker(modules, connections)
            if spec.kind == "flex":
                from flowyard.flows.flex.entry import load_entry

                entry = load_entry(spec, modules, connections, options.init)
                make, spec = entry, entry.flow
            elif spec.kind == "prompty":
                from flowyard.flows.prompty.call import PromptMaker

                make = PromptMaker(spec)
            plan = compile_plan(spec, PolicedMaker(make, engine, connections, options.environment_variables))
        except BaseException:
            modules.close()
            raise
        return cls(spec, plan, engine, modules)

    @classmethod
    def of(cls, target: Callable[..., Any], engine: Engine, connections: Connections, init: Mapping[str, Any]) -> Self:
        """Return the flow that a function is, or an object with ``__call__`` and perhaps ``__aggregate__``, or its class, made with `init`.

        Raises:
            EntryInitError, UnknownConnectionError: the class cannot be made.
            AggregationError: its ``__aggregate__`` does not take one value.
        """
        from flowyard.flows.flex.entry import callable_entry

        entry = callable_entry(target, connections, init)
        return cls(entry.flow, compile_plan(entry.flow, entry), engine, FlowModules(entry.flow.folder))

    @property
    def name(self) -> str:
        """The flow's name."""
        return self.spec.name

    def __call__(self, **inputs: Any) -> dict[str, Any]:
        """Run one line and return its outputs.

        Raises:
            InputNotFoundError, InputTypeError: an input is missing or does not fit.
            LineFailedError: a node failed; `location` is in the user's code.
        """
        record = self.run(inputs)
        if record.error is not None:
            raise LineFailedError(record.error)
        return record.outputs

    def run(
        self,
        inputs: Mapping[str, Any],
        on_event: EventHandler | None = None,
        *,
        observer: Observer | None = None,
        streaming: bool = False,
        parent: SpanContext | None = None,
        aggregate: bool = True,
    ) -> LineRecord:
        """Run one line, and the aggregation over it, and return what happened. A failed line is no exception: its record has the error.

        Args:
            inputs: the flow's inputs; unknown names are left out.
            on_event: gets an event for the start, each node, and each piece of an output that streams, while they happen.
            observer: is told the same in the engine's own terms; instead of `on_event`.
            streaming: tell the observer outputs of generators and models piece by piece.
            parent: the span that asked; None: the current one.
            aggregate: run aggregation nodes over this one line, as a test does and serving does not.

        Raises:
            InputNotFoundError, InputTypeError: an input is missing or does not fit.
        """
        if on_event is not None:
            observer, streaming = Events(on_event), True
        if self.plan.is_async:
            from flowyard.foundation.bridge import run

            return run(self.run_async(inputs, observer, streaming=streaming, parent=parent or current(), aggregate=aggregate))
        record, line = self._begin(inputs, observer, streaming, parent)
        before_node, before_span = active_node(), current()
        try:
            run_stage(line, self.plan.line)
            record.outputs = collect(line)
            if aggregate and self.plan.reduce.steps:
                with self._aggregation(record):
                    run_stage(self._reduced(record, [(line.inputs, self._needs(line))], observer), self.plan.reduce)
            elif self.plan.reduce.steps:
                record.reduce = self._needs(line)
        except NodeFailedError as error:
            self._fail(record, error)
        finally:
            set_active(before_node)
            set_current(before_span)
        return self._end(record)

    async def run_async(
        self,
        inputs: Mapping[str, Any],
        observer: Observer | None = None,
        *,
        streaming: bool = False,
        parent: SpanContext | None = None,
        aggregate: bool = True,
    ) -> LineRecord:
        """Run one line on this loop as `run` does. A flow without asynchronous nodes runs on a thread. Canceling ends the line.

        Raises:
            InputNotFoundError, InputTypeError: an input is missing or does not fit.
        """
        import asyncio

        if not self.plan.is_async:
            above = parent or current()
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                line_pool(), lambda: self.run(inputs, observer=observer, streaming=streaming, parent=above, aggregate=aggregate)
            )
        from flowyard.flows.runtime.tasks import collect_async, run_stage_async

        inputs = await self.images.fetched(inputs)
        record, line = self._begin(inputs, observer, streaming, parent)
        before_node, before_span = active_node(), current()
        try:
            await run_stage_async(line, self.plan.line)
            record.outputs = await collect_async(line)
            if aggregate and self.plan.reduce.steps:
                with self._aggregation(record):
                    await run_stage_async(self._reduced(record, [(line.inputs, self._needs(line))], observer), self.plan.reduce)
            elif self.plan.reduce.steps:
                record.reduce = self._needs(line)
        except NodeFailedError as error:
            self._fail(record, error)
        except asyncio.CancelledError:
            self._cancel(record)
            raise
        finally:
            set_active(before_node)
            set_current(before_span)
        return self._end(record)

    def reduce(self, rows: Sequence[ReduceRow]) -> LineRecord:
        """Run the aggregation nodes over completed rows, and return what happened: its `metrics`, and a record for each node.

        Args:
            rows: each row's flow inputs, and its record's `reduce`.
        """
        above = current()
        context = new_context(above)
        record = LineRecord(flow=self.name, trace_id=context.trace_id, span_id=context.span_id, start_ns=time.time_ns())
        line = self._reduced(record, rows, None)
        before_node = active_node()
        try:
            if self.plan.reduce.is_async:
                from flowyard.flows.runtime.tasks import run_stage_async
                from flowyard.foundation.bridge import run

                run(run_stage_async(line, self.plan.reduce))
            else:
                run_stage(line, self.plan.reduce)
        except NodeFailedError as error:
            self._fail(record, error)
        finally:
            set_active(before_node)
            make_current(above)
        return self._end(record)

    def run_batch(self, rows: Iterable[Mapping[str, Any]], *, concurrency: int = 16) -> BatchRecord:
        """Run many rows in this process, up to `concurrency` at once, then the aggregation over those that completed.

        Runs that are kept, survive a crash and use all processors are ``flowyard run create``.
        """
        return run_batch(self, rows, concurrency=concurrency)

    def bind(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the flow inputs of a line: given values, else defaults, each of its declared type; the sample when nothing is given.

        Raises:
            InputNotFoundError, InputTypeError: an input is missing or does not fit.
        """
        return self.images.read(bind_inputs(self.spec.inputs, inputs or self.spec.sample, history=self._history))

    def part(self, part: Part, given: Mapping[str, Any]) -> tuple["LoadedFlow", dict[str, Any]]:
        """Return the part of this flow that is to run, as a flow, and its inputs; `given`: see `plan_part`. It ends with this flow.

        Raises:
            PartUnsupportedError, NodeNotFoundError, NodeOutputMissingError: there is no such part, or something that it needs is not known.
        """
        names = tuple(part.outputs)
        restored = dict(zip(names, self.images.restored(part.outputs[name] for name in names), strict=True))
        planned = plan_part(self.plan, replace(part, outputs=restored), given)
        return LoadedFlow(planned.spec, planned.plan, self.engine, self._modules), planned.inputs

    def close(self) -> None:
        """Forget the flow's modules."""
        self._modules.close()

    def _begin(
        self, inputs: Mapping[str, Any], observer: Observer | None, streaming: bool, parent: SpanContext | None
    ) -> tuple[LineRecord, Line]:
        bound = self.bind(inputs)
        above = parent or current()
        context = new_context(above)
        record = LineRecord(
            flow=self.name,
            trace_id=context.trace_id,
            span_id=context.span_id,
            parent_id=(above.span_id or None) if above else None,
            start_ns=time.time_ns(),
        )
        record.inputs, _ = self.engine.kept_in_line(bound)
        if observer is not None:
            observer.begin(record)
        return record, Line(self.plan, self.engine, record, bound, observer, streaming, True)

    def _needs(self, line: Line) -> list[Any]:
        """Return what the aggregation needs of a line that has ended."""
        values = (line.outputs[index] for index in self.plan.reduce_needs)
        return [whole(value) for value in values]

    def _reduced(self, record: LineRecord, rows: Sequence[ReduceRow], observer: Observer | None) -> Line:
        """Return the state of the aggregation over `rows`: every value in a list, one item a row."""
        columns = self.images.read_columns({name: [inputs.get(name) for inputs, _ in rows] for name in self.spec.inputs})
        reduced = Line(self.plan, self.engine, record, columns, observer, False, True)
        for position, index in enumerate(self.plan.reduce_needs):
            reduced.outputs[index] = self.images.restored(values[position] for _, values in rows)
        return reduced

    @contextmanager
    def _aggregation(self, record: LineRecord) -> Generator[None]:
        """Within it, an aggregation node that fails is told in its record and in a warning; the line itself has completed."""
        try:
            yield
        except NodeFailedError as error:
            record.error = None
            record.warnings.append(f"The aggregation failed: {error.message}")

    def _refuse_opaque(self, record: LineRecord) -> None:
        """Fail a line whose outputs cannot all be written as JSON."""
        name = next((name for name, value in record.outputs.items() if has_opaque(value)), None)
        if name is None:
            return
        error = FlowOutputUnserializableError(
            f"The output {name!r} cannot be written as JSON: {record.outputs[name]!r:.300}.",
            remedy="Return texts, numbers, lists and dictionaries, or dataclasses of them.",
        )
        record.error = line_problem(error, self.spec.outputs[name].place if name in self.spec.outputs else None)
        record.status = "failed"
        record.outputs = {}

    def _fail(self, record: LineRecord, error: NodeFailedError) -> None:
        record.status = "failed"
        record.outputs = {}
        if record.error is None:
            record.error = error.problem()

    def _cancel(self, record: LineRecord) -> None:
        record.status = "failed"
        record.error = Problem(code="Canceled", title="Canceled", status=499, detail="The caller went away.")
        self._end(record)

    def _end(self, record: LineRecord) -> LineRecord:
        record.duration_ns = time.time_ns() - record.start_ns
        self.engine.clean_nodes(record.nodes)
        if record.status == "running":
            record.status = "completed"
            record.outputs, odd = self.engine.kept_in_line(record.outputs)
            if odd:
                self._refuse_opaque(record)
        if self.engine.keep_line is not None:
            self.engine.keep_line(record)
        elif self.engine.recorder is not None:
            emit_spans(record, self.engine.recorder)
        return record
