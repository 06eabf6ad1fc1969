"""Tidies a model's answer."""

from promptflow.core import tool


@tool
def tidy(text: str) -> str:
    """Drop what the model began and did not finish."""
    text = text.strip()
    end = max(text.rfind(mark) for mark in ".!?")
    return text[: end + 1] if end >= 0 else text
