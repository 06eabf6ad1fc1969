"""A row process of a run: a flow process that runs rows. ``python -m flowyard.flows.runs.worker``, started by a row map.

Rows run on lanes or tasks (`runtime.lanes`); what has ended goes to the run and into this process's spool in chunks, twenty times a second.
"""

import gc
import itertools
import logging
import os
import threading
import time
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from flowyard.compute.garbage import keep_loaded
from flowyard.compute.rows.child import RowChild
from flowyard.compute.rows.ports import Row
from flowyard.flows import process
from flowyard.flows.errors import EngineError, LineTimeoutError
from flowyard.flows.flow import LoadedFlow, ReduceRow
from flowyard.flows.model import FlowOptions
from flowyard.flows.nodes.make import image_reader
from flowyard.flows.ports import ChatTarget, ModelResolver
from flowyard.flows.runs.messages import Reduced, ReduceRows, ReduceStart, RowResult, RowWork, WorkerSetup
from flowyard.flows.runtime.batch import refused, run_row, run_row_async
from flowyard.flows.runtime.cache_spec import CacheSpec
from flowyard.flows.runtime.lanes import Crew, Lanes, Tasks
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.line_spool import LineSpool, SpooledLine, encode_line, encode_nodes, json_of, pack_encoded, pack_nodes
from flowyard.flows.runtime.record import LineRecord
from flowyard.flows.runtime.secrets import scrubber
from flowyard.flows.runtime.timeouts import abandoned_threads
from flowyard.foundation.codecs import from_json, packed_list
from flowyard.foundation.credentials import Credentials, give_credentials
from flowyard.foundation.errors import FlowyardError
from flowyard.tracing.context import SpanContext, set_current
from flowyard.tracing.recorder import Recorder, SpanDefaults
from flowyard.tracing.spool import SpoolSink

if TYPE_CHECKING:
    from flowyard.flows.runtime.cache_store import NodeCache

logger = logging.getLogger(__name__)

FLUSH_S = 0.05
FLUSH_ROWS = 512
#: Calls that ran out of their time go on in their threads; a process with so many of them is replaced.
ABANDONED = 4
#: When the collector looks for cycles: after so many objects, and so on (`gc.set_threshold`).
GARBAGE = (20_000, 20, 20)

_decode_work = msgspec.msgpack.Decoder(RowWork).decode
_decode_rows = msgspec.msgpack.Decoder(ReduceRows).decode
_encode = msgspec.msgpack.Encoder(enc_hook=repr).encode
_decode = msgspec.msgpack.decode
_Item = tuple[int, bytes]
_Ended = tuple[int, bytes, bytes, bytes]
"""A row's number, and as msgpack: its `RowResult`, its `SpooledLine`, what its nodes did."""


