from promptflow.core import tool


@tool
def count(words: list[str]) -> dict:
    return {"words": len(words), "longest": max(words, key=len, default="")}
