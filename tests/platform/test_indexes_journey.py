"""What a new user does with an index in the studio, in a real browser, on a real installation with the real embedding model."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local_model import encoder_store  # noqa: F401
from support.accessibility import check_accessible
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


def build(page: Page, folder: Path, texts: dict[str, str], button: str) -> None:
    """Choose a folder of documents, start the build and go to the index once it is there."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)
    page.get_by_label("Folder", exact=True).set_input_files(folder)
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("link", name="Search handbook").click(timeout=SLOW)
    expect(page.get_by_role("heading", name="handbook", exact=True)).to_be_visible(timeout=SLOW)


def test_ways_of_cutting_stand_side_by_side_before_a_build(page: Page, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "papers" / name).write_text(text * 9)
    page.get_by_role("link", name="Indexes", exact=True).click()
    page.get_by_role("button", name="New index").click()
    expect(page.get_by_role("button", name="Preview", exact=True)).to_be_disabled(timeout=SLOW)
    page.get_by_label("Folder", exact=True).set_input_files(tmp_path / "papers")
    expect(page.get_by_role("combobox", name="Embedding model")).not_to_have_value("", timeout=SLOW)
    page.get_by_role("button", name="Preview", exact=True).click()
    dialog = page.get_by_role("dialog", name="Ways of cutting")
    dialog.get_by_role("combobox", name="Document").click()
    page.get_by_role("option", name="papers/garage.md").click()
    ways = [
        dialog.get_by_role("region", name=name, exact=True)
        for name in ("By structure, 256 + 32", "By structure, 128 + 32", "By length, 256 + 32")
    ]
    for way in ways:
        expect(way.get_by_role("region")).to_contain_text("The garage opens at seven", timeout=SLOW)
        expect(way).to_contain_text(re.compile(r"^.*\d chunks?, \d+ tokens"))
    check_accessible(page)
    ways[1].get_by_role("button", name="Cut so").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Most tokens of a chunk")).to_have_value("128")
    page.get_by_role("link", name="Indexes", exact=True).first.click()


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
    counts = {"Read": "3 documents", "Crack": "3 documents", "Chunk": "3 chunks", "Embed": "3 chunks", "Write": "3 documents"}
    for step, count in counts.items():
        expect(steps.get_by_role("button", name=re.compile(f"^{step}"))).to_have_text(re.compile(f"^{step}{count}.*[0-9] (m?s|min)"))
    steps.get_by_role("button", name=re.compile("^Crack")).click()
    given = page.get_by_role("region", name="What the step gave")
    expect(given).to_contain_text("# Parking")
    page.reload()
    expect(given).to_contain_text("# Parking")
    steps.get_by_role("button", name=re.compile("^Embed")).click()
    expect(given).to_contain_text("of 384 numbers")

    page.get_by_role("button", name="New version").click()
    expect(page.get_by_role("combobox", name="Data asset")).to_have_value("handbook-documents, its newest version", timeout=SLOW)
    page.get_by_text("Files", exact=True).click()
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
        page.goto(f"{installation.url}/w/default/indexes/new")
        page.get_by_text("Web site", exact=True).click()
        page.get_by_role("textbox", name="Where to begin").fill(f"{site.url}/")
        page.get_by_role("textbox", name="Name", exact=True).fill("zoo")
        page.get_by_role("button", name="Build the index", exact=True).click()
        page.get_by_role("link", name="Search zoo").click(timeout=SLOW)
        page.get_by_role("textbox", name="Question").fill("when do bears sleep?")
        page.get_by_role("button", name="Search", exact=True).click()
        found = page.get_by_role("list", name="What was found").get_by_role("listitem")
        expect(found.first).to_contain_text("all winter", timeout=SLOW)


#: Of each document the answer that a scripted model is told to give. Two questions mean the same.
OFFICE = {
    "holidays.md": "Everybody has thirty days of holiday a year. The manager of a team approves holidays within a week of being asked.",
    "garage.md": "The garage opens at seven and closes at eight in the evening. Visitors park on level 2, and staff on level 1.",
    "gate.md": "The garage is opened at seven, which is the time when the guard closes the gate of the yard behind the house.",
    "illness.md": "Who is ill tells their manager before nine o'clock. A doctor's certificate is needed from the third day on.",
}
WRITTEN = {
    "thirty days": ("How many days of holiday does everybody have?", "thirty days"),
    "opens at seven": ("When does the garage open?", "at seven"),
    "third day": ("Who is told of being ill before nine o'clock?", "their manager"),
    "closes the gate": ("At what time is the garage opened?", "at seven"),
}


