"""Gates: what is one, and which are not met."""

import pytest

from flowyard.cli.endpoint_checks import read_gates
from flowyard.endpoints.checking.gates import check_gates, unmet
from flowyard.endpoints.errors import DeploymentInvalidError
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.deployment_checks import DeploymentEvaluation
from flowyard.wire.endpoints import Gate

FOUND = DeploymentEvaluation(run="base", rows=10, metrics={"f1_score": 0.75, "latency": 2.0})


@pytest.mark.parametrize(
    ("gate", "met"),
    [
        (Gate(metric="f1_score", at_least=0.75), True),
        (Gate(metric="f1_score", at_least=0.76), False),
        (Gate(metric="latency", at_most=2), True),
        (Gate(metric="latency", at_most=1.9), False),
        (Gate(metric="latency", at_least=1, at_most=3), True),
        (Gate(metric="bleu", at_least=0), False),
    ],
)
def test_bounds_are_inclusive_and_what_was_not_measured_is_not_met(gate: Gate, met: bool) -> None:
    assert (unmet([gate], FOUND) == ()) is met
    assert unmet([gate], None) == (f"{gate}: nothing was measured",)


def test_what_is_not_met_is_told_with_its_interval() -> None:
    measured = DeploymentEvaluation(run="base", rows=10, metrics={"f1_score": 0.75, "f1_score_low": 0.7, "f1_score_high": 0.81})
    assert unmet([Gate(metric="f1_score", at_least=0.8)], measured) == ("f1_score >= 0.8: it is 0.75, 95 % interval 0.7 to 0.81",)


@pytest.mark.parametrize("gate", [Gate(metric="f1_score"), Gate(metric=" ", at_least=1), Gate(metric="x", at_least=float("nan"))])
def test_a_gate_says_something(gate: Gate) -> None:
    with pytest.raises(DeploymentInvalidError) as refused:
        check_gates([Gate(metric="x", at_least=1), gate])
    assert refused.value.problem().location
    assert "/settings/gates/1" in str(refused.value.problem().location)


def test_gates_are_read_as_they_are_written() -> None:
    assert read_gates(["f1_score>=0.8", " latency <= 2 "]) == (Gate(metric="f1_score", at_least=0.8), Gate(metric="latency", at_most=2))
    assert [str(gate) for gate in read_gates(["f1_score>=0.80"])] == ["f1_score >= 0.8"]
    for text in ("f1_score", "f1_score=0.8", ">=0.8", "f1_score>=much"):
        with pytest.raises(InvalidInputError):
            read_gates([text])
