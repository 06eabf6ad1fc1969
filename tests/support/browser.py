"""A real browser's page for tests of the studio."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# On a busy machine a page comes late; what never comes still fails.
expect.set_options(timeout=30_000)
_ELSEWHERE = re.compile(r"^(?!http://127\.0\.0\.1|data:|blob:)")


@contextmanager
def browser_page(sign_in_url: str | None = None, *, refused: tuple[str, ...] = ()) -> Iterator[Page]:
    """Yield a page that fails the test by every error it logs and every request that it sends elsewhere.

    Args:
        sign_in_url: signs in where it is given.
        refused: how the addresses end whose requests the test has the server refuse; browsers log these too.
    """
    troubles: list[str] = []

    def logged(message: ConsoleMessage) -> None:
        if message.type == "error" and not (refused and message.location["url"].endswith(refused)):
            troubles.append(f"{message.text} {message.location['url']}")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_FLAGS)
        opened = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        opened.set_default_timeout(30_000)
        opened.on("pageerror", lambda error: troubles.append(str(error)))
        opened.on("console", logged)
        opened.on("request", lambda request: troubles.append(request.url) if _ELSEWHERE.match(request.url) else None)
        if sign_in_url is not None:
            opened.goto(sign_in_url)
            expect(opened.get_by_role("heading", name="Home")).to_be_visible()
        yield opened
        browser.close()
    assert not troubles, troubles
