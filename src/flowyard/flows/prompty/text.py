"""A prompty's file cut in two: the front matter between its ``---`` lines, and the prompt below."""

import re
from dataclasses import dataclass

_LINE = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PromptyText:
    """The parts of a prompty.

    Attributes:
        matter: the front matter, with an empty line for each line of the file before it, so that places in it are those of the file.
        template: the prompt.
        line: the line of the file in which the prompt begins.
    """

    matter: str
    template: str
    line: int


def split_prompty(text: str) -> PromptyText | None:
    """Return the parts of a prompty's file, or None when it has no front matter."""
    text = text.replace("\r\n", "\n")
    first = _LINE.search(text)
    second = _LINE.search(text, first.end()) if first else None
    if first is None or second is None:
        return None
    before = text.count("\n", 0, first.end()) + 1
    matter = "\n" * before + text[first.end() + 1 : second.start()]
    return PromptyText(matter, text[second.end() + 1 :], text.count("\n", 0, second.end()) + 2)


def numbered(template: str, line: int) -> str:
    """Return a template that begins in `line` of its file with a comment before it, so that lines in it are those of the file."""
    return "{#" + "\n" * (line - 2) + "#}\n" + template if line > 1 else template
