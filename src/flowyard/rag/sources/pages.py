"""What a web page says besides its text: links, and whether it wants to be read; and how addresses become names of files."""

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

#: Documents by the type that their server gives, and the ending of their files.
SUFFIXES: Final[dict[str, str]] = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/epub+zip": ".epub",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[^\w.,=+@ ()~-]+")
_LONGEST_PART = 100
_SITEMAP_LOCATION = re.compile(rb"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\s\]]+)", re.IGNORECASE)


def is_html(media_type: str) -> bool:
    """Whether a document of this type has links to follow."""
    return SUFFIXES.get(media_type) == ".html"


def normal(url: str) -> str | None:
    """Return an http(s) address in one form: no fragment, no port that goes without saying; None for others."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _PORTS or not parts.hostname or parts.username is not None:
        return None
    scheme, host = parts.scheme.lower(), f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = host if port in {None, _PORTS[scheme]} else f"{host}:{port}"
    return urlunsplit((scheme, place, _without_dots(parts.path) or "/", parts.query, ""))


def _without_dots(path: str) -> str:
    """Remove dot segments (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    kept = list[str]()
    for part in path.split("/")[1:]:
        if part == "..":
            kept[-1:] = []
        elif part != ".":
            kept.append(part)
    return "/" + "/".join(kept)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.base: str | None = None
        self.robots = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in {"a", "area"} and given.get("href") and "nofollow" not in given.get("rel", "").lower().split():
            self.found.append(given["href"])
        elif tag == "base" and self.base is None:
            self.base = given.get("href")
        elif tag == "meta" and given.get("name", "").lower() == "robots":
            self.robots += f",{given.get('content', '').lower()}"


def links_of(url: str, html: str) -> tuple[list[str], bool]:
    """Return the addresses that a page links to, each once in its order, and whether the page may be kept (no ``noindex``)."""
    parser = _Links()
    parser.feed(html)
    parser.close()
    said = {word.strip() for word in parser.robots.split(",")}
    base = urljoin(url, parser.base) if parser.base else url
    joined = [] if said & {"nofollow", "none"} else [_joined(base, link) for link in parser.found]
    return list(dict.fromkeys(link for link in joined if link is not None)), not said & {"noindex", "none"}


def _joined(base: str, link: str) -> str | None:
    try:
        return normal(urljoin(base, link.strip()))
    except ValueError:
        return None


def sitemap_locations(data: bytes) -> list[str]:
    """Return the addresses in a sitemap, or in an index of sitemaps (sitemaps.org, 0.9)."""
    found = (match.group(1).decode("utf-8", "replace").replace("&amp;", "&") for match in _SITEMAP_LOCATION.finditer(data))
    return [url for text in found if (url := normal(text)) is not None]


def file_of(url: str, media_type: str, folder: Path) -> str:
    """Return the file for a page, by its path: ``guide/install.html`` for ``https://host/guide/install``; it is not there yet."""
    parts = urlsplit(url)
    suffix = SUFFIXES.get(media_type, "")
    name = _name(parts, suffix)
    target = folder / name
    taken = target.exists() or any(parent.is_file() for parent in target.parents if parent != folder and folder in parent.parents)
    return f"{_short(url)}{suffix}" if taken else name


def _name(parts: SplitResult, suffix: str) -> str:
    path = [_safe(unquote(part)) for part in parts.path.split("/") if part]
    if not path or parts.path.endswith("/"):
        path.append("index")
    if parts.query:
        path[-1] = _safe(f"{path[-1]}@{unquote(parts.query)}")
    endings = {suffix, ".htm"} if suffix == ".html" else {suffix}
    if PurePosixPath(path[-1]).suffix.lower() not in endings:
        path[-1] += suffix
    return "/".join(path)


def _safe(part: str) -> str:
    plain = _UNSAFE.sub("_", part)
    plain = f"_{plain[1:]}" if plain.startswith(".") else plain
    return plain if len(plain.encode()) <= _LONGEST_PART else f"{plain[:20]}-{_short(part)}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
