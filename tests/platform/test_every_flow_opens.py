"""Every template and every example: opened in the studio, left as it was, byte for byte, and run on the local model."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from flowyard.flows.find import find_flow
from flowyard.flows.templates import list_templates
from support.browser import browser_page
from support.installation import Platform

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(400)]

EXAMPLES = Path(__file__).parents[2] / "examples" / "flows"
#: Its search asks an index, which this platform has none of: it says so.
NEEDS_AN_INDEX = "documents"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, model_store: Path) -> Iterator[Platform]:
    with Platform.up(tmp_path_factory.mktemp("home"), model_store) as running:
        yield running


@pytest.fixture(scope="module")
def page(installation: Platform) -> Iterator[Page]:
    with browser_page(installation.sign_in_url) as opened:
        yield opened


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
