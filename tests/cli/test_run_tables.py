"""Runs side by side as text."""

from flowyard.cli.run_tables import comparison_table
from flowyard.wire.metrics import MetricParts
from flowyard.wire.runs import ComparedName, ComparedValue, RunComparison


def test_what_says_more_of_a_metric_is_no_metric_of_its_own() -> None:
    values = (ComparedValue(value=0.5),)
    metrics = (ComparedName(name="f1", values=values, parts=MetricParts(low="f1_low")), ComparedName(name="f1_low", values=values))
    _, rows = comparison_table(RunComparison(sides=(), metrics=metrics, scores=metrics, lines=(), total=0))
    assert [row[0] for row in rows][5:] == ["f1", "mean f1"]
