from promptflow.core import tool


@tool
def report(text: str, words: dict) -> dict:
    common = max(words, key=words.get, default="")
    return {"characters": len(text), "words": sum(words.values()), "most_common": common}
