"""A real browser on an installation's studio, and what its main thread spends on a frame by Chromium's own counters."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import CDPSession, Page, Request, sync_playwright

from benchmarks.installation import Installation

CHROMIUM = "/usr/bin/chromium"
FRAMES = 60
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


@contextmanager
def studio_page(platform: Installation) -> Iterator[tuple[Page, CDPSession]]:
    """Yield a page that is signed in, with the session that counts its processor time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.request.post(f"http://{platform.address}/api/v1/sign-in", data={"api_key": platform.api_key})
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        yield page, session
        browser.close()


def script_s(session: CDPSession) -> float:
    """Return the processor seconds that the page's scripts have used since it was opened."""
    return next(metric["value"] for metric in session.send("Performance.getMetrics")["metrics"] if metric["name"] == "ScriptDuration")


def per_frame(page: Page, session: CDPSession, act: Callable[[int], None]) -> list[float]:
    """Return the script milliseconds of each of some frames, one act a frame, sorted."""
    found: list[float] = []
    for number in range(FRAMES):
        before = script_s(session)
        act(number)
        page.evaluate(NEXT_FRAME)
        found.append((script_s(session) - before) * 1e3)
    return sorted(found)


def settling(page: Page) -> Callable[[], None]:
    """Return what waits until the page has asked for nothing for half a second. Streams of events, which never end, do not count."""
    under_way: set[Request] = set()
    page.on("request", lambda request: None if request.url.endswith("/events") else under_way.add(request))

    def done(request: Request) -> None:
        under_way.discard(request)

    page.on("requestfinished", done)
    page.on("requestfailed", done)

    def settle() -> None:
        quiet = 0
        while quiet < 5:
            page.wait_for_timeout(100)
            quiet = 0 if under_way else quiet + 1

    return settle
