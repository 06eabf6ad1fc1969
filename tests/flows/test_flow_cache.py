"""Node caching: what is kept, what a key depends on, how a kept result is told, and that a broken cache fails nobody."""

import json
import logging
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows.flow import LoadedFlow
from flowyard.flows.model import FlowOptions
from flowyard.flows.resolvers.direct import DirectResolver
from flowyard.flows.runtime import capture
from flowyard.flows.runtime.cache_key import NotCacheableError, call_key, canonical, is_json
from flowyard.flows.runtime.cache_spec import CacheSpec
from flowyard.flows.runtime.cache_store import Kept, NodeCache, cache_spec, connection_identity
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.secrets import scrubber
from flowyard.flows.runtime.spans import emit_spans
from flowyard.foundation.settings import Settings
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.recorder import Recorder
from support.flow_folders import llm_node, python_node, scripted, write_flow

TOOL = "from promptflow.core import tool\n"
COUNT = TOOL + "calls = []\n\n@tool\ndef run(x):\n    calls.append(x)\n    print('ran', x)\n    return [x, len(calls)]\n"
OUTPUT = {"o": {"type": "string", "reference": "${n.output}"}}
INPUT = {"x": {"type": "object", "default": 1}}


@pytest.fixture
def cache(tmp_path: Path) -> NodeCache:
    return NodeCache(tmp_path / "home/cache/nodes.db")


def flow_of(
    folder: Path, cache: NodeCache | None, code: str = COUNT, *, replay: bool = False, connections: Any = None, **node: Any
) -> LoadedFlow:
    """A flow of one node `n` that takes the input `x`, loaded anew: its module counts from zero."""
    dag = {"inputs": INPUT, "outputs": OUTPUT, "nodes": [{**python_node("n", x="${inputs.x}"), "enable_cache": not replay, **node}]}
    write_flow(folder, dag, n__py=code)
    given = connections or {}
    return LoadedFlow.load(folder, Engine(cache=cache, replay=replay, scrub=scrubber(given), resolver=DirectResolver(given)), given)


def test_the_same_inputs_give_the_kept_result_and_the_record_says_so(tmp_path: Path, cache: NodeCache) -> None:
    flow = flow_of(tmp_path / "f", cache)
    first, again, other = flow.run({"x": 1}), flow.run({"x": 1}), flow.run({"x": 2})
    assert [line.outputs["o"] for line in (first, again, other)] == [[1, 1], [1, 1], [2, 2]]
    assert [line.node("n").cached for line in (first, again, other)] == [False, True, False]
    assert again.node("n").result().cached


def test_what_the_node_printed_comes_back(tmp_path: Path, cache: NodeCache) -> None:
    capture.install()
    try:
        flow = flow_of(tmp_path / "f", cache)
        lines = [flow.run({"x": 1}) for _ in range(2)]
    finally:
        capture.remove()
    assert [line.node("n").result().logs for line in lines] == ["ran 1\n"] * 2


def test_another_process_finds_it_too(tmp_path: Path, cache: NodeCache) -> None:
    flow_of(tmp_path / "f", cache).run({"x": 1})
    assert flow_of(tmp_path / "f", NodeCache(cache.path)).run({"x": 1}).node("n").cached


def test_a_node_that_did_not_ask_is_called_each_time_unless_the_run_replays(tmp_path: Path, cache: NodeCache) -> None:
    plain = flow_of(tmp_path / "f", cache, enable_cache=False)
    assert [plain.run({"x": 1}).outputs["o"] for _ in range(2)] == [[1, 1], [1, 2]]
    replaying = flow_of(tmp_path / "f", cache, replay=True)
    assert [replaying.run({"x": 1}).node("n").cached for _ in range(2)] == [False, True]


