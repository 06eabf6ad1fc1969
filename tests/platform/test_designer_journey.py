"""From a template to a data set of what was answered, and a flow made with the keys alone: in a browser, with the real local model."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.installation import Platform

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(500)]

SLOW = 120_000
ROWS = [{"topic": topic, "truth": f"{topic.capitalize()} is there."} for topic in ("a bridge", "a garden", "a train")]


def test_a_template_becomes_a_flow_whose_prompt_is_edited_run_and_varied(installation: Platform, page: Page) -> None:
    page.get_by_role("link", name="Flows", exact=True).click()
    page.get_by_role("button", name="New flow").first.click()
    page.get_by_role("radio", name="Prompt, model, Python").click()
    page.get_by_role("textbox", name="Name").fill("shop")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="shop", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Cards").click()
    card = page.get_by_role("article", name="Node prompt")
    card.get_by_role("textbox", name="Text of prompt.jinja2").click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.type(" Be brief.")
    card.get_by_role("switch", name="Runs only on a condition").focus()
    page.keyboard.press("Space")
    expect(card.get_by_role("switch")).to_be_checked()
    page.keyboard.press("Control+z")
    expect(card.get_by_role("switch")).not_to_be_checked()
    page.get_by_role("tab", name="Graph").click()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("complementary", name="Test run").get_by_text("Completed")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("group", name="Prompt node prompt")).to_contain_text("Be brief.")

    page.get_by_role("tab", name="Cards").click()
    card.get_by_role("button", name="Make a variant").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("single")
    page.get_by_role("button", name="Make variant", exact=True).click()
    page.get_by_role("tab", name="Variants").click()
    page.get_by_role("article", name="Variant single").get_by_role("textbox", name="Text of prompt__single.jinja2").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Write one sentence about {{topic}}.")
    expect(page.locator("[data-status=saved]")).to_be_visible()
    folder = installation.home / "workspaces/default/flows/shop"
    assert folder.joinpath("prompt__single.jinja2").read_text() == "Write one sentence about {{topic}}."


def test_its_variants_run_over_data_are_evaluated_and_compared(installation: Platform, page: Page, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    page.get_by_role("tabpanel").get_by_role("link", name="Run on data").click()
    page.get_by_label("Data file").set_input_files(tmp_path / "rows.jsonl")
    expect(page.get_by_role("combobox", name="topic comes from")).to_have_value("${data.topic}")
    for name in ("variant_0 (default)", "single"):
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    page.get_by_role("textbox", name="Name", exact=True).fill("shops")
    page.get_by_role("button", name="Create run").click()
    expect(page.get_by_role("tab", name="Rows (6)")).to_be_visible(timeout=SLOW)

    page.get_by_role("link", name="Evaluate").first.click()
    page.get_by_role("combobox", name="Flow", exact=True).click()
    page.get_by_role("option", name="f1_score").click()
    page.get_by_role("checkbox", name=re.compile("^Its data too")).check(timeout=SLOW)
    page.get_by_role("combobox", name="response comes from").fill("${run.outputs.text}")
    page.get_by_role("combobox", name="ground_truth comes from").fill("${data.truth}")
    page.get_by_role("textbox", name="Name", exact=True).fill("judged")
    page.get_by_role("button", name="Create run").click()
    expect(page.get_by_role("tab", name="Rows (6)")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("group", name="Metrics by variant")).to_contain_text("f1_score", timeout=SLOW)

    page.get_by_role("link", name="Runs", exact=True).first.click()
    page.get_by_role("link", name="shops").click()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text(re.compile(r"Outputs differ on \d of 3 rows"))).to_be_visible()
    rows = installation.json("run", "show-details", "shops")
    asked = {(row["inputs"]["topic"], row["variant"]) for row in rows}
    assert asked == {(row["topic"], f"${{prompt.{variant}}}") for row in ROWS for variant in ("variant_0", "single")}
    assert all(row["outputs"]["text"] for row in rows)

    page.get_by_role("link", name="Runs", exact=True).first.click()
    page.get_by_role("link", name="judged").click()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("region", name="In short")).to_contain_text(re.compile("f1_score.*(3 rows|than in|rows would be needed)"))
    found = installation.json("run", "compare", "judged")
    assert [side["variant"] for side in found["sides"]] == ["${prompt.single}", "${prompt.variant_0}"]
    assert "f1_score" in {score["name"] for score in found["scores"]}


def test_it_is_deployed_called_and_its_trace_becomes_data(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/flows/shop")
    page.get_by_role("link", name="Deploy").click()
    page.get_by_role("textbox", name="Endpoint").fill("shop-endpoint")
    expect(page.get_by_role("list", name="Checks")).to_contain_text("The flow has no errors.")
    page.get_by_role("button", name="Deploy", exact=True).click()
    page.get_by_role("link", name="Test the endpoint").click(timeout=SLOW)
    page.get_by_role("textbox", name="topic").fill("a bridge")
    page.get_by_role("button", name="Send", exact=True).click()
    answer = page.get_by_role("complementary", name="Answer")
    expect(answer.get_by_text("200 OK")).to_be_visible(timeout=SLOW)
    answer.get_by_role("link", name="Trace").click()
    expect(page.get_by_role("treeitem").filter(has_text="write")).to_be_visible(timeout=SLOW)
    trace = re.sub(r".*/traces/([0-9a-f]{32}).*", r"\1", page.url)
    spans = installation.json("trace", "show", trace)["spans"]
    (called,) = [span["attributes"] for span in spans if span["kind"] == "llm"]
    assert "a bridge. Be brief." in str(called["gen_ai.input.messages"])

    page.goto(f"{installation.url}/w/default/traces?q=endpoint%3Ashop-endpoint")
    page.get_by_role("table").get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Add 1 to data set").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Data asset").fill("asked")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="asked", exact=True)).to_be_visible(timeout=SLOW)
    preview = installation.request("GET", "/api/v1/workspaces/default/data/asked/versions/latest/preview").json()
    (row,) = [row["values"] for row in preview["rows"]]
    assert row["topic"] == "a bridge"
    assert row["trace_id"] == trace


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate("(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent || '').trim()")
        if focused == name:
            return
    pytest.fail(f"the keyboard does not come to {name!r}")


def test_with_the_keys_alone_a_flow_is_made_run_and_deployed(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/flows")
    expect(page.get_by_role("heading", name="Flows", exact=True)).to_be_visible()
    tab_to(page, "New flow")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("textbox", name="Name")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("by-keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="by-keys", exact=True)).to_be_visible()
    tab_to(page, "Run")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Test run").get_by_text("Completed")).to_be_visible(timeout=SLOW)
    page.reload()
    expect(page.get_by_role("heading", name="by-keys", exact=True)).to_be_visible()
    tab_to(page, "Deploy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Checks")).to_contain_text("The flow has no errors.")
    tab_to(page, "Deploy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Test the endpoint")).to_be_visible(timeout=SLOW)
    assert set(installation.json("endpoint", "invoke", "by-keys", "--inputs", "topic=a garden")) == {"text"}
