"""The report as a person uses it, in a browser: nothing is fetched, hostile texts are texts, filters filter."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from flowyard.flows.runs.compare import CompareFilter, compare
from flowyard.flows.runs.describe import read_run
from flowyard.flows.runs.report import report
from support.recorded_runs import recorded

pytestmark = [pytest.mark.integration, pytest.mark.browser]

HOSTILE = "</script><script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    base = {line: {"answer": HOSTILE if line == 1 else f"answer {line}", "score": line % 5} for line in range(120)}
    better = {**base, 3: {"answer": "changed", "score": 4}, 4: None}
    runs = {name: recorded(tmp_path / name, {"": rows}, metrics={"": {"mean": 2}}) for name, rows in (("base", base), ("better", better))}
    file = tmp_path / "report.html"
    file.write_text(report([read_run(folder) for folder in runs.values()], compare(runs, CompareFilter(limit=1000))), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        opened = browser.new_page()
        problems: list[str] = []
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        opened.on("request", lambda request: None if request.url == file.as_uri() else problems.append(request.url))
        opened.goto(file.as_uri())
        yield opened
        browser.close()
        assert problems == []


def test_rows_are_paged_found_and_filtered(page: Page) -> None:
    expect(page).to_have_title("base · better")
    rows = page.locator("#rows tr")
    expect(page.locator("#count")).to_have_text("1 to 50 of 120")
    expect(rows).to_have_count(51)
    expect(rows.nth(2)).to_contain_text(HOSTILE)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#count")).to_have_text("51 to 100 of 120")
    page.get_by_label("Find in inputs and outputs").fill("CHANGED")
    expect(page.locator("#count")).to_have_text("1 to 1 of 1")
    page.get_by_label("Find in inputs and outputs").fill("")
    page.get_by_label("only rows that differ").check()
    expect(page.locator("#count")).to_have_text("1 to 2 of 2")
    page.get_by_label("Which rows").select_option("failed")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("row 4 is bad")
    page.get_by_label("Which rows").select_option("")
    page.get_by_label("only rows that differ").uncheck()
    page.get_by_label("Find in inputs and outputs").fill("no such words")
    expect(page.locator("#count")).to_have_text("No rows")


def test_metrics_scores_and_runs_are_side_by_side(page: Page) -> None:
    expect(page.locator("article")).to_have_count(2)
    expect(page.get_by_role("cell", name="mean score")).to_be_visible()
    expect(page.locator("svg[role=img]")).to_have_count(1)
    expect(page.locator("#metric-note")).to_contain_text("95 % confidence interval")
