from flowyard.evaluation.metrics import metrics
from flowyard.evaluation.model import Measure
from flowyard.flows.runs.metric_parts import metric_parts, score_parts
from flowyard.wire.metrics import MetricParts


def test_what_says_more_of_a_metric_stands_with_it() -> None:
    names = ("f1", "f1_low", "f1_high", "f1_count", "f1_invalid", "f1_pass_rate", "words_count", "low")
    assert metric_parts(names) == {
        "f1": MetricParts(low="f1_low", high="f1_high", count="f1_count", invalid="f1_invalid"),
        "f1_pass_rate": MetricParts(),
        "words_count": MetricParts(),
        "low": MetricParts(),
    }


def test_the_metrics_of_an_evaluation_are_its_scores_and_pass_rates() -> None:
    rows = [{"f1": value / 10, "f1_result": "pass" if value > 5 else "fail"} for value in range(10)]
    found = metrics([Measure(key="f1", prefix="f1", low=0, high=1)], rows)
    parts = metric_parts(found)
    assert list(parts) == ["f1", "f1_pass_rate"]
    told = {name for more in parts.values() for name in (more.low, more.high, more.count, more.invalid) if name}
    assert {*parts, *told} == set(found)


def test_scores_of_rows_are_told_once() -> None:
    names = ("f1", "f1_score", "f1_threshold", "f1_passed", "harm_score", "harm_threshold")
    assert list(score_parts(names)) == ["f1", "f1_passed", "harm_score", "harm_threshold"]
