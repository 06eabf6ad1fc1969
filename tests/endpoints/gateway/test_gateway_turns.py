"""What a turn of a conversation read is withheld with its later turns, and with a call that repeats it."""

import asyncio
from typing import Any, cast

import pytest

from flowyard.endpoints.gateway import turns
from flowyard.endpoints.gateway.turns import Turns
from flowyard.tracing.guarding import TraceGuards
from support.guards import MemoryGuardStore
from support.spans import make_span, trace_id

HR, BOARD = ("hr",), ("board",)


def guards_of(store: MemoryGuardStore) -> TraceGuards:
    return TraceGuards(store, cast("Any", None))


async def test_turns_of_a_conversation_are_withheld_alike() -> None:
    store = MemoryGuardStore()
    joined, guards = Turns(guards_of(store)), guards_of(store)
    first, second, other, alone = (
        make_span(number, 1, workspace_id="w", session_id=session) for number, session in enumerate(["s", "s", "t", None], 1)
    )
    await joined.join(first)
    guards.note("w", trace_id(1), [HR])
    await joined.join(second)
    assert guards.guarded("w", [trace_id(2)]) == frozenset()
    await joined.join(first)
    for record in (second, other, alone):
        await joined.join(record)
    assert store.of("w", [trace_id(number) for number in range(1, 5)]) == {trace_id(1): {HR}, trace_id(2): {HR}}
    guards.note("w", trace_id(2), [BOARD])
    await joined.join(second)
    later = make_span(5, 1, workspace_id="w", session_id="s")
    await joined.join(later)
    assert store.read[trace_id(5)] == {HR, BOARD}

    repeated = make_span(6, 1, workspace_id="w", attributes={"flowyard.replay.trace_id": trace_id(1)})
    await joined.join(repeated)
    assert store.read[trace_id(6)] == {HR}
    await Turns(None).join(second)


async def test_a_database_that_is_away_stops_no_request_and_is_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away(MemoryGuardStore):
        failing = True

        def of(self, workspace_id: str, trace_ids: Any) -> Any:
            if self.failing:
                raise OSError("away")
            return super().of(workspace_id, trace_ids)

    monkeypatch.setattr(turns, "_AGAIN_S", 0.01)
    store = Away()
    store.add("w", {trace_id(1): [HR]})
    joined = Turns(guards_of(store))
    await joined.join(make_span(2, 1, workspace_id="w", attributes={"flowyard.replay.trace_id": trace_id(1)}))
    assert trace_id(2) not in store.read
    store.failing = False
    while joined._later:
        await asyncio.gather(*joined._later)
    assert store.read[trace_id(2)] == {HR}
