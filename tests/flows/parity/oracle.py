"""Runs cases under prompt flow. A program of its own, for an interpreter that has it: one JSON line in for each case, one out.

In: ``{"file", "inputs", "rows", "mapping", "variant", "overrides", "environment", "connections", "init"}``; out: the outcome, as `compare`
reads it. Nothing of Flowyard is imported here.
"""

import sys

if sys.path and sys.path[0] == __file__.rpartition("/")[0]:
    del sys.path[0]  # the cases beside this file are named like modules that others import

import contextlib
import json
import os
from pathlib import Path

CLASSES = {"open_ai": "OpenAIConnection", "azure_open_ai": "AzureOpenAIConnection", "custom": "CustomConnection", "serp": "SerpConnection"}


def connection(values):
    """Return a connection as the executor takes it."""
    kind = CLASSES[values["type"]]
    if kind == "CustomConnection":
        value = {**values.get("configs", {}), **values.get("secrets", {})}
        return {"type": kind, "value": value, "secret_keys": list(values.get("secrets", {})), "module": "promptflow.connections"}
    value = {key: item for key, item in values.items() if key != "type"}
    return {"type": kind, "value": value, "module": "promptflow.connections"}


def chain(error):
    """Return the names of an exception's class and of those of its causes, the outermost first."""
    names, seen, waiting = [], set(), [error]
    while waiting:
        error = waiting.pop(0)
        if error is not None and id(error) not in seen:
            seen.add(id(error))
            names.append(type(error).__name__)
            inner = getattr(error, "inner_exception", None)
            waiting += [error.__cause__, inner if isinstance(inner, BaseException) else None]
    return names


def codes(error):
    """Return the codes of an error tree, the outermost first."""
    names = []
    while error:
        names.append(error.get("code"))
        error = error.get("innerError")
    return names


def line_outcome(result):
    """Return what happened in a line."""
    info = result.run_info
    output = result.output if isinstance(result.output, dict) else {"output": result.output}
    return {
        "status": info.status.value.lower(),
        "outputs": output if info.status.value == "Completed" else {},
        "nodes": {name: run.status.value.lower() for name, run in result.node_run_infos.items()},
        "metrics": info.metrics or {},
        "errors": codes(info.error) if info.error else [],
    }


def test(case):
    """Run one line, as ``pf flow test`` does."""
    from promptflow._sdk._load_functions import load_flow
    from promptflow._sdk._orchestrator import TestSubmitter
    from promptflow._sdk.entities._flows import FlexFlow, Prompty
    from promptflow._utils.flow_utils import is_executable_chat_flow
    from promptflow.core._utils import load_inputs_from_sample

    flow = load_flow(case["file"])
    flow.context.variant = case["variant"]
    flow.context.connections = case["overrides"] or None
    connections = {name: connection(values) for name, values in case["connections"].items()}
    with TestSubmitter(flow=flow, flow_context=flow.context).init(
        connections=connections,
        stream_log=False,
        stream_output=False,
        init_kwargs=case["init"] or None,
        environment_variables=case["environment"],
    ) as submitter:
        inputs = case["inputs"]
        if isinstance(flow, Prompty) and not inputs:
            inputs = load_inputs_from_sample(submitter.flow.sample)
        if not isinstance(flow, FlexFlow | Prompty):
            _, history, _ = is_executable_chat_flow(submitter.dataplane_flow)
            inputs, _ = submitter.resolve_data(inputs=inputs, chat_history_name=history)
        result = submitter.flow_test(inputs=inputs, allow_generator_output=False, init_kwargs=case["init"] or None)
        outcome = line_outcome(result)
        failed = [run for run in result.node_run_infos.values() if run.status.value == "Failed"]
        if outcome["status"] == "completed" and failed:
            outcome["errors"] = codes(failed[0].error)
        return outcome


def batch(case):
    """Run all rows and the aggregation over the lines that completed, as a batch run does, in this process."""
    from promptflow.batch._batch_engine import BatchEngine
    from promptflow.batch._batch_inputs_processor import BatchInputsProcessor
    from promptflow.executor import FlowExecutor

    file = Path(case["file"])
    data = file.parent.parent / "rows.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in case["rows"]))
    connections = {name: connection(values) for name, values in case["connections"].items()}
    engine = BatchEngine(file, file.parent, connections=connections, init_kwargs=case["init"] or None)
    executor = FlowExecutor.create(file, connections, file.parent, raise_ex=False, init_kwargs=case["init"] or None)
    definition = executor.get_inputs_definition() if engine._is_eager_flow else engine._flow.inputs
    processor = BatchInputsProcessor(file.parent, definition, None)
    inputs = processor.process_batch_inputs({"data": str(data)}, case["mapping"] or {})
    lines = [executor.exec_line(dict(row), index=number) for number, row in enumerate(inputs)]
    outcome = {"lines": [line_outcome(line) for line in lines], "metrics": {}, "nodes": {}, "status": "completed"}
    for line in outcome["lines"]:
        if isinstance(line["outputs"], dict):
            line["outputs"].pop("line_number", None)
        line.pop("metrics")
    if executor.has_aggregation_node if engine._is_eager_flow else any(node.aggregation for node in executor._flow.nodes):
        columns, references = engine._get_aggregation_inputs(inputs, lines)
        found = executor.exec_aggregation(columns, references)
        outcome["metrics"] = found.metrics or {}
        outcome["nodes"] = {name: run.status.value.lower() for name, run in found.node_run_infos.items()}
    return outcome


def run(case):
    """Return the outcome of a case."""
    before, folder, path = dict(os.environ), Path.cwd(), list(sys.path)
    modules = set(sys.modules)
    try:
        os.environ.update(case["environment"])
        return batch(case) if case["rows"] is not None else test(case)
    except BaseException as error:  # noqa: BLE001 - the outcome is the error
        return {"status": "refused", "errors": chain(error), "message": str(error)[:400]}
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)
        sys.path[:] = path
        home = str(Path(case["file"]).parent.parent)
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(home):
                del sys.modules[name]


def plain(value):
    """Return what JSON cannot hold as its text."""
    return f"{type(value).__name__}: {value}"


def main():
    """Answer the cases."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):
            outcome = run(json.loads(line))
        answers.write(json.dumps(outcome, default=plain) + "\n")
        answers.flush()


if __name__ == "__main__":
    os.environ.setdefault("PF_DISABLE_TRACING", "true")
    main()
