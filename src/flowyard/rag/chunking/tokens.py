"""Tokens of a text, counted once and asked of often."""

import re
from array import array
from bisect import bisect_left
from pathlib import Path
from typing import Any, Protocol

from flowyard.foundation.errors import MissingExtraError

#: The tokens that embedding models put around a text: its beginning and its end.
_AROUND = 2
_PIECES = re.compile(r"\w{1,4}|[^\w\s]")


def longest_text(context_length: int | None) -> int | None:
    """Return how many tokens of a text an embedding model takes; None where that is not known."""
    return None if context_length is None else context_length - _AROUND


class Tokenizer(Protocol):
    """Tells where the tokens of a text are, special ones left out, and how many the model takes (`longest_text`)."""

    @property
    def longest(self) -> int | None:
        """The most tokens of a text that the model takes; None: unknown."""
        ...

    def starts(self, text: str) -> "array[int]":
        """Return where each token begins, as characters counted from 0, in order."""
        ...


class ModelTokenizer:
    """The tokenizer of an embedding model, from its ``tokenizer.json``; `context_length`: how many tokens the model takes.

    Raises:
        MissingExtraError: tokenizers is not installed.
    """

    def __init__(self, path: Path, context_length: int | None = None) -> None:
        self.longest = longest_text(context_length)
        try:
            from tokenizers import Tokenizer as Loaded  # server extra
        except ImportError as error:
            raise MissingExtraError("Counting an embedding model's tokens", "server") from error
        self._loaded: Any = Loaded.from_file(str(path))
        self._loaded.no_truncation()
        self._loaded.no_padding()

    def starts(self, text: str) -> "array[int]":
        """Return where each token begins."""
        offsets: list[tuple[int, int]] = self._loaded.encode(text, add_special_tokens=False).offsets
        return array("q", [start for start, _ in offsets])


class ApproximateTokenizer:
    """Counts for a model whose tokenizer is not here: a token for each four characters of a word, and for each mark.

    English text has some 4.5 characters a token in the tokenizers of today's models, so this counts too many rather than too few.
    """

    longest = None

    def starts(self, text: str) -> "array[int]":
        """Return where each token begins."""
        return array("q", [found.start() for found in _PIECES.finditer(text)])


class TokenMap:
    """Where the tokens of one text are."""

    def __init__(self, text: str, tokenizer: Tokenizer) -> None:
        self.text = text
        self.starts = tokenizer.starts(text)

    def count(self, start: int, end: int) -> int:
        """Return how many tokens begin among these characters."""
        return bisect_left(self.starts, end) - bisect_left(self.starts, start)

    def fits(self, start: int, most: int) -> int:
        """Return the place up to which a stretch from `start` may go with so many tokens: the start of the next one, or the text's end."""
        index = bisect_left(self.starts, start) + most
        return self.starts[index] if index < len(self.starts) else len(self.text)

    def back(self, end: int, most: int) -> int:
        """Return the place from which a stretch up to `end` has so many tokens at most."""
        return self.starts[max(0, bisect_left(self.starts, end) - most)] if len(self.starts) else 0
