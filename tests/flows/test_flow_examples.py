"""The examples are valid and do what they say."""

from pathlib import Path

import pytest

from flowyard.flows import load_flow, rules

EXAMPLES = Path(__file__).parents[2] / "examples" / "flows"
LOCAL = {"local": {"type": "scripted", "configs": {"script": "rules: [{match: money, answer: Billing.}, {answer: It is for ships.}]"}}}


@pytest.mark.parametrize("folder", sorted(path for path in EXAMPLES.iterdir() if path.is_dir()), ids=lambda path: path.name)
def test_examples_are_valid_and_say_how_to_run_them(folder: Path) -> None:
    assert rules.validate(folder)[1] == ()
    assert f"flowyard flow test --flow examples/flows/{folder.name}" in (folder / "README.md").read_text()


def test_three_nodes() -> None:
    found = load_flow(EXAMPLES / "three-nodes")(text="to  be or not TO be")
    assert found == {"summary": {"characters": 18, "words": 6, "most_common": "to"}}


def test_classify_asks_the_model_only_when_unsure() -> None:
    flow = load_flow(EXAMPLES / "classify", LOCAL)
    assert flow(message="Where is my parcel?") == {"category": "delivery", "by": "rule"}
    assert flow() == {"category": "billing", "by": "model"}


def test_chat() -> None:
    assert load_flow(EXAMPLES / "chat", LOCAL)() == {"answer": "It is for ships."}


def test_readable() -> None:
    record = load_flow(EXAMPLES / "readable").run({})
    assert (record.outputs["sentences"], len(record.outputs["too_long"]), record.metrics) == (2, 1, {"too_long": 0.5})
    assert load_flow(EXAMPLES / "readable", init={"longest": 30}).run({}).metrics == {"too_long": 0}


def test_ask() -> None:
    assert load_flow(EXAMPLES / "ask" / "ask.prompty", LOCAL)(question="A ship?") == {"output": "It is for ships."}
