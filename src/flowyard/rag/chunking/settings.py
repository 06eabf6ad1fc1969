"""How documents are cut."""

from dataclasses import dataclass

from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.wire.indexes import ChunkRecipe, ChunkStrategy

#: ``structure``: at headings, paragraphs, sentences, rows of tables and definitions of code. ``tokens``: windows of one length.
Strategy = ChunkStrategy

_LEAST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkSettings:
    """Attributes:
        strategy: where to cut.
        max_tokens: the most tokens of a chunk, its prefix among them, as the embedding model counts them.
        overlap_tokens: how many of them a chunk has in common with the one before it, where a text was cut between headings.

    Raises:
        InvalidInputError: the numbers do not fit.
    """

    strategy: Strategy = "structure"
    max_tokens: int = 256
    overlap_tokens: int = 32

    def __post_init__(self) -> None:
        if self.max_tokens < _LEAST:
            raise InvalidInputError(
                f"Chunks of {self.max_tokens} tokens are too short to be found.", remedy=f"Give max_tokens of {_LEAST} or more."
            )
        if not 0 <= self.overlap_tokens <= self.max_tokens // 2:
            raise InvalidInputError(
                f"An overlap of {self.overlap_tokens} tokens does not fit chunks of {self.max_tokens}.",
                remedy=f"Give overlap_tokens from 0 to {self.max_tokens // 2}, half of max_tokens.",
            )

    @classmethod
    def of(cls, recipe: ChunkRecipe) -> "ChunkSettings":
        """Return the settings that an index's recipe asks for."""
        return cls(strategy=recipe.strategy, max_tokens=recipe.max_tokens, overlap_tokens=recipe.overlap_tokens)


def check_length(tokens: int, longest: int | None) -> None:
    """Look whether chunks of so many tokens go into an embedding model that takes `longest`.

    Raises:
        InvalidInputError: they are longer.
    """
    if longest is not None and tokens > longest:
        raise InvalidInputError(
            f"Chunks of {tokens} tokens do not go into the embedding model, which takes {longest} of a text.",
            remedy=f"Give max_tokens of up to {longest}, or an embedding model that takes more.",
            location=Location(pointer="/chunks/max_tokens"),
        )