class RunWorker:
    """Implements `rows.child.RowHandler`.

    Args:
        child: this process's line to the run.
        setup: what to run.
        flows: the flow in each of the run's variants.
        sink: takes the spans that nodes make themselves; None: there are none.
    """

    def __init__(self, child: RowChild, setup: WorkerSetup, flows: list[LoadedFlow], sink: SpoolSink | None) -> None:
        self._child = child
        self._setup = setup
        self._flows = flows
        self._sink = sink
        about: SpanDefaults = {"workspace_id": setup.workspace_id, "run_id": setup.run}
        self._spool = LineSpool(Path(setup.spools), f"run-{setup.run}", setup.flow_name, about) if setup.spools else None
        self._ended: deque[_Ended] = deque()
        # What a row's own columns may give: the inputs without a default. One that is None in the flow's code is a default where a
        # mapping says what else feeds the flow, as in prompt flow; without a mapping all columns feed the inputs of their names.
        self._open = [[name for name, spec in flow.spec.inputs.items() if not spec.has_default] for flow in flows]
        self._unmapped = [
            [name for name in names if not flow.spec.inputs[name].in_code] for names, flow in zip(self._open, flows, strict=True)
        ]
        folder = setup.data_folder
        self._images = replace(image_reader(flows[0].spec), folder=Path(folder)) if folder else None
        self._something = threading.Event()
        self._hurry = threading.Event()
        self._closing = False
        self._retiring = False
        self._given = 0
        self._done = itertools.count(1)
        if any(flow.plan.is_async for flow in flows):
            self._crew: Crew[_Item] = Tasks(self._run_async, setup.concurrency)
        else:
            self._crew = Lanes(self._run, setup.concurrency)
        self._flusher = threading.Thread(target=self._deliver, name="flowyard-rows", daemon=True)
        self._flusher.start()

    def rows(self, rows: list[Row]) -> None:
        """See `RowHandler.rows`."""
        self._given += len(rows)
        for row in rows:
            self._crew.put(row)

    def limit(self, concurrency: int) -> None:
        """See `RowHandler.limit`."""
        self._crew.limit(concurrency)

    def call(self, parts: list[bytes]) -> bytes:
        """Aggregate: the first part is a `ReduceStart`, the others are `ReduceRows`; the answer is a `Reduced`, or a truth value."""
        start = _decode(parts[0], type=ReduceStart)
        flow = self._flows[start.side]
        if start.ask:
            return _encode(bool(flow.plan.reduce.steps))
        rows: list[ReduceRow] = []
        for part in parts[1:]:
            rows += [(from_json(inputs), _decode(values) if values else []) for inputs, values in _decode_rows(part).rows]
        _enter(start.trace_id)
        record = flow.reduce(rows)
        return _encode(Reduced(dict(record.metrics), pack_nodes([record.nodes]), record.error, list(record.warnings)))

    def stop(self) -> None:
        """See `RowHandler.stop`."""
        self._crew.close()
        self._closing = True
        self._hurry.set()
        self._something.set()
        self._flusher.join()
        if self._spool is not None:
            self._spool.close()
        if self._sink is not None:
            self._sink.close()

    def _inputs(self, work: RowWork) -> dict[str, Any]:
        given, data = work.mapped, work.data
        for name in (self._unmapped if given else self._open)[work.side]:
            if name not in given and name in data:
                given[name] = data[name]
        images = self._images
        if images is not None:
            for name, value in given.items():
                if isinstance(value, dict | list):
                    given[name] = images.absolute(value)
        return given

    def _run(self, slot: int, item: _Item) -> None:
        number, payload = item
        work = _decode_work(payload)
        self._child.board.begin(slot, number, time.monotonic_ns())
        _enter(work.trace_id)
        record = run_row(self._flows[work.side], self._inputs(work))
        self._child.board.end(slot)
        self._keep(number, work, record)

    async def _run_async(self, slot: int, item: _Item) -> None:
        import asyncio

        number, payload = item
        work = _decode_work(payload)
        flow, inputs = self._flows[work.side], self._inputs(work)
        self._child.board.begin(slot, number, time.monotonic_ns())
        began = time.time_ns()
        _enter(work.trace_id)
        try:
            record = await asyncio.wait_for(run_row_async(flow, inputs), self._setup.line_timeout_s)
        except TimeoutError:
            record = refused(flow, inputs, LineTimeoutError(self._setup.line_timeout_s))
            record.start_ns, record.duration_ns = began, time.time_ns() - began
        self._child.board.end(slot)
        self._keep(number, work, record)

    def _keep(self, number: int, work: RowWork, record: LineRecord) -> None:
        record.trace_id = work.trace_id or record.trace_id  # one that could not run has another
        try:
            ended = self._encoded(number, work, record)
        except Exception as error:  # noqa: BLE001 - what cannot be kept costs this row, and its record says so
            lost = refused(self._flows[work.side], {}, EngineError(error))
            lost.trace_id = record.trace_id
            ended = self._encoded(number, work, lost)
        self._ended.append(ended)
        # `next` and `append` are one step each, whatever other lanes do.
        if (next(self._done) == self._given or len(self._ended) >= FLUSH_ROWS) and not self._hurry.is_set():
            self._hurry.set()
        if not self._something.is_set():
            self._something.set()
        if not self._retiring and abandoned_threads() >= ABANDONED:
            self._retiring = True
            self._child.retire()

    def _encoded(self, number: int, work: RowWork, record: LineRecord) -> _Ended:
        row = self._row(work, record)
        line = encode_line(_spooled(row, record)) if self._spool is not None else b""
        return number, _encode(row), line, encode_nodes(record.nodes)

    def _row(self, work: RowWork, record: LineRecord) -> RowResult:
        return RowResult(
            line=work.line,
            variant=self._setup.sides[work.side],
            status="completed" if record.error is None else "failed",
            inputs=json_of(record.inputs),
            outputs=json_of(record.outputs),
            error=json_of(record.error) if record.error else None,
            start_ns=record.start_ns,
            duration_ns=record.duration_ns,
            trace_id=record.trace_id or None,
            usage=_usage(record),
            reduce=_encode(self._flows[work.side].engine.kept_packed(record.reduce)) if record.reduce else None,
        )

    def _deliver(self) -> None:
        while True:
            self._something.wait()
            self._hurry.wait(FLUSH_S)
            self._hurry.clear()
            self._something.clear()
            closing = self._closing
            ended = [self._ended.popleft() for _ in range(len(self._ended))]
            try:
                for start in range(0, len(ended), FLUSH_ROWS):
                    self._send(ended[start : start + FLUSH_ROWS])
            except Exception:
                # The run gives these rows to another process, as it does after any death.
                logger.exception("Rows cannot be delivered.")
                os._exit(70)
            if closing and not self._ended:
                return

    def _send(self, ended: list[_Ended]) -> None:
        numbers, rows, lines, each = map(list, zip(*ended, strict=True))
        nodes = pack_encoded(each)
        if self._spool is not None:
            self._spool.append(lines, nodes)
        self._child.done(numbers, packed_list([packed_list(rows), _encode(nodes)]))
        if self._spool is not None:
            self._spool.sync()


