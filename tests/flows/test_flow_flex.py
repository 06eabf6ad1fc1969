"""Flex flows: what prompt flow does with functions and classes, one rule each; outcomes are those of prompt flow 1.18.5."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import InputNotFoundError, InputTypeError
from flowyard.flows.flex.errors import EntryInitError
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.inspect import graph
from flowyard.flows.model import FlowOptions
from flowyard.flows.rules import load_valid, validate
from flowyard.flows.runtime.cache_store import NodeCache
from flowyard.flows.runtime.line import Engine
from flowyard.flows.serving.swagger import openapi
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.sinks import MemorySink
from support.flow_folders import write_flex as flex

SCALE = """
class Scale:
    def __init__(self, factor: int = 3, unit: str = "m"):
        self.factor, self.unit = factor, unit

    def __call__(self, size: int):
        if size < 0:
            raise ValueError("negative")
        return {"size": size * self.factor, "unit": self.unit}

    def __aggregate__(self, line_results):
        return {"lines": len(line_results), "total": sum(line.size for line in line_results)}
"""


@pytest.mark.parametrize(
    ("source", "inputs", "outputs"),
    [
        ("def run(a, b=2):\n    return {'x': a, 'b': b}\n", {"a": 1}, {"x": 1, "b": 2}),
        ("def run(a: int):\n    return a + 1\n", {"a": 1}, {"output": 2}),
        ("def run(a):\n    return None\n", {"a": 1}, {"output": None}),
        ("def run(a):\n    return [a, 2]\n", {"a": 1}, {"output": [1, 2]}),
        ("async def run(a):\n    return a\n", {"a": 5}, {"output": 5}),
        ("def run(n):\n    for i in range(n):\n        yield i\n", {"n": 4}, {"output": "0123"}),
        ("async def run(n):\n    for i in range(n):\n        yield i\n", {"n": 4}, {"output": "0123"}),
        ("def run(n):\n    return map(str, range(n))\n", {"n": 3}, {"output": "012"}),
        ("def run(n):\n    return {'s': (str(i) for i in range(n)), 'n': n}\n", {"n": 3}, {"s": "012", "n": 3}),
        (
            "from dataclasses import dataclass\n\n@dataclass\nclass R:\n    x: int\n    y: str\n\ndef run(a):\n    return R(a, 's')\n",
            {"a": 5},
            {"x": 5, "y": "s"},
        ),
        (
            "from promptflow.tracing import trace\n\n@trace\ndef run(a):\n    return more(a)\n\n@trace\ndef more(a):\n    return a + 1\n",
            {"a": 1},
            {"output": 2},
        ),
    ],
)
def test_what_a_function_returns_are_the_outputs(tmp_path: Path, source: str, inputs: dict[str, Any], outputs: dict[str, Any]) -> None:
    record = load_flow(flex(tmp_path, source)).run(inputs)
    assert (record.status, record.outputs, record.error) == ("completed", outputs, None)
    assert [(node.node, node.kind, node.status) for node in record.nodes] == [("run", "python", "completed")]


@pytest.mark.parametrize(
    ("yaml", "given", "expected"),
    [
        # Without inputs in the YAML, they are the function's, with the types of its annotations; what it does not take is dropped.
        ("", {"a": "5", "b": "6", "c": "[1]", "d": "true", "e": 5, "g": "x", "zz": 1}, (5, 6, [1], True, "5", "x", 3, {})),
        ("", {"a": 1, "b": "text", "c": [], "d": False, "e": "", "g": None, "h": "7"}, (1, "text", [], False, "", None, 7, {})),
    ],
)
def test_inputs_of_the_signature(tmp_path: Path, yaml: str, given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    source = "def run(a: int, b, c: list, d: bool, e: str, g, h=3, **more):\n    return repr((a, b, c, d, e, g, h, more))\n"
    assert load_flow(flex(tmp_path, source, f"entry: code:run\n{yaml}"))(**given) == {"output": repr(expected)}


@pytest.mark.parametrize(
    ("declared", "given", "expected"),
    [
        ("{a: {type: int}, b: {type: string, default: hello}}", {"a": "5"}, (5, "hello")),
        # An empty default stands for the one in the code.
        ("{a: {type: int}, b: {type: string, default: ''}}", {"a": "5"}, (5, "code")),
        ("{a: {type: int}, b: {type: string}}", {"a": "5", "b": 7}, (5, "7")),
    ],
)
def test_inputs_of_the_yaml(tmp_path: Path, declared: str, given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    folder = flex(tmp_path, "def run(a, b='code'):\n    return repr((a, b))\n", f"entry: code:run\ninputs: {declared}\n")
    assert load_flow(folder)(**given) == {"output": repr(expected)}


def test_inputs_that_are_missing_or_do_not_fit(tmp_path: Path) -> None:
    source = "def run(a: int, b='code'):\n    return a\n"
    flow = load_flow(flex(tmp_path / "signature", source))
    with pytest.raises(InputNotFoundError, match="'a'"):
        flow.run({"b": "x"})
    with pytest.raises(InputTypeError, match="'x'"):
        flow.run({"a": "x"})
    declared = "entry: code:run\ninputs: {a: {type: int}, b: {type: string}}\n"
    with pytest.raises(InputNotFoundError, match="'b'"):
        load_flow(flex(tmp_path / "yaml", source, declared)).run({"a": 1})


def test_images_are_left_to_the_code(tmp_path: Path) -> None:
    image = {"data:image/png;base64": "iVBORw0KGgo="}
    flow = load_flow(flex(tmp_path, "def run(a):\n    return repr(a)\n"))
    assert (flow(a=image), flow(a=[image])) == ({"output": repr(image)}, {"output": repr([image])})


def test_the_sample_is_taken_when_nothing_is_given(tmp_path: Path) -> None:
    source = "def run(a, b='-'):\n    return f'{a}{b}'\n"
    for name, sample in (
        ("plain", "{inputs: {a: 7}}"),
        ("part", "{inputs: '${file:s.json}'}"),
        ("whole", "'${file:whole.yaml}'"),
        ("value", "{inputs: {a: '${file:a.txt}'}}"),
    ):
        folder = flex(
            tmp_path / name, source, f"entry: code:run\nsample: {sample}\n", s__json='{"a": 7}', whole__yaml="inputs: {a: 7}\n", a__txt="7"
        )
        flow = load_flow(folder)
        assert (flow(), flow(a=1)) == ({"output": "7-"}, {"output": "1-"}), name


def test_a_class_is_made_once(tmp_path: Path) -> None:
    source = "class Count:\n    calls = 0\n    def __call__(self):\n        self.calls += 1\n        return self.calls\n"
    flow = load_flow(flex(tmp_path, source, "entry: code:Count\n"))
    assert [flow()["output"] for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("yaml", "init", "outputs"),
    [
        ("", None, {"size": 6, "unit": "m"}),
        ("", {"factor": 10}, {"size": 20, "unit": "m"}),
        ("init: {factor: {type: int, default: 4}, unit: {type: string, default: ''}}\n", {"unit": "km"}, {"size": 8, "unit": "km"}),
        ("sample: {init: {factor: 7}}\n", None, {"size": 14, "unit": "m"}),
        ("sample: {init: {factor: 7}}\n", {"unit": "km"}, {"size": 6, "unit": "km"}),
    ],
)
def test_what_a_class_is_made_with(tmp_path: Path, yaml: str, init: dict[str, Any] | None, outputs: dict[str, Any]) -> None:
    assert load_flow(flex(tmp_path, SCALE, f"entry: code:Scale\n{yaml}"), init=init)(size=2) == outputs


def test_a_class_that_cannot_be_made(tmp_path: Path) -> None:
    folder = flex(tmp_path, SCALE, "entry: code:Scale\n")
    with pytest.raises(EntryInitError, match="faktor") as caught:
        load_flow(folder, init={"faktor": 1})
    assert "'factor'" in str(caught.value.remedy)
    assert caught.value.code == "FlowEntryInitializationError"
    (folder / "code.py").write_text(SCALE.replace("self.factor, self.unit = factor, unit", "raise ValueError('no')"))
    with pytest.raises(EntryInitError, match="ValueError: no"):
        load_flow(folder)


@pytest.mark.parametrize(
    ("yaml", "shown"),
    [
        ("entry: code:Scale\n", [("factor", "int", 3, True), ("unit", "string", "m", True)]),
        ("entry: code:Scale\nsample: {init: {factor: 5}}\n", [("factor", "int", 5, True), ("unit", "string", "m", True)]),
        (
            "entry: code:Scale\ninit: {factor: {type: int}, unit: {type: string, default: km}}\n",
            [("factor", "int", None, False), ("unit", "string", "km", True)],
        ),
    ],
)
def test_the_graph_tells_what_a_class_is_made_with(tmp_path: Path, yaml: str, shown: list[tuple[str, str, Any, bool]]) -> None:
    found = graph(flex(tmp_path, SCALE, yaml))
    assert [(it.name, it.type, it.default, it.has_default) for it in found.init] == shown


def test_the_graph_of_a_class_that_inherits_tells_what_its_sample_gives(tmp_path: Path) -> None:
    source = f"{SCALE}\nclass Mine(Scale):\n    pass\n"
    found = graph(flex(tmp_path, source, "entry: code:Mine\nsample: {init: {factor: 5}}\n"))
    assert [(it.name, it.type, it.default) for it in found.init] == [("factor", "int", 5)]


def test_aggregation(tmp_path: Path) -> None:
    flow = load_flow(flex(tmp_path, SCALE, "entry: code:Scale\n"))
    record = flow.run({"size": 2})
    assert record.metrics == {"lines": 1, "total": 6}
    assert [(node.node, node.kind) for node in record.nodes] == [("Scale", "python"), ("__aggregate__", "aggregation")]
    rows = [flow.run({"size": size}, aggregate=False) for size in (1, -1, 3)]
    assert [row.status for row in rows] == ["completed", "failed", "completed"]
    reduced = flow.reduce([(row.inputs, row.reduce) for row in rows if row.error is None])
    assert reduced.metrics == {"lines": 2, "total": 12}


@pytest.mark.parametrize(
    ("returned", "results", "metrics", "warned"),
    [
        ("a", "return {'sum': sum(lines)}", {"sum": 3}, ""),
        ("a", "raise ValueError('bad')", {}, "Execution failure in '__aggregate__': (ValueError) bad"),
        ("a", "return [1]", {}, "returned list"),
        ("a", "return {'n': 1, 'text': 'x', 'object': object()}", {"n": 1, "text": "x"}, "'object'"),
        ("{'a': a}", "return {'sum': lines[0].a + lines[1]['a']}", {"sum": 3}, ""),
        ("(str(i) for i in range(a))", "return {'joined': int(lines[1])}", {"joined": 1}, ""),
    ],
)
@pytest.mark.parametrize("head", ["def", "async def"])
def test_what_an_aggregation_gets_and_gives(
    tmp_path: Path, head: str, returned: str, results: str, metrics: dict[str, Any], warned: str
) -> None:
    source = f"class C:\n    def __call__(self, a):\n        return {returned}\n    {head} __aggregate__(self, lines):\n        {results}\n"
    flow = load_flow(flex(tmp_path, source, "entry: code:C\n"))
    rows = [flow.run({"a": size}, aggregate=False) for size in (1, 2)]
    reduced = flow.reduce([(row.inputs, row.reduce) for row in rows])
    assert (reduced.status, reduced.metrics) == ("completed", metrics)
    assert warned in "".join(reduced.warnings)
    assert bool(reduced.warnings) == bool(warned)


@pytest.mark.parametrize("head", ["def", "async def"])
def test_an_exception_fails_the_line(tmp_path: Path, head: str) -> None:
    record = load_flow(flex(tmp_path, f"{head} run(a):\n    return 1 // a\n")).run({"a": 0})
    assert record.error is not None
    assert (record.status, record.outputs, record.error.code) == ("failed", {}, "ScriptExecutionError")
    assert record.error.detail == "Execution failure in 'run': (ZeroDivisionError) integer division or modulo by zero"
    assert record.error.location is not None
    assert (record.error.location.file, record.error.location.line) == ("code.py", 2)
    assert record.error.extra["error"]["innerError"] == {"code": "ScriptExecutionError", "innerError": None}


def test_the_method_of_a_class_is_named_when_it_fails(tmp_path: Path) -> None:
    record = load_flow(flex(tmp_path, SCALE, "entry: code:Scale\n")).run({"size": -1})
    assert record.error is not None
    assert record.error.detail == "Execution failure in 'Scale.__call__': (ValueError) negative"


def test_pieces_come_one_by_one(tmp_path: Path) -> None:
    source = "def run(n: int):\n    return {'text': (f'{i} ' for i in range(n)), 'n': n}\n"
    seen: list[tuple[str, Any]] = []

    class Watch:
        def begin(self, record: Any) -> None: ...
        def node(self, record: Any) -> None:
            seen.append(("node", record.status))

        def fields(self, outputs: dict[str, Any]) -> None:
            seen.append(("fields", outputs))

        def chunk(self, output: str, text: str) -> None:
            seen.append((output, text))

    record = load_flow(flex(tmp_path, source)).run({"n": 2}, observer=Watch(), streaming=True)
    assert seen == [("node", "running"), ("fields", {"n": 2}), ("text", "0 "), ("text", "1 "), ("node", "completed")]
    assert record.nodes[0].output == {"text": "0 1 ", "n": 2}


def test_a_piece_that_fails_fails_the_line(tmp_path: Path) -> None:
    source = "def run(n: int):\n    return {'text': (1 // (n - i) for i in range(9)), 'n': n}\n"
    record = load_flow(flex(tmp_path, source)).run({"n": 2})
    assert record.error is not None
    assert (record.status, record.nodes[0].status, record.error.code) == ("failed", "failed", "ScriptExecutionError")


def test_the_entry_in_a_package_of_the_flow(tmp_path: Path) -> None:
    folder = flex(tmp_path, "", "entry: parts.deep.talk:say\n")
    (folder / "parts" / "deep").mkdir(parents=True)
    (folder / "parts" / "words.py").write_text("WORD = 'hello'\n")
    (folder / "parts" / "deep" / "talk.py").write_text("from parts.words import WORD\n\ndef say(name: str):\n    return f'{WORD} {name}'\n")
    assert load_flow(folder)(name="ann") == {"output": "hello ann"}


def test_the_entry_of_an_installed_package(tmp_path: Path) -> None:
    folder = flex(tmp_path, "", "entry: textwrap:shorten\ninputs: {text: {type: string}, width: {type: int}}\n")
    assert load_flow(folder)(text="one two three", width="9") == {"output": "one [...]"}
    spec = load_valid(flex(tmp_path / "read", "", "entry: json.encoder:JSONEncoder\n"))
    assert (list(spec.inputs), "sort_keys" in (spec.entry.init if spec.entry else {})) == ([], True)


def test_code_in_another_folder_and_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "code.py").write_text("def run():\n    return 'there'\n")
    folder = flex(tmp_path / "flow", "", "entry: code:run\ncode: ../src\n")
    assert load_flow(folder)() == {"output": "there"}
    _, findings = validate(folder, FlowOptions(root=folder))
    assert [finding.code for finding in findings] == ["PythonLoadError", "CodeOutside"]


def test_environment_variables_and_includes(tmp_path: Path) -> None:
    (tmp_path / "shared.py").write_text("WORD = 'shared'\n")
    folder = flex(
        tmp_path / "flow",
        "from shared import WORD\n\ndef run():\n    return WORD\n",
        "entry: code:run\nadditional_includes: [../shared.py]\n",
    )
    assert load_flow(folder)() == {"output": "shared"}


def test_nothing_is_run_to_read_a_flow(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    folder = flex(tmp_path / "flow", f"open({str(mark)!r}, 'w')\n\ndef run(question: str, top: int = 3, more=None):\n    return question\n")
    shown = graph(folder)
    assert [(spec.name, spec.type, spec.default, spec.has_default) for spec in shown.inputs] == [
        ("question", "string", None, False),
        ("top", "int", 3, True),
        ("more", "object", None, True),
    ]
    assert [(node.name, node.kind, node.source) for node in shown.nodes] == [("run", "python", "code.py")]
    assert [(edge.source, edge.target) for edge in shown.edges] == [
        ("inputs", "run"),
        ("inputs", "run"),
        ("inputs", "run"),
        ("run", "outputs"),
    ]
    assert (shown.findings, mark.exists()) == ((), False)


def test_a_chat(tmp_path: Path) -> None:
    yaml = """
