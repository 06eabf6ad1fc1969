"""Options that take several words after one flag, as prompt flow's do: ``--inputs a=1 b=2``."""

from typing import Any, ClassVar

from typer.core import TyperCommand


def spread(words: list[str], names: frozenset[str]) -> list[str]:
    """Repeat an option of `names` for each word that follows it: ``--inputs a b`` becomes ``--inputs a --inputs b``."""
    found: list[str] = []
    name: str | None = None
    fresh = False
    for index, word in enumerate(words):
        if word == "--":
            return [*found, *words[index:]]
        if word.startswith("-") and word != "-" and not _is_number(word):
            name, fresh = (word, True) if word in names else (None, False)
            found.append(word)
        elif name is None or fresh:
            found.append(word)
            fresh = False
        else:
            found += [name, word]
    return found


def _is_number(word: str) -> bool:
    return word[1:2].isdigit() or word[1:2] == "."


class ManyWordsCommand(TyperCommand):
    """A command with options that take several words: ``@app.command(cls=ManyWordsCommand)``."""

    many: ClassVar[frozenset[str]] = frozenset(
        {"--inputs", "-i", "--connections-file", "--connections", "--environment-variables", "--init"}
    )

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Spread the words, then parse as usual."""
        return super().parse_args(ctx, spread(args, self.many))