def test_a_changed_source_or_module_or_data_file_is_called_anew_another_template_is_not(tmp_path: Path, cache: NodeCache) -> None:
    folder = tmp_path / "f"
    flow_of(folder, cache).run({"x": 1})
    (folder / "other.py").write_text("A = 1\n")
    assert not flow_of(folder, cache).run({"x": 1}).node("n").cached
    (folder / "data.json").write_text("1")
    assert not flow_of(folder, cache).run({"x": 1}).node("n").cached
    assert flow_of(folder, cache).run({"x": 1}).node("n").cached
    assert not flow_of(folder, cache, COUNT + "\n# other\n").run({"x": 1}).node("n").cached
    dag = json.loads(json.dumps({"inputs": INPUT, "outputs": OUTPUT, "nodes": [python_node("n", x="${inputs.x}"), llm_node("ask")]}))
    for text in ("system:\none\n", "system:\ntwo\n"):
        write_flow(folder, dag, n__py=COUNT, ask__jinja2=text)
        given = scripted("rules: [{answer: hi}]")
        flow = LoadedFlow.load(folder, Engine(cache=cache, replay=True, resolver=DirectResolver(given)), given)
        record = flow.run({"x": 7})
    assert (record.node("n").cached, record.node("ask").cached) == (True, False)


def test_a_module_outside_of_the_flow_counts_when_the_flow_uses_it(tmp_path: Path, cache: NodeCache) -> None:
    code = "import sys\nsys.path.insert(0, 'LIBRARY')\nfrom outside_of_flow import value\n" + COUNT
    library = tmp_path / "library"
    library.mkdir()
    code = code.replace("LIBRARY", str(library))
    seen: list[bool] = []
    for text in ("value = 1\n", "value = 1\n", "value = 2\n"):
        (library / "outside_of_flow.py").write_text(text)
        sys.modules.pop("outside_of_flow", None)
        seen.append(flow_of(tmp_path / "f", cache, code).run({"x": 1}).node("n").cached)
    sys.path.remove(str(library))
    assert seen == [False, True, False]


def test_a_file_that_the_flow_links_to_counts(tmp_path: Path, cache: NodeCache) -> None:
    flow_of(tmp_path / "f", cache).run({"x": 1})
    (tmp_path / "shared.json").write_text("1")
    (tmp_path / "f" / "data.json").symlink_to(tmp_path / "shared.json")
    seen: list[bool] = []
    for text in ("2", "2", "3"):
        (tmp_path / "shared.json").write_text(text)
        seen.append(flow_of(tmp_path / "f", cache).run({"x": 1}).node("n").cached)
    assert seen == [False, True, False]


def test_a_renamed_node_keeps_its_results(tmp_path: Path, cache: NodeCache) -> None:
    flow_of(tmp_path / "f", cache).run({"x": 1})
    dag = {"inputs": INPUT, "nodes": [{**python_node("m", "n.py", x="${inputs.x}"), "enable_cache": True}]}
    write_flow(tmp_path / "f", dag)
    assert LoadedFlow.load(tmp_path / "f", Engine(cache=cache), {}).run({"x": 1}).node("m").cached


def test_declared_environment_variables_are_part_of_the_key(tmp_path: Path, cache: NodeCache, monkeypatch: pytest.MonkeyPatch) -> None:
    dag = {
        "inputs": INPUT,
        "environment_variables": {"FLOW_MODE": "a"},
        "nodes": [{**python_node("n", x="${inputs.x}"), "enable_cache": True}],
    }
    write_flow(tmp_path / "f", dag, n__py=COUNT)

    def cached() -> bool:
        return LoadedFlow.load(tmp_path / "f", Engine(cache=cache), {}).run({"x": 1}).node("n").cached

    assert [cached(), cached()] == [False, True]
    monkeypatch.setenv("FLOW_MODE", "b")
    assert [cached(), cached()] == [False, True]


def test_variables_that_the_run_gives_are_part_of_the_key_too(tmp_path: Path, cache: NodeCache) -> None:
    flow_of(tmp_path / "f", cache)

    def cached(**variables: str) -> bool:
        options = FlowOptions(environment_variables=variables)
        return LoadedFlow.load(tmp_path / "f", Engine(cache=cache), {}, options=options).run({"x": 1}).node("n").cached

    assert [cached(A="1"), cached(A="2"), cached(A="1")] == [False, False, True]