entry: code:run
inputs:
  question: {type: string, is_chat_input: true}
  chat_history: {type: list, is_chat_history: true}
outputs:
  answer: {type: string, is_chat_output: true}
"""
    flow = load_flow(flex(tmp_path, "def run(question, chat_history):\n    return {'answer': [question, chat_history]}\n", yaml))
    assert flow(question="hi") == {"answer": ["hi", []]}
    assert (flow.spec.purpose, flow.spec.chat_output) == ("chat", "answer")
    described = openapi(flow.spec)["paths"]["/score"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert described["required"] == ["question"]
    assert described["properties"]["question"]["x-chat-input"] is True


def test_no_object_is_called_twice_at_once_in_a_batch(tmp_path: Path) -> None:
    """A class may keep what it works on in itself, as long as only one line calls the object."""
    source = """
import time
made = []
class Keep:
    def __init__(self, word: str):
        self.word = word
        made.append(self)
    def __call__(self, n: int):
        self.n = n
        time.sleep(0.01)
        return {"n": self.n, "made": len(made), "word": self.word}
"""
    flow = load_flow(flex(tmp_path, source, "entry: code:Keep\n"), init={"word": "w"})
    lines = flow.run_batch([{"n": n} for n in range(60)]).lines
    assert [(line.outputs["n"], line.outputs["word"]) for line in lines] == [(n, "w") for n in range(60)]
    assert max(line.outputs["made"] for line in lines) > 1


def test_lines_run_side_by_side(tmp_path: Path) -> None:
    """One object serves all lines, as in prompt flow's server: two lines that wait for one another both end."""
    source = """
import threading
class Meet:
    def __init__(self):
        self.barrier = threading.Barrier(2, timeout=10)
    def __call__(self):
        return self.barrier.wait()
"""
    flow = load_flow(flex(tmp_path, source, "entry: code:Meet\n"))
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(flow()["output"])) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 1]


