"""What a new user does with data and models in the studio, in a real browser, on a real installation with the real local model."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local_model import CHAT_MODEL
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
    with sqlite3.connect(folder.parent / "shop.db") as database:
        database.execute("CREATE TABLE quiz (question TEXT, answer TEXT, label TEXT)")
        database.executemany("INSERT INTO quiz VALUES (?, ?, ?)", [(f"What is {n} plus one?", str(n + 1), "ab"[n % 2]) for n in range(20)])
    database.close()
    return folder


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, model_store: Path, data_folder: Path) -> Iterator[Platform]:
    cards, models = tmp_path_factory.mktemp("cards"), tmp_path_factory.mktemp("models")
    (cards / f"{MODEL}.yaml").write_text(card_of(model_store))
    settings = {"FLOWYARD_DATA_ROOTS": str(data_folder.parent), "FLOWYARD_CATALOG": str(cards)}
    with Platform.up(tmp_path_factory.mktemp("home"), models, settings=settings) as running:
        yield running


def test_connect_a_store_browse_it_make_an_asset_clean_it_and_see_its_lineage(page: Page, data_folder: Path) -> None:
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("tab", name="Datastores").click()
    page.get_by_role("button", name="Connect", exact=True).click()
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


def test_import_a_table_split_it_and_make_versions_on_a_schedule(page: Page, installation: Platform, data_folder: Path) -> None:
    page.goto(f"{installation.url}/w/default/data/new/datastore")
    page.get_by_role("radio", name="SQLite").click()
    page.get_by_role("textbox", name="File").fill(str(data_folder.parent / "shop.db"))
    page.get_by_role("textbox", name="Name", exact=True).fill("shop")
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("button", name="Make a data asset").click(timeout=SLOW)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Import", exact=True).click()
    dialog.get_by_role("link", name="Open quiz 1").click(timeout=SLOW)
    expect(page.get_by_text("rows of shop")).to_be_visible(timeout=SLOW)

    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Split").click()
    page.get_by_role("dialog").get_by_role("button", name="Split", exact=True).click()
    expect(page.get_by_role("link", name="quiz-train, 16 rows")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("link", name="quiz-test, 4 rows")).to_be_visible()

    page.goto(f"{installation.url}/w/default/data/datastores/shop")
    page.get_by_role("button", name="Make a data asset").click(timeout=SLOW)
    page.get_by_text("On a schedule").click()
    page.get_by_role("button", name="Schedule", exact=True).click()
    page.get_by_role("button", name="Pause quiz").click(timeout=SLOW)
    expect(page.get_by_role("button", name="Resume quiz")).to_be_visible(timeout=SLOW)


def test_files_of_a_folder_are_uploaded_in_parts(page: Page, installation: Platform, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.bin").write_bytes(bytes(9 * 1024 * 1024))
    (folder / "sub" / "b.txt").write_text("b")
    page.goto(f"{installation.url}/w/default/data")
    page.get_by_role("button", name="New data asset").first.click()
    page.get_by_label("Folder", exact=True).set_input_files(folder)
    expect(page.get_by_role("textbox", name="Name")).to_have_value("letters")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="letters")).to_be_visible(timeout=SLOW)
    assert installation.request("GET", "/api/v1/workspaces/default/data/letters/versions/1").json()["files"] == 2


def test_import_a_model_register_it_and_compare(page: Page, installation: Platform, data_folder: Path, model_store: Path) -> None:
    (file,) = (model_store / CHAT_MODEL).glob("*.gguf")
    installation.run("model", "pull", MODEL)
    folder = data_folder.parent / "mine"
    folder.mkdir()
    shutil.copy(file, folder)
    page.goto(f"{installation.url}/w/default/models")
    page.get_by_role("button", name="Import").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("A folder of the server").click()
    dialog.get_by_role("textbox", name="Folder").fill(str(folder))
    dialog.get_by_role("textbox", name="Name").fill("mine")
    dialog.get_by_role("button", name="Import").click()
    dialog.get_by_role("link", name="Open mine").click(timeout=SLOW)

    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("button", name="Register").click(timeout=SLOW)
    page.get_by_role("dialog").get_by_role("button", name="Register").click()
    page.get_by_role("button", name="Change mine 1").click(timeout=SLOW)
    page.get_by_role("menuitem", name="Stage, aliases, tags").click()
    page.get_by_role("combobox", name="Aliases").fill("champion")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("@champion")).to_be_visible(timeout=SLOW)

    page.goto(f"{installation.url}/w/default/models/compare/reports")
    page.get_by_role("combobox", name="Models").click()
    for name in (MODEL, "mine"):
        page.get_by_role("option", name=re.compile(rf"\({name}\)")).click()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Data").click()
    page.get_by_role("option", name="quiz 1", exact=True).click()
    page.get_by_role("textbox", name="Rows at most").fill("2")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_role("button", name="Begin").click(timeout=SLOW)
    expect(page.get_by_role("heading", name="Verdict")).to_be_visible(timeout=2 * SLOW)