def test_a_flex_flow_and_a_prompty_are_replayed(tmp_path: Path, cache: NodeCache) -> None:
    flex = tmp_path / "flex"
    flex.mkdir()
    code = "calls = []\n\nclass Count:\n    def __init__(self, start: int):\n        self.start = start\n\n"
    code += "    def __call__(self, x: int) -> dict:\n        calls.append(x)\n        return {'calls': len(calls) + self.start}\n"
    (flex / "count.py").write_text(code)
    (flex / "flow.flex.yaml").write_text("entry: count:Count\n")

    def count(start: int) -> tuple[bool, Any]:
        flow = LoadedFlow.load(flex, Engine(cache=cache, replay=True), {}, options=FlowOptions(init={"start": start}))
        flow.run({"x": 1})
        record = flow.run({"x": 1})
        return record.nodes[0].cached, record.outputs["calls"]

    assert [count(0), count(10)] == [(True, 1), (True, 11)]
    prompty = tmp_path / "ask.prompty"
    prompty.write_text(
        "---\nname: ask\nmodel:\n  api: chat\n  configuration:\n    connection: model\n    model: scripted\n"
        "inputs:\n  x:\n    type: string\n---\nuser:\n{{x}}\n"
    )
    given = scripted("rules: [{answer: hello}]")
    flow = LoadedFlow.load(prompty, Engine(cache=cache, replay=True, resolver=DirectResolver(given)), given)
    lines = [flow.run({"x": "hi"}) for _ in range(2)]
    assert [line.nodes[0].cached for line in lines] == [False, True]
    assert lines[0].outputs == lines[1].outputs
    assert "hello" in str(lines[1].outputs)


def test_a_connection_counts_by_name_type_and_configs_never_by_its_secret(tmp_path: Path, cache: NodeCache) -> None:
    code = TOOL + "from promptflow.connections import CustomConnection\n\n@tool\ndef run(x, c: CustomConnection):\n    return c.base\n"
    inputs = {"x": "${inputs.x}", "c": "box"}

    def cached(base: str, secret: str) -> bool:
        given = {"box": {"type": "custom", "configs": {"base": base}, "secrets": {"key": secret}}}
        return flow_of(tmp_path / "f", cache, code, connections=given, inputs=inputs).run({"x": 1}).node("n").cached

    assert cached("one", "secret-1") is False
    assert cached("one", "secret-2") is True
    assert cached("two", "secret-2") is False
    assert b"secret-1" not in cache.path.read_bytes()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("'text'", True),
        ("{'a': [1, 2.5, None, True]}", True),
        ("10**30", True),
        ("chr(0xd800)", True),
        ("(1, 2)", False),
        ("{1: 2}", False),
        ("b'x'", False),
        ("float('nan')", False),
        ("object()", False),
        ("set()", False),
    ],
)
def test_only_what_json_gives_back_as_it_is_is_kept(
    tmp_path: Path, cache: NodeCache, caplog: pytest.LogCaptureFixture, value: str, kept: bool
) -> None:
    flow = flow_of(tmp_path / "f", cache, TOOL + f"\n@tool\ndef run(x):\n    return {value}\n")
    lines = [flow.run({"x": 1}) for _ in range(3)]
    assert [line.node("n").cached for line in lines] == [False, kept, kept]
    assert lines[0].outputs == lines[2].outputs or value == "object()"
    assert len([entry for entry in caplog.records if "is not kept" in entry.message]) == (0 if kept else 1)


def test_a_result_with_a_secret_is_not_kept(tmp_path: Path, cache: NodeCache) -> None:
    given = {"box": {"type": "custom", "configs": {}, "secrets": {"key": "hunter2-hunter2"}}}
    flow = flow_of(
        tmp_path / "f",
        cache,
        TOOL + "\n@tool\ndef run(x):\n    return 'hunter2' + '-hunter2'\n",
        connections=given,
    )
    assert [flow.run({"x": 1}).node("n").cached for _ in range(2)] == [False, False]
    assert b"hunter2" not in cache.path.read_bytes()


