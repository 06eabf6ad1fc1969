"""A crawl: which pages it reads, what it leaves out and why, what it does not transfer again, and where it never goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowyard.data.datastores.errors import DatastoreInvalidError, StoreUnavailableError
from flowyard.data.datastores.model import Bounds
from flowyard.foundation.errors import InvalidInputError
from flowyard.rag.sources.manifest import Manifest
from flowyard.rag.sources.pages import file_of, links_of, normal
from flowyard.rag.sources.ports import Before
from flowyard.rag.sources.web import WebSource
from flowyard.wire.index_origins import WebOrigin
from support.web_site import WebSite, web_site

HERE = Bounds(hosts=frozenset({"127.0.0.1"}))


@pytest.fixture
def site() -> Iterator[WebSite]:
    with web_site() as found:
        yield found


def links(*paths: str) -> str:
    return "<html><body><h1>Page</h1>" + "".join(f'<a href="{path}">x</a>' for path in paths) + "</body></html>"


class Crawl:
    """Crawls a site into a folder, and again into another with the first as what was before."""

    def __init__(self, site: WebSite, tmp_path: Path) -> None:
        self.site, self.tmp_path, self.number = site, tmp_path, 0
        self.before: Before | None = None
        self.slept: list[float] = []

    def __call__(self, path: str = "/docs/", **options: int) -> Manifest:
        self.number += 1
        folder = self.tmp_path / f"crawl{self.number}"
        folder.mkdir()
        source = WebSource(WebOrigin(url=self.site.url + path, **options), HERE, sleep=self.slept.append)
        self.site.asked.clear()
        self.site.unchanged.clear()
        found = source.gather(folder, self.before, lambda count, what: None)
        self.before = Before(folder=folder, manifest=found.manifest)
        return found.manifest

    def files(self) -> list[str]:
        folder = self.tmp_path / f"crawl{self.number}"
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def crawl(site: WebSite, tmp_path: Path) -> Crawl:
    return Crawl(site, tmp_path)


def test_links_are_followed_within_the_folder_of_the_start(crawl: Crawl, site: WebSite) -> None:
    site.pages = {
        "/docs/": links(
            "a", "/docs/b.html#part", "../secret", "/docs/manual.pdf", "https://example.com/docs/", "mailto:x@y", "/docs/style.css"
        ),
        "/docs/a": links("deep/c?page=2&x=1", "/docs/"),
        "/docs/b.html": "<p>b</p>",
        "/docs/deep/c?page=2&x=1": "<p>c</p>",
        "/docs/manual.pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4"),
        "/docs/style.css": (200, {"Content-Type": "text/css"}, b"p {}"),
        "/secret": "<p>secret</p>",
    }
    found = crawl()
    assert crawl.files() == ["docs/a.html", "docs/b.html", "docs/deep/c@page=2_x=1.html", "docs/index.html", "docs/manual.pdf"]
    assert found.entries["docs/a.html"].metadata == {"url": f"{site.url}/docs/a"}
    assert "/secret" not in site.asked
    assert len(site.asked) == len(set(site.asked))


def test_depth_and_number_are_bounds(crawl: Crawl, site: WebSite) -> None:
    site.pages = {"/docs/": links("1")} | {f"/docs/{number}": links(str(number + 1)) for number in range(1, 30)}
    assert len(crawl(depth=0).entries) == 1
    assert len(crawl(depth=2).entries) == 3
    assert len(crawl(depth=20, pages=5).entries) == 5
    with pytest.raises(InvalidInputError, match="depth"):
        crawl(depth=99)


def test_links_that_lead_to_nothing_end_a_crawl_too(crawl: Crawl, site: WebSite) -> None:
    site.pages = {"/docs/": links(*(f"dead{number}" for number in range(100)))}
    found = crawl(pages=4)
    assert len(site.asked) < 25
    assert sum(entry.problem is not None for entry in found.entries.values()) == 19


def test_a_site_has_a_bound_in_bytes(crawl: Crawl, site: WebSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowyard.rag.sources.web.MOST_BYTES", 1500)
    site.pages = {"/docs/": links("a", "b"), "/docs/a": "x" * 1000, "/docs/b": "x" * 1000}
    with pytest.raises(InvalidInputError, match="1,500 bytes"):
        crawl()


def test_robots_txt_is_obeyed_with_its_wildcards_and_its_delay(crawl: Crawl, site: WebSite) -> None:
    rules = b"User-agent: *\nDisallow: /docs/private\nDisallow: /*.pdf$\nCrawl-delay: 2\n"
    site.pages = {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, rules),
        "/docs/": links("private/x", "a.pdf", "b", "moved"),
        "/docs/b": "<p>b</p>",
        "/docs/moved": (302, {"Location": "/docs/private/x"}, b""),
        "/docs/private/x": "<p>x</p>",
        "/docs/a.pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4"),
    }
    crawl()
    assert crawl.files() == ["docs/b.html", "docs/index.html"]
    assert "/docs/private/x" not in site.asked
    assert sum(crawl.slept) >= 2 * 3
    site.pages["/robots.txt"] = (200, {}, b"User-agent: flowyard\nDisallow: /\n")
    with pytest.raises(InvalidInputError, match=r"robots\.txt"):
        crawl()
    site.pages["/robots.txt"] = (503, {}, b"")
    with pytest.raises(StoreUnavailableError, match=r"robots\.txt"):
        crawl()


def test_a_sitemap_is_read_where_there_is_one(crawl: Crawl, site: WebSite) -> None:
    place = f"<loc>{site.url}/docs/"
    site.pages = {
        "/robots.txt": (200, {}, f"Sitemap: {site.url}/maps.xml\nSitemap: http://10.0.0.1/map.xml\n".encode()),
        "/maps.xml": (200, {}, f"<sitemapindex><sitemap><loc>{site.url}/map.xml</loc></sitemap></sitemapindex>".encode()),
        "/map.xml": (200, {}, f"<urlset><url>{place}alone</loc></url><url><loc>{site.url}/other</loc></url></urlset>".encode()),
        "/docs/": links(),
        "/docs/alone": "<p>alone</p>",
        "/other": "<p>other</p>",
    }
    crawl()
    assert crawl.files() == ["docs/alone.html", "docs/index.html"]


def test_what_did_not_change_is_not_sent_again_and_what_is_gone_is_listed(crawl: Crawl, site: WebSite) -> None:
    site.pages = {
        "/docs/": links("a", "b", "c"),
        "/docs/a": links("d"),
        "/docs/b": "<p>b</p>",
        "/docs/c": "<p>c</p>",
        "/docs/d": "<p>d</p>",
    }
    crawl()
    site.pages["/docs/b"] = "<p>another b</p>"
    site.pages["/docs/c"] = (503, {}, b"busy")
    del site.pages["/docs/d"]
    found = crawl()
    assert site.unchanged == ["/docs/", "/docs/a"]
    assert crawl.files() == ["docs/a.html", "docs/b.html", "docs/c.html", "docs/index.html"]  # c is taken from the last time
    assert found.entries["docs/d.html"].problem == "The server answers with HTTP 404."
    crawl()
    assert set(site.unchanged) == {"/docs/", "/docs/a", "/docs/b"}


def test_pages_that_want_not_to_be_kept_are_not(crawl: Crawl, site: WebSite) -> None:
    site.pages = {
        "/docs/": links("a") + '<a rel="nofollow" href="b">b</a>',
        "/docs/a": '<meta name="robots" content="noindex">' + links("c"),
        "/docs/b": "<p>b</p>",
        "/docs/c": "<p>c</p>",
    }
    crawl()
    assert crawl.files() == ["docs/c.html", "docs/index.html"]


def test_a_redirect_never_leads_elsewhere(crawl: Crawl, site: WebSite) -> None:
    port = site.url.rpartition(":")[2]
    site.pages = {
        "/docs/": links("out", "inside", "round", "renamed"),
        "/docs/out": (302, {"Location": f"http://localhost:{port}/docs/b"}, b""),
        "/docs/inside": (302, {"Location": "http://169.254.169.254/docs/latest"}, b""),
        "/docs/round": (302, {"Location": "/docs/round"}, b""),
        "/docs/renamed": (301, {"Location": "/docs/b"}, b""),
        "/docs/b": "<p>b</p>",
    }
    found = crawl()
    assert crawl.files() == ["docs/b.html", "docs/index.html"]
    assert [entry.problem for entry in found.entries.values() if entry.problem] == ["It leads to more than 5 redirects."]
    assert "/docs/b" in site.asked
    site.pages["/"] = (302, {"Location": "https://example.com/"}, b"")
    with pytest.raises(StoreUnavailableError, match=r"example\.com"):
        crawl("/")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "http://localhost/"]
)
def test_private_addresses_are_refused(url: str) -> None:
    with pytest.raises(DatastoreInvalidError, match="no public address"):
        WebSource(WebOrigin(url=url), Bounds())


@pytest.mark.parametrize("url", ["ftp://example.com/", "file:///etc/passwd", "https://user@example.com/", "docs", ""])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError, match="no web address"):
        WebSource(WebOrigin(url=url), Bounds())


def test_a_page_that_is_too_large_or_breaks_off_is_listed(crawl: Crawl, site: WebSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowyard.rag.sources.web._MOST_BYTES", 1000)
    site.pages = {"/docs/": links("large", "fine"), "/docs/large": "x" * 1001, "/docs/fine": "<p>fine</p>"}
    found = crawl()
    assert crawl.files() == ["docs/fine.html", "docs/index.html"]
    assert next(entry for entry in found.entries.values() if entry.problem).problem == "It has more than 1,000 bytes."


def test_addresses_have_one_form() -> None:
    assert normal("HTTP://Example.COM:80/a/../b/./c#x") == "http://example.com/b/c"
    assert normal("https://example.com") == "https://example.com/"
    assert normal("https://example.com:8443/a?q=1") == "https://example.com:8443/a?q=1"
    assert normal("http://[bad") is None
    assert links_of("http://h/a/", '<base href="/b/"><a href="c">c</a>') == (["http://h/b/c"], True)


def test_files_have_names_that_no_address_leaves_the_folder_by(tmp_path: Path) -> None:
    for url in ("http://h/..%2f..%2fetc/passwd", "http://h/.hidden/x", "http://h/%00/a", "http://h/" + "a" * 3000, "http://h//a//b"):
        name = file_of(url, "text/html", tmp_path)
        assert (tmp_path / name).resolve().is_relative_to(tmp_path)
        assert not any(part.startswith(".") for part in name.split("/"))
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    first = file_of("http://h/x.html", "text/html", tmp_path)
    (tmp_path / first).write_text("x")
    assert file_of("http://h/x", "text/html", tmp_path) != first
    assert file_of("http://h/x.html/below", "text/html", tmp_path).count("/") == 0
