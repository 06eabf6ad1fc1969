"""With what a flow is tested: its newest test's inputs, else its newest run's, else its defaults."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from flowyard.endpoints.checking.inputs import Inputs, LastInputs
from flowyard.identity.model import Caller
from flowyard.wire.flows import FlowInput
from flowyard.wire.shared import Page

TESTED, RAN = "a" * 32, "b" * 32
CALLER = Caller("w1", "default", "owner", "user", "owner")
TEXT = FlowInput(name="text", type="string")
SIZE = FlowInput(name="size", type="int", default=3, has_default=True)


class Held:
    """Traces and runs that have been, by what `LastInputs` asks of their services."""

    def __init__(self, tested: dict[str, Any] | None, ran: dict[str, Any] | None) -> None:
        self.tested, self.ran = tested, ran

    def traces(self) -> Any:
        span = SimpleNamespace(
            kind="flow", name="words", span_id="1", parent_id=None, node=None, attributes={"flowyard.input": self.tested}
        )
        page = Page(items=() if self.tested is None else (SimpleNamespace(trace_id=TESTED),))
        return SimpleNamespace(page=lambda *_, **__: page, get=lambda *_: SimpleNamespace(spans=(span,)))

    def runs(self) -> Any:
        page = Page(items=() if self.ran is None else (SimpleNamespace(name="run"),))
        return SimpleNamespace(page=lambda *_: page, lines=lambda *_: Page(items=(SimpleNamespace(inputs=self.ran, trace_id=RAN),)))


@pytest.mark.parametrize(
    ("tested", "ran", "found"),
    [
        ({"text": "a"}, {"text": "b"}, Inputs({"text": "a"}, "test", TESTED)),
        ({"text": "a", "gone": 1, "size": 9}, None, Inputs({"text": "a", "size": 9}, "test", TESTED)),
        ({"other": "a"}, {"text": "b"}, Inputs({"text": "b"}, "run", RAN)),
        (None, {"size": 1}, None),
        (None, None, None),
    ],
)
def test_the_last_that_fit(tested: dict[str, Any] | None, ran: dict[str, Any] | None, found: Inputs | None) -> None:
    held = Held(tested, ran)
    assert LastInputs(cast("Any", held.traces()), cast("Any", held.runs())).of(CALLER, "words", (TEXT, SIZE)) == found


def test_without_any_its_defaults() -> None:
    held = Held(None, None)
    assert LastInputs(held.traces(), held.runs()).of(CALLER, "words", (SIZE,)) == Inputs({"size": 3}, "defaults")