def test_failures_are_not_kept(tmp_path: Path, cache: NodeCache) -> None:
    flow = flow_of(tmp_path / "f", cache, COUNT.replace("    return", "    if len(calls) == 1:\n        raise ValueError\n    return"))
    assert [flow.run({"x": 1}).status for _ in range(3)] == ["failed", "completed", "completed"]
    assert flow.run({"x": 1}).outputs == {"o": [1, 2]}


@pytest.mark.parametrize("is_async", [False, True])
def test_a_generator_comes_as_a_stream_again(tmp_path: Path, cache: NodeCache, is_async: bool) -> None:
    code = TOOL + "\n@tool\ndef run(x):\n    yield 'a'\n    yield 1\n    yield 'c'\n"
    flow = flow_of(tmp_path / "f", cache, code.replace("def run", "async def run") if is_async else code)
    for cached in (False, True):
        events: list[Any] = []
        record = flow.run({"x": 1}, events.append)
        assert record.node("n").cached is cached
        assert record.outputs == {"o": "a1c"}
        assert [event.text for event in events if event.kind == "chunk"] == ["a", "1", "c"]


class Spans:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.spans: list[SpanRecord] = []

    def emit(self, record: SpanRecord) -> None:
        self.spans.append(record)


def ask(folder: Path, cache: NodeCache, script: str, prompt: str = "user:\n{{x}}\n", **inputs: Any) -> LoadedFlow:
    dag = {"inputs": INPUT, "outputs": OUTPUT, "nodes": [llm_node("n", x="${inputs.x}", **inputs)]}
    write_flow(folder, dag, n__jinja2=prompt)
    given = scripted(script)
    return LoadedFlow.load(folder, Engine(cache=cache, replay=True, resolver=DirectResolver(given)), given)


def test_a_model_is_not_asked_again_and_the_saved_tokens_are_kept_apart(tmp_path: Path, cache: NodeCache) -> None:
    script = "rules: [{answer: 'one two three'}]"
    flow = ask(tmp_path / "f", cache, script)
    first, again = flow.run({"x": "hello"}).node("n"), flow.run({"x": "hello"}).node("n")
    assert first.prompt_tokens
    assert (again.cached, again.output, again.model) == (True, "one two three", "scripted")
    assert (again.prompt_tokens, again.completion_tokens) == (0, 0)
    assert (again.saved_prompt_tokens, again.saved_completion_tokens) == (first.prompt_tokens, first.completion_tokens)
    [row] = cache.nodes()
    assert (row.node, row.entries, row.tokens) == ("n", 1, first.prompt_tokens + (first.completion_tokens or 0))
    assert not ask(tmp_path / "f", cache, script, "user:\nplease {{x}}\n").run({"x": "hello"}).node("n").cached
    assert not ask(tmp_path / "f", cache, script, temperature=0.5).run({"x": "hello"}).node("n").cached
    assert not ask(tmp_path / "f", cache, "rules: [{answer: other}]").run({"x": "hello"}).node("n").cached


def test_a_whole_answer_streams_for_who_streams_and_the_other_way_round(tmp_path: Path, cache: NodeCache) -> None:
    flow = ask(tmp_path / "f", cache, "rules: [{answer: 'one two three'}]")
    for value, first_streams in ((1, False), (2, True)):
        for streams in (first_streams, not first_streams):
            events: list[Any] = []
            record = flow.run({"x": value}, events.append if streams else None)
            assert record.outputs == {"o": "one two three"}
            assert "".join(event.text for event in events if event.kind == "chunk") == ("one two three" if streams else "")
        assert record.node("n").cached


def test_metrics_of_an_aggregation_come_back(tmp_path: Path, cache: NodeCache) -> None:
    code = "from promptflow.core import tool, log_metric\n\n@tool\ndef run(xs):\n    log_metric('sum', sum(xs))\n    return 'done'\n"
    dag = {"inputs": {"x": {"type": "int"}}, "nodes": [{**python_node("sum", xs="${inputs.x}"), "aggregation": True, "enable_cache": True}]}
    write_flow(tmp_path / "f", dag, sum__py=code)
    flow = LoadedFlow.load(tmp_path / "f", Engine(cache=cache), {})
    lines = [flow.run({"x": 4}) for _ in range(2)]
    assert [line.metrics for line in lines] == [{"sum": 4.0}] * 2
    assert lines[1].node("sum").cached


