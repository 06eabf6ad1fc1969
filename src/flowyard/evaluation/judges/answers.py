"""What a judge's answer says: its score and its reason, or that there is none. Nothing is guessed."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec

_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL | re.IGNORECASE)
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL | re.IGNORECASE)
# A number, also "4/5" and "4 out of 5", but no part of another number or of a range.
_NUMBER = r"(-?\d+(?:\.\d+)?)(?![^\W_]|\.\d)(?>(?:\s*(?:/|out of|of)\s*(\d+))?)(?!\s*(?:-|\u2013|to|or)\s*\d)"
_NAMED = re.compile(rf"\b(?:score|rating|severity)\b[\"'*_]*\s*(?:is|:|=|-)?\s*[\"'*_]*\s*{_NUMBER}", re.IGNORECASE)
_ALONE = re.compile(rf"\s*[\"'*_]*\s*{_NUMBER}\s*[\"'*_]*\.?\s*", re.IGNORECASE)
_LABEL = re.compile(r"\blabel\b[\"'*_]*\s*(?:is|:|=)?\s*[\"'*_]*\s*(true|false)\b", re.IGNORECASE)
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a judge found.

    Attributes:
        score: on the judge's scale; 0 or 1 for one that gives a label; None: the answer has no score that can be read.
        reason: its own words.
        invalid: why there is no score.
        details: what else its JSON says.
    """

    score: float | None
    reason: str = ""
    invalid: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])


def read_score(answer: object, low: float, high: float) -> Judgement:
    """Read a score between `low` and `high`, and its reason.

    `answer` is JSON (parsed, as text, in a code block or within other text) with ``score`` and ``reason``; else text with exactly one
    score in it. Several that differ, one off the scale, or none make an invalid judgement.
    """
    found = _object(answer)
    if found is not None:
        score, problem = _on_scale(found.get("score"), None, low, high)
        return Judgement(score=score, reason=_reason(found), invalid=problem, details=_rest(found))
    text = _plain(answer)
    alone = _ALONE.fullmatch(text)
    matches = [alone] if alone else list(_NAMED.finditer(text))
    read = {_on_scale(match[1], match[2], low, high) for match in matches}
    if len(read) != 1:
        return Judgement(score=None, reason=text, invalid="several scores" if read else "no score")
    score, problem = read.pop()
    return Judgement(score=score, reason="" if alone else text, invalid=problem)


def read_label(answer: object) -> Judgement:
    """Read a label, true or false, as the score 1 or 0, and its reason; as `read_score` does."""
    found = _object(answer)
    if found is not None:
        label = _boolean(found.get("label"))
        problem = None if label is not None else f"the label is {found.get('label')!r}"
        return Judgement(score=None if label is None else float(label), reason=_reason(found), invalid=problem, details=_rest(found))
    text = _plain(answer)
    word = _boolean(text.strip(" .\"'*_"))
    labels = {word} if word is not None else {match[1].lower() == "true" for match in _LABEL.finditer(text)}
    if len(labels) != 1:
        return Judgement(score=None, reason=text, invalid="several labels" if labels else "no label")
    return Judgement(score=float(labels.pop()), reason="" if word is not None else text)


def _object(answer: object) -> dict[str, Any] | None:
    """Return the JSON object that an answer is or holds, or None."""
    if isinstance(answer, dict):
        return cast("dict[str, Any]", answer)
    text = _plain(answer)
    for candidate in (text, *(match[1] for match in _FENCE.finditer(text)), text[text.find("{") : text.rfind("}") + 1]):
        try:
            found = msgspec.json.decode(candidate.strip())
        except (msgspec.DecodeError, UnicodeEncodeError):
            continue
        if isinstance(found, dict):
            return cast("dict[str, Any]", found)
    return None


def _plain(answer: object) -> str:
    """Return an answer's text without the thoughts that some models write before it."""
    return _THOUGHT.sub("", answer).strip() if isinstance(answer, str) else "" if answer is None else str(answer)


def _on_scale(value: object, total: str | None, low: float, high: float) -> tuple[float | None, str | None]:
    if isinstance(value, str):
        text = value
        match = _ALONE.fullmatch(text)
        if match is None:
            return None, f"the score is {text!r}"
        value, total = match[1], match[2]
    if value is None:
        return None, "no score"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None, f"the score is {value!r}"
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or not low <= number <= high or (total is not None and float(total) != high):
        return None, f"the score {value}{f'/{total}' if total else ''} is not on the scale from {low:g} to {high:g}"
    return number, None


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return _WORDS.get(value.strip().lower()) if isinstance(value, str) else None


def _reason(found: dict[str, Any]) -> str:
    reason = next((found[name] for name in ("reason", "reasoning", "explanation") if found.get(name)), "")
    return reason if isinstance(reason, str) else msgspec.json.encode(reason).decode()


def _rest(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in {"score", "label", "reason"}}
