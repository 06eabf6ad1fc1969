"""Runs in the studio, in a real browser, on a real installation: made, watched, looked into, compared, exported."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.accessibility import check_accessible
from support.installation import Platform

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(300)]

WORDS = ["a", "lighthouse", "blinks", "over", "the", "quick", "brown", "fox"]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    models = tmp_path_factory.mktemp("models")
    with Platform.up(tmp_path_factory.mktemp("home"), models) as running:
        yield running


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30 rows: a text of 1 to 8 words, and a title of two."""
    path = tmp_path_factory.mktemp("data") / "rows.jsonl"
    lines = [{"text": " ".join(WORDS[: 1 + index % 8]), "title": f"Row {index}"} for index in range(30)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def upload(page: Page, rows: Path) -> None:
    page.get_by_label("Data file").set_input_files(rows)
    expect(page.get_by_role("region", name="First rows of the data").get_by_role("row")).to_have_count(21)


def create(page: Page, name: str, rows: int = 30) -> None:
    """Name the run, make it and watch it to its end."""
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("button", name="Create run").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text("Completed").first).to_be_visible(timeout=90_000)
    expect(page.get_by_role("tab", name=f"Rows ({rows})")).to_be_visible()


def test_the_list_without_runs_offers_to_make_one(page: Page) -> None:
    page.get_by_role("link", name="Runs").first.click()
    expect(page.get_by_role("heading", name="No runs yet")).to_be_visible()
    check_accessible(page)
    page.get_by_role("link", name="New run").last.click()
    expect(page.get_by_role("heading", name="New run")).to_be_visible()
    expect(page.get_by_role("button", name="Create run")).to_be_disabled()


def test_a_flow_runs_on_an_uploaded_file_and_a_row_leads_to_its_trace(installation: Platform, page: Page, rows: Path) -> None:
    page.goto(f"{installation.url}/w/default/flows/demo-python")
    page.get_by_role("link", name="Run on data").click()
    upload(page, rows)
    expect(page.get_by_role("combobox", name="text comes from")).to_have_value("${data.text}")
    expect(page.get_by_role("list", name="What the first rows feed text")).to_contain_text("a lighthouse")
    expect(page.get_by_text("--column-mapping 'text=${data.text}'")).to_be_visible()
    check_accessible(page)
    create(page, "texts")
    check_accessible(page)

    page.get_by_role("tab", name="Rows (30)").click()
    table = page.get_by_role("region", name="Rows of texts")
    table.get_by_role("button", name="outputs.words").click()
    table.get_by_role("button", name="outputs.words").click()
    expect(table.get_by_role("row").nth(1)).to_contain_text("a lighthouse blinks over the quick brown fox")
    page.get_by_role("searchbox").fill("BLINKS over the")
    expect(page.get_by_text("14 rows", exact=True)).to_be_visible()
    table.get_by_role("button", name="7", exact=True).focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Row 7")
    expect(panel.get_by_text("lighthouse", exact=True).first).to_be_visible()
    panel.get_by_role("button", name="split").click()
    expect(panel.get_by_role("heading", name="Output", exact=True)).to_be_visible()
    check_accessible(page)

    panel.get_by_role("link", name="Trace").click()
    expect(page.get_by_role("treeitem").filter(has_text="split")).to_be_visible(timeout=60_000)