def test_a_connection_that_only_the_gateway_knows_counts_by_what_the_cache_is_told(tmp_path: Path, cache: NodeCache) -> None:
    flow = ask(tmp_path / "f", cache, "rules: [{answer: hi}]")
    resolver = flow.engine.resolver

    def cached(**connections: str) -> bool:
        told = NodeCache.at(CacheSpec(path=str(cache.path), connections=connections))
        there = LoadedFlow.load(tmp_path / "f", Engine(cache=told, replay=True, resolver=resolver), {})
        return there.run({"x": "hello"}).node("n").cached

    one, two = (connection_identity("open_ai", {"base_url": url}) for url in ("http://one", "http://two"))
    assert [cached(model=one), cached(model=one), cached(model=two), cached(model=one, other=two)] == [False, True, False, True]


def test_settings_bound_a_cache(tmp_path: Path) -> None:
    found = cache_spec(Settings(home=tmp_path, cache_mib=7, cache_days=3), "w", [])
    assert (found.path, found.mib, found.days) == (str(tmp_path / "cache/w/nodes.db"), 7, 3)
    small = NodeCache.at(CacheSpec(path=found.path, mib=1))
    assert small.put("0" * 64, "f", "n", Kept(value="x" * 60_000))
    assert not small.put("1" * 64, "f", "n", Kept(value="x" * 70_000))


def test_spans_say_that_a_result_was_kept(tmp_path: Path, cache: NodeCache) -> None:
    flow = flow_of(tmp_path / "f", cache)
    flow.run({"x": 1})
    sink = Spans()
    emit_spans(flow.run({"x": 1}), Recorder(sink))
    assert [span.attributes.get("flowyard.cached") for span in sink.spans if span.kind == "node"] == [True]


def test_it_is_tried_again_and_timed_behind_the_cache(tmp_path: Path, cache: NodeCache) -> None:
    code = COUNT.replace("    return", "    if len(calls) == 1:\n        raise ValueError\n    return")
    flow = flow_of(tmp_path / "f", cache, code, retry={"max_attempts": 2, "delay_s": 0}, timeout_s=5)
    first, again = flow.run({"x": 1}), flow.run({"x": 1})
    assert (first.outputs, again.outputs, again.node("n").cached) == ({"o": [1, 2]}, {"o": [1, 2]}, True)
    assert again.node("n").failed_attempts == []


