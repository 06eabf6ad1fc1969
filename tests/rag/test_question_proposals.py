"""Questions that are made of a passage's statements and tables, and the one that a small model finds worded best."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.rag.model import Chunk, Stretch
from flowyard.rag.questions.asking import Asked, ask
from flowyard.rag.questions.checking import wrong_with
from flowyard.rag.questions.placing import place_of
from flowyard.rag.questions.statements import is_topic, statements_of, whole_sentences
from flowyard.rag.questions.turning import proposals
from flowyard.wire.index_questions import GeneratedKind

GARAGE = (
    "# Opening hours\n\nThe city garage opens the side doors when the bell rings. The city garage keeps 30 bicycles for a week. "
    "Lost parking cards are replaced by the office. A parking card is a plastic card, so keep it dry. "
    "A parking card is not valid on Sundays. When the barrier fails, visitors call the office. It stays shut."
)
TABLE = """| Option | Default | What it does |
|---|---|---|
| `garage --late` | seven in the morning | keeps the doors open until ten |
| `garage --loud` | ten bells | rings the bell |"""


def chunk(text: str) -> Chunk:
    found = Stretch(0, len(text))
    return Chunk(id="c", document="garage.md", ordinal=0, text=text, stretch=found, tokens=90, headings=("The garage", "Opening hours"))


def made(text: str, kind: GeneratedKind) -> dict[str, str]:
    return {one.question: one.answer for one in proposals(chunk(text), kind)}


@pytest.mark.parametrize(
    ("text", "kind", "question", "answer"),
    [
        (GARAGE, "short", "When does the city garage open the side doors?", "when the bell rings"),
        (GARAGE, "short", "How long does the city garage keep 30 bicycles?", "for a week"),
        (GARAGE, "short", "How many bicycles does the city garage keep for a week?", "30 bicycles"),
        (GARAGE, "short", "What are lost parking cards replaced by?", "the office"),
        (GARAGE, "short", "What is a parking card?", "a plastic card"),
        (GARAGE, "short", "What happens when the barrier fails?", "visitors call the office"),
        (GARAGE, "boolean", "Does the city garage keep 30 bicycles for a week?", "yes"),
        (GARAGE, "boolean", "Is a parking card valid on Sundays?", "no"),
        (GARAGE, "long", "When does the city garage open the side doors?", "The city garage opens the side doors when the bell rings."),
        (TABLE, "short", "What does `garage --late` do?", "keeps the doors open until ten"),
        (TABLE, "short", "What is the default of `garage --loud`?", "ten bells"),
        (TABLE, "boolean", "Is the default of `garage --late` ten bells?", "no"),
        (TABLE, "conversation", "And what does it do?", "rings the bell"),
    ],
)
def test_a_statement_is_turned_into_the_question_that_it_answers(text: str, kind: GeneratedKind, question: str, answer: str) -> None:
    found = made(text, kind)
    assert question.lower() in {asked.lower(): said for asked, said in found.items()}, found
    assert answer in found.values()


def test_a_statement_that_says_what_something_is_or_has_is_not_asked_what_it_does() -> None:
    states = "A file in the garage folder counts to that car. The headers of a request have to be there within 20 seconds of its begin."
    assert not [asked for asked in made(states, "long") if asked.endswith("do?")]
    acts = "The city garage opens the side doors when the bell rings."
    assert made(acts, "long")["What does the city garage do?"] == acts
    assert [one.verb for one in statements_of("An inference engine computes `parallel` calls at once.")] == ["computes"]


def test_what_says_little_without_its_page_is_not_asked() -> None:
    assert not made("A key of the garage is enough. A parking card is not needed.", "boolean")
    assert not made("| Word | Meaning |\n|---|---|\n| equal | the same fees |\n| fair | nearly the same fees |", "short")
    assert not made("| Garage | Lamps |\n|---|---|\n| West garage | 15 + 21 |\n| East garage | 3 |", "boolean")
    assert not is_topic("Deploy it")
    assert not is_topic("What it does")


def test_a_word_that_begins_a_sentence_is_written_small_within_a_question_unless_it_is_a_name() -> None:
    text = "Relative paths start from the garage folder. LanceDB tables hold the fees of a garage."
    assert [one.subject for one in statements_of(text)][:1] == ["relative paths"]
    assert "LanceDB tables" in {one.subject for one in statements_of(text)}


def test_the_place_of_a_question_is_that_of_its_answer_and_not_all_of_its_passage() -> None:
    text = f"{GARAGE}\n\n{TABLE}"
    first, second = "A parking card is a plastic card, so keep it dry.", "A parking card is not valid on Sundays."
    passage = replace(chunk(text), stretch=Stretch(100, 100 + len(text)))
    for question, answer, place in (
        ("How many bicycles does the city garage keep?", "30 bicycles", "The city garage keeps 30 bicycles for a week."),
        ("Is a parking card valid on Sundays?", "no", second),
        ("What is the default of `garage --loud`?", "ten bells", "| `garage --loud` | ten bells | rings the bell |"),
        ("What is there to know?", f"{first} {second}", f"{first} {second}"),
        ("Who won?", "Nobody knows who won the cup.", text),
    ):  # fmt: skip
        start, end = place_of(passage, question, answer)
        assert text[start - 100 : end - 100] == place


@given(st.text(alphabet="ab. \n|-#1)`", max_size=80), st.text(alphabet="ab 1", max_size=12))
def test_a_place_is_within_its_passage(text: str, answer: str) -> None:
    start, end = place_of(chunk(text), "a b?", answer)
    assert 0 <= start <= end <= len(text)


def test_all_that_is_proposed_passes_the_checks_of_what_models_write() -> None:
    for kind in ("short", "long", "boolean", "summary", "conversation"):
        for text in (GARAGE, TABLE):
            assert all(wrong_with(one) is None for one in proposals(chunk(text), kind))


def test_a_follow_up_asks_something_else_of_the_same_subject() -> None:
    found = [one for one in proposals(chunk(GARAGE), "conversation") if one.before is not None]
    assert found
    assert all(" it " in f" {one.question.lower().rstrip('?')} " and "the city garage" in (one.before or ("",))[0] for one in found)
    assert all(one.before is not None and one.answer != one.before[1] for one in found)


def test_what_cannot_be_understood_alone_gives_no_question() -> None:
    for text in (
        "It keeps the doors open for a week.",
        "Keep the side doors open for a week.",
        "On Sundays the whole city sleeps.",
        "```\nThe a b c.\n```",
    ):
        assert list(statements_of(text)) == []
    assert whole_sentences("| a | b |\nThis sentence broke off in the") == []
    assert not is_topic("Before it is built")
    assert not is_topic("Read a trace")
    assert is_topic("Opening hours")


def test_a_small_model_ranks_and_what_it_finds_odd_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    options = tuple(proposals(chunk(GARAGE), "short"))
    likely = {one.question: -5.0 for one in options} | {options[1].question: -1.0}
    asked: list[dict[str, Any]] = []

    async def chat(client: Any, body: dict[str, Any], **_: Any) -> dict[str, Any]:
        del client
        asked.append(body)
        said = json.loads(body["grammar"].removeprefix("root ::= "))
        tokens = [{"token": said, "logprob": likely[said]}, {"token": "", "logprob": -99.0}]
        return {"choices": [{"message": {"content": said}, "logprobs": {"content": tokens}}], "usage": {"total_tokens": 10}}

    monkeypatch.setattr("flowyard.inference.client.ModelClient.chat", chat)

    def best() -> Any:
        batch = [Asked(chunk(GARAGE), "short", "yes", options)]
        [written] = asyncio.run(ask("http://127.0.0.1:1/v1", "key", "m", batch, lambda _: None, guided=True))
        return written

    assert json.loads(best().text) == {"question": options[1].question, "answer": options[1].answer}
    assert len(asked) == len(options)
    likely = dict.fromkeys(likely, -9.0)
    assert (best().text, best().reason, best().error) == (None, "badly_worded", None)


@pytest.mark.parametrize(
    "text",
    [
        "**The machine or the worker dies.** The build goes on by itself when the worker is back, as if nothing had been.\n",
        'The command `flow validate --json` prints `{"valid", "findings": []}`; the exit code is 2 when there are errors.\n',
    ],
)
def test_no_question_goes_over_two_sentences_or_ends_in_a_quotation(text: str) -> None:
    kinds: tuple[GeneratedKind, ...] = ("short", "long", "boolean")
    asked = [question for kind in kinds for question in made(text, kind)]
    assert not [question for question in asked if ". " in question or question.count("`") % 2 or question.count('"') % 2], asked
