"""Every screen of the studio over a filled workspace: nothing fails on it, and axe finds nothing in either theme.

With ``FLOWYARD_GALLERY`` a picture of each, light and dark, goes into that folder (``make gallery``).
"""

import base64
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from benchmarks.browser import settling
from playwright.sync_api import CDPSession, Page, expect

from local_model import encoder_store, model_store  # noqa: F401
from support.accessibility import violations
from support.browser import browser_page
from support.filled_deeds import DEEDS
from support.filled_studio import SCREENS, fill
from support.installation import Platform

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(1800)]

#: How many times faster colours fade here: at once, for whoever looks at them.
_FADING = 1000
_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
GALLERY = os.environ.get("FLOWYARD_GALLERY")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("papers")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, papers: Path, model_store: Path, encoder_store: Path) -> Iterator[Platform]:  # noqa: F811
    assert model_store == encoder_store
    with Platform.up(tmp_path_factory.mktemp("home"), model_store, settings={"FLOWYARD_DATA_ROOTS": str(papers)}) as running:
        yield running


@pytest.fixture(scope="module")
def screens(installation: Platform, papers: Path) -> dict[str, str]:
    """The screens' addresses."""
    return {name: f"{installation.url}/w/default/{path}" for name, path in fill(installation, papers).items()}


@pytest.fixture(scope="module")
def page(installation: Platform) -> Iterator[Page]:
    with browser_page(
        installation.sign_in_url, refused=("/flows/missing", "/flows/missing/graph", "/flows/missing/files", "/flows/missing/events")
    ) as opened:
        if GALLERY:
            opened.set_viewport_size({"width": 1440, "height": 900})
        yield opened


def in_theme(page: Page, scheme: Literal["light", "dark"], name: str, devtools: CDPSession, rules: list[str] | None) -> list[str]:
    """Say what axe finds on the page in a theme (by `rules`, or all), and take a picture for the gallery."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.locator(f"html[data-mantine-color-scheme={scheme}]").wait_for()
    page.evaluate(_PAINTED)
    if GALLERY:
        picture = devtools.send("Page.captureScreenshot", {"format": "webp", "quality": 60})["data"]
        Path(GALLERY, f"{name}-{scheme}.webp").write_bytes(base64.b64decode(picture))
    return [f"{name}, {scheme}: {found}" for found in violations(page, rules)]


def test_every_screen_shows_and_axe_finds_nothing_on_it_in_both_themes(page: Page, screens: dict[str, str]) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Animation.enable")
    devtools.send("Animation.setPlaybackRate", {"playbackRate": _FADING})
    broken, settle = list[str](), settling(page)
    assert set(screens) == set(SCREENS)
    for name, address in screens.items():
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.goto(address)
        page.locator("main h1").first.wait_for()
        settle()
        if name in DEEDS:
            DEEDS[name](page)
            settle()
        expect(page.get_by_label("Loading the editor")).to_have_count(0)
        broken += in_theme(page, "light", name, devtools, None)
        broken += in_theme(page, "dark", name, devtools, ["color-contrast"])
    assert not broken, "\n".join(broken)


#: What is off and says nothing: neither a reason to who hears the page, nor one to the pointer. Steppers of number fields are no actions.
UNEXPLAINED = """() => [...document.querySelectorAll('button:disabled, button[aria-disabled=true], a[aria-disabled=true]')]
    .filter((off) => off.tabIndex >= 0 && off.checkVisibility() && !off.getAttribute('aria-description') && !off.title)
    .map((off) => off.getAttribute('aria-label') ?? off.textContent)"""
MENUS = re.compile("^(More|More actions|Change .*)$")


def test_who_may_only_look_is_told_a_reason_by_all_that_is_off_on_every_screen(
    installation: Platform, page: Page, screens: dict[str, str]
) -> None:
    made = installation.request("POST", "/api/v1/workspaces/default/keys", {"name": "looker", "role": "reader"}).json()
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context()
    assert context.request.post(f"{installation.url}/api/v1/sign-in", data={"api_key": made["secret"]}).ok
    looker = context.new_page()
    silent, explained, settle = list[str](), 0, settling(looker)
    for name, address in screens.items():
        looker.goto(address)
        expect(looker.locator("main h1").first, name).to_be_visible()
        settle()
        silent += [f"{name}: {off}" for off in looker.evaluate(UNEXPLAINED)]
        for menu in looker.locator("main").get_by_role("button", name=MENUS).all()[:1]:
            menu.click()
            looker.get_by_role("menu").wait_for()
            silent += [f"{name}, menu: {off}" for off in looker.evaluate(UNEXPLAINED)]
            looker.keyboard.press("Escape")
        explained += looker.locator("[aria-disabled=true][aria-description]").count()
    context.close()
    assert not silent, "\n".join(silent)
    assert explained > len(screens)
