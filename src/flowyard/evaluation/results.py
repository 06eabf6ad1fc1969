"""Checks what an evaluator is given, and writes what it found under the names that azure-ai-evaluation has."""

import math
from collections.abc import Mapping
from typing import Any

from flowyard.evaluation.errors import EvaluatorInputError, EvaluatorSettingError
from flowyard.evaluation.model import EvaluatorInfo, Result, Verdict
from flowyard.foundation.errors import Location


def texts(info: EvaluatorInfo, values: Mapping[str, object], *, blank: bool = True) -> tuple[str, ...]:
    """Return the values as texts, in their order.

    Args:
        info: of the evaluator that asks.
        values: what it was given, by input.
        blank: an empty text is a text; otherwise it is refused.

    Raises:
        EvaluatorInputError: one is missing, no text, or empty; the message names it and what the evaluator needs.
    """
    return tuple(_text(info, name, value, blank) for name, value in values.items())


def _text(info: EvaluatorInfo, name: str, value: object, blank: bool) -> str:
    if value is None:
        raise missing(info, name)
    if not isinstance(value, str):
        raise EvaluatorInputError(
            f"{info.name} needs {name!r} as text, got {type(value).__name__} ({_short(value)}).",
            remedy="Map a column of text to it, or turn the value into text first.",
            location=Location(pointer=f"/{name}"),
        )
    if not blank and not value.strip():
        raise EvaluatorInputError(
            f"{info.name} cannot judge an empty {name!r}.",
            remedy="Leave the row out, or map another column to it.",
            location=Location(pointer=f"/{name}"),
        )
    return value


def missing(info: EvaluatorInfo, name: str) -> EvaluatorInputError:
    """Return the error for an input that was not given."""
    needs = ", ".join(info.inputs) + (" (or conversation)" if info.conversation else "")
    return EvaluatorInputError(
        f"{info.name} got no {name!r}. It needs {needs}.",
        remedy=f"Map a column to it: --column-mapping {name}='${{data.COLUMN}}'",
        location=Location(pointer=f"/{name}"),
    )


def number(info: EvaluatorInfo, name: str, value: object, *, least: float | None = None) -> float:
    """Return the value as a finite number.

    Raises:
        EvaluatorInputError: it is missing, no number, not finite, or below `least`.
    """
    if value is None:
        raise missing(info, name)
    found = _finite(value)
    if found is None:
        raise EvaluatorInputError(
            f"{info.name} needs {name!r} as a finite number, got {_short(value)} ({type(value).__name__}).",
            remedy="Map a column of numbers to it.",
            location=Location(pointer=f"/{name}"),
        )
    if least is not None and found < least:
        raise EvaluatorInputError(
            f"{info.name} needs {name!r} to be {least:g} or more, got {found:g}.",
            remedy="Check the column that is mapped to it.",
            location=Location(pointer=f"/{name}"),
        )
    return found


def finite_threshold(info: EvaluatorInfo, value: object, name: str = "threshold") -> float:
    """Return a threshold as a finite number.

    Raises:
        EvaluatorSettingError: it is none.
    """
    found = _finite(value)
    if found is None:
        raise EvaluatorSettingError(
            f"{name!r} of {info.name} has to be a finite number, got {_short(value)} ({type(value).__name__}).",
            remedy="Leave it out for its default.",
            location=Location(pointer=f"/{name}"),
        )
    return found


def _finite(value: object) -> float | None:
    """Read a number from a number, or from its text as CSV files have it."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def verdict(score: float | None, limit: float, *, higher_is_better: bool = True) -> Verdict:
    """Compare a score with its threshold; at the threshold it passes."""
    if score is None:
        return "unknown"
    return "pass" if (score >= limit if higher_is_better else score <= limit) else "fail"


def scored(
    prefix: str,
    score: float | None,
    limit: float,
    *,
    higher_is_better: bool = True,
    reason: str | None = None,
    properties: Mapping[str, Any] | None = None,
) -> Result:
    """Return one score with all that goes with it. A score of None is an invalid one: ``<prefix>_status`` says so.

    The names are those of azure-ai-evaluation 1.18: ``<prefix>``, and with ``_score``, ``_passed``, ``_result``, ``_reason``, ``_status``,
    ``_threshold``, ``_properties``.
    """
    result = verdict(score, limit, higher_is_better=higher_is_better)
    return {
        prefix: score,
        f"{prefix}_score": score,
        f"{prefix}_passed": None if result == "unknown" else result == "pass",
        f"{prefix}_result": result,
        f"{prefix}_reason": reason,
        f"{prefix}_status": "invalid" if score is None else "completed",
        f"{prefix}_threshold": limit,
        f"{prefix}_properties": dict(properties) if properties is not None else None,
    }


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
