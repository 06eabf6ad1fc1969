"""Files that are text already: decoded, and tables and records put as Markdown."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from flowyard.rag.cracking.formats import Format, looks_binary
from flowyard.rag.cracking.model import UnreadableError

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 65_536
#: Fields of tables are read up to this; csv's own limit is 131,072 characters.
_FIELD = 10_000_000


def decoded(path: Path) -> str:
    """Return a text file's text with ``\\n`` between its lines: UTF-8, or what its mark says, or else Windows-1252, which fails at nothing.

    Raises:
        UnreadableError: it is no text.
    """
    data = path.read_bytes()
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if encoding is None and looks_binary(data):
        raise UnreadableError("damaged", "The file is no text: it has NUL bytes.")
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is not None:
            raise UnreadableError(
                "damaged", f"The file says that it is {encoding}, and is not: {error.reason} at byte {error.start}."
            ) from error
        text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_markdown(form: Format, key: str, text: str) -> str:
    """Return a text as Markdown: a table of rows as a table, data and source code as a listing, other text as it is."""
    match form:
        case "csv" | "tsv":
            return _table(text, "\t" if form == "tsv" else None)
        case "json":
            return _fenced(_pretty(text), "json")
        case "jsonl":
            return _fenced(text, "json")
        case "code":
            return _fenced(text, PurePosixPath(key).suffix.lstrip(".").lower())
        case _:
            return text


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("damaged", f"The file is no JSON: {error}.") from error


def _fenced(text: str, language: str) -> str:
    """Return a text between fences that are longer than any row of backticks in it (CommonMark 0.31, 4.5)."""
    longest = max((len(run) for run in _backticks(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip(chr(10))}\n{fence}\n"


def _backticks(text: str) -> Iterable[str]:
    run = ""
    for character in text if "```" in text else "":
        if character == "`":
            run += character
            continue
        if run:
            yield run
        run = ""
    yield run


def _table(text: str, delimiter: str | None) -> str:
    try:
        dialect = csv.Sniffer().sniff(text[:_SAMPLE], ",;\t|") if delimiter is None else csv.excel_tab
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(_FIELD)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), dialect) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UnreadableError("damaged", f"The table cannot be read: {error}.") from error
    if not rows:
        raise UnreadableError("empty", "The table has no rows.")
    width = max(len(row) for row in rows)
    lines = [_row(row, width) for row in rows]
    return "\n".join([lines[0], "| " + " | ".join(["---"] * width) + " |", *lines[1:]]) + "\n"


def _row(cells: list[str], width: int) -> str:
    plain = (" ".join(cell.split()).replace("|", "\\|") for cell in [*cells, *[""] * (width - len(cells))])
    return "| " + " | ".join(plain) + " |"