@pytest.fixture(scope="module")
def office(installation: Platform, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an index of OFFICE; the connection `writer` leads to a model that asks what WRITTEN says."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "office").mkdir()
    for name, text in OFFICE.items():
        (folder / "office" / name).write_text(text)
    rules = [{"match": f"(?s){part}.*", "json": {"question": asked, "answer": told}} for part, (asked, told) in WRITTEN.items()]
    (folder / "script.json").write_text(json.dumps({"models": ["writer"], "rules": rules}))
    (folder / "writer.yaml").write_text(f"name: writer\ntype: scripted\nscript: {folder / 'script.json'}\n")
    installation.run("connection", "create", "--file", str(folder / "writer.yaml"))
    installation.run("index", "create", "office", "--data", str(folder / "office"))
    return f"{installation.url}/w/default/indexes/office"


def generate(page: Page) -> None:
    """Have the connection's model write four short questions."""
    expect(page.get_by_text("No question set yet")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Generate", exact=True).click()
    page.get_by_role("textbox", name="Questions", exact=True).fill("4")
    for kind in ("long", "yes or no", "overview", "follow-up"):
        page.get_by_role("textbox", name=f"Share of {kind}").fill("0")
    page.get_by_text("Behind a connection").click()
    page.get_by_role("combobox", name="Connection").click()
    page.get_by_role("option", name="writer").click()
    page.get_by_role("textbox", name="Model", exact=True).fill("writer")
    page.get_by_role("button", name="Generate questions").click()


def look_over(page: Page) -> None:
    """Change an answer, delete a question, take an added one back, and save the version."""
    rows = page.get_by_role("row")
    holidays = rows.filter(has_text="thirty days")
    expect(holidays).to_contain_text("Short", timeout=SLOW)
    check_accessible(page)
    holidays.get_by_role("button", name="thirty days", exact=True).click()
    page.get_by_role("textbox", name="Answer", exact=True).fill("30 days")
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name=re.compile("^Select Who is told")).check()
    page.get_by_role("button", name="Delete 1").click()
    page.get_by_role("button", name="Add a question").click()
    written = page.get_by_role("dialog")
    written.get_by_role("textbox", name="Question", exact=True).fill("When does the gate close?")
    written.get_by_role("combobox", name="Document").fill("gate")
    page.get_by_role("option", name="gate.md").click()
    written.get_by_role("button", name="Add", exact=True).click()
    unsaved = page.get_by_role("status")
    expect(unsaved).to_contain_text("1 changed, 1 added, 1 deleted")
    page.get_by_role("tab", name="Search").click()
    page.get_by_role("dialog").get_by_role("button", name="Stay").click()
    page.get_by_role("button", name="Undo").click()
    expect(unsaved).to_contain_text("1 changed, 1 deleted")
    page.get_by_role("button", name="Save a version").click()
    expect(page.get_by_role("combobox", name="Version of the set")).to_have_value("2", timeout=SLOW)
    expect(rows.filter(has_text="30 days")).to_be_visible()
    expect(rows).to_have_count(3)


def test_a_question_set_is_generated_looked_over_saved_measured_with_and_imported(page: Page, office: str, tmp_path: Path) -> None:
    page.goto(office)
    page.get_by_role("tab", name="Questions").click()
    generate(page)
    made = page.get_by_role("region", name="What was made")
    expect(made).to_contain_text("3 questions of 3 documents. 4 passages were asked about", timeout=SLOW)
    expect(made).to_contain_text("1 means the same as another")
    made.get_by_text("Some that were not taken").click()
    expect(made).to_contain_text(re.compile("(opened|open)\\? means the same as .*garage"))
    page.reload()
    made.get_by_role("link", name="Look it over").click()

    look_over(page)
    page.get_by_role("link", name="garage.md").or_(page.get_by_role("link", name="gate.md")).click()
    expect(page.get_by_role("complementary", name=re.compile("^Chunks of"))).to_contain_text("seven", timeout=SLOW)
    page.go_back()
    page.get_by_role("link", name="Measure with this set").click()
    expect(page.get_by_role("combobox", name="Question set")).to_have_value("office-questions 2", timeout=SLOW)
    page.get_by_role("button", name="Measure version 1").click()
    expect(page.get_by_role("region", name="Questions")).to_contain_text("How many days of holiday", timeout=SLOW)

    asked = ("Query,Expected Answer,File", '"When, at most?",before nine,illness.md', ",nothing,illness.md", "Where?,,")
    (tmp_path / "asked.csv").write_text("\n".join(asked))
    page.get_by_role("tab", name="Questions").click()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_label("Files").set_input_files(tmp_path / "asked.csv")
    told = "1 of 3 rows are questions. 2 are left out. Row 2: It has no question."
    expect(page.get_by_role("status").filter(has_text="rows")).to_have_text(told)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="When, at most?")).to_contain_text("illness.md", timeout=SLOW)


def test_a_better_configuration_is_searched_for_and_becomes_a_flow(page: Page, office: str, installation: Platform, tmp_path: Path) -> None:
    asked = [{"question": question, "document": name} for name in OFFICE for question, told in WRITTEN.values() if told in OFFICE[name]]
    (tmp_path / "asked.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked))
    installation.run("data", "create", "office-asked", str(tmp_path / "asked.jsonl"))
    page.goto(office)
    page.get_by_role("tab", name="Configurations").click()
    expect(page.get_by_text("No search yet")).to_be_visible(timeout=SLOW)
    page.get_by_role("combobox", name="Question set").click()
    page.get_by_role("option", name="office-asked 1").click()
    for cut in ("structure:128:32", "structure:448:32"):
        page.locator(".mantine-Pill-root", has_text=cut).get_by_role("button", include_hidden=True).click()
    page.get_by_role("button", name="Search over version 1").click()
    found = page.get_by_role("region", name="What was found")
    expect(found).to_contain_text("is recommended", timeout=SLOW)
    expect(page.get_by_role("region", name="What each choice does")).to_contain_text("instead of")
    expect(page.get_by_role("row", name=re.compile(r"^c1 ?(recommended|present)"))).to_contain_text("structure, 256 + 32")
    check_accessible(page)
    found.get_by_role("button", name=re.compile("Make c.* a flow")).click()
    page.get_by_role("textbox", name="Name of the flow").fill("office-answers")
    page.get_by_role("button", name="Make the flow").click()
    expect(page.get_by_role("heading", name="office-answers")).to_be_visible(timeout=SLOW)
    written = (installation.home / "workspaces/default/flows/office-answers/flow.dag.yaml").read_text()
    assert "use_variants: true" in written
