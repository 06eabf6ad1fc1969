"""What a new user does with data and models in the studio, in a real browser, on a real installation with the real local model."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.browser import browser_page
from support.installation import Platform
from support.local_card import MODEL, card_of

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(420)]

SLOW = 120_000


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "papers"
    (folder / "2026").mkdir(parents=True)
    rows = [{"question": f"What is {number % 20} plus one?", "label": "ab"[number % 2]} for number in range(40)]
    (folder / "2026" / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, model_store: Path, data_folder: Path) -> Iterator[Platform]:
    cards, models = tmp_path_factory.mktemp("cards"), tmp_path_factory.mktemp("models")
    (cards / f"{MODEL}.yaml").write_text(card_of(model_store))
    settings = {"FLOWYARD_DATA_ROOTS": str(data_folder.parent), "FLOWYARD_CATALOG": str(cards)}
    with Platform.up(tmp_path_factory.mktemp("home"), models, settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
def page(installation: Platform) -> Iterator[Page]:
    with browser_page(installation.sign_in_url) as opened:
        yield opened


def test_connect_a_store_browse_it_make_an_asset_clean_it_and_see_its_lineage(page: Page, data_folder: Path) -> None:
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("tab", name="Datastores").click()
    page.get_by_role("link", name="Connect", exact=True).click()
    page.get_by_role("radio", name="Folder of the server").click()
    page.get_by_role("textbox", name="Folder").fill("/etc")
    page.get_by_role("textbox", name="Name", exact=True).fill("papers")
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_role("status").filter(has_text="It cannot be reached")).to_contain_text("FLOWYARD_DATA_ROOTS", timeout=SLOW)
    page.get_by_role("textbox", name="Folder").fill(str(data_folder))
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_role("status").filter(has_text="It answers")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Connect", exact=True).click()

    page.get_by_role("button", name="2026").click()
    page.get_by_role("button", name="questions.jsonl").click()
    panel = page.get_by_role("complementary", name="The file 2026/questions.jsonl")
    expect(panel.get_by_role("cell", name="What is 3 plus one?").first).to_be_visible(timeout=SLOW)
    panel.get_by_role("button", name="Make a data asset").click()
    page.get_by_role("dialog").get_by_role("button", name="Create").click()

    expect(page.get_by_role("heading", name="questions", exact=True)).to_be_visible(timeout=SLOW)
    page.get_by_text("Columns", exact=True).click()
    expect(page.get_by_role("region", name="Column label")).to_contain_text("50 %", timeout=SLOW)

    page.get_by_role("button", name="Transform").click()
    page.get_by_role("button", name="Add a step").click()
    page.get_by_role("menuitem", name="Deduplicate").click()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("list", name="What each step did")).to_contain_text("20 dropped: equal to an earlier row", timeout=SLOW)
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("link", name="See its lineage").click(timeout=SLOW)

    graph = page.get_by_role("group", name="Lineage as a graph")
    for thing in ("Datastore papers", "Data asset questions 1", "Data asset questions-clean 1"):
        expect(graph.get_by_label(thing)).to_be_visible(timeout=SLOW)
    expect(graph).to_contain_text("transformed")
    page.get_by_text("List", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="papers")).to_contain_text("2 steps up", timeout=SLOW)


def test_find_a_model_see_that_it_fits_pull_it_verify_it_and_deploy_it(page: Page, installation: Platform) -> None:
    page.goto(f"{installation.url}/w/default/models")
    page.get_by_role("searchbox", name="Search models").fill("tiny chat")
    page.get_by_role("link", name=re.compile("Tiny Chat")).click()
    page.get_by_role("tab", name="Will it fit").click()
    expect(page.get_by_role("status").filter(has_text="It fits")).to_be_visible(timeout=SLOW)

    page.get_by_role("button", name=re.compile("^Pull")).click()
    expect(page.get_by_text("Ready", exact=True).first).to_be_visible(timeout=SLOW)

    page.get_by_role("tab", name="Verify").click()
    page.get_by_role("button", name="Verify", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("costs nothing", timeout=SLOW)
    for slow in ("Long context", "Determinism", "Json schema", "Tools", "Speed", "Memory"):
        dialog.get_by_role("checkbox", name=slow).uncheck()
    page.get_by_role("button", name="Begin").click()
    checks = page.get_by_role("list", name="Checks")
    expect(checks).to_contain_text("Streaming", timeout=SLOW)
    expect(page.get_by_role("status").filter(has_text=re.compile(r"\d+ passed, \d+ failed"))).to_be_visible(timeout=2 * SLOW)
    expect(page.get_by_text(re.compile(r"^Verified|checks failed$")).first).to_be_visible(timeout=SLOW)

    page.get_by_role("button", name="Deploy", exact=True).click()
    page.get_by_role("textbox", name="Endpoint").fill("tiny")
    page.get_by_role("button", name="Deploy", exact=True).click()
    page.get_by_role("link", name="Test the endpoint").click(timeout=SLOW)
    expect(page.get_by_role("heading", name="tiny")).to_be_visible(timeout=SLOW)