def _enter(trace_id: str) -> None:
    """Let what runs here next be in that trace; empty: in one of its own."""
    set_current(SpanContext(trace_id, "") if trace_id else None)


def _spooled(row: RowResult, record: LineRecord) -> SpooledLine:
    return SpooledLine(
        trace_id=record.trace_id,
        span_id=record.span_id,
        parent_id=None,
        failed=row.error is not None,
        start_ns=row.start_ns,
        duration_ns=row.duration_ns,
        inputs=row.inputs,
        outputs=row.outputs,
        error=row.error,
        number=row.line,
    )


def _kept_later(_: LineRecord) -> None:
    """A line is spooled with its row, when that is sent."""


def _usage(record: LineRecord) -> list[tuple[str, str, int, int]]:
    return [
        (node.connection or "", node.model or "", node.prompt_tokens or 0, node.completion_tokens or 0)
        for node in record.nodes
        if node.prompt_tokens is not None
    ]


def build(child: RowChild, setup: WorkerSetup) -> RunWorker:
    """Load the flow in every variant and put the worker together.

    Raises:
        FlowyardError: the flow cannot be loaded.
    """
    secrets = [setup.gateway.api_key] if setup.gateway else []
    if setup.gateway is not None:
        give_credentials(Credentials(url=setup.gateway.url, api_key=setup.gateway.api_key, workspace=""))
    scrub = scrubber(setup.connections, *secrets)
    sink = SpoolSink(Path(setup.spools), f"run-{setup.run}") if setup.spools else None
    recorder = Recorder(sink, scrub=scrub, workspace_id=setup.workspace_id, flow=setup.flow_name, run_id=setup.run) if sink else None
    cache = _cache(setup.cache) if setup.cache else None
    engine = Engine(
        resolver=_Models(setup), recorder=recorder, scrub=scrub, cache=cache, replay=setup.replay, keep_line=_kept_later, packed=True
    )
    flows: dict[str, LoadedFlow] = {}
    for variant in setup.variants:
        if variant not in flows:
            options = FlowOptions(
                variant=variant or None, overrides=setup.overrides, init=setup.init, environment_variables=setup.environment_variables
            )
            flows[variant] = process.load(Path(setup.flow), engine, setup.connections, name=setup.flow_name, options=options)
    return RunWorker(child, setup, [flows[variant] for variant in setup.variants], sink)


def _cache(spec: CacheSpec) -> "NodeCache":
    from flowyard.flows.runtime.cache_store import NodeCache

    return NodeCache.at(spec)


class _Models:
    """The run's models, looked for when a node needs one: what calls them takes a while to import."""

    def __init__(self, setup: WorkerSetup) -> None:
        self._setup = setup
        self._found: ModelResolver | None = None
        self._lock = threading.Lock()

    def resolve(self, connection: str, model: str) -> ChatTarget:
        """Return where the calls go."""
        with self._lock:
            if self._found is None:
                self._found = self._resolver()
        return self._found.resolve(connection, model)

    def _resolver(self) -> ModelResolver:
        from flowyard.flows.resolvers.direct import DirectResolver
        from flowyard.flows.resolvers.gateway import GatewayResolver

        setup = self._setup
        gateway = GatewayResolver(setup.gateway.url, setup.gateway.api_key) if setup.gateway else None
        # A workspace's run calls everything through the gateway: there are the keys, the limits and the spans.
        return gateway if gateway is not None and setup.workspace_id else DirectResolver(setup.connections, beyond=gateway)


def main() -> None:
    """Run the process."""
    child = RowChild()
    try:
        setup = _decode(child.setup, type=WorkerSetup)
        folder = Path(setup.flow)
        # What nodes print is kept in their records; the run's log has what is written past them.
        nowhere = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
        process.enter(folder if folder.is_dir() else folder.parent, passthrough=nowhere)
        worker = build(child, setup)
    except FlowyardError as error:
        child.refuse(error.problem())
        raise SystemExit(error.exit_code) from error
    keep_loaded()
    gc.set_threshold(*GARBAGE)
    child.ready()
    child.serve(worker)


if __name__ == "__main__":
    main()
