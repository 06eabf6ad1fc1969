from promptflow.core import tool


@tool
def split(text: str) -> list[str]:
    return [word.strip(".,;:!?") for word in text.split()]
