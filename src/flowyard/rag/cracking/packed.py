"""Files of office programs, PDF, HTML and mail, read by xberg (MIT) into Markdown, page by page."""

import asyncio
import html
import re
from pathlib import Path
from typing import Any

from flowyard.foundation.errors import MissingExtraError
from flowyard.rag.cracking.formats import MEDIA_TYPES, PICTURES, Format
from flowyard.rag.cracking.model import UnreadableError
from flowyard.rag.cracking.ocr import INSTALL, has_ocr, ocr_config

_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_TITLE_WITHIN = 65_536
#: What programs write as a title when nobody gave one.
_NO_TITLES = {"untitled", "(anonymous)", "anonymous", "powerpoint presentation", "office theme"}
#: Formats that have pages, slides or sheets.
_PAGED = {"pdf", "pptx", "xlsx", "epub"}
#: What a PDF ends with, and within how many last bytes readers look for it.
_PDF_ENDS, _PDF_ENDS_WITHIN = b"%%EOF", 1024
_CUT_OFF = "The file is cut off: the end of the PDF is missing, and no text can be read in what is there."


def pages_of(form: Format, path: Path) -> tuple[str | None, list[tuple[int | None, str]]]:
    """Return the title that a file gives itself, and its pages (slides, sheets) as number and Markdown; of other files all as one without.

    Raises:
        UnreadableError: it is damaged or encrypted, or a picture or scan without what reads these.
        MissingExtraError: xberg is not installed.
    """
    try:
        import xberg  # server extra
    except ImportError as error:
        raise MissingExtraError("Reading such documents", "server") from error
    tools: Any = xberg
    picture = form in PICTURES
    if picture and not has_ocr():
        raise UnreadableError("needs_ocr", f"The file is a picture; {INSTALL} reads its text.")
    data = path.read_bytes()
    given = tools.ExtractInput(kind=tools.ExtractInputKind.BYTES, bytes=data, mime_type=MEDIA_TYPES[form])
    found = _pdf(tools, given, data) if form == "pdf" else _extract(tools, given, form, ocr=picture)
    title = _html_title(data) if form == "html" else (found.metadata.subject if form == "eml" else found.metadata.title)
    pages: list[Any] = found.pages or []
    numbered: list[tuple[int | None, str]] = [(page.page_number, _with_sheet(page)) for page in pages if page.content.strip()]
    return _title(title), numbered if form in _PAGED and numbered else [(None, found.content)]


def _pdf(tools: Any, given: Any, data: bytes) -> Any:
    """Return what a PDF holds; one without text is a scan, unless its end is missing."""
    cut_off = _PDF_ENDS not in data[-_PDF_ENDS_WITHIN:]
    try:
        found = _extract(tools, given, "pdf", ocr=False)
    except UnreadableError as error:
        if cut_off and error.why == "damaged":
            raise UnreadableError("damaged", _CUT_OFF) from error
        raise
    if found.content.strip():
        return found
    if cut_off:
        raise UnreadableError("damaged", _CUT_OFF)
    if not has_ocr():
        raise UnreadableError("needs_ocr", f"The file holds no text; of a scan, {INSTALL} reads it.")
    return _extract(tools, given, "pdf", ocr=True)


def _extract(tools: Any, given: Any, form: Format, *, ocr: bool) -> Any:
    config = tools.ExtractionConfig(
        use_cache=False,
        output_format="markdown",
        escape_markdown=False,
        html_options=tools.ConversionOptions(extract_metadata=False),
        pages=tools.PageConfig(extract_pages=form in _PAGED),
        **({"ocr": ocr_config(tools)} if ocr else {"disable_ocr": True}),
    )
    try:
        return asyncio.run(_extracted(tools, given, config)).results[0]
    except RuntimeError as error:  # xberg has no other class for a file that it cannot read
        raise _unreadable(error) from error


async def _extracted(tools: Any, given: Any, config: Any) -> Any:
    return await tools.extract(given, config)


def _with_sheet(page: Any) -> str:
    """Return a page; a sheet's name, which is not in its text, stands above it as a heading."""
    return f"## {page.sheet_name}\n\n{page.content}" if page.sheet_name else page.content


def _unreadable(error: RuntimeError) -> UnreadableError:
    said = str(error)
    if "encrypt" in said.lower() or "password" in said.lower():
        return UnreadableError("encrypted", "The file needs a password.")
    return UnreadableError("damaged", f"The file cannot be read: {said.rpartition(' failed: ')[2][:300].rstrip('.')}.")


def _html_title(data: bytes) -> str | None:
    found = _TITLE.search(data[:_TITLE_WITHIN])
    return html.unescape(found.group(1).decode("utf-8", "replace")) if found else None


def _title(given: str | None) -> str | None:
    plain = " ".join((given or "").split())
    return plain if plain and plain.lower() not in _NO_TITLES else None
