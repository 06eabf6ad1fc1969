"""Two periods side by side have the groups of both, and the service says which periods they are."""

from typing import Any

import pytest

from flowyard.foundation.clock import from_rfc3339
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.model import Caller
from flowyard.tracing.figures import Asked, FigureService, Tally
from flowyard.tracing.questions import Question, Value, nothing
from support.guards import Withholding

CALLER = Caller("w", "default", "ann", "user", "reader")
DAY_NS = 86_400 * 10**9
NOW, BEFORE = "2026-11-20T00:00:00Z", "2026-10-01T00:00:00Z"


class Counted:
    """Figures over what a test gives it: counts by model, by the day of their period's beginning."""

    def __init__(self, **periods: dict[str, int]) -> None:
        self.periods = periods
        self.asked: list[Question] = []

    def figures(self, workspace_id: str, question: Question) -> tuple[list[tuple[Value, ...]], str]:
        self.asked.append(question)
        counts = self.periods["now" if question.since_ns >= from_rfc3339("2026-11-01T00:00:00Z") else "before"]
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ordered = [item for item in ordered if question.only is None or (item[0],) in question.only][: question.limit + 1]
        if question.grain_ns is None:
            return [(name, count) for name, count in ordered], "USD"
        rows: list[tuple[Value, ...]] = []
        for name, count in ordered:
            first, *others = nothing(question, (name,))
            rows += [(*first[:2], count), *others]
        return rows, "USD"

    def tallies(self, workspace_id: str, by: str, since_ns: int, until_ns: int, limit: int) -> list[Tally]:
        raise NotImplementedError


def ask(queries: Counted, **options: Any) -> Any:
    defaults: dict[str, Any] = {"group_by": ("model",), "since": NOW, "until": "2026-11-22T00:00:00Z", "compare_from": BEFORE}
    return FigureService(queries, Withholding()).ask(CALLER, Asked(**{**defaults, **options}))


def test_groups_of_either_period_stand_in_both() -> None:
    queries = Counted(now={"a": 5, "new": 3}, before={"a": 4, "gone": 2})
    found = ask(queries)
    assert found.rows == (("a", 5), ("new", 3), ("gone", 0))
    assert found.previous == (("a", 4), ("gone", 2), ("new", 0))
    assert (found.previous_since, found.previous_until) == ("2026-10-01T00:00:00.000000Z", "2026-10-03T00:00:00.000000Z")
    assert len(queries.asked) == 2, "nothing is asked again where all groups are known"
    assert not found.truncated


def test_a_group_among_the_smaller_ones_of_one_period_has_its_figures_there() -> None:
    found = ask(Counted(now={"a": 5, "b": 4, "c": 1}, before={"c": 9, "b": 3, "a": 2}), limit=1)
    assert found.rows == (("a", 5), ("c", 1))
    assert found.previous == (("c", 9), ("a", 2))
    assert found.truncated


def test_a_series_is_laid_over_the_other_from_the_first_bucket() -> None:
    found = ask(Counted(now={"a": 5}, before={"b": 2}), grain="day", compare_from="2026-10-01T07:00:00Z", compare_to="2026-10-03T00:00:00Z")
    days = ("2026-11-20T00:00:00.000000Z", "2026-11-21T00:00:00.000000Z")
    assert found.rows == ((days[0], "a", 5), (days[1], "a", 0), (days[0], "b", 0), (days[1], "b", 0))
    assert found.previous == ((days[0], "b", 2), (days[1], "b", 0), (days[0], "a", 0), (days[1], "a", 0))


def test_the_period_before_is_as_long() -> None:
    queries = Counted(now={"a": 5}, before={})
    found = ask(queries, compare_from=None, compare=True, since="2026-11-01T00:00:00Z", until="2026-11-03T00:00:00Z")
    assert (found.previous_since, found.previous_until) == ("2026-10-30T00:00:00.000000Z", "2026-11-01T00:00:00.000000Z")
    assert ask(queries, compare_from=None).previous is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"compare_from": None, "compare_to": NOW}, "compare_from too"),
        ({"compare_to": BEFORE}, "before compare_to"),
        ({"compare_from": "soon"}, "RFC 3339|2h or 7d"),
        ({"compare_to": NOW, "grain": "minute"}, "coarser"),
        ({"group_by": ("modle",)}, "Did you mean model"),
        ({"group_by": ("score.",)}, "score.NAME"),
    ],
)
def test_what_cannot_be_compared(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ask(Counted(now={}, before={}), **options)
    assert any(one in str(caught.value.remedy) for one in said.split("|"))
