"""Says how long a text's sentences are."""

import re


class Readable:
    """Made once with what `init` says; called for each line of data."""

    def __init__(self, longest: int = 20):
        self.longest = longest

    def __call__(self, text: str):
        """Return how many sentences there are, and those with too many words."""
        sentences = [found.strip() for found in re.split(r"[.!?]+", text) if found.strip()]
        return {"sentences": len(sentences), "too_long": [found for found in sentences if len(found.split()) > self.longest]}

    def __aggregate__(self, line_results: list):
        """Return the metrics of all lines."""
        sentences = sum(line.sentences for line in line_results)
        return {"too_long": sum(len(line.too_long) for line in line_results) / max(sentences, 1)}
