"""Splits a text."""

from promptflow.core import tool


@tool
def split(text: str) -> list[str]:
    """Return the words of a text without their punctuation."""
    return [word.strip(".,;:!?") for word in text.split()]
