"""What a new user does in the studio, in a real browser, on a real installation with the real local model."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local_model import encoder_store  # noqa: F401
from support.browser import browser_page
from support.installation import PATIENCE_S, Platform

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser_page() as opened:
        yield opened


def test_sign_in_test_a_flow_deploy_it_call_it_and_read_its_trace(installation: Platform, page: Page) -> None:
    page.goto(installation.sign_in_url)
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    assert "token=" not in page.url

    page.get_by_role("link", name="Flows").first.click()
    page.get_by_role("link", name="demo", exact=True).click()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("Completed").first).to_be_visible(timeout=90_000)
    expect(page.get_by_role("link", name="Trace", exact=True).first).to_be_visible()

    page.get_by_role("link", name="Deploy", exact=True).click()
    page.get_by_role("textbox", name="Endpoint").fill("journey")
    expect(page.get_by_role("list", name="Checks")).to_contain_text("The flow has no errors.")
    page.get_by_role("button", name="Deploy", exact=True).click()
    page.get_by_role("link", name="Test the endpoint").click(timeout=60_000)

    expect(page.get_by_role("heading", name="journey")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("200 OK")).to_be_visible(timeout=90_000)

    page.get_by_role("link", name="Trace", exact=True).click()
    tree = page.get_by_role("treeitem")
    expect(tree.filter(has_text="smollm2-135m")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ → \d+ tokens"))).to_be_visible()
    tree.filter(has_text="chat smollm2-135m").click()
    expect(page.get_by_text("Prompt tokens")).to_be_visible()


def test_the_local_model_answers_in_the_chat_box(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/models/smollm2-135m")
    page.get_by_role("tab", name="Try it").click()
    page.get_by_role("textbox", name="Message", exact=True).fill("What is 2+2?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("tokens/s")).to_be_visible(timeout=90_000)


@pytest.mark.usefixtures("encoder_store")
def test_the_five_minutes_of_the_readme_run_as_printed(installation: Platform, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "deployments.md").write_text((ROOT / "docs" / "endpoints.md").read_text(encoding="utf-8")[:4000], encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Five minutes")[2].partition("## Coming from")[0]
    blocks = re.findall(r"^```(bash|python)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1:]  # the first puts the command on the path
    script = "".join(f"python - <<'END'\n{block}END\n" if language == "python" else block for language, block in blocks)
    one = """$(flowyard trace list --json | python -c 'import json, sys; print(json.load(sys.stdin)[0]["trace_id"])')"""
    script = script.replace("http://127.0.0.1:8800", installation.url).replace("TRACE_ID", one)
    path = f"{Path(sys.executable).parent}:{installation.environment['PATH']}"

    done = subprocess.run(
        ["bash", "-exo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**installation.environment, "PATH": path, "FLOWYARD_URL": installation.url},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert '"words": 6' in done.stdout  # of "to be or not to be"
    assert "words: completed" in done.stdout
    assert '{"summary":{"characters":11,"words":2,"most_common":"hello"}}' in done.stdout  # as curl had it
    assert "chat smollm2-135m" in done.stdout
    assert "1. deployments.md" in done.stdout
    assert "{'summary': {'characters': 11, 'words': 2, 'most_common': 'hello'}}" in done.stdout  # as Python had it


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(installation: Platform, page: Page) -> None:
    context = page.context.browser.new_context()  # type: ignore[union-attr]
    stranger = context.new_page()
    stranger.goto(f"{installation.url}/w/default/flows")
    stranger.get_by_label("API key").fill(installation.api_key)
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.get_by_role("heading", name="Flows")).to_be_visible()
    context.close()