def test_a_damaged_a_locked_and_an_unwritable_cache_fail_nobody(tmp_path: Path, cache: NodeCache, caplog: pytest.LogCaptureFixture) -> None:
    cache.path.parent.mkdir(parents=True)
    cache.path.write_bytes(b"this is no database" * 1000)
    assert [flow_of(tmp_path / "f", cache).run({"x": 1}).status for _ in range(2)] == ["completed"] * 2
    assert "flowyard cache clear" in caplog.text
    cache.clear()
    assert not cache.path.exists()
    fresh = NodeCache(cache.path)
    flow = flow_of(tmp_path / "f", fresh)
    flow.run({"x": 1})
    with sqlite3.connect(cache.path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert flow.run({"x": 2}).status == "completed"
        other.execute("ROLLBACK")
    other.close()
    nowhere = NodeCache(Path("/dev/null/cache/nodes.db"))
    assert flow_of(tmp_path / "f", nowhere).run({"x": 1}).status == "completed"


def test_an_entry_that_cannot_be_read_is_made_anew(tmp_path: Path, cache: NodeCache) -> None:
    flow = flow_of(tmp_path / "f", cache)
    flow.run({"x": 1})
    with sqlite3.connect(cache.path) as other:
        other.execute("UPDATE entries SET body = '{\"unknown\": 1'")
    other.close()
    assert flow.run({"x": 1}).outputs == {"o": [1, 2]}
    assert flow.run({"x": 1}).node("n").cached


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    now = [0]
    cache = NodeCache(tmp_path / "nodes.db", bytes_limit=16_000, clock=lambda: now[0])
    minute = 61 * 10**9
    keys = [f"{number:064x}" for number in range(40)]
    for key in keys:
        now[0] += minute
        assert cache.put(key, "f", "n", Kept(value="x" * 500))
        cache.get(keys[0])
    kept = [key for key in keys if cache.get(key)]
    assert keys[0] in kept
    assert kept[1:] == keys[-(len(kept) - 1) :]
    assert 10 < len(kept) < 30
    assert sum(node.bytes for node in cache.nodes()) <= 17_000
    assert not cache.put(keys[0], "f", "n", Kept(value="x" * 2000))


def test_old_results_are_not_used(tmp_path: Path) -> None:
    now = [0]
    cache = NodeCache(tmp_path / "nodes.db", age_limit_ns=100, clock=lambda: now[0])
    cache.put("0" * 64, "f", "n", Kept(value=1))
    now[0] = 100
    assert cache.get("0" * 64) is not None
    now[0] = 101
    assert cache.get("0" * 64) is None


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from flowyard.flows.runtime.cache_store import Kept, NodeCache
cache = NodeCache(Path(sys.argv[1]))
kept = sum(cache.put(f"{int(sys.argv[2]) * 1000 + n:064x}", "f", "n", Kept(value=n)) for n in range(300))
sys.stdout.write(str(kept))
"""
    path = tmp_path / "cache/nodes.db"
    running = [subprocess.Popen([sys.executable, "-c", program, str(path), str(number)], stdout=subprocess.PIPE) for number in range(3)]
    written = [int(process.communicate(timeout=60)[0]) for process in running]
    [row] = NodeCache(path).nodes()
    assert row.entries == sum(written)
    assert sum(written) >= 890


def test_a_flow_can_be_forgotten_alone(cache: NodeCache) -> None:
    for number, flow in enumerate(("a", "a", "b")):
        cache.put(f"{number:064x}", flow, "n", Kept(value=number))
    assert [(row.flow, row.entries) for row in cache.nodes()] == [("a", 2), ("b", 1)]
    cache.clear(flow="a")
    assert [row.flow for row in cache.nodes()] == ["b"]
    cache.clear()
    assert cache.nodes() == []


def test_a_canonical_form_tells_apart_what_is_not_the_same() -> None:
    values: list[Any] = [1, 1.0, True, "1", None, [], (), {}, [1], (1,), ["$tuple", 1], {"a": 1}, {1: "a"}, b"", b"x", "", "None", 2**70]
    values += [float("inf"), -0.0, 0.0, [["a", 1]], {"a": {"b": [1, (2,)]}}, {"b": 1, "a": 2}, {"a": 2, "b": 1}]
    forms = [json.dumps(canonical(value)) for value in values]
    assert len(set(forms)) == len(values)
    assert call_key("n", {"a": 1, "b": 2}) == call_key("n", {"b": 2, "a": 1})
    with pytest.raises(NotCacheableError):
        canonical(object())
    assert not is_json({"a": (1,)})


def test_nothing_of_the_cache_is_loaded_without_need(tmp_path: Path) -> None:
    program = "import sys, flowyard; sys.exit('sqlite3' in sys.modules or 'flowyard.flows.runtime.cache_store' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=tmp_path).returncode == 0


def test_warnings_reach_the_log_once(tmp_path: Path, cache: NodeCache, caplog: pytest.LogCaptureFixture) -> None:
    code = TOOL + "\n@tool\ndef run(x):\n    return (x,)\n"
    flow = flow_of(tmp_path / "f", cache, code)
    with caplog.at_level(logging.WARNING):
        for number in range(5):
            flow.run({"x": number})
    assert len(caplog.records) == 1
    assert "'n'" in caplog.records[0].getMessage()
