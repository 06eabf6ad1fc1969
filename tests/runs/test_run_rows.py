"""A run over files: which rows run, what each is fed, what is recorded, and the aggregation."""

from pathlib import Path
from typing import Any, cast

import pytest

from flowyard.data.errors import DataError
from flowyard.flows import load_flow
from flowyard.flows.runs.errors import MappingError, TooManyFailuresError
from flowyard.flows.runs.guarding import RunGuards, row_key
from flowyard.flows.runs.means import RunMeans
from flowyard.flows.runs.prepare import checked, mapping_warnings
from flowyard.flows.runs.store import LOG_LINES, LineQuery, RunStore
from flowyard.flows.runtime.cache_spec import CacheSpec
from flowyard.foundation.errors import InvalidInputError
from flowyard.tracing.guarding import TraceGuards
from flowyard.wire.runs import RunCreate
from support.flow_folders import python_node, write_flex, write_flow
from support.guards import MemoryGuardStore
from support.runs import codes_of, lines_of, run_rows, write_rows

TOOL = "from promptflow.core import tool, log_metric\n\n@tool\n"
DOUBLE = TOOL + "def double(x: int) -> int:\n    print('doubling', x)\n    return x * 2\n"
MEAN = (
    TOOL
    + """
def mean(values, texts):
    log_metric('mean', sum(values) / len(values))
    log_metric('count', len(texts))
    return len(values)
""".lstrip()
)


def doubling(folder: Path, **files: str) -> Path:
    dag = {
        "inputs": {"x": {"type": "int"}, "y": {"type": "string", "default": "as it is"}},
        "outputs": {"twice": {"type": "int", "reference": "${double}"}, "y": {"type": "string", "reference": "${inputs.y}"}},
        "nodes": [
            python_node("double", x="${inputs.x}"),
            {**python_node("mean", values="${double}", texts="${inputs.y}"), "aggregation": True},
        ],
    }
    return write_flow(folder, dag, double__py=DOUBLE, mean__py=MEAN, **files)


def test_rows_nodes_and_metrics_are_recorded(tmp_path: Path) -> None:
    run = run_rows(tmp_path / "r", doubling(tmp_path / "flow"), [{"x": number} for number in range(1200)])
    lines = lines_of(run)
    assert [line.line for line in lines] == list(range(1200))
    assert lines[7].inputs == {"x": 7, "y": "as it is"}
    assert lines[7].outputs == {"twice": 14, "y": "as it is"}
    with RunStore(run) as store:
        nodes = store.nodes(1199)
        assert [(node.node, node.status, node.output, "".join(node.logs)) for node in nodes] == [
            ("double", "completed", 2398, "doubling 1199\n")
        ]
        assert store.metrics() == {"": {"mean": 1199.0, "count": 1200.0}}
        assert [(node.node, node.output) for node in store.reduction()] == [("mean", 1200)]
        assert store.fact("status") == "completed"
        assert store.fact("counts")["completed"] == 1200
    assert len(list(run.iterdir())) <= 2


def test_run_batch_in_a_program_gives_the_same(tmp_path: Path) -> None:
    flow = load_flow(doubling(tmp_path / "flow"))
    batch = flow.run_batch([{"x": 1}, {"x": "two"}, {"x": 3}])
    assert [line.outputs.get("twice") for line in batch.lines] == [2, None, 6]
    assert batch.lines[1].error is not None
    assert batch.lines[1].error.code == "InputTypeError"
    assert batch.metrics == {"mean": 4.0, "count": 2.0}
    assert batch.completed == 2


def test_mapping_comes_before_defaults_and_defaults_before_columns(tmp_path: Path) -> None:
    flow = doubling(tmp_path / "flow")
    rows = [{"x": 1, "y": "column", "z": 5}]
    assert lines_of(run_rows(tmp_path / "a", flow, rows))[0].inputs == {"x": 1, "y": "as it is"}
    mapped = run_rows(tmp_path / "b", flow, rows, column_mapping={"x": "${data.z}", "y": "${data.y}"})
    assert lines_of(mapped)[0].inputs == {"x": 5, "y": "column"}
    literal = run_rows(tmp_path / "c", flow, rows, column_mapping={"y": "a literal"})
    assert lines_of(literal)[0].inputs == {"x": 1, "y": "a literal"}


