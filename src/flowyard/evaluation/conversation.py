"""Conversations: their turns, and one result of the results of all turns."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any, cast

from flowyard.evaluation.errors import EvaluatorInputError
from flowyard.evaluation.model import Result
from flowyard.evaluation.results import verdict
from flowyard.foundation.errors import Location

_ROLES = ("user", "assistant")


def turns(name: str, conversation: object) -> list[dict[str, str]]:
    """Return a conversation's turns as inputs: ``query``, ``response``, and ``context`` and ``ground_truth`` where they are.

    Args:
        name: of the evaluator that asks.
        conversation: ``messages`` (role, content, and maybe context, ground_truth), and maybe a ``context`` for all turns; or the messages.

    Raises:
        EvaluatorInputError: it is none, or has no question with an answer.
    """
    kind = type(conversation).__name__
    whole = cast("dict[str, Any]", conversation) if isinstance(conversation, dict) else {"messages": conversation}
    if not isinstance(whole.get("messages"), list):
        raise _wrong(name, f"needs a conversation with a list of 'messages', got {kind}.", "")
    found: list[dict[str, str]] = []
    question: Mapping[str, Any] | None = None
    for index, message in enumerate(cast("list[object]", whole["messages"])):
        if not isinstance(message, dict) or "role" not in message:
            raise _wrong(name, f"needs messages with 'role' and 'content'; message {index} is none.", f"/messages/{index}")
        part = cast("dict[str, Any]", message)
        if part["role"] == "user":
            question = part
        elif part["role"] == "assistant" and question is not None:
            found.append(_turn(name, whole, question, part, index))
            question = None
    if not found:
        raise _wrong(name, "needs a conversation in which a user's message is followed by an assistant's.", "/messages")
    return found


def _turn(name: str, whole: Mapping[str, Any], question: Mapping[str, Any], answer: Mapping[str, Any], index: int) -> dict[str, str]:
    turn = {"query": _content(name, question, index), "response": _content(name, answer, index)}
    contexts = [_text(part["context"]) for part in (whole, question, answer) if part.get("context")]
    if contexts:
        turn["context"] = "\n\n".join(contexts)
    if answer.get("ground_truth"):
        turn["ground_truth"] = _text(answer["ground_truth"])
    return turn


def _content(name: str, message: Mapping[str, Any], index: int) -> str:
    """Return a message's text, that of its text parts where it has parts."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [cast("dict[str, Any]", part) for part in cast("list[object]", content) if isinstance(part, dict)]
        content = "\n".join(str(part["text"]) for part in parts if "text" in part)
    if not isinstance(content, str) or not content.strip():
        raise _wrong(name, f"needs the text of every message; message {index} or the one before it has none.", f"/messages/{index}/content")
    return content


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    from flowyard.foundation.codecs import to_json

    return to_json(value).decode()


def _wrong(name: str, message: str, pointer: str) -> EvaluatorInputError:
    return EvaluatorInputError(
        f"{name} {message}",
        remedy='Give {"messages": [{"role": "user", "content": …}, {"role": "assistant", "content": …}]}.',
        location=Location(pointer=f"/conversation{pointer}"),
    )


def over_turns(results: Sequence[Result], prefix: str, *, higher_is_better: bool = True) -> Result:
    """Return one result of those of all turns: numbers are means over the turns that have one, all else is the last turn's.

    ``evaluation_per_turn`` has every turn's values. The verdict is that of the mean; a conversation without any score is invalid.
    """
    if len(results) == 1:
        return results[0]
    per_turn = {key: [result.get(key) for result in results] for key in results[0]}
    whole: Result = {}
    for key, values in per_turn.items():
        numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        whole[key] = fmean(numbers) if numbers and not key.endswith("_threshold") else values[-1]
    result = verdict(whole[f"{prefix}_score"], whole[f"{prefix}_threshold"], higher_is_better=higher_is_better)
    whole[f"{prefix}_result"] = result
    whole[f"{prefix}_passed"] = None if result == "unknown" else result == "pass"
    whole[f"{prefix}_status"] = "invalid" if result == "unknown" else "completed"
    return {**whole, "evaluation_per_turn": per_turn}
