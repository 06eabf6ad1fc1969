"""Counts words."""

from promptflow.core import tool


@tool
def count(words: list[str]) -> dict:
    """Return how many words there are, and the longest."""
    return {"words": len(words), "longest": max(words, key=len, default="")}
