"""What a new user does in the studio, in a real browser, on a real installation with the real local model."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from support.browser import browser_page
from support.installation import Platform

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


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(installation: Platform, page: Page) -> None:
    context = page.context.browser.new_context()  # type: ignore[union-attr]
    stranger = context.new_page()
    stranger.goto(f"{installation.url}/w/default/flows")
    stranger.get_by_label("API key").fill(installation.api_key)
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.get_by_role("heading", name="Flows")).to_be_visible()
    context.close()
