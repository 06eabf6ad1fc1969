"""What a new user does with an index in the studio, in a real browser, on a real installation with the real embedding model."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local_model import encoder_store  # noqa: F401
from support.browser import browser_page
from support.installation import Platform
from support.web_site import web_site

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(420)]

SLOW = 120_000
STEPS = ("Read", "Crack", "Chunk", "Embed", "Write", "Optimise", "Publish")
TEXTS = {
    "holidays.md": "# Holidays\n\nEverybody has thirty days of holiday a year.\n",
    "garage.md": "# Parking\n\n## Opening hours\n\nThe garage opens at seven and closes at eight in the evening.\n",
    "illness.md": "# Sick leave\n\nWho is ill tells their manager before nine o'clock.\n",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, encoder_store: Path) -> Iterator[Platform]:  # noqa: F811
    settings = {"FLOWYARD_DATA_HOSTS": "127.0.0.1"}
    with Platform.up(tmp_path_factory.mktemp("home"), encoder_store, settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
def page(installation: Platform) -> Iterator[Page]:
    with browser_page(installation.sign_in_url) as opened:
        yield opened


def build(page: Page, folder: Path, texts: dict[str, str], button: str) -> None:
    """Choose a folder of documents, start the build and go to the index once it is there."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)
    page.get_by_label("Folder", exact=True).set_input_files(folder)
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("link", name="Search handbook").click(timeout=SLOW)
    expect(page.get_by_role("heading", name="handbook", exact=True)).to_be_visible(timeout=SLOW)


def test_make_an_index_search_it_build_it_again_and_roll_back(page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name="Indexes", exact=True).click()
    expect(page.get_by_text("No index yet")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="New index").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("handbook")
    expect(page.get_by_role("combobox", name="Embedding model")).not_to_have_value("", timeout=SLOW)
    build(page, tmp_path / "papers", TEXTS, "Build the index")

    page.get_by_role("textbox", name="Question").fill("when does the car park open?")
    page.get_by_role("button", name="Search", exact=True).click()
    found = page.get_by_role("list", name="What was found").get_by_role("listitem")
    expect(found.first).to_contain_text("Opening hours", timeout=SLOW)
    expect(found.first.get_by_role("row", name=re.compile("^Meaning 1 "))).to_be_visible()
    expect(found.first.locator("mark").filter(has_text="opens")).to_be_visible()
    found.first.get_by_role("link", name=re.compile("garage.md$")).click()
    chunks = page.get_by_role("complementary", name=re.compile("^Chunks of .*garage.md$"))
    expect(chunks).to_contain_text("closes at eight", timeout=SLOW)

    page.get_by_role("tab", name="Build").click()
    steps = page.get_by_role("group", name="Steps of the build")
    expect(steps.get_by_role("button")).to_have_text([re.compile(f"^{step}") for step in STEPS])
    steps.get_by_role("button", name=re.compile("^Crack")).click()
    given = page.get_by_role("region", name="What the step gave")
    expect(given).to_contain_text("# Parking")
    page.reload()
    expect(given).to_contain_text("# Parking")
    steps.get_by_role("button", name=re.compile("^Embed")).click()
    expect(given).to_contain_text("of 384 numbers")

    page.get_by_role("button", name="New version").click()
    later = {name: text for name, text in TEXTS.items() if name != "illness.md"} | {
        "holidays.md": "# Holidays\n\nEverybody has thirty-two days of holiday a year.\n",
        "canteen.md": "# Canteen\n\nLunch is served from noon.\n",
    }
    (tmp_path / "later").mkdir()
    build(page, tmp_path / "later" / "papers", later, "Build the version")

    page.get_by_role("tab", name="Versions (2)").click()
    for part, document in (("added", "canteen.md"), ("removed", "illness.md"), ("changed", "holidays.md")):
        expect(page.get_by_role("region", name=f"Documents {part}")).to_contain_text(document, timeout=SLOW)
    page.get_by_role("button", name="Change version 1").click()
    page.get_by_role("menuitem", name="Roll back to this").click()
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(page.get_by_role("row").filter(has_text="latest")).to_contain_text(re.compile("^1latest"), timeout=SLOW)

    page.get_by_role("tab", name="Search").click()
    page.get_by_role("textbox", name="Question").fill("days of holiday")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(found.first).to_contain_text("has thirty days", timeout=SLOW)


def test_a_web_site_becomes_an_index(page: Page, installation: Platform) -> None:
    with web_site() as site:
        site.pages = {"/": '<h1>Zoo</h1><p>Welcome.</p><a href="bears">b</a>', "/bears": "<h1>Bears</h1><p>Bears sleep all winter.</p>"}
        page.goto(f"{installation.url}/w/default/indexes/new/build")
        page.get_by_text("Web site", exact=True).click()
        page.get_by_role("textbox", name="Where to begin").fill(f"{site.url}/")
        page.get_by_role("textbox", name="Name", exact=True).fill("zoo")
        page.get_by_role("button", name="Build the index", exact=True).click()
        page.get_by_role("link", name="Search zoo").click(timeout=SLOW)
        page.get_by_role("textbox", name="Question").fill("when do bears sleep?")
        page.get_by_role("button", name="Search", exact=True).click()
        found = page.get_by_role("list", name="What was found").get_by_role("listitem")
        expect(found.first).to_contain_text("all winter", timeout=SLOW)