def test_on_the_callers_loop(tmp_path: Path) -> None:
    flow = load_flow(flex(tmp_path, "import asyncio\n\nasync def run(a):\n    await asyncio.sleep(0)\n    return a\n"))

    async def both() -> list[Any]:
        return [record.outputs for record in await asyncio.gather(flow.run_async({"a": 1}), flow.run_async({"a": 2}))]

    assert asyncio.run(both()) == [{"output": 1}, {"output": 2}]


def test_spans(tmp_path: Path) -> None:
    sink = MemorySink()
    source = "from promptflow.tracing import trace\n\ndef run(a):\n    return twice(a)\n\n@trace\ndef twice(a):\n    return 2 * a\n"
    load_flow(flex(tmp_path, source), recorder=Recorder(sink))(a=1)
    spans = {span.name: span for span in sink.records}
    assert {name: span.kind for name, span in spans.items()} == {"twice": "function", "run": "node", tmp_path.name: "flow"}
    assert spans["twice"].parent_id == spans["run"].span_id
    assert spans["run"].parent_id == spans[tmp_path.name].span_id


def test_many_rows(tmp_path: Path) -> None:
    """The sample is for a test: a row that lacks an input fails."""
    flow = load_flow(flex(tmp_path, SCALE, "entry: code:Scale\nsample: {inputs: {size: 7}}\n"))
    batch = flow.run_batch([{"size": 1}, {"size": -1}, {}, {"other": 1}, {"size": 3}])
    assert [line.status for line in batch.lines] == ["completed", "failed", "failed", "failed", "completed"]
    assert batch.lines[2].error is not None
    assert batch.lines[2].error.code == "InputNotFound"
    assert batch.metrics == {"lines": 2, "total": 12}
    asynchronous = load_flow(
        flex(tmp_path / "async", "async def run(a: int):\n    return a\n", "entry: code:run\nsample: {inputs: {a: 7}}\n")
    )
    assert [line.outputs for line in asynchronous.run_batch([{"a": 1}, {}]).lines] == [{"output": 1}, {}]


def test_results_are_kept_by_what_the_class_was_made_with(tmp_path: Path) -> None:
    folder = flex(tmp_path / "flow", SCALE, "entry: code:Scale\n")
    cache = NodeCache(tmp_path / "nodes.db")

    def run(**init: Any) -> Any:
        flow = LoadedFlow.load(folder, Engine(cache=cache, replay=True), {}, options=FlowOptions(init=init))
        record = flow.run({"size": 2})
        return record.outputs["size"], record.metrics["total"], record.nodes[0].cached

    assert [run(), run(), run(factor=4), run(factor=4)] == [
        (6, 6, False),
        (6, 6, True),
        (8, 8, False),
        (8, 8, True),
    ]
