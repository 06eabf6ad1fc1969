from promptflow.core import tool


@tool
def count(text: str) -> dict:
    words: dict[str, int] = {}
    for word in text.split():
        word = word.strip(".,;:!?")
        words[word] = words.get(word, 0) + 1
    return words
