"""A crawl of one web server, bounded in depth and number, that asks robots.txt (RFC 9309) first and takes its time."""

import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from protego import Protego

from flowyard.data.datastores.errors import StoreUnavailableError
from flowyard.data.datastores.hosts import check_endpoint
from flowyard.data.datastores.model import Bounds
from flowyard.data.datastores.web_requests import send
from flowyard.foundation.errors import FlowyardError, InvalidInputError, Location
from flowyard.foundation.version import __version__
from flowyard.rag.sources.manifest import MOST_BYTES, Manifest, ManifestEntry
from flowyard.rag.sources.pages import SUFFIXES, file_of, is_html, links_of, normal, sitemap_locations
from flowyard.rag.sources.ports import Before, Gathered, Watch
from flowyard.wire.index_origins import WebOrigin

#: As which we ask, and the name that robots.txt may have rules for.
AGENT = "flowyard"
MOST_PAGES, MOST_DEPTH = 10_000, 20
_HEADERS = {"User-Agent": f"{AGENT}/{__version__}", "Accept-Encoding": "gzip", "Connection": "close"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_MIB = 1024 * 1024
_MOST_BYTES, _MOST_ROBOTS, _MOST_SITEMAP = 64 * _MIB, 512 * 1024, 50 * _MIB
_ANSWER_S = 120.0
#: Between two requests; and the longest that robots.txt may ask for.
_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 10.0
_SITEMAPS = 50
#: Links that lead to nothing end a crawl, too: so many addresses are tried for each page that may be kept, and so many remembered.
_VISITS_FOR_A_PAGE, _MOST_SEEN = 5, 200_000
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came for an address: `url` is the one after redirects, `problem` why there is nothing."""

    url: str
    status: int = 0
    media_type: str = ""
    data: bytes = b""
    charset: str = "utf-8"
    etag: str | None = None
    modified: str | None = None
    problem: str | None = None
    leads_out: bool = False

    @property
    def passing(self) -> bool:
        """Whether the page may be there again in a moment."""
        return self.problem is not None and (self.status in {0, 429} or self.status >= 500)

    @property
    def html(self) -> str:
        try:
            return self.data.decode(self.charset, "replace")
        except LookupError:
            return self.data.decode("utf-8", "replace")


@dataclass(slots=True)
class _Crawl:
    """One crawl under way."""

    folder: Path
    before: dict[str, ManifestEntry]
    before_folder: Path | None
    watch: Watch
    robots: Protego = field(default_factory=lambda: Protego.parse(""))
    entries: dict[str, ManifestEntry] = field(default_factory=dict[str, ManifestEntry])
    seen: set[str] = field(default_factory=set[str])
    waiting: deque[tuple[str, int]] = field(default_factory=deque[tuple[str, int]])
    kept: int = 0
    bytes: int = 0
    visits: int = 0

    def offer(self, url: str, depth: int) -> None:
        """Put an address into the row, once."""
        if url not in self.seen and len(self.seen) < _MOST_SEEN:
            self.seen.add(url)
            self.waiting.append((url, depth))


class WebSource:
    """Implements `DocumentSource`. A page that did not change (ETag, Last-Modified) is not sent again.

    Args:
        origin: where to begin, and how far to go.
        bounds: which private hosts may be spoken to.
        pause_s: the time between two requests; robots.txt may ask for more.

    Raises:
        InvalidInputError: the address is none, or depth or number of pages are out of bounds.
        DatastoreInvalidError: it leads inside.
        StoreUnavailableError: its host is not known.
    """

    def __init__(
        self, origin: WebOrigin, bounds: Bounds, *, pause_s: float = _PAUSE_S, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        if not 0 <= origin.depth <= MOST_DEPTH or not 1 <= origin.pages <= MOST_PAGES:
            raise InvalidInputError(
                f"A crawl has a depth of 0 to {MOST_DEPTH} and 1 to {MOST_PAGES:,} pages.",
                remedy="Give less.",
                location=Location(pointer="/origin/web"),
            )
        start = normal(origin.url)
        if start is None:
            raise InvalidInputError(
                f"{origin.url.partition('?')[0][:200]!r} is no web address.",
                remedy="Write it as https://host/path/, without a user name.",
                location=Location(pointer="/origin/web/url"),
            )
        check_endpoint(start.partition("?")[0], "url", bounds)
        self._origin, self._bounds, self._start = origin, bounds, start
        self._pause_s, self._sleep = pause_s, sleep
        parts = urlsplit(start)
        self._server = f"{parts.scheme}://{parts.netloc}"
        self._below = self._server + parts.path[: parts.path.rfind("/") + 1]

    def stamp(self) -> None:
        """See `DocumentSource.stamp`: a web server does not tell."""
        return

    def parameters(self) -> dict[str, Any]:
        """See `DocumentSource.parameters`."""
        return {"url": self._origin.url, "depth": self._origin.depth, "pages": self._origin.pages}

    def gather(self, folder: Path, before: Before | None, watch: Watch) -> Gathered:
        """See `DocumentSource.gather`.

        Raises:
            StoreUnavailableError: the first page cannot be had.
            InvalidInputError: robots.txt forbids it, or it leads elsewhere.
        """
        known = {entry.url: entry for entry in before.manifest.entries.values() if entry.url} if before is not None else {}
        crawl = _Crawl(folder, known, before.folder if before is not None else None, watch)
        sitemaps = self._read_robots(crawl)
        if not crawl.robots.can_fetch(self._start, AGENT):
            raise InvalidInputError(
                f"The server's robots.txt does not allow {AGENT!r} to read {self._start!r}.",
                remedy="Ask whoever runs it, or begin elsewhere.",
            )
        crawl.seen.add(self._start)
        self._visit(crawl, self._start, 0)
        self._offer_sitemaps(crawl, sitemaps)
        while crawl.waiting and crawl.kept < self._origin.pages and crawl.visits < _VISITS_FOR_A_PAGE * self._origin.pages:
            self._visit(crawl, *crawl.waiting.popleft())
        return Gathered(manifest=Manifest.of(crawl.entries.values()))

    def _read_robots(self, crawl: _Crawl) -> list[str]:
        """Read robots.txt, and return the sitemaps that it names, or where one is by custom."""
        answer = self._get(f"{self._server}/robots.txt", {}, crawl, _MOST_ROBOTS, anywhere=True)
        if answer.problem is not None and answer.passing:  # RFC 9309, 2.3.1.4: what cannot be asked forbids everything
            raise StoreUnavailableError(f"{self._server}/robots.txt cannot be read: {answer.problem}", remedy="Try again later.")
        if answer.problem is None:
            crawl.robots = Protego.parse(answer.data.decode("utf-8", "replace"))
        asked = crawl.robots.crawl_delay(AGENT)
        if asked is not None:
            self._pause_s = min(max(self._pause_s, float(asked)), _LONGEST_PAUSE_S)
        return [url for text in list(crawl.robots.sitemaps) or [f"{self._server}/sitemap.xml"] if (url := normal(text)) is not None]

    def _offer_sitemaps(self, crawl: _Crawl, sitemaps: list[str]) -> None:
        """Take the addresses of the sitemaps into the row, one link away from the start; each sitemap is read once."""
        read = 0
        while sitemaps and read < _SITEMAPS and self._origin.depth > 0:
            url, read = sitemaps.pop(0), read + 1
            if not url.startswith(f"{self._server}/"):
                continue
            answer = self._get(url, {}, crawl, _MOST_SITEMAP, anywhere=True)
            found = sitemap_locations(answer.data) if answer.problem is None else []
            if b"<sitemapindex" in answer.data[:2000]:
                sitemaps += found
                continue
            for page in found:
                if self._ours(page):
                    crawl.offer(page, 1)

    def _visit(self, crawl: _Crawl, url: str, depth: int) -> None:
        if not crawl.robots.can_fetch(url, AGENT):
            return
        crawl.visits += 1
        known = crawl.before.get(url)
        there = crawl.before_folder / known.file if known is not None and crawl.before_folder is not None else None
        unchanged = known if there is not None and there.is_file() else None
        answer = self._get(url, _conditions(unchanged), crawl, _MOST_BYTES)
        first = url == self._start
        if first and (answer.leads_out or answer.problem is not None):
            raise StoreUnavailableError(
                f"{url!r} cannot be read: {answer.problem}", remedy="Check the address; give the one that it leads to."
            )
        if answer.leads_out or (answer.url != url and answer.url in crawl.seen):
            return
        crawl.seen.add(answer.url)
        if unchanged is not None and there is not None and (answer.status == 304 or answer.passing):
            media_type = next((kind for kind, suffix in SUFFIXES.items() if suffix == there.suffix), "")
            answer = _Answer(url, 200, media_type, there.read_bytes(), etag=unchanged.etag, modified=unchanged.modified)
        if answer.problem is not None:
            crawl.entries[url] = ManifestEntry(file=known.file if known else url, url=url, problem=answer.problem)
            return
        self._take(crawl, answer, depth)

    def _take(self, crawl: _Crawl, answer: _Answer, depth: int) -> None:
        """Keep a document, and offer what it links to."""
        if answer.media_type not in SUFFIXES:
            return
        wanted = True
        if is_html(answer.media_type):
            links, wanted = links_of(answer.url, answer.html)
            for link in links if depth < self._origin.depth else []:
                if self._ours(link):
                    crawl.offer(link, depth + 1)
        if not wanted:
            return
        file = file_of(answer.url, answer.media_type, crawl.folder)
        target = crawl.folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(answer.data)
        crawl.bytes += len(answer.data)
        if crawl.bytes > MOST_BYTES:
            raise InvalidInputError(f"The site has more than {MOST_BYTES:,} bytes.", remedy="Ask for fewer pages, or begin further down.")
        metadata: dict[str, str | int | float | bool] = {"url": answer.url}
        crawl.entries[answer.url] = ManifestEntry(file=file, metadata=metadata, url=answer.url, etag=answer.etag, modified=answer.modified)
        crawl.kept += 1
        crawl.watch(crawl.kept, answer.url)

    def _ours(self, url: str) -> bool:
        return url.startswith(self._below)

    def _get(self, url: str, headers: dict[str, str], crawl: _Crawl, most: int, *, anywhere: bool = False) -> _Answer:
        """Ask for an address, and go where it leads as long as that is ours; `anywhere`: on the same server."""
        place = url
        for _ in range(_MOST_REDIRECTS + 1):
            self._wait(crawl)
            try:
                answer = send("GET", place, {**_HEADERS, **headers}, self._bounds)
            except FlowyardError as error:
                return _Answer(place, problem=error.message)
            try:
                target = answer.headers.get("location")
                if answer.status not in _REDIRECTS or not target:
                    return _read(answer, place, most)
            finally:
                answer.close()
            joined = normal(urljoin(place, target))
            if joined is None or not joined.startswith(f"{self._server}/" if anywhere else self._below):
                return _Answer(place, answer.status, problem=f"It leads to {(joined or target).partition('?')[0][:200]!r}.", leads_out=True)
            if not anywhere and not crawl.robots.can_fetch(joined, AGENT):
                return _Answer(place, answer.status, problem="It leads where robots.txt forbids.", leads_out=True)
            place, headers = joined, {}
        return _Answer(url, problem=f"It leads to more than {_MOST_REDIRECTS} redirects.")

    def _wait(self, crawl: _Crawl) -> None:
        left = self._pause_s
        while left > 0:
            crawl.watch(crawl.kept, "")
            self._sleep(min(left, 0.5))
            left -= 0.5
        crawl.watch(crawl.kept, "")


def _conditions(entry: ManifestEntry | None) -> dict[str, str]:
    """Return what makes a server answer 304 when a page is what it was (RFC 9110, 13.1)."""
    if entry is None:
        return {}
    given = {"If-None-Match": entry.etag, "If-Modified-Since": entry.modified}
    return {name: value for name, value in given.items() if value is not None}


def _read(answer: Any, url: str, most: int) -> _Answer:
    if answer.status == 304:
        return _Answer(url, 304)
    if answer.status != 200:
        return _Answer(url, answer.status, problem=f"The server answers with HTTP {answer.status}.")
    kind, _, parameters = answer.headers.get("content-type", "").partition(";")
    found = _CHARSET.search(parameters)
    try:
        data = b"".join(_pieces(answer, most, time.monotonic() + _ANSWER_S))
    except (urllib3.exceptions.HTTPError, OSError) as error:
        return _Answer(url, problem=f"The answer broke off: {error}.")
    except ValueError as error:
        return _Answer(url, 200, problem=str(error))
    return _Answer(
        url,
        200,
        kind.strip().lower(),
        data,
        found.group(1) if found else "utf-8",
        answer.headers.get("etag"),
        answer.headers.get("last-modified"),
    )


def _pieces(answer: Any, most: int, until: float) -> Iterator[bytes]:
    size = 0
    for piece in answer.stream(65_536, decode_content=True):
        size += len(piece)
        if size > most:
            raise ValueError(f"It has more than {most:,} bytes.")
        if time.monotonic() > until:
            raise ValueError(f"It takes longer than {_ANSWER_S:g} s.")
        yield piece
