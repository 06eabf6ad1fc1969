"""The short way through a stage: one step after the other, where nobody watches and nothing can be bypassed.

It does what `Line.begin` and `Line.finish` do, in one place: the calls between them cost more than a node of a few microseconds.
"""

import time
from typing import Any

from flowyard.flows.runtime.context import ActiveNode, set_active
from flowyard.flows.runtime.line import Line
from flowyard.flows.runtime.plan import Stage
from flowyard.flows.runtime.record import NodeRecord
from flowyard.flows.runtime.streams import PLAIN_RESULTS
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.ids import new_span_id
from flowyard.tracing.context import SpanContext, set_current


def run_straight(line: Line, stage: Stage) -> None:
    """Run all steps here, in their order.

    Raises:
        NodeFailedError: the first step that failed.
    """
    engine, record = line.engine, line.record
    inputs, outputs, records, nodes, trace_id = line.inputs, line.outputs, line.records, record.nodes, record.trace_id
    keep, clock, resolver, recorder, scrub = engine.kept_in_node, time.perf_counter_ns, engine.resolver, engine.recorder, engine.scrub
    metrics, warnings = record.metrics, record.warnings
    sources: tuple[Any, Any] = inputs, outputs
    for step in stage.steps:
        span_id = new_span_id()
        node = NodeRecord(node=step.name, kind=step.kind, status="running", span_id=span_id, start_ns=time.time_ns())
        records[step.index] = node
        nodes.append(node)
        try:
            if step.reads is None:
                arguments = {name: get(inputs, outputs) for name, get in step.arguments}
            else:
                arguments = {}
                for name, source, key in step.reads:
                    arguments[name] = sources[source][key]
        except FlowyardError as error:
            raise line.fail(step, error) from error
        node.inputs = keep(arguments)
        streams = line.streaming and step.streams
        set_active(ActiveNode(node, metrics, resolver, recorder, streams, True, scrub, warnings))
        set_current(SpanContext(trace_id, span_id))
        start = clock()
        try:
            value = step.executable.call(**arguments)
        except (Exception, SystemExit) as error:
            raise line.fail(step, error) from error
        if type(value) in PLAIN_RESULTS:
            node.duration_ns = clock() - start
            outputs[step.index] = value
            node.status = "completed"
            node.output = keep(value)
            if node.logs:
                line.close_logs(node)
        else:
            line.finish(step, value, clock() - start)
