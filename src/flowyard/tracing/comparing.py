"""Figures of two periods side by side: each has rows for the groups of both."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from flowyard.tracing.questions import Question, Value, cut, nothing

Row = tuple[Value, ...]
Ask = Callable[[Question], list[Row]]


def compared(ask: Ask, now: Question, before: Question) -> tuple[list[Row], list[Row], bool]:
    """Return the rows of two questions that differ in their periods, and whether there were more groups than their limit.

    Each question's greatest groups come, and those of the other beside them: with their figures where they are among the smaller ones
    there, as nothing where they did not occur. So there are up to twice as many groups as the limit.
    """
    rows, more = cut(ask(now), now)
    earlier, earlier_more = cut(ask(before), before)
    if not now.group_by:
        return rows, earlier, False
    groups, earlier_groups = _groups(rows, now), _groups(earlier, before)
    rows += _others(ask, now, [group for group in earlier_groups if group not in groups], more=more)
    earlier += _others(ask, before, [group for group in groups if group not in earlier_groups], more=earlier_more)
    return rows, earlier, more or earlier_more


def _groups(rows: Iterable[Row], question: Question) -> dict[Row, None]:
    start = 0 if question.grain_ns is None else 1
    return dict.fromkeys(row[start : start + len(question.group_by)] for row in rows)


def _others(ask: Ask, question: Question, groups: list[Row], *, more: bool) -> list[Row]:
    """Return the rows of `groups`, which are not among the greatest; without `more` than those there are none of them."""
    if not groups:
        return []
    found = ask(replace(question, only=tuple(groups), limit=len(groups))) if more else []
    there = _groups(found, question)
    return [*found, *(row for group in groups if group not in there for row in nothing(question, group))]