def test_traces_become_the_rows_of_a_run_without_leaving_the_wizard(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/runs/new?flow=demo-python")
    page.get_by_role("radiogroup", name="Where the rows come from").get_by_text("Traces").click()
    expect(page.get_by_text("30 traces fit; each becomes a row.")).to_be_visible()
    page.get_by_role("combobox", name="Feedback").click()
    page.get_by_role("option", name="Bad").click()
    expect(page.get_by_text("No trace fits.")).to_be_visible()
    expect(page.get_by_role("button", name="Make rows of them")).to_be_disabled()
    page.reload()
    expect(page.get_by_role("combobox", name="Feedback")).to_have_value("Bad")
    page.get_by_role("combobox", name="Feedback").click()
    page.get_by_role("option", name="Bad").click()
    page.get_by_role("textbox", name="Search", exact=True).fill("blinks")
    expect(page.get_by_text("22 traces fit; each becomes a row.")).to_be_visible()
    expect(page.get_by_text("flowyard data from-traces from-traces")).to_contain_text("--q '(blinks)'")
    check_accessible(page)
    page.get_by_role("button", name="Make rows of them").click()
    expect(page.get_by_text("22 rows", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="text comes from")).to_have_value("${data.text}")
    expect(page.get_by_text("demo-python runs over from-traces:1.")).to_be_visible()
    check_accessible(page)
    create(page, "again", rows=22)


def test_two_mappings_are_compared_and_exported(installation: Platform, page: Page, rows: Path, tmp_path: Path) -> None:
    page.goto(f"{installation.url}/w/default/runs/new?flow=demo-python")
    upload(page, rows)
    source = page.get_by_role("combobox", name="text comes from")
    source.fill("${data.titel}")
    expect(page.get_by_text("The row has no column titel.")).to_be_visible()
    expect(page.get_by_role("button", name="Create run")).to_be_disabled()
    source.fill("${data.title}")
    create(page, "titles")

    page.get_by_role("link", name="Runs").first.click()
    for name in ("texts", "titles"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    check_accessible(page)
    page.get_by_role("toolbar", name="Selected runs").get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Outputs differ on 30 of 30 rows (100 %).")).to_be_visible()
    expect(page.get_by_text(re.compile(r"words is [\d.]+ lower in titles than in texts \(95 % interval"))).to_be_visible()
    check_accessible(page)
    page.get_by_role("tab", name="Rows (30)").click()
    first = page.get_by_role("region", name="Rows side by side").get_by_role("row").nth(2)
    expect(first).to_contain_text("a lighthouse")
    expect(first.get_by_text("(differs)").first).to_be_attached()
    first.get_by_role("button", name="1", exact=True).click()
    panel = page.get_by_role("complementary", name="Row 1")
    expect(panel.get_by_text("(differs)").first).to_be_attached()
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight"), "the page scrolls inside its frame"

    panel.get_by_role("link", name="Open row 1 of titles").click()
    expect(page.get_by_role("complementary", name="Row 1")).to_be_visible()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Rows as .jsonl").click()
    exported = tmp_path / "titles.jsonl"
    download.value.save_as(exported)
    assert len(exported.read_text().splitlines()) == 30


def test_an_archived_run_leaves_the_list_and_comes_back(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/runs")
    page.get_by_role("checkbox", name="Select texts").check()
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(page.get_by_role("checkbox", name="Select texts")).to_have_count(0)
    page.goto(f"{installation.url}/w/default/runs?archived=only")
    page.get_by_role("checkbox", name="Select texts").check()
    page.get_by_role("button", name="Restore", exact=True).click()
    page.goto(f"{installation.url}/w/default/runs")
    expect(page.get_by_role("link", name="texts")).to_be_visible()


def test_a_run_is_evaluated_over_its_outputs(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/runs/titles")
    page.get_by_role("link", name="Evaluate").first.click()
    flow = page.get_by_role("combobox", name="Flow", exact=True)
    flow.click()
    page.get_by_role("option", name="demo-python").click()
    source = page.get_by_role("combobox", name="text comes from")
    expect(source).to_have_value("${run.inputs.text}")
    source.fill("${run.outputs.longest}")
    create(page, "longest")
    expect(page.get_by_role("link", name="titles")).to_be_visible()
    assert installation.json("run", "show", "longest")["column_mapping"] == {"text": "${run.outputs.longest}"}


@pytest.fixture(scope="module")
def slow(installation: Platform, rows: Path) -> str:
    """A run of 180 rows that takes some seconds, under way."""
    flow = installation.home / "workspaces/default/flows/slow"
    flow.mkdir(parents=True)
    (flow / "flow.dag.yaml").write_text(
        "inputs: {text: {type: string}}\noutputs: {text: {type: string, reference: '${wait.output}'}}\n"
        "nodes:\n- {name: wait, type: python, source: {type: code, path: wait.py}, inputs: {text: '${inputs.text}'}}\n"
    )
    (flow / "wait.py").write_text(
        "import time\nfrom promptflow.core import tool\n\n@tool\ndef wait(text: str) -> str:\n    time.sleep(0.1)\n    return text\n"
    )
    data = rows.with_name("many.jsonl")
    data.write_text(rows.read_text() * 6)
    words = ("--flow", "slow", "--data", str(data), "--column-mapping", "text=${data.text}", "--concurrency", "2", "--name", "slowly")
    installation.run("run", "create", *words)
    return "slowly"


def test_a_run_is_watched_canceled_resumed_and_deleted(installation: Platform, page: Page, slow: str) -> None:
    page.goto(f"{installation.url}/w/default/runs/{slow}")
    expect(page.get_by_text(re.compile(r"\d+ of 180 rows · [\d.]+ rows/s · .+ left")).first).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Cancel").first.click()
    page.get_by_role("button", name="Resume").click(timeout=60_000)
    expect(page.get_by_role("tab", name="Rows (180)")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Completed").first).to_be_visible()

    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete run").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="texts")).to_be_visible()
    expect(page.get_by_role("link", name=slow)).to_have_count(0)


def test_what_scores_a_run_is_chosen_where_it_begins(installation: Platform, page: Page, rows: Path) -> None:
    page.goto(f"{installation.url}/w/default/runs/new?flow=demo-python")
    expect(page.get_by_text("Choose a flow and its data first.").first).to_be_visible()
    upload(page, rows)
    evaluators = page.get_by_role("combobox", name="Add an evaluator")
    evaluators.click()
    page.get_by_role("option", name="f1_score", exact=True).click()
    response = page.get_by_role("combobox", name="response of f1_score comes from")
    expect(page.get_by_role("button", name="Create run")).to_be_disabled()
    response.fill("${run.outputs.nothing}")
    expect(page.get_by_text("The row has no column nothing.")).to_be_visible()
    response.fill("${run.outputs.longest}")
    page.get_by_role("combobox", name="ground_truth of f1_score comes from").fill("${data.title}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_role("list", name="What the first rows feed ground_truth of f1_score")).to_contain_text("Row 0")
    expect(page.get_by_text("Then its outputs are scored by f1_score.")).to_be_visible()
    check_accessible(page)
    create(page, "scored")
    installation.run("run", "stream", next(run["name"] for run in installation.json("run", "list") if run["run"] == "scored"))
    page.get_by_role("link", name="Runs").first.click()
    row = page.get_by_role("row").filter(has_text="f1_score-")
    expect(row).to_contain_text("Completed")
    expect(row).to_contain_text("f1_score")