def test_a_mapping_that_fits_no_row_is_refused_before_the_first(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="column 'zz'") as caught:
        run_rows(tmp_path / "r", doubling(tmp_path / "flow"), [{"x": 1, "z": 2}], column_mapping={"x": "${data.zz}"})
    assert "'z'" in str(caught.value.remedy)
    with pytest.raises(MappingError, match="names no other run"):
        run_rows(tmp_path / "s", doubling(tmp_path / "flow"), [{"x": 1}], column_mapping={"x": "${run.outputs.x}"})


def test_rows_that_do_not_fit_fail_alone(tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text('{"x": 1}\n\n{"x": \nnot json\n{"x": 4}\n[1]\n{"y": 2}\n{"x": "five"}\n')
    run = run_rows(tmp_path / "r", doubling(tmp_path / "flow"), data=data, column_mapping={"x": "${data.x}"})
    assert codes_of(run) == {1: "InvalidRow", 2: "InvalidRow", 4: "InvalidRow", 5: "InputMappingError", 6: "InputTypeError"}
    lines = lines_of(run)
    assert "Line 3 of data.jsonl" in lines[1].error["detail"]
    assert lines[1].error["location"]["line"] == 3
    assert "Row 5" in lines[5].error["detail"]
    assert [line.line for line in lines if line.status == "completed"] == [0, 3]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.jsonl", '{"x": 1, "y": "a"}\n{"x": 2, "y": "b"}'),
        ("data.json", '[{"x": 1, "y": "a"}, {"x": 2, "y": "b"}]'),
        ("columns.json", '{"x": [1, 2], "y": ["a", "b"]}'),
        ("data.csv", 'x,y\n1,a\n2,"b"\n'),
        ("data.tsv", "\ufeffx\ty\n1\ta\n2\tb\n"),
    ],
)
def test_kinds_of_data(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    run = run_rows(tmp_path / "r", doubling(tmp_path / "flow"), data=tmp_path / name, column_mapping={"y": "${data.y}"})
    assert [line.inputs for line in lines_of(run)] == [{"x": 1, "y": "a"}, {"x": 2, "y": "b"}]


def test_parquet_and_folders(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    folder = tmp_path / "data"
    folder.mkdir()
    pyarrow.parquet.write_table(pyarrow.table({"x": [1, 2]}), folder / "a.parquet")
    (folder / "b.csv").write_text("x\n3\n")
    (folder / "notes.txt").write_text("no data")
    run = run_rows(tmp_path / "r", doubling(tmp_path / "flow"), data=folder)
    assert [line.outputs["twice"] for line in lines_of(run)] == [2, 4, 6]


def test_csv_columns_are_numbers_only_where_all_of_them_are(tmp_path: Path) -> None:
    from flowyard.data.rows import open_data

    file = tmp_path / "data.csv"
    file.write_text('zip,age,score,ok,text\n007,1,1,true,\n8b,2,2.5,false,"a\nb"\n,3,3,true\n9,4,5,true,x,too many\n')
    rows = list(open_data(file).rows())
    assert rows[:3] == [
        {"zip": "007", "age": 1, "score": 1.0, "ok": True, "text": ""},
        {"zip": "8b", "age": 2, "score": 2.5, "ok": False, "text": "a\nb"},
        {"zip": "", "age": 3, "score": 3.0, "ok": True, "text": None},
    ]
    assert "Line 6 of data.csv" in str(rows[3])


def test_data_that_is_not_there_or_of_no_known_kind(tmp_path: Path) -> None:
    flow = doubling(tmp_path / "flow")
    (tmp_path / "data.xyz").write_text("")
    for bad in (tmp_path / "none.jsonl", tmp_path / "data.xyz", flow):
        with pytest.raises(DataError):
            run_rows(tmp_path / "r", flow, data=bad)
    with RunStore(tmp_path / "r" / "run") as store:
        assert store.fact("status") == "failed"
        assert store.fact("error")["code"] == "InvalidData"


def test_another_runs_outputs_are_evaluated_without_running_it_again(tmp_path: Path) -> None:
    first = run_rows(tmp_path / "first", doubling(tmp_path / "flow"), [{"x": 1}, {"x": "no"}, {"x": 3}], column_mapping={"x": "${data.x}"})
    judge = {
        "inputs": {"answer": {"type": "int"}, "truth": {"type": "int"}, "asked": {"type": "int"}},
        "outputs": {"right": {"type": "bool", "reference": "${grade}"}},
        "nodes": [
            python_node("grade", a="${inputs.answer}", b="${inputs.truth}"),
            {**python_node("share", grades="${grade}"), "aggregation": True},
        ],
    }
    share = TOOL + "def share(grades):\n    log_metric('accuracy', sum(grades) / len(grades))\n"
    flow = write_flow(tmp_path / "judge", judge, grade__py=TOOL + "def grade(a, b):\n    return a == b\n", share__py=share)
    mapping = {"answer": "${run.outputs.twice}", "asked": "${run.inputs.x}", "truth": "${data.truth}"}
    truths = [{"truth": 2}, {"truth": 4}, {"truth": 7}]
    run = run_rows(tmp_path / "second", flow, truths, run=first, column_mapping=mapping)
    lines = lines_of(run)
    assert [(line.line, line.outputs["right"]) for line in lines] == [(0, True), (2, False)]
    assert lines[1].inputs == {"answer": 6, "truth": 7, "asked": 3}
    with RunStore(run) as store:
        assert store.metrics() == {"": {"accuracy": 0.5}}


def test_a_column_feeds_an_input_that_is_not_mapped_where_the_code_has_no_default_or_nothing_is_mapped(tmp_path: Path) -> None:
    flow = write_flex(tmp_path / "flow", "def run(x, y=None, z='d'):\n    return [x, y, z]\n")
    rows = [{"x": 1, "y": "b", "z": "c"}]
    assert lines_of(run_rows(tmp_path / "bare", flow, rows))[0].outputs == {"output": [1, "b", "d"]}
    mapped = run_rows(tmp_path / "mapped", flow, rows, column_mapping={"z": "${data.z}"})
    assert lines_of(mapped)[0].outputs == {"output": [1, None, "c"]}


def test_variants_run_side_by_side_and_are_evaluated_so(tmp_path: Path) -> None:
    dag = {
        "inputs": {"x": {"type": "int"}},
        "outputs": {"out": {"type": "int", "reference": "${scale}"}},
        "nodes": [{"name": "scale", "use_variants": True}],
        "node_variants": {
            "scale": {
                "default_variant_id": "one",
                "variants": {
                    name: {"node": python_node("scale", "scale.py", x="${inputs.x}", by=by)} for name, by in (("one", 1), ("ten", 10))
                },
            }
        },
    }
    for part in dag["node_variants"]["scale"]["variants"].values():
        part["node"].pop("name")
    flow = write_flow(tmp_path / "flow", dag, scale__py=TOOL + "def scale(x: int, by: int):\n    return x * by\n")
    run = run_rows(tmp_path / "r", flow, [{"x": 1}, {"x": 2}], variants=("${scale.one}", "${scale.ten}"))
    found = {(line.line, line.variant): line.outputs["out"] for line in lines_of(run)}
    assert found == {(0, "${scale.one}"): 1, (0, "${scale.ten}"): 10, (1, "${scale.one}"): 2, (1, "${scale.ten}"): 20}
    mean = doubling(tmp_path / "mean")
    judged = run_rows(tmp_path / "s", mean, run=run, column_mapping={"x": "${run.outputs.out}"})
    with RunStore(judged) as store:
        assert {side: metrics["mean"] for side, metrics in store.metrics().items()} == {"${scale.one}": 3.0, "${scale.ten}": 30.0}


def test_too_many_failures_end_the_run_and_what_is_done_stays(tmp_path: Path) -> None:
    flow = doubling(tmp_path / "flow")
    with pytest.raises(TooManyFailuresError):
        run_rows(tmp_path / "r", flow, [{"x": "bad"}] * 50 + [{"x": 1}] * 5, max_failures=3, column_mapping={"x": "${data.x}"})
    with RunStore(tmp_path / "r" / "run") as store:
        assert store.fact("error")["code"] == "TooManyFailures"
        assert store.tally().failed > 3


def test_a_resume_runs_only_what_is_not_completed_and_aggregates_over_all(tmp_path: Path) -> None:
    counting = (
        "import os\n"
        + TOOL
        + (
            "def double(x: int):\n"
            "    with open(os.environ['SEEN'], 'a') as seen:\n        seen.write(f'{x}\\n')\n"
            "    if x == 3 and not os.path.exists(os.environ['SEEN'] + '.mended'):\n        raise ValueError('three')\n"
            "    return x * 2\n"
        )
    )
    flow, seen = doubling(tmp_path / "flow"), tmp_path / "seen"
    (flow / "double.py").write_text(counting)
    rows = [{"x": number} for number in range(6)]
    variables = {"environment_variables": {"SEEN": str(seen)}}
    run = run_rows(tmp_path / "r", flow, rows, **variables)
    assert codes_of(run) == {3: "ToolExecutionError"}
    Path(f"{seen}.mended").touch()
    run_rows(tmp_path / "r", flow, rows, **variables)
    assert codes_of(run) == {}
    assert sorted(map(int, seen.read_text().split())) == [0, 1, 2, 3, 3, 4, 5]
    with RunStore(run) as store:
        assert store.metrics()[""] == {"mean": 5.0, "count": 6.0}
        assert store.tally() == (counts := store.tally())
        assert (counts.completed, counts.failed) == (6, 0)


def test_a_new_run_takes_over_the_completed_rows_of_another(tmp_path: Path) -> None:
    flow = doubling(tmp_path / "flow")
    rows = [{"x": 1}, {"x": "no"}, {"x": 3}]
    first = run_rows(tmp_path / "first", flow, rows, column_mapping={"x": "${data.x}"})
    second = tmp_path / "second" / "run"
    with RunStore.create(second, {"name": "second"}) as store:
        assert store.take_over(first) == 2
    run_rows(tmp_path / "second", flow, [{"x": 1}, {"x": 2}, {"x": 3}], column_mapping={"x": "${data.x}"})
    assert [line.outputs["twice"] for line in lines_of(second)] == [2, 4, 6]
    first_ids, second_ids = ([line.trace_id for line in lines_of(run)] for run in (first, second))
    assert [one == other for one, other in zip(first_ids, second_ids, strict=True)] == [True, False, True]
    with RunStore(second) as store:
        assert [node.output for node in store.nodes(2)] == [6]


def test_an_aggregation_that_fails_is_told_and_a_resume_runs_it_alone(tmp_path: Path) -> None:
    flow = doubling(tmp_path / "flow")
    (flow / "mean.py").write_text(TOOL + "def mean(values, texts):\n    raise RuntimeError('no mean')\n")
    run = run_rows(tmp_path / "r", flow, [{"x": 1}])
    with RunStore(run) as store:
        assert store.fact("status") == "completed"
        assert "no mean" in store.fact("aggregation_error")["detail"]
        assert [line.message for line in store.logs() if line.level == "error"] == [
            f"The aggregation failed: {store.fact('aggregation_error')['detail']}"
        ]
        assert [node.status for node in store.reduction()] == ["failed"]
    (flow / "mean.py").write_text(MEAN)
    run_rows(tmp_path / "r", flow, [{"x": 1}])
    with RunStore(run) as store:
        assert store.metrics() == {"": {"mean": 2.0, "count": 1.0}}
        assert store.fact("aggregation_error") is None


def test_a_runs_log_says_what_happened(tmp_path: Path) -> None:
    flow, mapping = doubling(tmp_path / "flow"), {"x": "${data.x}"}
    run = run_rows(tmp_path / "r", flow, [{"x": 1}, {"x": "no"}, {"x": "nor"}], column_mapping=mapping)
    run_rows(tmp_path / "r", flow, [{"x": 1}, {"x": 2}, {"x": "nor"}], column_mapping=mapping)
    with RunStore(run) as store:
        assert [(line.level, line.message) for line in store.logs()] == [
            ("info", "Rows run, up to 16 at once."),
            ("warning", "1 rows are completed, 2 failed (InputTypeError 2 times)."),
            ("info", "The aggregation over the completed rows gave 2 metrics."),
            ("info", "Rows run, up to 16 at once; 1 of 3 are completed already."),
            ("warning", "2 rows are completed, 1 failed (InputTypeError 1 times)."),
            ("info", "The aggregation over the completed rows gave 2 metrics."),
        ]


def test_rows_are_found_sorted_and_searched(tmp_path: Path) -> None:
    run = run_rows(tmp_path / "r", doubling(tmp_path / "flow"), [{"x": number} for number in (5, 1, 3)])
    with RunStore(run) as store:
        by_value = store.lines(LineQuery(by="outputs.twice", descending=True))
        assert [line.outputs["twice"] for line in by_value] == [10, 6, 2]
        assert [line.line for line in store.lines(LineQuery(text='"x":3'))] == [2]
        assert [line.line for line in store.lines(LineQuery(offset=1, limit=1))] == [1]
        assert store.count(LineQuery(status="failed")) == 0
        assert store.lines(LineQuery(by="outputs.x'; DROP TABLE lines; --")) != []


def test_values_that_json_cannot_hold_are_recorded(tmp_path: Path) -> None:
    odd = TOOL + ("def double(x: int):\n    return {'nan': float('nan'), 'big': 2**80, 1: 'key', 'text': '\\ud800'}\n")
    flow = write_flow(
        tmp_path / "flow",
        {
            "inputs": {"x": {"type": "int"}},
            "outputs": {"out": {"type": "object", "reference": "${double}"}},
            "nodes": [python_node("double", x="${inputs.x}")],
        },
        double__py=odd,
    )
    line = lines_of(run_rows(tmp_path / "r", flow, [{"x": 1}]))[0]
    assert line.status == "completed"
    assert line.outputs["out"] == {"nan": "nan", "big": 2**80, "1": "key", "text": "\\ud800"}


def test_the_working_folder_and_the_variables_are_the_flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTER_SECRET", "must not be seen")
    look = "import os\n" + TOOL + "def double(x: int):\n    return [os.getcwd(), os.environ.get('OUTER_SECRET'), os.environ.get('INNER')]\n"
    flow = write_flow(
        tmp_path / "flow",
        {
            "inputs": {"x": {"type": "int"}},
            "outputs": {"out": {"type": "list", "reference": "${double}"}},
            "nodes": [python_node("double", x="${inputs.x}")],
        },
        double__py=look,
    )
    run = run_rows(tmp_path / "r", flow, [{"x": 1}], environment_variables={"INNER": "seen"})
    assert lines_of(run)[0].outputs["out"] == [str(flow), None, "seen"]


def test_a_flow_that_cannot_be_loaded_is_told_before_the_first_row(tmp_path: Path) -> None:
    from flowyard.foundation.errors import FlowyardError

    flow = write_flow(
        tmp_path / "flow",
        {
            "inputs": {"x": {"type": "int"}},
            "outputs": {"out": {"type": "int", "reference": "${double}"}},
            "nodes": [python_node("double", x="${inputs.x}")],
        },
        double__py="import package_that_is_not_there\n" + TOOL + "def double(x): return x\n",
    )
    with pytest.raises(FlowyardError, match="package_that_is_not_there") as caught:
        run_rows(tmp_path / "r", flow, [{"x": 1}])
    assert caught.value.problem().code == "PythonLoadError"


def one_node(folder: Path, kind: str, code: str) -> Path:
    dag = {
        "inputs": {"x": {"type": kind}},
        "outputs": {"out": {"type": "object", "reference": "${node}"}},
        "nodes": [python_node("node", x="${inputs.x}")],
    }
    return write_flow(folder, dag, node__py=code)


def test_images_of_a_row_are_found_beside_the_data_file(tmp_path: Path) -> None:
    flow = one_node(tmp_path / "flow", "image", TOOL + "def node(x):\n    return [type(x).__name__, len(x)]\n")
    (tmp_path / "r" / "pictures").mkdir(parents=True)
    (tmp_path / "r" / "pictures" / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\nnot much of a picture")
    run = run_rows(tmp_path / "r", flow, [{"x": {"data:image/png;path": "pictures/dot.png"}}, {"x": {"data:image/png;path": "none.png"}}])
    assert lines_of(run)[0].outputs == {"out": ["Image", 29]}
    assert list(codes_of(run)) == [1]


def test_a_replayed_run_costs_nothing(tmp_path: Path) -> None:
    counting = "def node(x):\n    with open(os.environ['SEEN'], 'a') as seen:\n        seen.write('.')\n    return x * 2\n"
    code = f"import os\n{TOOL}{counting}"
    flow, seen = one_node(tmp_path / "flow", "int", code), tmp_path / "seen"
    means = RunMeans(cache=CacheSpec(path=str(tmp_path / "nodes.db")))
    for name in ("first", "second"):
        run = run_rows(
            tmp_path / name, flow, [{"x": 1}, {"x": 2}], means=means, environment_variables={"SEEN": str(seen)}, replay=True, concurrency=1
        )
        assert [line.outputs["out"] for line in lines_of(run)] == [2, 4]
    assert seen.read_text() == ".."
    with RunStore(tmp_path / "second" / "run") as store:
        assert store.nodes(1)[0].cached


def test_data_without_rows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(DataError, match=r"'empty\.jsonl' has no rows"):
        run_rows(tmp_path / "r", doubling(tmp_path / "flow"), data=tmp_path / "empty.jsonl")


def test_what_a_workspaces_run_is_told_holds_no_secrets(tmp_path: Path) -> None:
    flow, data = doubling(tmp_path / "flow"), write_rows(tmp_path / "data.jsonl", [{"x": 1}])
    inline = RunCreate(init={"model_config": {"azure_endpoint": "https://x", "api_key": "abc"}})
    with pytest.raises(InvalidInputError, match=r"init\.model_config\.api_key is a secret"):
        checked(inline, flow=flow, data=data, root=flow)
    checked(inline, flow=flow, data=data)
    checked(RunCreate(init={"model_config": {"connection": "mine"}, "max_tokens": 5}), flow=flow, data=data, root=flow)


def test_a_runs_file_is_its_owners_alone(tmp_path: Path) -> None:
    run = run_rows(tmp_path / "r", doubling(tmp_path / "flow"), [{"x": 1}])
    assert (run / "run.db").stat().st_mode & 0o077 == 0


def test_a_mapping_to_no_input_of_the_flow_is_a_warning(tmp_path: Path) -> None:
    request = RunCreate(column_mapping={"x": "${data.x}", "tex": "${data.x}"})
    flow = doubling(tmp_path / "flow")
    assert mapping_warnings(request, flow) == ["The column mapping feeds 'tex', and the flow has no such input. Its inputs: x, y."]
    assert lines_of(run_rows(tmp_path / "r", flow, [{"x": 2}], column_mapping=request.column_mapping))[0].outputs["twice"] == 4


def test_a_runs_log_keeps_its_last_lines(tmp_path: Path) -> None:
    with RunStore.create(tmp_path / "run", {"name": "r"}) as store:
        store.record((), [("info", f"line {number}") for number in range(LOG_LINES + 500)])
        store.log("the end")
        lines = store.logs(tail=LOG_LINES * 2)
    assert len(lines) == LOG_LINES
    assert (lines[0].message, lines[-1].message) == ("line 501", "the end")


def test_what_is_made_of_withheld_rows_runs_in_traces_that_are_withheld_already(tmp_path: Path) -> None:
    rows = [{"x": 1, "y": y} for y in ("1", "4", "no", "2")]
    first = run_rows(tmp_path / "first", doubling(tmp_path / "flow"), rows, column_mapping={"x": "${data.x}", "y": "${data.y}"})
    with RunStore(first) as store:
        traces = store.traces()
    guards = TraceGuards(MemoryGuardStore(), cast("Any", None))
    for line, tag in enumerate(("hr", "board", "law")):
        guards.note("w", traces[line, ""], [[tag]])
    judge = {
        "inputs": {"x": {"type": "int"}},
        "outputs": {"trace": {"type": "string", "reference": "${look}"}},
        "nodes": [python_node("look", x="${inputs.x}"), {**python_node("whole", traces="${look}"), "aggregation": True}],
    }
    head = f"from flowyard.tracing.context import current\n{TOOL}"
    look = f"{head}def look(x):\n    return current().trace_id if x != 4 else 1 / 0\n"
    flow = write_flow(tmp_path / "judge", judge, look__py=look, whole__py=f"{head}def whole(traces):\n    return current().trace_id\n")
    means = RunMeans(withholding=RunGuards(guards, "w", tmp_path / "second"), workspace_id="w")
    run = run_rows(tmp_path / "second", flow, run=first, column_mapping={"x": "${run.outputs.y}"}, means=means)
    lines = lines_of(run)
    with RunStore(run) as store:
        made = [store.traces()[line, ""] for line in range(4)]
        [whole] = [node.output for node in store.reduction()]
    assert codes_of(run) == {1: "ToolExecutionError", 2: "InputTypeError"}
    assert [lines[place].outputs["trace"] for place in (0, 3)] == [made[0], made[3]]
    read = guards._store.of("w", [*made, whole])
    assert read == {made[0]: {("hr",)}, made[1]: {("board",)}, made[2]: {("law",)}, whole: {("hr",), ("board",), ("law",)}}
    kept = guards._store.of("w", [row_key("second", line, "") for line in range(4)])
    assert list(kept.values()) == [read[trace_id] for trace_id in made[:3]]
