"""What a file is: by its first bytes, and where these say nothing by its name."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Literal

from flowyard.rag.cracking.model import CrackLimits, UnreadableError

Format = Literal[
    "pdf", "docx", "pptx", "xlsx", "odt", "rtf", "epub", "html", "eml", "markdown", "text", "csv", "tsv", "json", "jsonl", "code",
    "png", "jpeg", "tiff",
]  # fmt: skip

MEDIA_TYPES: dict[Format, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "epub": "application/epub+zip",
    "html": "text/html",
    "eml": "message/rfc822",
    "markdown": "text/markdown",
    "text": "text/plain",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "code": "text/x-source",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "tiff": "image/tiff",
}
#: Formats that have text only for who reads pictures.
PICTURES: frozenset[Format] = frozenset({"png", "jpeg", "tiff"})
#: What files begin with that need no name.
_BY_HEAD: tuple[tuple[bytes, Format], ...] = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)
_SOURCES = (
    *(".py", ".pyi", ".js", ".jsx", ".ts", ".tsx", ".java", ".kt", ".go", ".rs", ".c", ".h", ".cc", ".cpp", ".hpp", ".cs", ".rb", ".php"),
    *(".pl", ".r", ".jl", ".lua", ".swift", ".scala", ".sh", ".bash", ".ps1", ".sql", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf"),
    *(".xml", ".css", ".scss", ".tf", ".proto", ".graphql", ".prompty", ".jinja2", ".j2", ".bicep"),
)
_BY_SUFFIX: dict[str, Format] = {
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".mdx": "markdown",
    ".txt": "text",
    ".log": "text",
    ".rst": "text",
    ".adoc": "text",
    ".tex": "text",
    ".ndjson": "jsonl",
    **{
        f".{name}": name
        for name in ("pdf", "docx", "pptx", "xlsx", "odt", "rtf", "epub", "html", "eml", "markdown", "csv", "tsv", "json", "jsonl")
    },
    **dict.fromkeys(_SOURCES, "code"),
}
#: Files without a suffix that everybody knows.
_BY_NAME: dict[str, Format] = {"dockerfile": "code", "makefile": "code", "readme": "text", "license": "text", "notice": "text"}
#: What a format begins with, and cannot be without.
_SIGNED: dict[Format, bytes] = {"pdf": b"%PDF-", "rtf": b"{\\rtf", "docx": b"PK", "pptx": b"PK", "xlsx": b"PK", "odt": b"PK", "epub": b"PK"}
_OFFICE: tuple[tuple[str, Format], ...] = (("word/document.xml", "docx"), ("ppt/presentation.xml", "pptx"), ("xl/workbook.xml", "xlsx"))
_PACKED_MIMETYPES: dict[bytes, Format] = {b"application/vnd.oasis.opendocument.text": "odt", b"application/epub+zip": "epub"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Office keeps a file that has a password in an OLE container with this stream, its name in UTF-16.
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
#: The PDF standard lets the signature come within the first 1,024 bytes (ISO 32000-1, implementation note 13).
_HEAD = 1024
#: An entry that unpacks to so many times its size is made to fill a memory; documents' XML packs to a tenth, seldom a fiftieth.
_RATIO = 500
_RATIO_FROM = 16 * 1024 * 1024


def format_of(key: str, path: Path, limits: CrackLimits) -> Format:
    """Return the format of a file.

    Raises:
        UnreadableError: it is empty, too large, damaged, encrypted, or of no format that is read.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableError("empty", "The file is empty.")
    if size > limits.bytes:
        raise UnreadableError("too_large", f"The file has {size:,} bytes; {limits.bytes:,} are read.")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    named = _BY_SUFFIX.get(PurePosixPath(key.lower()).suffix) or _BY_NAME.get(PurePosixPath(key.lower()).name)
    if (b"%PDF-" in head and named in {None, "pdf"}) or head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _packed(path, limits)
    if head.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in path.read_bytes():
            raise UnreadableError("encrypted", "The file needs a password.")
        raise UnreadableError("unknown_format", "The file is of an Office before 2007; save it as .docx, .xlsx or .pptx.")
    signed: Format | None = next((form for start, form in _BY_HEAD if head.startswith(start)), None)
    if signed is not None:
        return signed
    if named is not None and named in _SIGNED:
        raise UnreadableError("damaged", f"The file is called {PurePosixPath(key).suffix}, and does not begin as such a file does.")
    if named is None:
        named = _unnamed(key, head)
    return named


def _unnamed(key: str, head: bytes) -> Format:
    """Return what a file without a name that says anything is, going by its beginning."""
    if looks_binary(head):
        raise UnreadableError("unknown_format", f"{PurePosixPath(key).name!r} is no text, and of no format that is read.")
    start = head.lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return "code" if start.startswith(b"#!") else "text"


def looks_binary(head: bytes) -> bool:
    """Tell whether the first bytes of a file are no text: NUL bytes and no mark of UTF-16 or UTF-32 before them."""
    return b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"))


def _packed(path: Path, limits: CrackLimits) -> Format:
    """Return the format of a ZIP archive, after a look at what it says it holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise UnreadableError("encrypted", "The file needs a password.")
            _weigh(entries, limits)
            found = _inside(archive, {entry.filename for entry in entries})
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, zlib.error) as error:
        raise UnreadableError("damaged", f"The archive inside the file cannot be read: {error}.") from error
    if found is None:
        raise UnreadableError("unknown_format", "The file is an archive; unpack it first.")
    return found


def _weigh(entries: list[zipfile.ZipInfo], limits: CrackLimits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes:
        raise UnreadableError("too_large", f"The file unpacks to {unpacked:,} bytes; {limits.unpacked_bytes:,} are read.")
    for entry in entries:
        if entry.file_size > _RATIO_FROM and entry.file_size > _RATIO * max(1, entry.compress_size):
            raise UnreadableError("too_large", f"{entry.filename!r} in the file unpacks to more than {_RATIO} times its size.")


def _inside(archive: zipfile.ZipFile, names: set[str]) -> Format | None:
    for name, office in _OFFICE:
        if name in names:
            return office
    first = archive.infolist()[0] if names else None  # OpenDocument and EPUB say what they are in their first entry
    said = archive.read(first) if first is not None and first.filename == "mimetype" and first.file_size < _HEAD else b""
    return _PACKED_MIMETYPES.get(said.strip())
