from promptflow.core import tool


@tool
def clean(text: str) -> str:
    return " ".join(text.lower().split())
