"""Looking into runs, comparing them, exporting them, and the report: over runs recorded for it."""

import csv
import io
import json
import random
import re
import sqlite3
import statistics
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flowyard.flows.runs.browse import LineFilter, line_counts, line_detail, page_of_lines
from flowyard.flows.runs.compare import CompareFilter, compare
from flowyard.flows.runs.describe import describe, reword
from flowyard.flows.runs.errors import RowNotFoundError, RunNotFoundError
from flowyard.flows.runs.export import ExportFormat, export, format_named
from flowyard.flows.runs.intervals import BOOTSTRAP_LIMIT, paired_interval
from flowyard.flows.runs.report import report
from flowyard.flows.runs.store import RunStore
from flowyard.flows.runs.verdicts import about
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.runs import Run, RunUpdate, VerdictCounts
from support.recorded_runs import record, recorded


@pytest.fixture
def plain_run(tmp_path: Path) -> Path:
    rows = {line: None if line % 10 == 3 else {"answer": f"Answer {line}", "score": line % 5} for line in range(25)}
    return recorded(tmp_path / "plain", {"": rows}, metrics={"": {"mean": 2.5}})


def run_of(folder: Path) -> Run:
    with RunStore(folder) as store:
        return describe(store)


def test_pages_go_through_all_rows_once(plain_run: Path) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        page = page_of_lines(plain_run, LineFilter(cursor=cursor, limit=10))
        assert page.total == 25
        seen += [row.line for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == list(range(25))


@pytest.mark.parametrize(
    ("where", "lines"),
    [
        (LineFilter(status="failed"), [3, 13, 23]),
        (LineFilter(text="ANSWER 2", limit=3), [2, 20, 21]),
        (LineFilter(sort="-duration", limit=2), [24, 23]),
        (LineFilter(sort="outputs.score", status="completed", limit=3), [0, 5, 10]),
        (LineFilter(sort="-inputs.x", limit=1), [24]),
        (LineFilter(variant="other"), []),
        (LineFilter(text="row 13 is"), [13]),
        (LineFilter(text="' OR 1=1 --"), []),
        (LineFilter(sort="outputs.no'such", limit=1), [0]),
    ],
)
def test_rows_are_filtered_and_sorted(plain_run: Path, where: LineFilter, lines: list[int]) -> None:
    assert [row.line for row in page_of_lines(plain_run, where).items] == lines


@pytest.fixture
def judged_run(tmp_path: Path) -> Path:
    """Four rows on two scores, one that was not judged, and one that failed."""
    said = [("pass", "pass"), ("pass", "fail"), ("unknown", "pass"), ("unknown", "fail")]
    rows: dict[int, dict[str, Any] | None] = {
        line: {"a": 1, "a_result": first, "b_result": second, "detail": {"c_result": "fail"}, "web_result": "none"}
        for line, (first, second) in enumerate(said)
    }
    return recorded(tmp_path / "judged", {"": rows | {4: {"answer": '"a_result":"fail"'}, 5: None}})


@pytest.mark.parametrize(
    ("where", "lines"),
    [
        (LineFilter(verdict="pass"), [0]),
        (LineFilter(verdict="fail"), [1, 3]),
        (LineFilter(verdict="unknown"), [2]),
        (LineFilter(verdict="pass", score="a"), [0, 1]),
        (LineFilter(verdict="unknown", score="a", sort="-line"), [3, 2]),
        (LineFilter(verdict="fail", score="b", limit=1), [1]),
        (LineFilter(verdict="fail", score="c"), []),
        (LineFilter(verdict="fail", text="unknown"), [3]),
        (LineFilter(verdict="fail", status="failed"), []),
    ],
)
def test_rows_are_filtered_by_what_evaluators_say_of_them(judged_run: Path, where: LineFilter, lines: list[int]) -> None:
    assert [row.line for row in page_of_lines(judged_run, where).items] == lines


def test_rows_are_counted_by_how_they_ended_and_by_verdict(judged_run: Path) -> None:
    found = line_counts(judged_run)
    assert (found.completed, found.failed, found.verdicts) == (5, 1, VerdictCounts(passed=1, failed=2, unknown=1))
    assert found.scores == {"a": VerdictCounts(passed=2, unknown=2), "b": VerdictCounts(passed=2, failed=2)}
    assert line_counts(judged_run, text="unknown").verdicts == VerdictCounts(failed=1, unknown=1)
    assert line_counts(judged_run, variant="other").completed == 0


def test_what_was_found_is_looked_for_anew_once_the_run_has_more_rows(judged_run: Path) -> None:
    where, fresh = LineFilter(verdict="fail", limit=1), {"": {6: {"a_result": "fail"}}}
    assert [page_of_lines(judged_run, where).total for _ in range(2)] == [2, 2]
    with RunStore(judged_run, write=True) as store:
        record(store, fresh)
        assert (page_of_lines(judged_run, where).total, line_counts(judged_run).completed) == (3, 6)
    assert (page_of_lines(judged_run, where).total, line_counts(judged_run).completed) == (3, 6)
    assert [row.line for row in page_of_lines(judged_run, LineFilter(verdict="fail", cursor="2")).items] == [6]


@pytest.mark.parametrize("where", [LineFilter(sort="color"), LineFilter(cursor="x"), LineFilter(cursor="9" * 30)])
def test_what_cannot_be_asked_says_what_can(plain_run: Path, where: LineFilter) -> None:
    with pytest.raises(InvalidInputError) as caught:
        page_of_lines(plain_run, where)
    assert caught.value.remedy


def test_one_row_with_its_nodes(plain_run: Path) -> None:
    detail = line_detail(plain_run, 4)
    assert (detail.row.outputs["score"], [(node.node, node.output) for node in detail.nodes]) == (4, [("ask", 4)])
    assert (detail.row.prompt_tokens, detail.row.cost_micros) == (10, 5)
    for line, variant in ((99, ""), (4, "x")):
        with pytest.raises(RowNotFoundError):
            line_detail(plain_run, line, variant)
    with pytest.raises(RunNotFoundError):
        line_detail(plain_run.parent / "absent", 1)


def test_words_about_a_run_change_and_the_rest_stays(plain_run: Path) -> None:
    reword(plain_run, RunUpdate(display_name="Shown", tags={"a": "1"}))
    reword(plain_run, RunUpdate(description="More"))
    run = run_of(plain_run)
    assert (run.display_name, run.description, run.tags) == ("Shown", "More", {"a": "1"})
    assert (run.name, run.status, run.metrics, run.counts.failed) == ("plain", "completed", {"mean": 2.5}, 3)


@pytest.fixture
def two_runs(tmp_path: Path) -> dict[str, Path]:
    base = {line: {"score": line % 3, "text": "same"} for line in range(40)}
    better = {line: {"score": line % 3 + (1 if line % 2 else 0), "text": "same"} for line in range(50)}
    better[7] = None
    return {
        "base": recorded(tmp_path / "base", {"": base}, metrics={"": {"accuracy": 0.5, "label": "x"}}),
        "better": recorded(tmp_path / "better", {"": better}, metrics={"": {"accuracy": 0.75, "other": 1}}),
    }


def test_two_runs_side_by_side(two_runs: dict[str, Path]) -> None:
    found = compare(two_runs, CompareFilter(limit=5))
    assert [(side.label, side.completed, side.failed) for side in found.sides] == [("base", 40, 0), ("better", 49, 1)]
    assert (found.sides[0].prompt_tokens, found.sides[0].cost.micros if found.sides[0].cost else None) == (400, "200")
    assert (found.total, found.next_cursor, [line.line for line in found.lines]) == (50, "5", [0, 1, 2, 3, 4])
    assert [row.outputs["score"] if row else None for row in found.lines[1].sides] == [1, 2]
    metrics = {metric.name: [(value.value, value.difference) for value in metric.values] for metric in found.metrics}
    assert metrics == {"accuracy": [(0.5, None), (0.75, 0.25)], "label": [("x", None), (None, None)], "other": [(None, None), (1, None)]}
    (score,) = found.scores
    base, better = score.values
    assert (score.name, base.n, base.value) == ("score", 40, pytest.approx(statistics.fmean(line % 3 for line in range(40))))
    assert (better.n, better.method, better.difference) == (39, "bootstrap", pytest.approx(19 / 39))
    assert better.low is not None
    assert better.high is not None
    assert better.low < 19 / 39 < better.high
    assert better.rows_needed is None
    assert (score.edges, base.counts, sum(better.counts)) == ((-0.5, 0.5, 1.5, 2.5, 3.5), (14, 13, 13, 0), 49)
    assert compare(two_runs, CompareFilter(limit=5)) == found


def test_what_is_not_shown_says_how_many_rows_would_show_it_and_how_scores_spread(tmp_path: Path) -> None:
    base = {line: {"score": 0.25 * (line % 5)} for line in range(40)}
    other = {line: {"score": base[line]["score"] + (0.5, -0.5, 0.1)[line % 3]} for line in range(40)}
    runs = {name: recorded(tmp_path / name, {"": rows}) for name, rows in (("base", base), ("other", other))}
    (score,) = compare(runs, CompareFilter()).scores
    first, second = score.values
    assert second.low is not None
    assert second.high is not None
    assert second.low < 0 < second.high
    assert (score.share, score.least_difference) == (False, pytest.approx(0.04))
    assert second.rows_needed is not None
    assert second.rows_needed > 40
    assert (len(score.edges), score.edges[0], score.edges[-1]) == (13, -0.5, 1.5)
    assert (sum(first.counts), sum(second.counts)) == (40, 40)
    same = recorded(tmp_path / "same", {"": {line: {"score": 2.5} for line in range(3)}})
    (score,) = compare({"same": same}, CompareFilter()).scores
    assert (score.edges, score.values[0].counts) == ((2.5, 2.5), (3,))


def test_a_comparison_says_in_sentences_what_it_shows_and_for_which_difference_its_rows_are_too_few(tmp_path: Path) -> None:
    base = {line: {"f1": 0.4 + 0.05 * (line % 5), "words": line % 7, "same": True} for line in range(60)}
    other = {
        line: {"f1": row["f1"] + (0.3, -0.3, 0.02)[line % 3], "words": row["words"] + 2 + line % 2, "same": True}
        for line, row in base.items()
    }
    runs = {name: recorded(tmp_path / name, {"": rows}) for name, rows in (("a", base), ("b", other))}
    found = compare(runs, CompareFilter(changed=True, limit=1))
    scores = {score.name: score for score in found.scores}
    assert (scores["f1"].share, scores["f1"].least_difference) == (True, 0.02)
    needed = scores["f1"].values[1].rows_needed
    differ, certain, open_one, same = found.sentences
    assert differ == "Outputs differ on 60 of 60 rows (100 %)."
    assert re.fullmatch(r"words is 2\.5 higher in b than in a \(95 % interval 2\.\d+ to 2\.\d+, 60 rows\)\.", certain)
    assert needed is not None
    assert needed > 60
    assert re.fullmatch(
        rf"f1: no difference between b and a is shown \(95 % interval -\d+\.\d to \d+\.\d, 60 rows\); "
        rf"about {about(needed)} rows would be needed to see 2\.0 points\.",
        open_one,
    )
    assert same == "same is the same in b and a on all 60 rows that both have."
    asked = compare(runs, CompareFilter(least=0.5))
    assert {score.least_difference for score in asked.scores} == {0.5}
    assert any(sentence.endswith("the rows were enough to see 50.0 points.") for sentence in asked.sentences)
    assert compare({"a": runs["a"]}, CompareFilter()).sentences == ()
    with pytest.raises(InvalidInputError, match="above 0"):
        compare(runs, CompareFilter(least=0.0))


def test_what_evaluators_write_twice_and_thresholds_that_are_the_same_are_told_once_and_not(tmp_path: Path) -> None:
    def outputs(value: float, limit: float) -> dict[int, dict[str, float] | None]:
        return {
            line: {"f1": value, "f1_score": value, "f1_threshold": 0.5, "harm_score": value, "harm_threshold": limit} for line in range(3)
        }

    runs = {name: recorded(tmp_path / name, {"": outputs(*values)}) for name, values in (("a", (0.25, 3)), ("b", (0.75, 4)))}
    found = compare(runs, CompareFilter())
    assert [sentence.split(" ")[0] for sentence in found.sentences[1:]] == ["f1", "harm_score", "harm_threshold"]
    assert len(found.scores) == 5


def test_numbers_are_compared_wherever_they_stand_among_other_values(tmp_path: Path) -> None:
    mixed = {0: {"s": 1}, 1: {"s": "none"}, 2: {"t": "only text"}, 3: {"s": True}, 4: {"s": None}, 5: {"s": 0.5}, 6: None}
    run = recorded(tmp_path / "run", {"": mixed})
    (score,) = compare({"run": run, "same": run}, CompareFilter()).scores
    assert (score.name, score.values[1].n, score.values[1].value, sum(score.values[1].counts)) == ("s", 3, 2.5 / 3, 3)
    huge = recorded(tmp_path / "huge", {"": {0: {"s": 1}, 1: {"s": 7}}})
    with sqlite3.connect(huge / "run.db") as db:
        db.execute("UPDATE lines SET outputs = ? WHERE line = 1", ('{"s":1' + "0" * 400 + "}",))
    assert compare({"huge": huge}, CompareFilter()).scores[0].values[0].n == 1


def test_an_evaluation_of_variants_is_compared_by_them(tmp_path: Path) -> None:
    scores = {variant: {line: {"score": value + line % 2 / 10} for line in range(40)} for variant, value in (("a", 0.2), ("b", 0.7))}
    metrics = {"a": {"score": 0.25}, "b": {"score": 0.75}}
    judged = recorded(tmp_path / "judged", scores, metrics=metrics, evaluates=True)
    found = compare({"judged": judged}, CompareFilter(limit=1))
    assert [(side.label, side.completed) for side in found.sides] == [("a", 40), ("b", 40)]
    assert [row.outputs for row in found.lines[0].sides if row is not None] == [{"score": 0.2}, {"score": 0.7}]
    assert [value.value for value in found.metrics[0].values] == [0.25, 0.75]
    assert found.sentences[1].startswith("score is 50.0 points higher in b than in a (95 % interval")


def test_one_row_shows_nothing_for_certain(tmp_path: Path) -> None:
    runs = {name: recorded(tmp_path / name, {"": {0: {"score": value}}}) for name, value in (("a", 0.0), ("b", 1.0))}
    found = compare(runs, CompareFilter())
    value = found.scores[0].values[1]
    assert (value.difference, value.low, value.high, value.n) == (1.0, None, None, 1)
    assert found.sentences == ("Outputs differ on 1 of 1 row (100 %).",)


@pytest.mark.parametrize(("count", "words"), [(2, "2"), (199, "200"), (1234, "1,200"), (98765, "99,000")])
def test_an_estimate_has_two_figures(count: int, words: str) -> None:
    assert about(count) == words


def test_only_rows_that_differ(two_runs: dict[str, Path]) -> None:
    found = compare(two_runs, CompareFilter(changed=True, limit=1000))
    assert [line.line for line in found.lines] == [line for line in range(40) if line % 2]
    assert compare(two_runs, CompareFilter(changed=True, cursor="19")).next_cursor is None


def test_a_comparison_is_made_anew_once_a_run_has_more_rows(two_runs: dict[str, Path]) -> None:
    assert [compare(two_runs, CompareFilter()).total for _ in range(2)] == [50, 50]
    with RunStore(two_runs["base"], write=True) as store:
        record(store, {"": {60: {"score": 1}}})
        assert compare(two_runs, CompareFilter()).total == 51
    assert compare(two_runs, CompareFilter(cursor="50")).lines[0].line == 60


def test_variants_of_one_run_are_sides(tmp_path: Path) -> None:
    run = recorded(tmp_path / "run", {"${a.x}": {0: {"s": 1}, 1: {"s": 2}}, "${a.y}": {0: {"s": 3}}})
    found = compare({"run": run}, CompareFilter())
    assert [side.label for side in found.sides] == ["${a.x}", "${a.y}"]
    assert [[row and row.outputs["s"] for row in line.sides] for line in found.lines] == [[1, 3], [2, None]]
    both = compare({"run": run, "again": run}, CompareFilter())
    assert [side.label for side in both.sides] == ["run ${a.x}", "run ${a.y}"] * 2


@pytest.mark.parametrize("count", [0, 11])
def test_how_many_runs_can_be_compared(two_runs: dict[str, Path], count: int) -> None:
    with pytest.raises(InvalidInputError, match=f"{count} runs"):
        compare({str(index): two_runs["base"] for index in range(count)}, CompareFilter())


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    source = random.Random(7)
    covered = 0
    for _ in range(60):
        found = paired_interval([source.gauss(0.3, 1.0) for _ in range(40)])
        assert found is not None
        covered += found.low <= 0.3 <= found.high
    assert 51 <= covered <= 60


def test_intervals_of_few_many_and_equal_differences() -> None:
    assert paired_interval([]) is None
    assert paired_interval([2.0]) == (2.0, 2.0, 2.0, 1, "bootstrap")
    source = random.Random(1)
    values = [source.random() for _ in range(BOOTSTRAP_LIMIT)]
    few, many = paired_interval(values), paired_interval([*values, 0.5])
    assert few is not None
    assert many is not None
    assert (few.method, many.method) == ("bootstrap", "normal")
    assert few.low == pytest.approx(many.low, abs=0.003)
    assert few.high == pytest.approx(many.high, abs=0.003)


def exported(folder: Path, form: ExportFormat) -> bytes:
    target = io.BytesIO()
    export(folder, form, target)
    return target.getvalue()


def test_exports_hold_every_row(tmp_path: Path) -> None:
    rows = {0: {"text": 'say "é",\nplease', "list": [1, 2], "n": 1.5}, 1: None, 2: {"text": "b", "list": [], "n": 2, "extra": True}}
    run = recorded(tmp_path / "run", {"": rows})
    lines = [json.loads(line) for line in exported(run, "jsonl").splitlines()]
    assert [line["outputs"] for line in lines] == [rows[0], {}, rows[2]]
    assert lines[1]["error"]["detail"] == "row 1 is bad"
    table = list(csv.DictReader(io.StringIO(exported(run, "csv").decode(), newline="")))
    assert [row["outputs.text"] for row in table] == ['say "é",\nplease', "", "b"]
    assert [row["outputs.list"] for row in table] == ["[1,2]", "", "[]"]
    assert [(row["line"], row["status"], row["error"]) for row in table][1] == ("1", "failed", "row 1 is bad")
    parquet = pq.read_table(io.BytesIO(exported(run, "parquet"))).to_pylist()
    assert [row["outputs.n"] for row in parquet] == [1.5, None, 2.0]
    assert [row["outputs.extra"] for row in parquet] == [None, None, True]
    assert [row["inputs.x"] for row in parquet] == [0, 1, 2]


def test_columns_of_mixed_kinds_are_text_in_parquet_and_nothing_is_lost(tmp_path: Path) -> None:
    run = recorded(tmp_path / "run", {"": {0: {"v": 1}, 1: {"v": "one"}, 2: {"v": 2**70}}})
    assert [row["outputs.v"] for row in pq.read_table(io.BytesIO(exported(run, "parquet"))).to_pylist()] == ["1", "one", str(2**70)]
    with pytest.raises(InvalidInputError, match="no format"):
        format_named("xml")


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> \u2028 & \"'"


def test_the_report_needs_nothing_else_and_no_text_ends_its_script(tmp_path: Path) -> None:
    run = recorded(tmp_path / "run", {"": {0: {"text": HOSTILE, "score": 1}}}, metrics={"": {HOSTILE: 1}})
    reword(run, RunUpdate(display_name=HOSTILE, description=HOSTILE))
    page = report([run_of(run)], compare({"run": run}, CompareFilter()))
    assert page.count("<script") == 2
    assert page.count("</script>") == 2
    assert "<img" not in page
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", page)
    assert set(re.findall(r"https?://[^\"' ]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in page
    data: Any = json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[0])
    assert data["lines"][0]["sides"][0]["outputs"]["text"] == HOSTILE
    assert data["title"] == HOSTILE


def test_the_report_says_how_many_rows_are_not_in_it(two_runs: dict[str, Path]) -> None:
    page = report([run_of(folder) for folder in two_runs.values()], compare(two_runs, CompareFilter(limit=5)))
    data = json.loads(re.findall(r'id="data">(.*?)</script>', page, re.DOTALL)[0])
    assert (len(data["lines"]), data["total"], [side["label"] for side in data["sides"]]) == (5, 50, ["base", "better"])
    assert data["scores"][0]["values"][1]["n"] == 39
