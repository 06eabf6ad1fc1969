"""What each rule of a step says, and the traffic of steps."""

from typing import Any

import pytest

from flowyard.endpoints.figures import Counts, bucket_of
from flowyard.endpoints.rollouts.model import split
from flowyard.endpoints.rollouts.rules import Seen, check, least_requests, verdict_of
from flowyard.wire.rollouts import RolloutStart


def counts(requests: int, errors: int = 0, *, slow: int = 0, ms: float = 100, slow_ms: float = 2000) -> Counts:
    durations = {bucket_of(ms / 1000): requests - slow, bucket_of(slow_ms / 1000): slow}
    return Counts(requests=requests, errors={"500": errors} if errors else {}, durations=durations)


def verdict(canary: Counts, live: Counts | None = None, *, over: bool = True, seen: dict[str, Any] | None = None, **spec: Any) -> str:
    start = RolloutStart(to="green", **spec)
    return verdict_of(check(Seen(spec=start, canary=canary, live=live or Counts(), over=over, state="healthy", **(seen or {}))))


@pytest.mark.parametrize(
    ("requests", "errors", "over", "expected"),
    [
        (2, 2, True, "wait"),  # nothing is concluded of two requests
        (49, 49, True, "wait"),
        (50, 0, True, "pass"),
        (50, 1, True, "pass"),  # 2 % is allowed
        (50, 2, False, "pass"),  # 4 %: chance explains it, so the step goes on to its end
        (50, 2, True, "breach"),
        (50, 10, False, "breach"),  # 20 %: chance does not explain it
    ],
)
def test_the_error_rate(requests: int, errors: int, *, over: bool, expected: str) -> None:
    assert verdict(counts(requests, errors), over=over) == expected


def test_so_many_requests_are_needed_that_one_error_is_no_breach() -> None:
    assert least_requests(RolloutStart(to="green")) == 50
    assert least_requests(RolloutStart(to="green", max_error_rate=0.001)) == 1000
    assert least_requests(RolloutStart(to="green", max_error_rate=0.5)) == 20
    assert least_requests(RolloutStart(to="green", max_error_rate=0.0)) == 20
    assert least_requests(RolloutStart(to="green", min_requests=7)) == 7


def test_what_fails_like_the_others_neither_goes_on_nor_back() -> None:
    assert verdict(counts(100, 30), counts(100, 35)) == "wait"
    assert verdict(counts(100, 30), counts(100, 3)) == "breach"
    assert verdict(counts(100, 30), counts(5, 5)) == "breach"


def test_latency_absolute_and_beside_the_others() -> None:
    slow = counts(100, slow=10)
    assert verdict(slow, max_p95_ms=1000) == "breach"
    assert verdict(slow, max_p95_ms=3000) == "pass"
    assert verdict(counts(100, slow=4), max_p95_ms=1000) == "pass"
    assert verdict(counts(100, slow=8), over=False, max_p95_ms=1000) == "pass"
    assert verdict(counts(100, slow=40), over=False, max_p95_ms=1000) == "breach"
    assert verdict(slow, seen={"live_p95_ms": 110.0}, max_p95_ratio=1.5) == "breach"
    assert verdict(slow, seen={"live_p95_ms": 2000.0}, max_p95_ratio=1.5) == "pass"
    assert verdict(slow, max_p95_ratio=1.5) == "pass"  # there is nothing to compare with


def test_scores() -> None:
    bound = {"evaluator": "relevance", "min_score": 3.0, "sample": 2}
    assert verdict(counts(100), seen={"scores": (5.0,)}, **bound) == "wait"
    assert verdict(counts(100), seen={"scores": (5.0, 2.0)}, **bound) == "pass"
    assert verdict(counts(100), seen={"scores": (3.0, 2.0)}, **bound) == "breach"
    assert verdict(counts(100), seen={"scores": (3.0, 2.0), "higher_is_better": False}, **bound) == "pass"


def test_a_deployment_without_replicas() -> None:
    start = RolloutStart(to="green")
    seen = Seen(spec=start, canary=Counts(), live=Counts(), over=False, state="unhealthy", replicas=0, error="It ended.")
    (first, *_) = check(seen)
    assert (first.rule, first.verdict, first.text) == ("state", "breach", "green has no replica that is ready: It ended.")
    starting = Seen(spec=start, canary=Counts(), live=Counts(), over=False, state="healthy", replicas=0)
    assert verdict_of(check(starting)) == "wait"


def test_every_check_says_what_was_seen() -> None:
    start = RolloutStart(to="green", max_p95_ms=1000)
    texts = [found.text for found in check(Seen(spec=start, canary=counts(100, 3), live=Counts(), over=True, state="healthy"))]
    assert texts == ["100 requests.", "3.0% errors (3 of 100: 3 with 500), at most 2.0%.", "P95 105 ms, at most 1000 ms."]


@pytest.mark.parametrize(
    ("before", "share", "expected"),
    [
        ({"blue": 100}, 5, {"blue": 95, "green": 5}),
        ({"blue": 100}, 100, {"blue": 0, "green": 100}),
        ({"blue": 90, "red": 10}, 50, {"blue": 45, "red": 5, "green": 50}),
        ({"blue": 34, "red": 33, "grey": 33}, 1, {"blue": 33, "red": 33, "grey": 33, "green": 1}),
        ({"blue": 90, "green": 10}, 25, {"blue": 75, "green": 25}),
        ({"blue": 100, "green": 0}, 25, {"blue": 75, "green": 25}),
    ],
)
def test_what_is_left_stays_split_as_it_was(before: dict[str, int], share: int, expected: dict[str, int]) -> None:
    found = split(before, "green", share)
    assert found == expected
    assert sum(found.values()) == 100
