"""The inputs of a past run through our engine, and what came out against what came out then.

A row is compared output by output. One that a model took part in, directly or through nodes before it, is not compared: a model need
not say the same twice.
"""

import json
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from typing import Any

from flowyard.flows.flow import LoadedFlow
from flowyard.flows.graph.edges import node_dependencies
from flowyard.flows.migration.model import Parity, RowParity
from flowyard.flows.migration.past import PastLine, PastRun
from flowyard.flows.model import FlowSpec, NodeReference
from flowyard.flows.runtime.record import LineRecord

_MODEL_NODES = frozenset({"llm", "custom_llm"})
_SHORT = 80
_DIFF_LINES = 20


def replay(flow: LoadedFlow, past: PastRun) -> Parity:
    """Run the inputs of `past` through `flow` and compare row by row, then the metrics."""
    batch = flow.run_batch([line.inputs for line in past.lines])
    spoken = outputs_of_models(flow.spec)
    rows = tuple(_compared(line, record, spoken) for line, record in zip(past.lines, batch.lines, strict=True))
    counts = {state: sum(row.state == state for row in rows) for state in ("equal", "differs", "not comparable")}
    by_models = counts["not comparable"] > 0
    return Parity(
        run=past.name,
        equal=counts["equal"],
        different=counts["differs"],
        not_comparable=counts["not comparable"],
        rows=rows,
        metrics=() if by_models else tuple(_differences("metric ", past.metrics, batch.metrics, frozenset())),
    )


def outputs_of_models(spec: FlowSpec) -> frozenset[str]:
    """Return the outputs that an LLM node feeds, directly or through other nodes; of a prompty all."""
    if spec.kind == "prompty":
        return frozenset({"*"})
    spoken = {node.name for node in spec.nodes if node.type in _MODEL_NODES}
    before: set[str] = set()
    while before != spoken:
        before = set(spoken)
        spoken |= {node.name for node in spec.nodes if spoken.intersection(node_dependencies(node))}
    return frozenset(
        name for name, output in spec.outputs.items() if isinstance(output.value, NodeReference) and output.value.node in spoken
    )


def _compared(past: PastLine, now: LineRecord, spoken: frozenset[str]) -> RowParity:
    if past.completed != (now.error is None):
        return _ended_otherwise(past, now, by_model=bool(past.tokens or spoken))
    if now.error is not None:
        if past.error in {None, now.error.code}:
            return RowParity(line=past.line, state="equal")
        return RowParity(line=past.line, state="differs", differences=(f"it failed with {past.error} then, with {now.error.code} here",))
    return _outputs_compared(past, now, spoken)


def _ended_otherwise(past: PastLine, now: LineRecord, *, by_model: bool) -> RowParity:
    if by_model:
        return RowParity(line=past.line, state="not comparable", reason="a model took part, and the row ended otherwise")
    then = "completed" if past.completed else f"failed with {past.error}"
    ended = "completed" if now.error is None else f"failed with {now.error.code}: {now.error.detail}"
    return RowParity(line=past.line, state="differs", differences=(f"it {then} then, and {ended} here",))


def _outputs_compared(past: PastLine, now: LineRecord, spoken: frozenset[str]) -> RowParity:
    if "*" in spoken or (past.tokens and not spoken):
        return RowParity(line=past.line, state="not comparable", reason="its outputs come from a model")
    differences = tuple(_differences("", past.outputs, now.outputs, spoken))
    if differences:
        return RowParity(line=past.line, state="differs", differences=differences)
    if spoken:
        names = ", ".join(sorted(spoken))
        return RowParity(line=past.line, state="not comparable", reason=f"a model took part in: {names}; the other outputs are equal")
    return RowParity(line=past.line, state="equal")


def _differences(what: str, then: Mapping[str, Any], now: Mapping[str, Any], left_out: frozenset[str]) -> Iterator[str]:
    for name in dict.fromkeys([*then, *now]):
        if name in left_out:
            continue
        if name not in then or name not in now:
            yield f"{what}{name}: only {'then' if name in then else 'here'}"
        elif then[name] != now[name]:
            yield f"{what}{name}: {_difference(_text(then[name]), _text(now[name]))}"


def _difference(then: str, now: str) -> str:
    if len(then) <= _SHORT and len(now) <= _SHORT and "\n" not in then + now:
        return f"{then} then, {now} here"
    lines = list(unified_diff(then.splitlines(), now.splitlines(), "then", "here", lineterm="", n=1))
    more = [f"... {len(lines) - _DIFF_LINES} more lines"] if len(lines) > _DIFF_LINES else []
    return "\n".join(["", *lines[:_DIFF_LINES], *more])


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) if isinstance(value, dict | list) else repr(value)
