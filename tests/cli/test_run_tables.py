"""Runs side by side as text."""

from flowyard.cli.run_tables import comparison_table
from flowyard.wire.runs import ComparedName, ComparedValue, RunComparison


def test_what_belongs_to_a_metric_is_no_metric_of_its_own() -> None:
    names = ("f1", "f1_low", "f1_high", "f1_count", "f1_invalid", "f1_pass_rate", "words_count", "low")
    metrics = tuple(ComparedName(name=name, values=(ComparedValue(value=0.5),)) for name in names)
    _, rows = comparison_table(RunComparison(sides=(), metrics=metrics, scores=(), lines=(), total=0))
    assert [row[0] for row in rows][5:] == ["f1", "f1_pass_rate", "words_count", "low"]
