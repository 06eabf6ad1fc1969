"""One file to a document."""

from pathlib import Path, PurePosixPath

from flowyard.rag.cracking.formats import MEDIA_TYPES, Format, format_of
from flowyard.rag.cracking.model import CrackLimits, CrackTask, UnreadableError
from flowyard.rag.cracking.packed import pages_of
from flowyard.rag.cracking.structure import front_matter, structure
from flowyard.rag.cracking.texts import as_markdown, decoded
from flowyard.rag.model import Document, Heading, Page, Stretch

_TEXTS = {"markdown", "text", "csv", "tsv", "json", "jsonl", "code"}
#: Between two pages.
_GAP = "\n\n"


def read(task: CrackTask, limits: CrackLimits) -> Document:
    """Read a file. The same bytes under the same name give the same document.

    Raises:
        UnreadableError: it cannot be read.
        MissingExtraError: the package that reads such files is not installed.
    """
    path = Path(task.path)
    form = format_of(task.key, path, limits)
    title, text, pages = _of_text(form, task.key, path) if form in _TEXTS else _of_pages(form, path)
    if not text.strip():
        raise UnreadableError("empty", "The file holds no text.")
    if len(text) > limits.text_characters:
        raise UnreadableError("too_large", f"The file's text has {len(text):,} characters; {limits.text_characters:,} are read.")
    headings, blocks = ((), ()) if form == "text" else structure(text)
    return Document(
        key=task.key,
        title=title or _first(headings) or PurePosixPath(task.key).name,
        text=text,
        fingerprint=task.fingerprint,
        media_type=MEDIA_TYPES[form],
        pages=pages,
        headings=headings,
        blocks=blocks,
        metadata=task.metadata,
    )


def _of_text(form: Format, key: str, path: Path) -> tuple[str | None, str, tuple[Page, ...]]:
    text = decoded(path)
    if form != "markdown":
        return None, as_markdown(form, key, text) if text.strip() else "", ()
    head, body = front_matter(text)
    return _titled(head), body, ()


def _titled(head: str) -> str | None:
    """Return the title of a front matter, read as plainly as it is mostly written."""
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if colon and name.strip() == "title":
            return value.strip().strip("'\"") or None
    return None


def _of_pages(form: Format, path: Path) -> tuple[str | None, str, tuple[Page, ...]]:
    title, parts = pages_of(form, path)
    text, pages = "", list[Page]()
    for number, part in parts:
        text += _GAP if text else ""
        start = len(text)
        text += part.strip("\n").replace("\r\n", "\n").replace("\r", "\n")
        if number is not None:
            pages.append(Page(number, Stretch(start, len(text))))
    return title, text, tuple(pages)


def _first(headings: tuple[Heading, ...]) -> str | None:
    return headings[0].title if headings else None
