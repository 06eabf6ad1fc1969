"""Every template and every example: opened in the studio, left as it was, byte for byte, and run on the local model."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from flowyard.flows.find import find_flow
from flowyard.flows.templates import list_templates
from support.accessibility import check_accessible
from support.installation import Platform, eventually

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(400)]

SLOW = 120_000
EXAMPLES = Path(__file__).parents[2] / "examples" / "flows"
#: Its search asks an index, which this platform has none of: it says so.
NEEDS_AN_INDEX = "documents"


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).parts[0].startswith((".", "__pycache__"))
    }


def _tried(page: Page, installation: Platform, name: str) -> None:
    """Open every view of a flow, type and take it back, and see that its files are the same, byte for byte."""
    folder = installation.home / "workspaces" / "default" / "flows" / name
    before = _files(folder)
    page.goto(f"{installation.url}/w/default/flows/{name}")
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    for tab in page.get_by_role("tab").all():
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-status=saved]")).to_be_visible()
    page.get_by_role("tab", name="Files").click()
    main = find_flow(folder).path.name
    page.goto(f"{installation.url}/w/default/flows/{name}?tab=files&file={main}")
    editor = page.get_by_role("textbox", name=f"Text of {main}")
    editor.click()
    page.keyboard.type("#")
    expect(page.get_by_role("button", name=f"Undo: Edit {main}")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    expect(page.locator("[data-status=saved]")).to_be_visible()
    assert _files(folder) == before


def _ends(installation: Platform, name: str) -> dict[str, object]:
    """Run a flow with its own default inputs in its session, and return how it ended."""
    answer = installation.request("POST", f"/api/v1/workspaces/default/flows/{name}/test", {"inputs": {}}, timeout=240)
    events = [json.loads(line[len("data: ") :]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]
    return events[-1]


@pytest.mark.parametrize("template", [template.name for template in list_templates()])
def test_a_template_opens_stays_as_it_is_and_runs(installation: Platform, page: Page, template: str) -> None:
    made = installation.request("POST", "/api/v1/workspaces/default/flows", {"name": f"my-{template}", "template": template})
    assert made.status == 201
    _tried(page, installation, f"my-{template}")
    ended = _ends(installation, f"my-{template}")
    assert ended["status"] == ("failed" if template == NEEDS_AN_INDEX else "completed"), ended
    if template == NEEDS_AN_INDEX:
        assert "index" in json.dumps(ended["error"])


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_an_example_opens_stays_as_it_is_and_runs(installation: Platform, page: Page, example: str) -> None:
    installation.run("flow", "upload", f"its-{example}", "--source", str(EXAMPLES / example))
    _tried(page, installation, f"its-{example}")
    ended = _ends(installation, f"its-{example}")
    assert ended["status"] == "completed", ended


def test_a_prompty_is_changed_in_its_form_and_only_there(installation: Platform, page: Page) -> None:
    prompty = installation.home / "workspaces" / "default" / "flows" / "my-prompty" / "ask.prompty"
    before = prompty.read_text()
    page.goto(f"{installation.url}/w/default/flows/my-prompty")
    page.get_by_role("combobox", name="temperature").fill("0")
    page.keyboard.press("Enter")
    body = page.get_by_role("textbox", name="Text of the prompt")
    body.click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type(" Be brief.")
    eventually(lambda: "Be brief." in prompty.read_text() and "temperature: 0\n" in prompty.read_text())
    assert prompty.read_text().replace(" Be brief.", "").replace("temperature: 0\n", "temperature: 0.2\n") == before
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("What is a lighthouse for?").first).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("complementary", name="Test run").get_by_text("Completed")).to_be_visible(timeout=SLOW)
    check_accessible(page)


def test_a_flex_flow_is_changed_in_its_form_and_its_code_is_completed(installation: Platform, page: Page) -> None:
    flow = installation.home / "workspaces" / "default" / "flows" / "my-flex" / "flow.flex.yaml"
    before = flow.read_text()
    page.goto(f"{installation.url}/w/default/flows/my-flex")
    expect(page.get_by_text("Class: made once, called for each line")).to_be_visible()
    made_with = page.get_by_role("combobox", name="Sample of longest")
    made_with.fill("many")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Made with longest")).to_contain_text("whole number")
    made_with.fill("7")
    page.keyboard.press("Enter")
    eventually(lambda: "longest: 7\n" in flow.read_text())
    assert flow.read_text().replace("longest: 7\n", "longest: 12\n") == before
    code = page.get_by_role("textbox", name="Text of readable.py")
    code.scroll_into_view_if_needed()
    code.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nwords = re.sp", delay=40)
    expect(page.get_by_role("listbox").get_by_role("option", name="split")).to_be_visible(timeout=SLOW)
    page.keyboard.press("Enter")
    expect(code).to_contain_text("words = re.split")
    check_accessible(page)
    page.keyboard.type('("a", "b")')
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("complementary", name="Test run").get_by_text("Completed")).to_be_visible(timeout=SLOW)
